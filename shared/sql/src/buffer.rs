//! The part of a stream of text that is still needed.

use std::io::{ErrorKind, Read};
use std::ops::ControlFlow;

/// How much is asked of a source at once.
const CHUNK: usize = 64 * 1024;

/// Whether more comes after what a buffer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It may.
    No,
    /// Nothing does.
    Text,
    /// More than may be read does.
    TooLarge,
    /// Something does that isn't UTF-8.
    NotUtf8,
}

/// A stream of text, and the part of it that is still needed.
#[derive(Debug)]
pub(crate) struct Buffer<R> {
    source: R,
    text: String,
    /// What of `text` is over.
    over: usize,
    chunk: Box<[u8]>,
    /// How much of `chunk` is the start of a character whose rest hasn't been read.
    held: usize,
    /// How many bytes may still be read.
    left: usize,
    end: End,
}

impl<R: Read> Buffer<R> {
    /// Nothing read yet, and at most this many bytes ever.
    pub(crate) fn new(source: R, most: usize) -> Self {
        Self {
            source,
            text: String::new(),
            over: 0,
            chunk: vec![0; CHUNK].into_boxed_slice(),
            held: 0,
            left: most,
            end: End::No,
        }
    }

    /// What is still needed of what has been read.
    pub(crate) fn window(&self) -> &str {
        self.text.get(self.over..).unwrap_or_default()
    }

    /// Whether more comes after it.
    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// So many bytes of the window aren't needed any more.
    pub(crate) fn cut_off(&mut self, bytes: usize) {
        self.over += bytes;
        // Moving no more than what was cut off keeps the whole linear.
        if self.over * 2 >= self.text.len() {
            self.text.drain(..self.over);
            self.over = 0;
        }
    }

    /// Reads until the window shows so many bytes, or nothing more is to be had.
    pub(crate) fn fill(&mut self, target: usize) -> std::io::Result<()> {
        while self.end == End::No {
            let missing = target.saturating_sub(self.window().len());
            if missing == 0 {
                break;
            }
            let room = missing.clamp(4, CHUNK);
            match self
                .source
                .read(self.chunk.get_mut(self.held..room).unwrap_or_default())
            {
                Ok(read) => self.take(read),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Takes the bytes that were read into the chunk.
    fn take(&mut self, read: usize) {
        if read == 0 {
            self.end = if self.held == 0 { End::Text } else { End::NotUtf8 };
            return;
        }
        let taken = read.min(self.left);
        self.left -= taken;
        let bytes = self.chunk.get(..self.held + taken).unwrap_or_default();
        let kept = match append(&mut self.text, bytes) {
            ControlFlow::Continue(kept) => kept,
            ControlFlow::Break(()) => {
                self.end = End::NotUtf8;
                return;
            }
        };
        if taken < read {
            self.end = End::TooLarge;
            return;
        }
        self.chunk
            .copy_within(self.held + taken - kept..self.held + taken, 0);
        self.held = kept;
    }
}

/// Appends what is valid. Goes on with how many bytes at the end are the start of a character, or breaks where bytes are
/// none.
fn append(text: &mut String, bytes: &[u8]) -> ControlFlow<(), usize> {
    match std::str::from_utf8(bytes) {
        Ok(valid) => {
            text.push_str(valid);
            ControlFlow::Continue(0)
        }
        Err(error) => {
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            text.push_str(std::str::from_utf8(valid).unwrap_or_default());
            match error.error_len() {
                None => ControlFlow::Continue(rest.len()),
                Some(_) => ControlFlow::Break(()),
            }
        }
    }
}
