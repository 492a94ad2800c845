//! One statement of a text.

use crate::facts::Facts;
use crate::mode::SqlMode;
use serde::Serialize;
use std::ops::Range;

/// One statement: where it stands, its text and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its number in the text, from 1.
    pub index: u32,
    /// Its bytes in the text: no delimiter, no blank or comment around it. A version comment is part of it.
    pub span: Range<usize>,
    /// The line where it starts, from 1.
    pub line: u32,
    /// The column where it starts, in characters, from 1.
    pub column: u32,
    /// Its text, byte for byte.
    pub text: String,
    /// How it was read: as the text before it says, where that sets `sql_mode` to a literal.
    #[serde(skip)]
    pub mode: SqlMode,
    /// What is known about it.
    pub facts: Facts,
}
