//! The parts of `ALTER` and `SET` between commas.

use crate::lexeme::Lexeme;

/// How many lexemes of a clause's start are kept.
const LONGEST: usize = 14;

/// The first lexemes of each part of a statement between commas.
#[derive(Debug, Default)]
pub(crate) struct Clauses<'text> {
    lexemes: Vec<Lexeme<'text>>,
    /// Where each part but the first starts.
    starts: Vec<usize>,
}

impl<'text> Clauses<'text> {
    /// Starts over.
    pub(crate) fn clear(&mut self) {
        self.lexemes.clear();
        self.starts.clear();
    }

    /// One more lexeme of the current part.
    pub(crate) fn push(&mut self, lexeme: Lexeme<'text>) {
        let start = self.starts.last().copied().unwrap_or(0);
        if self.lexemes.len() - start < LONGEST {
            self.lexemes.push(lexeme);
        }
    }

    /// A comma: the next part starts.
    pub(crate) fn next(&mut self) {
        self.starts.push(self.lexemes.len());
    }

    /// The parts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Lexeme<'text>]> {
        let starts = std::iter::once(0).chain(self.starts.iter().copied());
        let ends = self
            .starts
            .iter()
            .copied()
            .chain(std::iter::once(self.lexemes.len()));
        starts
            .zip(ends)
            .map(|(start, end)| self.lexemes.get(start..end).unwrap_or_default())
    }
}
