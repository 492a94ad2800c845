//! The tokens of one statement that mean something, with version comments opened: what stands in them is code.

use crate::mode::SqlMode;
use crate::reader::Reader;
use crate::token::TokenKind;
use std::ops::Range;

/// No supported server has a version from here on, so it runs nothing of `/*!99999 … */` (other products run `/*!100100 … */`).
const BEYOND_VERSIONS: u32 = 99_999;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A keyword, an unquoted name, a number.
    Word,
    /// A quoted name.
    Name,
    /// A string.
    Text,
    /// Any other single character.
    Symbol(u8),
}

/// One token that means something, and where it stands in the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item<'text> {
    /// What it is.
    pub(crate) shape: Shape,
    /// Its text, quotes included.
    pub(crate) text: &'text str,
    /// Its first byte.
    pub(crate) start: usize,
}

impl Item<'_> {
    /// The byte after it.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.shape == Shape::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is one of these keywords.
    pub(crate) fn is_any(&self, keywords: &[&str]) -> bool {
        self.shape == Shape::Word
            && keywords
                .iter()
                .any(|keyword| self.text.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is this symbol.
    pub(crate) fn is_symbol(&self, symbol: u8) -> bool {
        self.shape == Shape::Symbol(symbol)
    }

    /// Whether it is a number without sign, point and exponent; also the parts of a number that has them.
    pub(crate) fn is_digits(&self) -> bool {
        self.shape == Shape::Word && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

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
    /// Where the text could not be read further.
    pub(crate) broken: Option<usize>,
}

impl<'text> Items<'text> {
    /// Reads a statement, as far as it can be read; a `;` at its end is none of it.
    pub(crate) fn of(text: &'text str, mode: SqlMode) -> Self {
        let mut items = Self {
            text,
            all: Vec::new(),
            cuts: Vec::new(),
            broken: None,
        };
        let mut reader = Reader::of_statement(text, mode);
        // Where a version comment that no server runs was opened.
        let mut skipping = None;
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
                TokenKind::VersionOpen { .. } if version(part) >= BEYOND_VERSIONS => {
                    skipping = Some(token.span.start);
                }
                TokenKind::VersionOpen { .. } => items.cut(token.span, false),
                TokenKind::VersionClose => {
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
        while items.all.last().is_some_and(|last| last.is_symbol(b';')) {
            items.all.pop();
        }
        items
    }

    fn push(&mut self, shape: Shape, text: &'text str, start: usize) {
        self.all.push(Item { shape, text, start });
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

/// The first word of a statement, where it starts with one.
pub(crate) fn first_word(text: &str, mode: SqlMode) -> Option<&str> {
    let mut reader = Reader::of_statement(text, mode);
    let mut skipping = false;
    while let Ok(Some((token, lexeme))) = reader.next() {
        let part = text.get(token.span.clone()).unwrap_or_default();
        match token.kind {
            TokenKind::VersionOpen { .. } => skipping = version(part) >= BEYOND_VERSIONS,
            TokenKind::VersionClose => skipping = false,
            TokenKind::Word if !skipping => return Some(part),
            TokenKind::Word
            | TokenKind::Name
            | TokenKind::Text
            | TokenKind::Symbol(_)
            | TokenKind::Blank
            | TokenKind::Comment
            | TokenKind::Delimiter
                if lexeme.is_none() || skipping => {}
            TokenKind::Word
            | TokenKind::Name
            | TokenKind::Text
            | TokenKind::Symbol(_)
            | TokenKind::Blank
            | TokenKind::Comment
            | TokenKind::Delimiter => return None,
        }
    }
    None
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
fn version(open: &str) -> u32 {
    open.trim_start_matches("/*!").parse().unwrap_or(0)
}
