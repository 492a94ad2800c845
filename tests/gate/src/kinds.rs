//! The nine kinds of statements, each with what shows how often it happened.

/// A kind of statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A table altered by its definition alone.
    Instant,
    /// A table altered in place.
    Inplace,
    /// A table altered by a copy.
    Copy,
    /// A table made.
    Create,
    /// A table dropped.
    Drop,
    /// A table emptied.
    Truncate,
    /// A table renamed.
    Rename,
    /// A row changed.
    Dml,
    /// A trigger made.
    Trigger,
}

/// How many rows `subject` has in the beginning.
pub(crate) const ROWS: u32 = 20;

/// What every schema has in the beginning. `tally` is apart from `counter`, so that one can be held and not the other.
pub(crate) const PREPARED: &str = "\
CREATE TABLE counter (id INT NOT NULL PRIMARY KEY, n INT NOT NULL, m INT NOT NULL);
INSERT INTO counter VALUES (1, 0, 0);
CREATE TABLE tally (id INT NOT NULL PRIMARY KEY, k INT NOT NULL);
INSERT INTO tally VALUES (1, 0);
CREATE TABLE subject (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, a INT NOT NULL, b VARCHAR(50));
INSERT INTO subject (a, b) SELECT n, 'row' FROM (WITH RECURSIVE numbers (n) AS
  (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20) SELECT n FROM numbers) AS twenty";

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Instant,
        Self::Inplace,
        Self::Copy,
        Self::Create,
        Self::Drop,
        Self::Truncate,
        Self::Rename,
        Self::Dml,
        Self::Trigger,
    ];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Inplace => "inplace",
            Self::Copy => "copy",
            Self::Create => "create",
            Self::Drop => "drop",
            Self::Truncate => "truncate",
            Self::Rename => "rename",
            Self::Dml => "dml",
            Self::Trigger => "trigger",
        }
    }

    /// The statement. A key without a name is another key each time it is added.
    pub(crate) fn statement(self) -> &'static str {
        match self {
            Self::Instant => "ALTER TABLE subject ADD COLUMN c INT NULL, ALGORITHM=INSTANT",
            Self::Inplace => "ALTER TABLE subject ADD INDEX (a), ALGORITHM=INPLACE",
            Self::Copy => "ALTER TABLE subject MODIFY a BIGINT NOT NULL, ADD INDEX (a), ALGORITHM=COPY",
            Self::Create => {
                "CREATE TABLE made (id INT NOT NULL PRIMARY KEY, s INT, FOREIGN KEY (s) REFERENCES subject (id))"
            }
            Self::Drop => "DROP TABLE subject",
            Self::Truncate => "TRUNCATE TABLE subject",
            Self::Rename => "RENAME TABLE subject TO renamed",
            Self::Dml => "UPDATE tally SET k = k + 1 WHERE id = 1",
            Self::Trigger => {
                "CREATE TRIGGER counts BEFORE INSERT ON subject FOR EACH ROW SET NEW.a = NEW.a + 1"
            }
        }
    }

    /// A query of how often the statement happened, as far as the schema `own` shows it, and the table that holds the
    /// rows of `subject` afterwards.
    pub(crate) fn shown(self, own: &str) -> String {
        let tables = format!("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{own}'");
        let columns = format!(
            "FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{own}' AND TABLE_NAME = 'subject'"
        );
        let keys = format!(
            "SELECT COUNT(DISTINCT INDEX_NAME) FROM information_schema.STATISTICS \
             WHERE TABLE_SCHEMA = '{own}' AND TABLE_NAME = 'subject' AND COLUMN_NAME = 'a'"
        );
        match self {
            Self::Instant => format!("SELECT COUNT(*) - 3 {columns}"),
            Self::Inplace => keys,
            Self::Copy => format!(
                "SELECT IF((SELECT DATA_TYPE {columns} AND COLUMN_NAME = 'a') = 'bigint', ({keys}), ({keys}) * 10)"
            ),
            Self::Create => format!("{tables} AND TABLE_NAME = 'made'"),
            Self::Drop => format!("SELECT 1 - ({tables} AND TABLE_NAME = 'subject')"),
            Self::Truncate => format!("SELECT COUNT(*) < {ROWS} FROM `{own}`.subject"),
            Self::Rename => format!(
                "SELECT ({tables} AND TABLE_NAME = 'renamed') * (1 - ({tables} AND TABLE_NAME = 'subject'))"
            ),
            Self::Dml => format!("SELECT k FROM `{own}`.tally"),
            Self::Trigger => {
                format!("SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '{own}'")
            }
        }
    }

    /// The table that holds the rows of `subject` afterwards.
    pub(crate) fn rows_in(self) -> Option<&'static str> {
        match self {
            Self::Drop => None,
            Self::Rename => Some("renamed"),
            Self::Instant
            | Self::Inplace
            | Self::Copy
            | Self::Create
            | Self::Truncate
            | Self::Dml
            | Self::Trigger => Some("subject"),
        }
    }

    /// Whether the schema is another afterwards.
    pub(crate) fn changes_schema(self) -> bool {
        !matches!(self, Self::Truncate | Self::Dml)
    }

    /// What a session holds so that the statement waits for it.
    pub(crate) fn holder(self, own: &str) -> String {
        if self == Self::Dml {
            format!("START TRANSACTION; SELECT k FROM `{own}`.tally WHERE id = 1 FOR UPDATE")
        } else {
            format!("START TRANSACTION; SELECT id FROM `{own}`.subject LIMIT 1")
        }
    }
}

/// The text of the first change: what is counted, the statement of the kind, and what is counted again.
pub(crate) fn first_change(kind: Kind) -> String {
    format!(
        "UPDATE counter SET n = n + 1 WHERE id = 1;\n{};\nUPDATE counter SET m = m + 1 WHERE id = 1;\n",
        kind.statement()
    )
}

/// The text of the second change: it counts to another number where it comes too early.
pub(crate) const SECOND_CHANGE: &str = "UPDATE counter SET m = m * 10 + 1 WHERE id = 1;\n";
