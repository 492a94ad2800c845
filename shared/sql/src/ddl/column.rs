//! Columns (MySQL 8.0 reference manual, 15.1.20 `CREATE TABLE`, `column_definition`).

use super::key::{Check, References};
use serde::Serialize;

/// A column with its definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name, without quotes.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// What else is said of it, in the order of the text.
    pub attributes: Vec<Attribute>,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataType {
    /// Its name, lower case, words joined by one blank, synonyms as written: `int`, `double precision`, `national
    /// varchar`.
    pub name: String,
    /// What stands in its parentheses, part by part, as written: `10`, `'a'`.
    pub arguments: Vec<String>,
    /// `UNSIGNED`.
    pub unsigned: bool,
    /// `ZEROFILL`.
    pub zerofill: bool,
    /// `BINARY` as an attribute: the binary collation of its character set.
    pub binary: bool,
    /// `CHARACTER SET`, lower case (`ASCII` and `UNICODE` as `latin1` and `ucs2`, which they mean).
    pub charset: Option<String>,
    /// `COLLATE`, lower case.
    pub collation: Option<String>,
}

/// One attribute of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribute {
    /// `NULL`.
    Null,
    /// `NOT NULL`.
    NotNull,
    /// `DEFAULT …`, as written: a literal, `CURRENT_TIMESTAMP(3)`, `(expression)` with its parentheses.
    Default(String),
    /// `ON UPDATE …`, as written.
    OnUpdate(String),
    /// `AUTO_INCREMENT`.
    AutoIncrement,
    /// `SERIAL DEFAULT VALUE`.
    SerialDefault,
    /// `[PRIMARY] KEY`.
    PrimaryKey,
    /// `UNIQUE [KEY]`.
    Unique,
    /// `COMMENT '…'`: the literal as written, with its quotes.
    Comment(String),
    /// `[GENERATED ALWAYS] AS (expression) [VIRTUAL | STORED]`.
    Generated {
        /// The expression, without the outer parentheses, as written.
        expression: String,
        /// How it is kept; none where it isn't written (the server's default is `VIRTUAL`).
        storage: Option<Storage>,
    },
    /// `CHECK (…)`.
    Check(Check),
    /// `REFERENCES …`: MySQL reads it at a column, and before 9.0 does nothing with it.
    References(References),
    /// `VISIBLE`.
    Visible,
    /// `INVISIBLE`.
    Invisible,
    /// `SRID n`.
    Srid(String),
    /// `COLUMN_FORMAT`, upper case.
    ColumnFormat(String),
    /// `STORAGE`, upper case.
    StorageMedium(String),
    /// `ENGINE_ATTRIBUTE`, the literal as written.
    EngineAttribute(String),
    /// `SECONDARY_ENGINE_ATTRIBUTE`, the literal as written.
    SecondaryEngineAttribute(String),
    /// `NOT SECONDARY`.
    NotSecondary,
}

/// How a generated column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Storage {
    /// Computed when it is read.
    Virtual,
    /// Computed when it is written.
    Stored,
}
