//! Why a text is no catalog.

use sql::{Problem, SqlError, Statement};
use std::fmt;

/// Where a text can't be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {unreadable}")]
pub struct ReadError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// Why.
    pub unreadable: Unreadable,
}

/// Why a text can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It can't be split into statements.
    Text(Problem),
    /// A statement that changes the schema can't be read.
    Statement {
        /// Its leading keywords.
        verb: String,
        /// The byte of the statement at which it was no longer understood.
        at: usize,
    },
    /// It changes or drops what no statement before it made.
    Missing {
        /// What kind of thing.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// It changes a table whose own statement could only be kept as text.
    OpaqueTable {
        /// The table.
        table: String,
    },
    /// What it does depends on the server, its version or the rows.
    Server {
        /// What it does.
        what: &'static str,
    },
}

impl ReadError {
    pub(crate) fn at(statement: &Statement, unreadable: Unreadable) -> Self {
        let before = match &unreadable {
            Unreadable::Statement { at, .. } => statement.text.get(..*at).unwrap_or_default(),
            Unreadable::Text(_)
            | Unreadable::Missing { .. }
            | Unreadable::OpaqueTable { .. }
            | Unreadable::Server { .. } => "",
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let lines = count(before.matches('\n').count());
        let tail = count(before.rsplit('\n').next().unwrap_or_default().chars().count());
        Self {
            line: statement.line.saturating_add(lines),
            column: if lines > 0 {
                tail.saturating_add(1)
            } else {
                statement.column.saturating_add(tail)
            },
            unreadable,
        }
    }
}

impl From<SqlError> for ReadError {
    fn from(error: SqlError) -> Self {
        Self {
            line: error.line,
            column: error.column,
            unreadable: Unreadable::Text(error.problem),
        }
    }
}

/// What to do where only a server knows.
const SCRATCH: &str = "let a server load the text instead: --scratch URL";

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(problem) => problem.fmt(f),
            Self::Statement { verb, .. } => {
                write!(f, "this {verb} is not understood from here on; {SCRATCH}")
            }
            Self::Missing { kind, name } => write!(
                f,
                "the {kind} `{name}` is made by no statement before this one: add the statement that makes it, or {SCRATCH}"
            ),
            Self::OpaqueTable { table } => write!(
                f,
                "the CREATE TABLE of `{table}` was not understood, so what this changes of it isn't known; {SCRATCH}"
            ),
            Self::Server { what } => write!(f, "{what} depends on the server; {SCRATCH}"),
        }
    }
}
