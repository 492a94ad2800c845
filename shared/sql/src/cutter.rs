//! Cuts a text into pieces, window by window: what [`split`](crate::split) and the readers of streams share.

use crate::delimiter::{DelimiterCommand, read_command};
use crate::error::{Problem, SqlError};
use crate::lexeme::Lexeme;
use crate::lexer::{LexError, Step};
use crate::limits::{Exceeded, Limit, Limits};
use crate::mode::SqlMode;
use crate::piece::PieceKind;
use crate::place::Place;
use crate::reader::Reader;
use crate::token::TokenKind;
use std::ops::Range;

/// What a token may look ahead of its end. A token nearer to the end of a window that isn't the end of the text may be
/// another one when more is seen.
const AHEAD: usize = 32;

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
    /// Of a statement: whether it is a stored program.
    pub(crate) program: bool,
}

/// What takes the pieces.
pub(crate) trait Sink<'text> {
    /// The next lexeme of the statement.
    fn lexeme(&mut self, lexeme: Lexeme<'text>);
    /// A piece; of a statement, after its lexemes.
    fn piece(&mut self, cut: Cut<'text>);
    /// The statement so far is given up: it will be read again, from its start.
    fn forget(&mut self);
}

/// Where the cutting of a text stands between two pieces.
#[derive(Debug)]
pub(crate) struct Cutter {
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

/// Why a window isn't cut to its end.
enum Stop {
    /// The text goes on after it.
    More,
    /// It can't be read.
    Bad(LexError),
}

/// The cutting of one window.
struct Run<'run, 'text, S> {
    cutter: &'run mut Cutter,
    /// Where the window starts in the text.
    base: usize,
    window: &'text str,
    complete: bool,
    /// How many more pieces are wanted.
    room: usize,
    /// Up to here the pieces are cut.
    cut: usize,
    /// From the first to the last meaningful byte of the statement so far.
    statement: Option<Range<usize>>,
    /// Whether the statement holds more than the marks of version comments: if not, it is none.
    meaning: bool,
    sink: &'run mut S,
}

impl<'text, S: Sink<'text>> Run<'_, 'text, S> {
    fn all(&mut self, reader: &mut Reader<'text>) -> Result<(), Stop> {
        // Tokens that end here or before stay the same whatever comes after the window.
        let trusted = if self.complete {
            usize::MAX
        } else {
            self.window.len().saturating_sub(AHEAD)
        };
        while let Step::Token(kind) = reader.step(self.statement.is_some()) {
            if reader.end() > trusted {
                let most = self.cutter.limits.statement.saturating_add(BEYOND);
                return Err(self.more(reader.start(), most));
            }
            match reader.take(kind).map_err(Stop::Bad)? {
                // Outside of bodies it ends a statement whatever the delimiter is: the server sees to that.
                Some(lexeme) if lexeme.is_symbol(b';') && reader.between_statements() => {
                    self.delimiter(reader)?;
                }
                Some(lexeme) => self.lexeme(reader, lexeme)?,
                None if kind == TokenKind::Delimiter => self.delimiter(reader)?,
                None => self.hold(reader)?,
            }
            if self.room == 0 && self.statement.is_none() {
                return Ok(());
            }
        }
        self.end_of_window(reader)
    }

    fn delimiter(&mut self, reader: &mut Reader<'text>) -> Result<(), Stop> {
        if let Some(Range { start, .. }) = self.statement
            && reader.start() - start > self.cutter.limits.statement
        {
            return Err(self.too_long(start));
        }
        self.end_statement(reader, reader.start());
        self.push(PieceKind::Delimiter, reader.end(), false);
        reader.end_statement();
        Ok(())
    }

    fn end_of_window(&mut self, reader: &mut Reader<'text>) -> Result<(), Stop> {
        match reader.error() {
            Some((at, Problem::Unterminated(open))) => match self.more(at, self.cutter.limits.statement) {
                // What is never closed in a comment that a server may skip is nothing to that server.
                Stop::More if self.complete && reader.in_maybe() => Err(Stop::Bad(reader.ambiguous())),
                Stop::More if self.complete => Err(Stop::Bad((at, Problem::Unterminated(open)))),
                stop @ (Stop::More | Stop::Bad(_)) => Err(stop),
            },
            Some(error) => Err(Stop::Bad(error)),
            None if !self.complete => {
                let most = self.cutter.limits.statement.saturating_add(BEYOND);
                Err(self.more(self.window.len(), most))
            }
            None => {
                reader.open_body().map_err(Stop::Bad)?;
                self.end_statement(reader, self.window.len());
                Ok(())
            }
        }
    }

    /// More has to be seen of what the statement, or what starts at `at`, is, unless it is too long already.
    #[cold]
    fn more(&self, at: usize, most: usize) -> Stop {
        let from = self.statement.as_ref().map_or(at, |statement| statement.start);
        if self.window.len() - from > most {
            self.too_long(from)
        } else {
            Stop::More
        }
    }

    #[cold]
    fn too_long(&self, from: usize) -> Stop {
        let most = self.cutter.limits.statement;
        Stop::Bad((from, self.cutter.exceeded(Limit::Statement, most)))
    }

    /// A blank or a comment: a piece of its own between statements.
    #[inline]
    fn hold(&mut self, reader: &Reader<'text>) -> Result<(), Stop> {
        let start = self
            .statement
            .as_ref()
            .map_or(reader.start(), |statement| statement.start);
        if reader.end() - start > self.cutter.limits.statement {
            return Err(self.too_long(start));
        }
        if self.statement.is_none() {
            self.push(PieceKind::Between, reader.end(), false);
        }
        Ok(())
    }

    #[inline]
    fn lexeme(&mut self, reader: &mut Reader<'text>, lexeme: Lexeme<'text>) -> Result<(), Stop> {
        match &mut self.statement {
            Some(statement) => {
                let start = statement.start;
                statement.end = reader.end();
                if reader.end() - start > self.cutter.limits.statement {
                    return Err(self.too_long(start));
                }
            }
            None if lexeme.is("DELIMITER") => return self.command(reader),
            None => self.begin(reader.start()..reader.end())?,
        }
        self.meaning |= !matches!(
            lexeme.kind,
            TokenKind::VersionOpen { .. } | TokenKind::VersionClose
        );
        self.sink.lexeme(lexeme);
        Ok(())
    }

    fn begin(&mut self, span: Range<usize>) -> Result<(), Stop> {
        let limits = self.cutter.limits;
        if self.cutter.statements >= limits.statements {
            let most = usize::try_from(limits.statements).unwrap_or(usize::MAX);
            return Err(Stop::Bad((
                span.start,
                self.cutter.exceeded(Limit::Statements, most),
            )));
        }
        if span.len() > limits.statement {
            return Err(self.too_long(span.start));
        }
        self.statement = Some(span);
        Ok(())
    }

    fn command(&mut self, reader: &mut Reader<'text>) -> Result<(), Stop> {
        let start = reader.start();
        let line_end = memchr::memchr(b'\n', self.window.as_bytes().get(start..).unwrap_or_default());
        let length = line_end.unwrap_or(self.window.len() - start);
        if length > self.cutter.limits.statement {
            return Err(self.too_long(start));
        }
        if line_end.is_none() && !self.complete {
            return Err(Stop::More);
        }
        let DelimiterCommand { delimiter, end } =
            read_command(self.window, start, reader.end()).map_err(Stop::Bad)?;
        self.push(PieceKind::Command, end, false);
        delimiter.clone_into(&mut self.cutter.delimiter);
        reader.set_delimiter(delimiter, end);
        reader.end_statement();
        Ok(())
    }

    /// Cuts the statement, and what follows it up to `end`.
    fn end_statement(&mut self, reader: &Reader<'text>, end: usize) {
        let meaning = std::mem::take(&mut self.meaning);
        if let Some(statement) = self.statement.take().filter(|_| meaning) {
            self.cutter.statements += 1;
            self.push(PieceKind::Statement, statement.end, reader.is_program());
        } else {
            self.sink.forget();
        }
        self.push(PieceKind::Between, end, false);
    }

    fn push(&mut self, kind: PieceKind, end: usize, program: bool) {
        let start = self.cut;
        let text = self.window.get(start..end).unwrap_or_default();
        if text.is_empty() {
            return;
        }
        if kind == PieceKind::Statement {
            self.cutter.place = self.place(start);
        }
        self.cut = end;
        self.room = self.room.saturating_sub(1);
        self.sink.piece(Cut {
            kind,
            text,
            start: self.base + start,
            place: self.cutter.place,
            index: self.cutter.statements,
            program,
        });
    }

    /// The place of a byte of the window.
    fn place(&self, at: usize) -> Place {
        let known = self.cutter.place;
        let passed = self.window.get(known.offset - self.base..at);
        known.after(passed.unwrap_or_default())
    }
}
