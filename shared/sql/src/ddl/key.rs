//! Keys and constraints (MySQL 8.0 reference manual, 15.1.15 `CREATE INDEX`, 15.1.20.5 foreign keys, 15.1.20.6 checks).

use super::name::ObjectName;
use serde::Serialize;

/// A key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Which.
    pub kind: KeyKind,
    /// Its name, without quotes: that of the index, else that of the constraint.
    pub name: Option<String>,
    /// What it is over.
    pub parts: Vec<KeyPart>,
    /// Its options.
    pub options: Vec<KeyOption>,
}

/// Kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// `PRIMARY KEY`.
    Primary,
    /// `UNIQUE`.
    Unique,
    /// `KEY`, `INDEX`.
    Plain,
    /// `FULLTEXT`.
    Fulltext,
    /// `SPATIAL`.
    Spatial,
}

/// One part of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyPart {
    /// What it is over.
    pub over: KeyTarget,
    /// `DESC`.
    pub descending: bool,
}

/// What a part of a key is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyTarget {
    /// A column, or its first characters or bytes.
    Column {
        /// Its name, without quotes.
        name: String,
        /// How much of it.
        length: Option<u32>,
    },
    /// An expression, without its outer parentheses, as written.
    Expression(String),
}

/// An option of a key: its name, upper case (`USING`, `COMMENT`, `KEY_BLOCK_SIZE`, `PARSER`, `VISIBLE`, `INVISIBLE`,
/// `ENGINE_ATTRIBUTE`…), and its value as written; empty where it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyOption {
    /// Upper case.
    pub name: String,
    /// As written.
    pub value: String,
}

/// A foreign key of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    /// Its name, without quotes: that of the constraint.
    pub name: Option<String>,
    /// The name written after `FOREIGN KEY`: in MySQL 8.0 the constraint's where no other is given.
    pub index: Option<String>,
    /// Its columns, without quotes.
    pub columns: Vec<String>,
    /// What it points to.
    pub references: References,
}

/// What a foreign key points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct References {
    /// The table.
    pub table: ObjectName,
    /// Its columns, without quotes; empty where none are written.
    pub columns: Vec<String>,
    /// `MATCH …`, upper case.
    pub matching: Option<String>,
    /// `ON DELETE`.
    pub on_delete: Option<Action>,
    /// `ON UPDATE`.
    pub on_update: Option<Action>,
}

/// What happens to the rows that point to a row that goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `NO ACTION`.
    NoAction,
    /// `SET DEFAULT`, which InnoDB refuses.
    SetDefault,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name, without quotes.
    pub name: Option<String>,
    /// Its expression, without the outer parentheses, as written.
    pub expression: String,
    /// `ENFORCED` or `NOT ENFORCED`; enforced where neither is written.
    pub enforced: bool,
}
