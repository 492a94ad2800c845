//! Why a text can't be read.

use crate::limits::Exceeded;
use serde::Serialize;
use std::fmt;

/// A text that can't be split into statements: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct SqlError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The byte offset in the text.
    pub offset: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What makes a text unreadable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Something is opened here and never closed.
    Unterminated(Open),
    /// The version comment, or the statement or body that it stands in, ends elsewhere for a server that skips it than
    /// for one that runs it; also one that a `;` ends before its `*/`.
    VersionComment,
    /// A `--` or `#` comment holds a NUL byte: the server would end the comment there.
    NulInComment,
    /// A NUL byte outside of quotes and comments: the server may stop reading there.
    Nul,
    /// `DELIMITER` names no delimiter, one with a backslash, or one of more than 16 bytes.
    DelimiterMissing,
    /// Something other than a comment follows `DELIMITER x` on its line.
    DelimiterTrailing,
    /// The bytes here are no UTF-8.
    NotUtf8,
    /// More than is read.
    Limit(Exceeded),
}

/// What was left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Open {
    /// `'…`
    SingleQuote,
    /// `"…`
    DoubleQuote,
    /// `` `… ``
    Backtick,
    /// `$$…` or `$tag$…`
    DollarQuote,
    /// `/* …`
    Comment,
    /// `/*! …`
    VersionComment,
    /// `BEGIN`, `IF`, `CASE`, `LOOP`, `WHILE` or `REPEAT` of a stored program.
    Body,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unterminated(open) => open.fmt(f),
            Self::VersionComment => f.write_str(
                "what this version comment holds ends at different places for servers that run it and servers that \
                 skip it: write no ; quote, comment, BEGIN or END inside it, or write the statement without it",
            ),
            Self::NulInComment => {
                f.write_str("this comment holds a NUL byte, where the server would end it: remove the byte")
            }
            Self::Nul => {
                f.write_str("a NUL byte stands here, where the server may stop reading: remove the byte")
            }
            Self::DelimiterMissing => f.write_str(
                "DELIMITER needs a delimiter of at most 16 bytes without a backslash on its line, such as DELIMITER //",
            ),
            Self::DelimiterTrailing => f.write_str(
                "text after DELIMITER and its delimiter would be ignored: put the statement on its own line",
            ),
            Self::NotUtf8 => f.write_str("the bytes here are not UTF-8: save the file as UTF-8"),
            Self::Limit(exceeded) => exceeded.fmt(f),
        }
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SingleQuote => "the string that starts here is never closed: add the missing '",
            Self::DoubleQuote => "the text that starts here is never closed: add the missing \"",
            Self::Backtick => "the name that starts here is never closed: add the missing `",
            Self::DollarQuote => "the dollar-quoted text that starts here is never closed: repeat its $…$",
            Self::Comment => "the comment that starts here is never closed: add the missing */",
            Self::VersionComment => {
                "the version comment that starts here is never closed: add the missing */"
            }
            Self::Body => "the body that starts here is never closed: add the missing END",
        })
    }
}
