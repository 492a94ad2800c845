//! Lines and columns.

use crate::error::{Problem, SqlError};

/// A place in a text that only moves forward, so that all places of a text take one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Bytes from the start of the text.
    pub(crate) offset: usize,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The column in characters, from 1.
    pub(crate) column: u32,
}

impl Place {
    /// The start of a text.
    pub(crate) fn start() -> Self {
        Self {
            offset: 0,
            line: 1,
            column: 1,
        }
    }

    /// What is wrong here.
    pub(crate) fn error(self, problem: Problem) -> SqlError {
        SqlError {
            line: self.line,
            column: self.column,
            offset: self.offset,
            problem,
        }
    }

    /// The place after what comes next. A byte order mark at the start of a text takes no column.
    pub(crate) fn after(self, passed: &str) -> Self {
        let counted = if self.offset == 0 {
            passed.strip_prefix('\u{feff}').unwrap_or(passed)
        } else {
            passed
        };
        let offset = self.offset + passed.len();
        match memchr::memrchr(b'\n', counted.as_bytes()) {
            None => Self {
                offset,
                line: self.line,
                column: self.column.saturating_add(characters(counted)),
            },
            Some(last) => Self {
                offset,
                line: self.line.saturating_add(newlines(counted)),
                column: characters(counted.get(last..).unwrap_or_default()),
            },
        }
    }
}

fn newlines(text: &str) -> u32 {
    let count = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
