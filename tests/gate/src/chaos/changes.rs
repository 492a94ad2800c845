//! Changes made from a seed, and what each leads to.

use fuzz::Random;
use std::time::Duration;

/// What the schema has in the beginning. `wide` is large enough for a kill to find its alterations under way.
pub(super) const PREPARED: &str = "\
CREATE TABLE wide (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, a INT NOT NULL, b VARCHAR(40) NOT NULL);
SET SESSION cte_max_recursion_depth = 100000;
INSERT INTO wide (a, b) SELECT n, CONCAT('row ', n) FROM (WITH RECURSIVE numbers (n) AS
  (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60000) SELECT n FROM numbers) AS many;
CREATE TABLE counter (id INT NOT NULL PRIMARY KEY, n INT NOT NULL);
INSERT INTO counter SELECT id, 0 FROM wide WHERE id <= 20000;
CREATE TABLE log (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, a INT NOT NULL);
CREATE TABLE c0 (id INT NOT NULL PRIMARY KEY);
CREATE TABLE r0 (id INT NOT NULL PRIMARY KEY)";

/// What the schema is to be, after every change so far was applied once and in order.
#[derive(Debug, Clone)]
pub(super) struct Model {
    /// How many changes there were.
    pub(super) changes: u32,
    columns: Vec<String>,
    keyed: bool,
    counts: bool,
    n: u32,
    log: Vec<u32>,
}

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Victim {
    Worker,
    Server,
}

/// A kill as it is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kill {
    pub(super) victim: Victim,
    /// How long after the worker began, or after the kill before.
    pub(super) after: Duration,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            changes: 0,
            columns: ["id", "a", "b"].map(str::to_owned).to_vec(),
            keyed: false,
            counts: false,
            n: 0,
            log: Vec::new(),
        }
    }
}

impl Model {
    /// The statements of the next change: one of each kind and a row more, in an order of its own. What was made by one
    /// is unmade by the next.
    pub(super) fn next(&mut self, random: &mut Random) -> Vec<String> {
        self.changes += 1;
        let mut left: Vec<usize> = (0..10).collect();
        let mut statements = Vec::new();
        while !left.is_empty() {
            let which = left.swap_remove(random.below(left.len()));
            statements.push(self.statement(which));
        }
        statements
    }

    fn statement(&mut self, which: usize) -> String {
        let (this, last) = (self.changes, self.changes - 1);
        match which {
            0 => self.column("i", "INSTANT"),
            1 => self.column("k", "COPY"),
            2 => {
                self.keyed = !self.keyed;
                let what = if self.keyed {
                    "ADD INDEX (a)"
                } else {
                    "DROP INDEX a"
                };
                format!("ALTER TABLE wide {what}, ALGORITHM=INPLACE")
            }
            3 => format!("CREATE TABLE c{this} (id INT NOT NULL PRIMARY KEY)"),
            4 => format!("DROP TABLE c{last}"),
            5 => {
                self.log.clear();
                "TRUNCATE TABLE log".to_owned()
            }
            6 => format!("RENAME TABLE r{last} TO r{this}"),
            7 => {
                self.n += 1;
                "UPDATE counter SET n = n + 1 WHERE id > 0".to_owned()
            }
            8 => {
                self.counts = !self.counts;
                if self.counts {
                    "CREATE TRIGGER counts BEFORE INSERT ON log FOR EACH ROW SET NEW.a = NEW.a + 1".to_owned()
                } else {
                    "DROP TRIGGER counts".to_owned()
                }
            }
            _ => {
                self.log.push(u32::from(self.counts));
                "INSERT INTO log (a) VALUES (0)".to_owned()
            }
        }
    }

    /// A column that is added by one change and dropped by the next.
    fn column(&mut self, prefix: &str, algorithm: &str) -> String {
        let (this, last) = (self.changes, self.changes - 1);
        let old = format!("{prefix}{last}");
        if let Some(at) = self.columns.iter().position(|column| *column == old) {
            self.columns.remove(at);
            format!("ALTER TABLE wide DROP COLUMN {old}, ALGORITHM={algorithm}")
        } else {
            let new = format!("{prefix}{this}");
            self.columns.push(new.clone());
            format!("ALTER TABLE wide ADD COLUMN {new} INT NULL, ALGORITHM={algorithm}")
        }
    }

    /// Queries of what the schema `own` is, each with what it is to answer.
    pub(super) fn expected(&self, own: &str) -> Vec<(String, String)> {
        let this = self.changes;
        let mut tables = ["counter".to_owned(), "log".to_owned(), "wide".to_owned()].to_vec();
        tables.extend([format!("c{this}"), format!("r{this}")]);
        tables.sort();
        let keys = if self.keyed { "a,PRIMARY" } else { "PRIMARY" };
        let of_wide = format!("TABLE_SCHEMA = '{own}' AND TABLE_NAME = 'wide'");
        let mut expected = vec![
            (
                format!(
                    "SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) FROM information_schema.COLUMNS \
                     WHERE {of_wide}"
                ),
                self.columns.join(","),
            ),
            (
                format!(
                    "SELECT GROUP_CONCAT(DISTINCT INDEX_NAME ORDER BY INDEX_NAME) \
                     FROM information_schema.STATISTICS WHERE {of_wide}"
                ),
                keys.to_owned(),
            ),
            (
                format!(
                    "SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES \
                     WHERE TABLE_SCHEMA = '{own}'"
                ),
                tables.join(","),
            ),
        ];
        let triggers =
            format!("SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '{own}'");
        let halves = format!(
            "SELECT COUNT(*) FROM information_schema.INNODB_TABLESPACES_BRIEF WHERE NAME LIKE '{own}/#sql%'"
        );
        let log: u32 = self.log.iter().sum();
        expected.extend([
            (triggers, u32::from(self.counts).to_string()),
            (halves, "0".to_owned()),
            (
                format!("SELECT CONCAT(COUNT(*), ' ', MIN(n), ' ', MAX(n)) FROM `{own}`.counter"),
                format!("20000 {} {}", self.n, self.n),
            ),
            (
                format!("SELECT CONCAT(COUNT(*), ' ', SUM(a)) FROM `{own}`.wide"),
                "60000 1800030000".to_owned(),
            ),
            (
                format!("SELECT CONCAT(COUNT(*), ' ', COALESCE(SUM(a), 0)) FROM `{own}`.log"),
                format!("{} {log}", self.log.len()),
            ),
        ]);
        expected
    }
}

/// The kills while a change is applied: none to three, most of them of the worker.
pub(super) fn kills(random: &mut Random) -> Vec<Kill> {
    let count = random.below(4);
    let kill = |random: &mut Random| Kill {
        victim: if random.chance(30) {
            Victim::Server
        } else {
            Victim::Worker
        },
        after: Duration::from_millis(u64::try_from(random.below(2_500)).unwrap_or(0)),
    };
    (0..count).map(|_| kill(random)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_changes_and_kills() {
        let told = |seed| {
            let (mut random, mut model) = (Random::new(seed), Model::default());
            let changes: Vec<_> = (0..5)
                .map(|_| (model.next(&mut random), kills(&mut random)))
                .collect();
            changes
        };
        assert_eq!(told(7), told(7));
        assert_ne!(told(7), told(8));
    }
}
