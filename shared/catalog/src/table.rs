//! Tables.

use crate::catalog::same;
use crate::column::{Charset, Column};
use crate::key::{Check, ForeignKey, Key};
use crate::partition::Partitioning;
use serde::Serialize;
use std::collections::BTreeMap;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What it is.
    pub body: Body,
}

/// What is known of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// All of it.
    Defined(Box<Defined>),
    /// Its statement could not be read into values: it is compared as text, and where it differs it can only be dropped
    /// and made anew.
    Opaque(String),
}

/// A table's definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Defined {
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// Keys, in the server's order.
    pub keys: Vec<Key>,
    /// Foreign keys, by name.
    pub foreign_keys: Vec<ForeignKey>,
    /// Checks, by name.
    pub checks: Vec<Check>,
    /// Options.
    pub options: Options,
    /// Partitions.
    pub partitioning: Option<Partitioning>,
}

/// The options of a table. `AUTO_INCREMENT` is none: it counts rows and belongs to the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Options {
    /// `ENGINE`, as the server spells it.
    pub engine: String,
    /// The character set and collation of columns that name none.
    pub charset: Charset,
    /// Those that aren't at their defaults: upper case name, value as the server shows it.
    pub others: BTreeMap<String, String>,
}

impl Table {
    /// Its definition, where it could be read.
    pub fn defined(&self) -> Option<&Defined> {
        match &self.body {
            Body::Defined(defined) => Some(defined),
            Body::Opaque(_) => None,
        }
    }
}

impl Defined {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| same(&column.name, name))
    }

    /// The key of this name.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| same(&key.name, name))
    }

    /// The foreign key of this name.
    pub fn foreign_key(&self, name: &str) -> Option<&ForeignKey> {
        self.foreign_keys.iter().find(|key| same(&key.name, name))
    }

    /// The check of this name.
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| same(&check.name, name))
    }
}
