//! The tokens of one statement that mean something, with version comments opened: what stands in them is code.

pub(crate) use super::item::{Item, Shape};
use super::name::is_name;
use crate::mode::SqlMode;
use crate::reader::Reader;
use crate::token::TokenKind;
use std::collections::BTreeSet;
use std::ops::Range;

/// No supported server has a version from here on, so it runs nothing of `/*!99999 … */` (other products run `/*!100100 … */`).
pub(super) const BEYOND_VERSIONS: u32 = 99_999;

/// Something between two items that isn't part of what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cut {
    span: Range<usize>,
    /// A comment, which a body keeps; the others are the marks of a version comment.
    comment: bool,
}

/// The items of a statement.
#[derive(Debug, Clone)]
pub(crate) struct Items<'text> {
    text: &'text str,
    all: Vec<Item<'text>>,
    cuts: Vec<Cut>,
    /// Where the first version comment starts that holds something for some supported servers and not for others.
    pub(crate) optional: Option<usize>,
    /// The versions of all such comments.
    pub(crate) versions: BTreeSet<u32>,
    /// Where the name goes on that follows `@`: points belong to it.
    variable: Option<usize>,
    /// Where the text could not be read further.
    pub(crate) broken: Option<usize>,
}

impl<'text> Items<'text> {
    /// Reads a statement, as far as it can be read; a `;` at its end is none of it.
    pub(crate) fn of(text: &'text str, mode: SqlMode) -> Self {
        Self::of_server(text, mode, BEYOND_VERSIONS)
    }

    /// Reads a statement as a server of this version does.
    pub(crate) fn of_server(text: &'text str, mode: SqlMode, server: u32) -> Self {
        let mut items = Self {
            text,
            all: Vec::new(),
            cuts: Vec::new(),
            optional: None,
            versions: BTreeSet::new(),
            variable: None,
            broken: None,
        };
        let mut reader = Reader::of_statement(text, mode);
        // Where a version comment that the server does not run was opened, and one that others may not run.
        let (mut skipping, mut maybe) = (None, None);
        loop {
            let (token, lexeme) = match reader.next() {
                Ok(Some(read)) => read,
                Ok(None) => break,
                Err((at, _)) => {
                    items.broken = Some(at);
                    break;
                }
            };
            let part = text.get(token.span.clone()).unwrap_or_default();
            match token.kind {
                TokenKind::Comment if skipping.is_none() && !part.starts_with("/*+") => {
                    items.cut(token.span, true);
                }
                TokenKind::VersionOpen { maybe: skips } if is_skipped(version(part), skips, server) => {
                    skipping = Some(token.span.start);
                }
                TokenKind::VersionOpen { maybe: true } => {
                    maybe = Some((token.span.start, version(part), items.len()));
                    items.cut(token.span, false);
                }
                TokenKind::VersionOpen { maybe: false } => items.cut(token.span, false),
                TokenKind::VersionClose => {
                    items.end_optional(maybe.take());
                    let start = skipping.take().unwrap_or(token.span.start);
                    items.cut(start..token.span.end, false);
                }
                TokenKind::Word if skipping.is_none() => items.push(Shape::Word, part, token.span.start),
                TokenKind::Name if skipping.is_none() => items.push(Shape::Name, part, token.span.start),
                TokenKind::Text if skipping.is_none() => items.push(Shape::Text, part, token.span.start),
                TokenKind::Symbol(symbol) if skipping.is_none() && lexeme.is_some() => {
                    items.push(Shape::Symbol(symbol), part, token.span.start);
                }
                TokenKind::Blank
                | TokenKind::Comment
                | TokenKind::Delimiter
                | TokenKind::Word
                | TokenKind::Name
                | TokenKind::Text
                | TokenKind::Symbol(_) => {}
            }
        }
        items.end_optional(maybe);
        while items.all.last().is_some_and(|last| last.is_symbol(b';')) {
            items.all.pop();
        }
        items
    }

    fn push(&mut self, shape: Shape, text: &'text str, start: usize) {
        let last = self.all.last().copied();
        let follows = last.filter(|last| last.end() == start);
        if self.variable == Some(start) && matches!(shape, Shape::Word | Shape::Symbol(b'.')) {
            self.push_variable(text, start);
            return;
        }
        let begins = shape == Shape::Symbol(b'@') && !follows.is_some_and(|last| last.is_symbol(b'@'));
        self.variable = begins.then_some(start + 1);
        let name = text.strip_prefix('.').filter(|_| shape == Shape::Word);
        match name {
            // Digits after a name and a point are a name, not a number.
            Some(name) if follows.as_ref().is_some_and(is_name) => {
                let point = text.get(..1).unwrap_or_default();
                self.all.push(Item {
                    shape: Shape::Symbol(b'.'),
                    text: point,
                    start,
                });
                self.all.push(Item {
                    shape,
                    text: name,
                    start: start + 1,
                });
            }
            Some(_) | None => self.all.push(Item { shape, text, start }),
        }
    }

    /// What follows `@` or goes on after it: the name of a variable or a host.
    fn push_variable(&mut self, text: &'text str, start: usize) {
        let end = start + text.len();
        self.variable = Some(end);
        match self.all.last_mut() {
            Some(last) if !last.is_symbol(b'@') => {
                last.text = self.text.get(last.start..end).unwrap_or_default();
            }
            Some(_) | None => self.all.push(Item {
                shape: Shape::Word,
                text,
                start,
            }),
        }
    }

    /// At the end of a comment that may be skipped: its start, its version and how many items stand before it.
    fn end_optional(&mut self, comment: Option<(usize, u32, usize)>) {
        if let Some((start, version, _)) = comment.filter(|(_, _, before)| *before < self.len()) {
            self.optional.get_or_insert(start);
            self.versions.insert(version);
        }
    }

    fn cut(&mut self, span: Range<usize>, comment: bool) {
        self.cuts.push(Cut { span, comment });
    }

    /// The item at this index.
    pub(crate) fn get(&self, index: usize) -> Option<&Item<'text>> {
        self.all.get(index)
    }

    /// All of them, in order.
    pub(crate) fn all(&self) -> &[Item<'text>] {
        &self.all
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The byte at which an item starts; that after the last where there is none.
    pub(crate) fn start_of(&self, index: usize) -> usize {
        self.get(index)
            .map_or_else(|| self.all.last().map_or(0, Item::end), |item| item.start)
    }

    /// What is written from one item up to another, without comments (hints are none).
    pub(crate) fn source(&self, range: Range<usize>) -> String {
        self.written(&range, |_| true)
    }

    /// What is written from one item up to another, with its comments.
    pub(crate) fn verbatim(&self, range: Range<usize>) -> String {
        self.written(&range, |cut| !cut.comment)
    }

    fn written(&self, range: &Range<usize>, drop: fn(&Cut) -> bool) -> String {
        let Some(last) = range.end.checked_sub(1).and_then(|last| self.get(last)) else {
            return String::new();
        };
        let (mut at, end) = (self.start_of(range.start), last.end());
        let first = self.cuts.partition_point(|cut| cut.span.start < at);
        let inside = self.cuts.get(first..).unwrap_or_default();
        let mut written = String::new();
        for cut in inside
            .iter()
            .take_while(|cut| cut.span.start < end)
            .filter(|cut| drop(cut))
        {
            add(
                &mut written,
                self.text.get(at..cut.span.start).unwrap_or_default(),
            );
            // What a comment parts stays apart.
            add(&mut written, " ");
            at = cut.span.end;
        }
        add(&mut written, self.text.get(at..end).unwrap_or_default());
        written
    }
}

/// Adds what follows a comment: one blank is enough around it.
fn add(written: &mut String, part: &str) {
    let blank = written.ends_with([' ', '\n']);
    written.push_str(if blank {
        part.strip_prefix(' ').unwrap_or(part)
    } else {
        part
    });
}

/// The version of a `/*!`; 0 where it has none.
pub(super) fn version(open: &str) -> u32 {
    open.trim_start_matches("/*!").parse().unwrap_or(0)
}

/// Whether a server runs nothing of a version comment.
fn is_skipped(version: u32, maybe: bool, server: u32) -> bool {
    version >= BEYOND_VERSIONS || (maybe && version > server)
}
