//! Cuts a text into pieces, window by window: what [`split`](crate::split) and the readers of streams share.

use crate::error::{Problem, SqlError};
use crate::lexeme::Lexeme;
use crate::limits::{Exceeded, Limit, Limits};
use crate::mode::SqlMode;
use crate::piece::PieceKind;
use crate::place::Place;
use crate::reader::Reader;
use run::{Run, Stop};

mod run;

/// How much more than the longest statement a window has to show to be sure that the statement is too long.
pub(crate) const BEYOND: usize = 4096;

/// A piece that was cut.
#[derive(Debug)]
pub(crate) struct Cut<'text> {
    /// What it is.
    pub(crate) kind: PieceKind,
    /// Its text.
    pub(crate) text: &'text str,
    /// Where it starts, in bytes.
    pub(crate) start: usize,
    /// Of a statement: where it starts.
    pub(crate) place: Place,
    /// Of a statement: its number in the text.
    pub(crate) index: u32,
    /// How it was read.
    pub(crate) mode: SqlMode,
}

/// What takes the pieces.
pub(crate) trait Sink<'text> {
    /// The next lexeme of the statement.
    fn lexeme(&mut self, lexeme: &Lexeme<'text>);
    /// A piece; of a statement, after its lexemes.
    fn piece(&mut self, cut: Cut<'text>);
    /// The statement so far is given up: it will be read again, from its start.
    fn forget(&mut self);
}

/// Where the cutting of a text stands between two pieces.
#[derive(Debug)]
pub(crate) struct Cutter {
    /// The mode that the text begins under.
    start: SqlMode,
    /// The mode that it goes on under.
    mode: SqlMode,
    limits: Limits,
    delimiter: String,
    /// Where the next window starts; while one is cut, the last place in it that was asked for.
    place: Place,
    statements: u32,
}

impl Cutter {
    /// At the start of a text.
    pub(crate) fn new(mode: SqlMode, limits: Limits) -> Self {
        Self {
            start: mode,
            mode,
            limits,
            delimiter: ";".to_owned(),
            place: Place::start(),
            statements: 0,
        }
    }

    /// Cuts what can be cut from a window, which starts where the last one was cut off; `complete` is whether nothing
    /// comes after it, and stops between statements after so many pieces. Says how much was cut off.
    pub(crate) fn cut<'text>(
        &mut self,
        window: &'text str,
        complete: bool,
        pieces: usize,
        sink: &mut impl Sink<'text>,
    ) -> Result<usize, SqlError> {
        let mut reader = Reader::resumed(window, self.mode, &self.delimiter, self.place.offset == 0);
        let mut run = Run {
            base: self.place.offset,
            cutter: self,
            window,
            complete,
            room: pieces,
            cut: 0,
            statement: None,
            meaning: false,
            sink,
        };
        let outcome = run.all(&mut reader);
        let cut = run.cut;
        match outcome {
            Ok(()) => {}
            Err(Stop::More) => run.sink.forget(),
            Err(Stop::Bad((at, problem))) => return Err(run.place(at).error(problem)),
        }
        run.cutter.place = run.place(cut);
        Ok(cut)
    }

    /// The error that a text is larger than allowed, where the rest of it up to the limit is at hand.
    pub(crate) fn text_too_large(&self, rest: &str) -> SqlError {
        self.place
            .after(rest)
            .error(self.exceeded(Limit::Text, self.limits.text))
    }

    /// An error where the rest of the text that can be read ends.
    pub(crate) fn error_after(&self, rest: &str, problem: Problem) -> SqlError {
        self.place.after(rest).error(problem)
    }

    fn exceeded(&self, limit: Limit, most: usize) -> Problem {
        Problem::Limit(Exceeded {
            limit,
            most,
            statement: self.statements.saturating_add(1),
        })
    }
}
