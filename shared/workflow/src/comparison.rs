//! What a change made of its schema: told in words, and undone as a proposal. Pure.

use catalog::{Catalog, Renames};
use model::{Target, Version};
use sql::SqlMode;

/// What others changed after a version left a schema like this, in words; nothing where the two say the same.
pub(crate) fn drifted(since: &Version, left: &str, found: &str) -> Vec<String> {
    Comparison::read(left, found, "").map_or_else(
        || vec![format!("the schema is not as version {since} left it")],
        |compared| compared.changes(),
    )
}

/// Two states of a schema with the SQL that led from the one to the other.
pub(crate) struct Comparison {
    before: Catalog,
    after: Catalog,
    /// What the SQL called anew: a column that it renamed is no column dropped and another one added.
    renames: Renames,
}

impl Comparison {
    /// Reads the two states; none where one of them can't be read as definitions, which the unified diff then tells.
    pub(crate) fn read(before: &str, after: &str, sql: &str) -> Option<Self> {
        let mode = SqlMode::default();
        let statements = sql::split(sql, mode).unwrap_or_default();
        Some(Self {
            before: Catalog::read(before, mode).ok()?,
            after: Catalog::read(after, mode).ok()?,
            renames: Renames::of(&statements, mode),
        })
    }

    /// What changed, in words.
    pub(crate) fn changes(&self) -> Vec<String> {
        catalog::changes(&self.before, &self.after, &self.renames)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// SQL that leads back, as a file to commit: a proposal, naming what it loses. None where nothing changed.
    ///
    /// A change may not set the session's mode, so stored programs are made under the target's own, and that is told.
    pub(crate) fn rollback(&self, version: &Version, target: &Target) -> Option<String> {
        let mut script = catalog::script(&self.after, &self.before, &self.renames.reversed());
        if script.is_empty() {
            return None;
        }
        let mut head = format!(
            "-- Proposed rollback of version {version} on {target}: read it before you commit it as a new version.\n\
             -- Rows that the version wrote or deleted are not restored.\n"
        );
        let programs = script
            .steps
            .iter_mut()
            .map(|step| std::mem::take(&mut step.session.0));
        if programs.filter(|settings| !settings.is_empty()).count() > 0 {
            head.push_str(
                "-- Stored programs are made under the target's own sql_mode and time_zone; look whether they were \
                 before.\n",
            );
        }
        Some(format!("{head}\n{script}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ChangeType;
    use review::Surroundings;

    const BEFORE: &str = "CREATE TABLE `t` (\n  `id` int NOT NULL,\n  `nick` varchar(20) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) \
                          ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;\n\n\
                          SET sql_mode = 'STRICT_TRANS_TABLES';\nDELIMITER ;;\n\
                          CREATE PROCEDURE `p`()\nBEGIN\n  SELECT 1;\nEND;;\nDELIMITER ;\n";

    fn rollback(after: &str, sql: &str) -> Option<String> {
        let compared = Comparison::read(BEFORE, after, sql)?;
        compared.rollback(&Version::parse("7").unwrap(), &Target::new("test", "shop"))
    }

    #[test]
    fn a_rollback_is_a_change_that_review_lets_through() {
        let after = BEFORE
            .replace("`nick`", "`name`")
            .replace("SELECT 1", "SELECT 2")
            .replace("  PRIMARY", "  `note` text,\n  PRIMARY");
        let text = rollback(&after, "ALTER TABLE t RENAME COLUMN nick TO name, ADD note TEXT").unwrap();
        let review = review::review(ChangeType::Ddl, &text, &Surroundings::default());
        assert!(review.passes(), "{text}\n{:?}", review.findings);
        let verbs: Vec<&str> = review
            .statements
            .iter()
            .map(|statement| statement.facts.verb.as_ref())
            .collect();
        assert_eq!(
            verbs,
            ["ALTER TABLE", "DROP PROCEDURE", "CREATE PROCEDURE"],
            "{text}"
        );
        assert!(text.contains("RENAME COLUMN `name` TO `nick`"), "{text}");
        assert!(
            text.contains("-- loses: the values of column `note` of table `t`\n"),
            "{text}"
        );
        assert!(text.contains("the target's own sql_mode"), "{text}");
    }

    #[test]
    fn nothing_changed_is_nothing_to_roll_back() {
        assert_eq!(rollback(BEFORE, "INSERT INTO t VALUES (1, 'a')"), None);
    }
}
