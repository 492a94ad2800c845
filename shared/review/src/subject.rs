//! What the rules look at.

use model::ChangeType;
use sql::{SqlError, SqlMode, Statement};

/// A change under review.
#[derive(Debug)]
pub struct Subject {
    /// What the file says it is.
    pub change_type: ChangeType,
    /// Its statements, or why it can't be read.
    pub statements: Result<Vec<Statement>, SqlError>,
}

impl Subject {
    /// Reads the text of a change.
    pub fn new(change_type: ChangeType, text: &str, mode: SqlMode) -> Self {
        Self {
            change_type,
            statements: sql::split(text, mode),
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
