//! Keys and constraints as the server keeps them.

use crate::expression::Expression;
use serde::Serialize;
use sql::ddl::{Action, KeyKind};
use std::collections::BTreeMap;

/// A key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Which.
    pub kind: KeyKind,
    /// Its name; `PRIMARY` for the primary key.
    pub name: String,
    /// What it is over.
    pub parts: Vec<KeyPart>,
    /// `INVISIBLE`.
    pub invisible: bool,
    /// Other options: upper case name, value as written.
    pub options: BTreeMap<String, String>,
}

/// A part of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyPart {
    /// What it is over.
    pub over: Over,
    /// `DESC`.
    pub descending: bool,
}

/// What a part of a key is over.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// A column, or its first characters or bytes.
    Column {
        /// Its name.
        name: String,
        /// How much of it.
        length: Option<u32>,
    },
    /// An expression.
    Expression(Expression),
}

/// Names of columns are compared without case.
impl PartialEq for Over {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Column { name, length },
                Self::Column {
                    name: other,
                    length: more,
                },
            ) => crate::catalog::same(name, other) && length == more,
            (Self::Expression(left), Self::Expression(right)) => left == right,
            (Self::Column { .. }, Self::Expression(_)) | (Self::Expression(_), Self::Column { .. }) => false,
        }
    }
}

impl Eq for Over {}

/// A foreign key. `NO ACTION` is the default and kept as none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table that it points to, with its schema where that is another.
    pub table: String,
    /// The schema of that table, where it is another.
    pub schema: Option<String>,
    /// The columns that it points to.
    pub references: Vec<String>,
    /// `ON DELETE`.
    pub on_delete: Option<Action>,
    /// `ON UPDATE`.
    pub on_update: Option<Action>,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// What has to hold.
    pub expression: Expression,
    /// Whether it is held.
    pub enforced: bool,
}

impl Key {
    /// Whether a part is over this column.
    pub(crate) fn is_over(&self, column: &str) -> bool {
        self.parts.iter().any(|part| match &part.over {
            Over::Column { name, .. } => crate::catalog::same(name, column),
            Over::Expression(expression) => expression.names(column),
        })
    }

    /// Whether two keys differ in nothing but their names.
    pub(crate) fn same_but_name(&self, other: &Self) -> bool {
        let renamed = Self {
            name: other.name.clone(),
            ..self.clone()
        };
        renamed == *other
    }
}
