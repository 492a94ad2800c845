//! The smallest parts of a text.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Blanks, or the byte order mark of a text.
    Blank,
    /// `-- …`, `# …`, `/* … */`, `/*+ … */`.
    Comment,
    /// `/*!` with its version digits. `maybe`: not every server runs what is inside.
    VersionOpen {
        /// Whether a supported server may skip it.
        maybe: bool,
    },
    /// The `*/` of a version comment.
    VersionClose,
    /// A keyword, an unquoted name, a number.
    Word,
    /// A quoted name.
    Name,
    /// A string.
    Text,
    /// The delimiter between statements.
    Delimiter,
    /// Any other single character.
    Symbol(u8),
}

/// One token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Its bytes.
    pub(crate) span: Range<usize>,
}
