//! Splits a text of any length while it is read, in bounded memory.

use crate::buffer::{Buffer, End};
use crate::classify::Noted;
use crate::cutter::{BEYOND, Cut, Cutter, Sink};
use crate::error::{Problem, SqlError};
use crate::lexeme::Lexeme;
use crate::limits::Limits;
use crate::mode::SqlMode;
use crate::piece::OwnedPiece;
use crate::statement::Statement;
use std::collections::VecDeque;
use std::io::{self, Read};

/// How much is read ahead unless a statement is longer.
const WINDOW: usize = 1024 * 1024;

/// How many pieces are cut at once.
const BATCH: usize = 1024;

/// Why the rest of a text isn't read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source failed.
    #[error("the text can't be read: {0}")]
    Io(#[from] io::Error),
    /// The text is no SQL that can be split, or more than is read.
    #[error(transparent)]
    Sql(#[from] SqlError),
}

/// The statements of a text that is read from a source, each with its facts: what [`split`](crate::split) gives, in
/// memory bounded by the longest statement. It ends after the first error.
#[derive(Debug)]
pub struct Statements<R>(Stream<R, Statement>);

impl<R: Read> Statements<R> {
    /// The statements of a source. It reads in large parts, so the source needs no buffer of its own.
    pub fn new(source: R, mode: SqlMode, limits: Limits) -> Self {
        Self(Stream::new(source, mode, limits))
    }

    /// Reads so many bytes ahead unless a statement is longer: 1 MiB unless said otherwise.
    #[must_use]
    pub fn window(mut self, bytes: usize) -> Self {
        self.0.window = bytes;
        self
    }
}

impl<R: Read> Iterator for Statements<R> {
    type Item = Result<Statement, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

/// The pieces of a text that is read from a source: joined, they are the text. It ends after the first error.
#[derive(Debug)]
pub struct Pieces<R>(Stream<R, OwnedPiece>);

impl<R: Read> Pieces<R> {
    /// The pieces of a source. It reads in large parts, so the source needs no buffer of its own.
    pub fn new(source: R, mode: SqlMode, limits: Limits) -> Self {
        Self(Stream::new(source, mode, limits))
    }

    /// Reads so many bytes ahead unless a statement is longer: 1 MiB unless said otherwise.
    #[must_use]
    pub fn window(mut self, bytes: usize) -> Self {
        self.0.window = bytes;
        self
    }
}

impl<R: Read> Iterator for Pieces<R> {
    type Item = Result<OwnedPiece, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

/// What a stream is cut into.
trait Streamed: Sized {
    /// Cuts a window, and says how much was cut off.
    fn cut(
        cutter: &mut Cutter,
        window: &str,
        complete: bool,
        into: &mut VecDeque<Self>,
    ) -> Result<usize, SqlError>;
}

impl Streamed for Statement {
    fn cut(
        cutter: &mut Cutter,
        window: &str,
        complete: bool,
        into: &mut VecDeque<Self>,
    ) -> Result<usize, SqlError> {
        let mut noted = Noted::new(|statement| into.push_back(statement));
        cutter.cut(window, complete, BATCH, &mut noted)
    }
}

impl Streamed for OwnedPiece {
    fn cut(
        cutter: &mut Cutter,
        window: &str,
        complete: bool,
        into: &mut VecDeque<Self>,
    ) -> Result<usize, SqlError> {
        cutter.cut(window, complete, BATCH, &mut Owned(into))
    }
}

/// Collects pieces, and asks nothing about statements.
struct Owned<'pieces>(&'pieces mut VecDeque<OwnedPiece>);

impl<'text> Sink<'text> for Owned<'_> {
    fn lexeme(&mut self, _lexeme: &Lexeme<'text>) {}

    fn piece(&mut self, cut: Cut<'text>) {
        self.0.push_back(OwnedPiece {
            kind: cut.kind,
            start: cut.start,
            text: cut.text.to_owned(),
        });
    }

    fn forget(&mut self) {}
}

/// A source that is cut window by window.
#[derive(Debug)]
struct Stream<R, P> {
    buffer: Buffer<R>,
    cutter: Cutter,
    limits: Limits,
    /// How much is read ahead.
    window: usize,
    /// How much is read ahead now, since a statement is longer.
    target: usize,
    ready: VecDeque<P>,
    failed: Option<ReadError>,
    over: bool,
}

impl<R: Read, P: Streamed> Stream<R, P> {
    fn new(source: R, mode: SqlMode, limits: Limits) -> Self {
        Self {
            buffer: Buffer::new(source, limits.text),
            cutter: Cutter::new(mode, limits),
            limits,
            window: WINDOW,
            target: 0,
            ready: VecDeque::new(),
            failed: None,
            over: false,
        }
    }

    fn next(&mut self) -> Option<Result<P, ReadError>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(Ok(piece));
            }
            if self.over {
                return self.failed.take().map(Err);
            }
            if let Err(error) = self.advance() {
                self.failed = Some(error);
                self.over = true;
            }
        }
    }

    /// Cuts the next window.
    fn advance(&mut self) -> Result<(), ReadError> {
        self.buffer.fill(self.target.max(self.window))?;
        let window = self.buffer.window();
        let length = window.len();
        let complete = self.buffer.end() == End::Text;
        let cut = P::cut(&mut self.cutter, window, complete, &mut self.ready)?;
        self.buffer.cut_off(cut);
        if cut > 0 {
            self.target = 0;
            return Ok(());
        }
        let rest = self.buffer.window();
        match self.buffer.end() {
            // More is needed to see where the statement ends: twice as much, so that the whole stays linear.
            End::No => {
                let most = self.limits.statement.saturating_add(2 * BEYOND);
                self.target = length.saturating_mul(2).min(most).max(length + 1);
            }
            End::Text => self.over = true,
            End::TooLarge => return Err(self.cutter.text_too_large(rest).into()),
            End::NotUtf8 => return Err(self.cutter.error_after(rest, Problem::NotUtf8).into()),
        }
        Ok(())
    }
}
