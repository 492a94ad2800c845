//! Statements that lead from one schema to another.

mod alter;
mod columns;
mod foreign;
mod keys;
mod options;
mod partitions;
mod programs;
mod renames;
mod tables;
mod text;
mod views;
mod zero;

pub(crate) use alter::with_names;
pub(crate) use partitions::losses as partition_losses;
pub use renames::{ColumnRename, Renames};

use crate::catalog::Catalog;
use crate::loss::Loss;
use crate::program::Session;
use serde::Serialize;

/// Statements that lead from one schema to another, each run alone and in this order, in a session that stands in the
/// schema.
///
/// Its text, by `Display`, is a file that `mysql` and [`sql::split`] read: what each statement loses stands before it, and
/// settings of the session around it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Script {
    /// The statements.
    pub steps: Vec<Step>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The statement, without a delimiter.
    pub sql: String,
    /// The data that it loses, or may lose.
    pub loses: Vec<Loss>,
    /// Settings of the session in which it has to run, and which the server keeps with what it makes; whoever runs it sets
    /// them before and restores them after.
    pub session: Session,
}

impl Step {
    pub(crate) fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            loses: Vec::new(),
            session: Session::default(),
        }
    }

    pub(crate) fn losing(sql: impl Into<String>, loses: Vec<Loss>) -> Self {
        Self {
            loses,
            ..Self::new(sql)
        }
    }

    pub(crate) fn within(sql: impl Into<String>, session: &Session) -> Self {
        Self {
            session: session.clone(),
            ..Self::new(sql)
        }
    }
}

impl Script {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// All data that is lost.
    pub fn loses(&self) -> impl Iterator<Item = &Loss> {
        self.steps.iter().flat_map(|step| &step.loses)
    }
}

/// The statements that lead from one schema to the other. Tables and columns keep their rows under a new name only where
/// `renames` says so; else one is dropped and another made.
pub fn script(from: &Catalog, to: &Catalog, renames: &Renames) -> Script {
    let (work, renaming) = renames.rename(from, to);
    let tables = tables::Tables::of(&work, to, renames);
    let views = views::Views::of(&work, to);
    let mut steps = Vec::new();
    let dangling = foreign::dangling(to);
    if dangling && !tables.is_empty() {
        steps.push(Step::new("SET foreign_key_checks = 0"));
    }
    steps.extend(programs::removed(&work, to));
    steps.extend(views.removed());
    steps.extend(renaming);
    steps.extend(tables.steps());
    steps.extend(programs::routines(&work, to));
    steps.extend(views.made());
    steps.extend(programs::triggers(&work, to, &tables.remade()));
    steps.extend(programs::events(&work, to));
    if dangling && !tables.is_empty() {
        steps.push(Step::new("SET foreign_key_checks = 1"));
    }
    Script { steps }
}
