//! The cutting of one window of a text.

use super::{BEYOND, Cut, Cutter, Sink};
use crate::delimiter::{DelimiterCommand, read_command};
use crate::error::{Open, Problem};
use crate::following::mode_after;
use crate::lexeme::Lexeme;
use crate::lexer::{LexError, Step};
use crate::limits::Limit;
use crate::piece::PieceKind;
use crate::place::Place;
use crate::reader::Reader;
use crate::token::TokenKind;
use std::ops::Range;

/// What a token may look ahead of its end. A token nearer to the end of a window that isn't the end of the text may be
/// another one when more is seen.
const AHEAD: usize = 32;

/// Why a window isn't cut to its end.
pub(super) enum Stop {
    /// The text goes on after it.
    More,
    /// It can't be read.
    Bad(LexError),
}

/// The cutting of one window.
pub(super) struct Run<'run, 'text, S> {
    pub(super) cutter: &'run mut Cutter,
    /// Where the window starts in the text.
    pub(super) base: usize,
    pub(super) window: &'text str,
    pub(super) complete: bool,
    /// How many more pieces are wanted.
    pub(super) room: usize,
    /// Up to here the pieces are cut.
    pub(super) cut: usize,
    /// From the first to the last meaningful byte of the statement so far.
    pub(super) statement: Option<Range<usize>>,
    /// Whether the statement holds more than the marks of version comments: if not, it is none.
    pub(super) meaning: bool,
    pub(super) sink: &'run mut S,
}

impl<'text, S: Sink<'text>> Run<'_, 'text, S> {
    /// Cuts to the end of the window, or until no more pieces are wanted.
    pub(super) fn all(&mut self, reader: &mut Reader<'text>) -> Result<(), Stop> {
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
            match kind {
                TokenKind::Blank | TokenKind::Comment => self.hold(reader)?,
                TokenKind::Delimiter => self.delimiter(reader)?,
                TokenKind::VersionOpen { .. } | TokenKind::VersionClose | TokenKind::Symbol(b';') => {
                    self.mark(reader, kind)?;
                }
                TokenKind::Word | TokenKind::Name | TokenKind::Text | TokenKind::Symbol(_) => {
                    let lexeme = reader.lexeme(kind);
                    self.lexeme(reader, &lexeme)?;
                }
            }
            if self.room == 0 && self.statement.is_none() {
                return Ok(());
            }
        }
        self.end_of_window(reader)
    }

    /// What may start or end something.
    fn mark(&mut self, reader: &mut Reader<'text>, kind: TokenKind) -> Result<(), Stop> {
        reader.mark(kind).map_err(Stop::Bad)?;
        let lexeme = reader.lexeme(kind);
        // Outside of bodies a `;` ends a statement whatever the delimiter is: the server sees to that.
        if lexeme.is_symbol(b';') && reader.between_statements() {
            return self.delimiter(reader);
        }
        self.lexeme(reader, &lexeme)
    }

    fn delimiter(&mut self, reader: &mut Reader<'text>) -> Result<(), Stop> {
        if let Some(Range { start, .. }) = self.statement
            && reader.start() - start > self.cutter.limits.statement
        {
            return Err(self.too_long(start));
        }
        self.end_statement(reader.start());
        self.push(PieceKind::Delimiter, reader.end());
        reader.end_statement();
        reader.set_mode(self.cutter.mode);
        Ok(())
    }

    fn end_of_window(&mut self, reader: &mut Reader<'text>) -> Result<(), Stop> {
        match reader.error() {
            Some((at, Problem::Unterminated(open))) => match self.more(at, self.cutter.limits.statement) {
                // What is never closed in a comment that a server may skip is nothing to that server.
                Stop::More if self.complete && reader.in_maybe() && open != Open::VersionComment => {
                    Err(Stop::Bad(reader.ambiguous()))
                }
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
                self.end_statement(self.window.len());
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
            self.push(PieceKind::Between, reader.end());
        }
        Ok(())
    }

    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "once per token, and called at one place that matters"
    )]
    fn lexeme(&mut self, reader: &mut Reader<'text>, lexeme: &Lexeme<'text>) -> Result<(), Stop> {
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
        self.push(PieceKind::Command, end);
        delimiter.clone_into(&mut self.cutter.delimiter);
        reader.set_delimiter(delimiter, end);
        reader.end_statement();
        Ok(())
    }

    /// Cuts the statement, and what follows it up to `end`.
    fn end_statement(&mut self, end: usize) {
        let meaning = std::mem::take(&mut self.meaning);
        if let Some(statement) = self.statement.take().filter(|_| meaning) {
            self.cutter.statements += 1;
            self.push(PieceKind::Statement, statement.end);
        } else {
            self.sink.forget();
        }
        self.push(PieceKind::Between, end);
    }

    fn push(&mut self, kind: PieceKind, end: usize) {
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
        let mode = self.cutter.mode;
        self.sink.piece(Cut {
            kind,
            text,
            start: self.base + start,
            place: self.cutter.place,
            index: self.cutter.statements,
            mode,
        });
        if kind == PieceKind::Statement {
            self.cutter.mode = mode_after(text, mode, self.cutter.start);
        }
    }

    /// The place of a byte of the window.
    pub(super) fn place(&self, at: usize) -> Place {
        let known = self.cutter.place;
        let passed = self.window.get(known.offset - self.base..at);
        known.after(passed.unwrap_or_default())
    }
}
