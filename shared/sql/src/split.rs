//! Splits a text that is at hand.

use crate::classify::Noted;
use crate::cutter::{Cut, Cutter, Sink};
use crate::error::SqlError;
use crate::lexeme::Lexeme;
use crate::limits::Limits;
use crate::mode::SqlMode;
use crate::piece::Piece;
use crate::statement::Statement;

/// The statements of a text, in order, each with its facts. More than the default [`Limits`] is refused.
pub fn split(text: &str, mode: SqlMode) -> Result<Vec<Statement>, SqlError> {
    let mut statements = Vec::new();
    all(
        text,
        mode,
        &mut Noted::new(|statement| statements.push(statement)),
    )?;
    Ok(statements)
}

/// The pieces of a text: joined, they are the text. More than the default [`Limits`] is refused.
pub fn pieces(text: &str, mode: SqlMode) -> Result<Vec<Piece<'_>>, SqlError> {
    let mut collected = Collected { pieces: Vec::new() };
    all(text, mode, &mut collected)?;
    Ok(collected.pieces)
}

fn all<'text>(text: &'text str, mode: SqlMode, sink: &mut impl Sink<'text>) -> Result<(), SqlError> {
    let limits = Limits::default();
    let mut cutter = Cutter::new(mode, limits);
    if text.len() <= limits.text {
        cutter.cut(text, true, usize::MAX, sink)?;
        return Ok(());
    }
    let read = text
        .get(..text.floor_char_boundary(limits.text))
        .unwrap_or_default();
    let cut = cutter.cut(read, false, usize::MAX, sink)?;
    Err(cutter.text_too_large(read.get(cut..).unwrap_or_default()))
}

/// Collects pieces, and asks nothing about statements.
struct Collected<'text> {
    pieces: Vec<Piece<'text>>,
}

impl<'text> Sink<'text> for Collected<'text> {
    fn lexeme(&mut self, _lexeme: &Lexeme<'text>) {}

    fn piece(&mut self, cut: Cut<'text>) {
        self.pieces.push(Piece {
            kind: cut.kind,
            start: cut.start,
            text: cut.text,
        });
    }

    fn forget(&mut self) {}
}
