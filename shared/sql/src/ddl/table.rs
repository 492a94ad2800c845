//! `CREATE TABLE` (MySQL 8.0 reference manual, 15.1.20).

use super::column::Column;
use super::key::{Check, ForeignKey, Key};
use super::name::ObjectName;
use super::partition::Partitioning;
use serde::Serialize;

/// `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreateTable {
    /// The table.
    pub name: ObjectName,
    /// `TEMPORARY`.
    pub temporary: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// What it is.
    pub body: TableBody,
}

/// What a table is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableBody {
    /// `LIKE other`.
    Like(ObjectName),
    /// Its own definition.
    Defined {
        /// Columns, keys and constraints, in the order of the text.
        elements: Vec<Element>,
        /// Options, in the order of the text.
        options: Vec<TableOption>,
        /// Partitions.
        partitioning: Option<Partitioning>,
        /// The query that adds columns and rows (`[IGNORE | REPLACE] [AS] SELECT …`), as written.
        query: Option<String>,
    },
}

/// What stands between the parentheses of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Element {
    /// A column.
    Column(Column),
    /// A key.
    Key(Key),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A check.
    Check(Check),
}

/// An option of a table: its name, upper case and without `DEFAULT` (`ENGINE`, `CHARSET`, `COLLATE`, `ROW_FORMAT`,
/// `COMMENT`, `AUTO_INCREMENT`, `UNION`, `DATA DIRECTORY`…), and its value as written, literals with their quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableOption {
    /// Upper case; `CHARACTER SET` is `CHARSET`, `TYPE` stays what it is.
    pub name: String,
    /// As written.
    pub value: String,
}
