//! How much is read before a text is refused, so that memory stays bounded.

use serde::Serialize;

const MIB: usize = 1024 * 1024;

/// The most that is read of a text. The memory that [`Statements`](crate::Statements) takes is bounded by a few times
/// [`statement`](Self::statement).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a text: 128 MiB unless said otherwise.
    pub text: usize,
    /// Bytes of one statement from its first byte to its delimiter, or of one comment between statements: 16 MiB unless
    /// said otherwise, which is well under what a server takes by default (`max_allowed_packet`, 64 MiB).
    pub statement: usize,
    /// Statements of a text: 200,000 unless said otherwise.
    pub statements: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text: 128 * MIB,
            statement: 16 * MIB,
            statements: 200_000,
        }
    }
}

/// One of the [`Limits`], as messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// [`Limits::text`].
    Text,
    /// [`Limits::statement`].
    Statement,
    /// [`Limits::statements`].
    Statements,
}

impl Limit {
    /// Its name: that of the field.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Statement => "statement",
            Self::Statements => "statements",
        }
    }
}

/// A limit, and what exceeds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Exceeded {
    /// The limit.
    pub limit: Limit,
    /// The most that it allows.
    pub most: usize,
    /// The number of the statement that is too much, from 1.
    pub statement: u32,
}

impl std::fmt::Display for Exceeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            limit,
            most,
            statement,
        } = self;
        let name = limit.name();
        match limit {
            Limit::Text => write!(
                f,
                "the text is larger than {} (limit `{name}`): split it into several changes",
                Size(*most)
            ),
            Limit::Statement => write!(
                f,
                "statement {statement} is larger than {} with its comments (limit `{name}`): write it as several \
                 statements, such as one INSERT for every 1,000 rows",
                Size(*most)
            ),
            Limit::Statements => write!(
                f,
                "statement {statement} is one more than the {most} statements that a text may hold (limit `{name}`): \
                 split it into several changes, or write INSERT statements of several rows"
            ),
        }
    }
}

/// A number of bytes for people.
struct Size(usize);

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 >= MIB && self.0.is_multiple_of(MIB) {
            write!(f, "{} MiB", self.0 / MIB)
        } else {
            write!(f, "{} bytes", self.0)
        }
    }
}
