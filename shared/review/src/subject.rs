//! What the rules look at.

use model::ChangeType;
use sql::{SqlError, SqlMode, Statement};

/// A schema that a change is applied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Its name.
    pub schema: String,
    /// Other schemas that its changes may name.
    pub allowed: Vec<String>,
}

/// Where a change is applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The mode in which the servers read it.
    pub mode: SqlMode,
    /// The schemas that it is applied to. Names are checked against each; where there is none, not at all.
    pub homes: Vec<Home>,
}

/// A change under review.
#[derive(Debug)]
pub struct Subject<'a> {
    /// What the file says it is.
    pub change_type: ChangeType,
    /// Where it is applied.
    pub surroundings: &'a Surroundings,
    /// Its statements, or why it can't be read.
    pub statements: Result<Vec<Statement>, SqlError>,
}

impl<'a> Subject<'a> {
    /// Reads the text of a change.
    pub fn new(change_type: ChangeType, text: &str, surroundings: &'a Surroundings) -> Self {
        Self {
            change_type,
            surroundings,
            statements: sql::split(text, surroundings.mode),
        }
    }

    /// Its statements; none where it can't be read.
    pub fn statements(&self) -> &[Statement] {
        self.statements.as_deref().unwrap_or_default()
    }

    /// Its statements, to keep.
    pub fn into_statements(self) -> Vec<Statement> {
        self.statements.unwrap_or_default()
    }
}
