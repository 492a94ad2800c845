//! A text in pieces: joined, they are the text byte for byte.

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PieceKind {
    /// Blanks or a comment before a statement; all of them between a statement and its delimiter.
    Between,
    /// One statement.
    Statement,
    /// The delimiter after a statement.
    Delimiter,
    /// A client command: `DELIMITER //`.
    Command,
}

/// One piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'text> {
    /// What it is.
    pub kind: PieceKind,
    /// Where it starts, in bytes.
    pub start: usize,
    /// Its text.
    pub text: &'text str,
}

/// One piece of a text that is read from a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedPiece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it starts, in bytes.
    pub start: usize,
    /// Its text.
    pub text: String,
}
