//! Expressions: kept as written, compared by what they say.

mod canonical;
mod climb;

use crate::words::{Word, words};
use serde::{Serialize, Serializer};
use sql::SqlMode;

/// An expression, a query or another text that the server shows in its own words: `(a+b)` as ``(`a` + `b`)``.
///
/// Two are equal where they differ in blanks, quotes of names, case of names, redundant parentheses or the server's
/// other name for the same function; what the server rewrites beyond that stays a difference.
#[derive(Debug, Clone)]
pub struct Expression {
    written: String,
    canonical: String,
}

impl Expression {
    /// An expression as it is written.
    pub fn new(written: impl Into<String>, mode: SqlMode) -> Self {
        let written = written.into();
        let canonical = canonical::expression(&written, mode);
        Self { written, canonical }
    }

    /// A text whose names are compared with their case.
    pub(crate) fn exact(written: impl Into<String>, mode: SqlMode) -> Self {
        let written = written.into();
        let canonical = canonical::exact(&written, mode);
        Self { written, canonical }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether it names this column, or anything else of this name.
    pub(crate) fn names(&self, name: &str) -> bool {
        words(&self.written, SqlMode::default())
            .iter()
            .any(|word| match word {
                Word::Plain(word) | Word::Name(word) => crate::catalog::same(word, name),
                Word::Text(_) | Word::Symbol(_) => false,
            })
    }

    /// Whether it starts with this keyword, in lower case.
    pub(crate) fn starts_with(&self, keyword: &str) -> bool {
        self.canonical.starts_with(keyword)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written || self.canonical == other.canonical
    }
}

impl Eq for Expression {}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}
