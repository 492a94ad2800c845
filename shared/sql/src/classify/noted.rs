//! Takes the pieces of a text, and hands on its statements with their facts.

use crate::classify::facts_of;
use crate::classify::survey::Survey;
use crate::cutter::{Cut, Sink};
use crate::lexeme::Lexeme;
use crate::piece::PieceKind;
use crate::statement::Statement;

/// Notes the lexemes of a statement as they are read, so that its facts take no pass of their own.
pub(crate) struct Noted<'text, F> {
    survey: Survey<'text>,
    take: F,
}

impl<F: FnMut(Statement)> Noted<'_, F> {
    /// Hands each statement to `take`.
    pub(crate) fn new(take: F) -> Self {
        Self {
            survey: Survey::default(),
            take,
        }
    }
}

impl<'text, F: FnMut(Statement)> Sink<'text> for Noted<'text, F> {
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "once per token, and called at one place that matters"
    )]
    fn lexeme(&mut self, lexeme: &Lexeme<'text>) {
        self.survey.take(lexeme);
    }

    fn piece(&mut self, cut: Cut<'text>) {
        if cut.kind != PieceKind::Statement {
            return;
        }
        let facts = facts_of(&self.survey, cut.text, cut.mode);
        self.survey.clear();
        (self.take)(Statement {
            index: cut.index,
            span: cut.place.offset..cut.place.offset + cut.text.len(),
            line: cut.place.line,
            column: cut.place.column,
            text: cut.text.to_owned(),
            mode: cut.mode,
            facts,
        });
    }

    fn forget(&mut self) {
        self.survey.clear();
    }
}
