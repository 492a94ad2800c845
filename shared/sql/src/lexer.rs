//! Cuts a text into tokens by the lexical rules of MySQL 8.0 and 9.x.
//!
//! It never looks back and never looks ahead further than the token it returns (a version comment that a server may
//! skip is looked through once more, at its start), so it is linear in the text.

use crate::bytes::{
    Class, blank_end, class, digits_end, ends_dashes, host_end, is_word, number_end, word_end,
};
use crate::error::{Open, Problem};
use crate::mode::SqlMode;
use crate::quoted::{comment_end, dollar_tag, find, quoted_end, skipped_end};
use crate::token::TokenKind;
use crate::version::{Run, VersionComment, opening};

/// A token that can't be read: where it starts, and why.
pub(crate) type LexError = (usize, Problem);

/// What the reader of the tokens knows and the lexer can't.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Context {
    /// Inside the body of a stored program, where `;` doesn't end the statement.
    pub(crate) in_body: bool,
    /// After `AS` of a stored function or procedure, where `$$` opens a body.
    pub(crate) dollar_quotes: bool,
}

/// What the lexer came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A token, from [`Lexer::start`] to [`Lexer::end`].
    Token(TokenKind),
    /// The end of the text.
    End,
    /// What can't be read: see [`Lexer::error`].
    Bad,
}

/// A byte that no text holds.
const NO_BYTE: u8 = 0xFF;

/// A position in a text, and what decides how it goes on from there.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'text> {
    text: &'text str,
    mode: SqlMode,
    start: usize,
    at: usize,
    /// What stands before here, a delimiter or a version, is part of no name.
    floor: usize,
    delimiter: String,
    /// The first byte of the delimiter.
    first: u8,
    /// Whether the delimiter is `;`, which ends no statement inside a body.
    semicolon: bool,
    /// Whether the delimiter may start inside what would be a word.
    cuts_words: bool,
    /// Whether `at` 0 is the start of the whole text, where a byte order mark may stand.
    at_start: bool,
    version_comment: Option<VersionComment>,
    version_start: usize,
    error: Option<LexError>,
}

impl<'text> Lexer<'text> {
    /// A lexer between two statements of a text, of which it sees what is left.
    pub(crate) fn resumed(text: &'text str, mode: SqlMode, delimiter: &str, at_start: bool) -> Self {
        let mut lexer = Self {
            text,
            mode,
            start: 0,
            at: 0,
            floor: 0,
            delimiter: String::new(),
            first: NO_BYTE,
            semicolon: false,
            cuts_words: false,
            at_start,
            version_comment: None,
            version_start: 0,
            error: None,
        };
        lexer.set_delimiter(delimiter, 0);
        lexer
    }

    /// Where the last token starts.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Where the last token ends.
    pub(crate) fn end(&self) -> usize {
        self.at
    }

    /// Why the last step was bad.
    pub(crate) fn error(&mut self) -> Option<LexError> {
        self.error.take()
    }

    /// Whether it stands in a version comment that a supported server may skip.
    pub(crate) fn in_maybe(&self) -> bool {
        self.version_comment.is_some_and(|comment| comment.maybe())
    }

    /// Whether it stands in a version comment.
    pub(crate) fn in_version_comment(&self) -> bool {
        self.version_comment.is_some()
    }

    /// Where the version comment starts that it stands in or has just left.
    pub(crate) fn version_start(&self) -> usize {
        self.version_start
    }

    /// What statements end with.
    pub(crate) fn delimiter(&self) -> &str {
        &self.delimiter
    }

    /// From here on quotes are read under this mode.
    pub(crate) fn set_mode(&mut self, mode: SqlMode) {
        self.mode = mode;
    }

    /// From here on statements end with this delimiter, and the next token starts at `at`.
    pub(crate) fn set_delimiter(&mut self, delimiter: &str, at: usize) {
        delimiter.clone_into(&mut self.delimiter);
        let first = delimiter.as_bytes().first().copied();
        self.first = first.unwrap_or(NO_BYTE);
        self.semicolon = delimiter == ";";
        self.cuts_words =
            first.is_some_and(|byte| is_word(byte) && !byte.is_ascii_alphanumeric() && byte != b'_');
        self.at = at;
        self.floor = at;
    }

    /// Goes to the next token, past blanks where `skip_blanks`; `context` is asked where it matters.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "once per token, and called at one place that matters"
    )]
    pub(crate) fn next(&mut self, skip_blanks: bool, context: impl Fn() -> Context) -> Step {
        let mut start = self.at;
        if skip_blanks {
            start = blank_end(self.bytes(), start);
        }
        self.start = start;
        let Some(byte) = self.peek(start) else {
            return self.end_of_text();
        };
        if byte == self.first
            && let Some(end) = self.delimiter_end(start, byte, context())
        {
            self.at = end;
            self.floor = end;
            return Step::Token(TokenKind::Delimiter);
        }
        let (kind, end) = match class(byte) {
            Class::Blank => (TokenKind::Blank, blank_end(self.bytes(), start)),
            Class::Symbol => (TokenKind::Symbol(byte), start + 1),
            Class::Word if byte != 0xEF && !self.cuts_words => {
                let end = word_end(self.bytes(), start);
                if self.peek(end) == Some(b'.') && self.follows_at(start) {
                    return self.rare(start, byte, context());
                }
                (TokenKind::Word, end)
            }
            Class::Digit => {
                let end = digits_end(self.bytes(), start);
                if self.peek(end).is_some_and(|next| is_word(next) || next == b'.') {
                    return self.rare(start, byte, context());
                }
                (TokenKind::Word, end)
            }
            Class::Point => {
                if self.peek(start + 1).is_some_and(|next| next.is_ascii_digit()) || self.follows_at(start) {
                    return self.rare(start, byte, context());
                }
                (TokenKind::Symbol(byte), start + 1)
            }
            Class::Quote => return self.quoted(start, byte),
            Class::Word
            | Class::Dollar
            | Class::Hash
            | Class::Dash
            | Class::Slash
            | Class::Star
            | Class::Nul => {
                return self.rare(start, byte, context());
            }
        };
        self.at = end;
        Step::Token(kind)
    }

    #[cold]
    fn end_of_text(&mut self) -> Step {
        match self.version_comment {
            Some(open) => self.bad((open.start, Problem::Unterminated(Open::VersionComment))),
            None => Step::End,
        }
    }

    #[cold]
    fn bad(&mut self, error: LexError) -> Step {
        self.error = Some(error);
        Step::Bad
    }

    fn bytes(&self) -> &'text [u8] {
        self.text.as_bytes()
    }

    fn peek(&self, at: usize) -> Option<u8> {
        self.bytes().get(at).copied()
    }

    fn starts_with(&self, at: usize, what: &str) -> bool {
        self.bytes()
            .get(at..)
            .is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    /// The end of the delimiter that starts here, if one does.
    fn delimiter_end(&self, at: usize, byte: u8, context: Context) -> Option<usize> {
        if self.version_comment.is_some() {
            return None;
        }
        if self.semicolon {
            return (!context.in_body).then_some(at + 1);
        }
        if !self.starts_with(at, &self.delimiter) {
            return None;
        }
        let end = at + self.delimiter.len();
        // A delimiter that is a word ends where the word ends.
        let inside_word = byte.is_ascii_alphanumeric()
            && self
                .peek(end)
                .is_some_and(|next| next.is_ascii_alphanumeric() || next == b'_');
        (!inside_word && self.text.is_char_boundary(end)).then_some(end)
    }

    /// What isn't the most of a text.
    #[inline(never)]
    fn rare(&mut self, at: usize, byte: u8, context: Context) -> Step {
        match self.read(at, byte, context) {
            Ok((kind, end)) => {
                self.at = end;
                Step::Token(kind)
            }
            Err(error) => self.bad(error),
        }
    }

    fn read(&mut self, at: usize, byte: u8, context: Context) -> Result<(TokenKind, usize), LexError> {
        let next = self.peek(at + 1);
        match class(byte) {
            Class::Hash => self.line_comment(at),
            Class::Dash if next == Some(b'-') && self.peek(at + 2).is_none_or(ends_dashes) => {
                self.line_comment(at)
            }
            Class::Slash if next == Some(b'*') => self.comment(at),
            Class::Star if next == Some(b'/') && self.version_comment.is_some() => {
                self.close_version_comment(at)
            }
            Class::Dollar if context.dollar_quotes => self.dollar_quoted(at),
            Class::Word if byte == 0xEF && self.is_byte_order_mark(at) => {
                self.floor = 3;
                Ok((TokenKind::Blank, 3))
            }
            Class::Word | Class::Dollar | Class::Digit | Class::Point => Ok(self.wordlike(at, byte)),
            Class::Nul => Err((at, Problem::Nul)),
            Class::Blank | Class::Quote | Class::Symbol | Class::Dash | Class::Slash | Class::Star => {
                Ok((TokenKind::Symbol(byte), at + 1))
            }
        }
    }

    fn is_byte_order_mark(&self, at: usize) -> bool {
        at == 0 && self.at_start && self.first != NO_BYTE && self.starts_with(at, "\u{feff}")
    }

    /// A word, a number or a point.
    fn wordlike(&self, at: usize, byte: u8) -> (TokenKind, usize) {
        let bytes = self.bytes();
        let end = if self.follows_at(at) {
            host_end(bytes, at)
        } else if byte == b'.' {
            if self.ends_name(at) {
                return (TokenKind::Symbol(byte), at + 1);
            }
            number_end(bytes, at)
        } else if byte.is_ascii_digit() && !self.follows_point(at) {
            number_end(bytes, at)
        } else {
            word_end(bytes, at)
        };
        (TokenKind::Word, self.cut_word(at, end))
    }

    /// Whether the `@` of a user variable or of a host stands before `at`: then a name with points in it follows.
    fn follows_at(&self, at: usize) -> bool {
        self.before(at, 1) == Some(b'@') && self.before(at, 2) != Some(b'@')
    }

    /// Whether the point of a name stands before `at`: a number there is a name.
    fn follows_point(&self, at: usize) -> bool {
        self.before(at, 1) == Some(b'.') && self.ends_name(at - 1)
    }

    /// Whether a word ends at `at`.
    fn ends_name(&self, at: usize) -> bool {
        self.before(at, 1).is_some_and(is_word)
    }

    fn before(&self, at: usize, count: usize) -> Option<u8> {
        let at = at.checked_sub(count).filter(|at| *at >= self.floor)?;
        self.peek(at)
    }

    /// The end of a word or a number that would end at `end`: also where a delimiter starts, unless it is one of the
    /// words.
    fn cut_word(&self, at: usize, end: usize) -> usize {
        if self.semicolon || self.first.is_ascii_alphanumeric() || self.first == b'_' {
            return end;
        }
        let word = self.text.get(at..end).unwrap_or_default();
        word.find(&self.delimiter)
            .filter(|length| *length > 0)
            .map_or(end, |length| at + length)
    }

    fn line_comment(&self, at: usize) -> Result<(TokenKind, usize), LexError> {
        let end = find(self.text, at, "\n").unwrap_or(self.text.len());
        let comment = self.bytes().get(at..end).unwrap_or_default();
        if memchr::memchr(0, comment).is_some() {
            return Err((at, Problem::NulInComment));
        }
        Ok((TokenKind::Comment, end))
    }

    fn comment(&mut self, at: usize) -> Result<(TokenKind, usize), LexError> {
        if self.peek(at + 2) == Some(b'!') {
            return self.open_version_comment(at);
        }
        comment_end(self.text, at + 2)
            .map(|end| (TokenKind::Comment, end))
            .ok_or((at, Problem::Unterminated(Open::Comment)))
    }

    fn open_version_comment(&mut self, at: usize) -> Result<(TokenKind, usize), LexError> {
        let opening = opening(self.text, at);
        let unterminated = (at, Problem::Unterminated(Open::VersionComment));
        if self.version_comment.is_some() {
            return Err((at, Problem::VersionComment));
        }
        if opening.run == Run::None {
            let end = skipped_end(self.text, opening.end).ok_or(unterminated)?;
            return Ok((TokenKind::Comment, end));
        }
        self.version_comment = Some(VersionComment::new(self.text, at, opening));
        self.version_start = at;
        self.floor = opening.end;
        let maybe = opening.run == Run::Some;
        Ok((TokenKind::VersionOpen { maybe }, opening.end))
    }

    fn close_version_comment(&mut self, at: usize) -> Result<(TokenKind, usize), LexError> {
        match self.version_comment.take() {
            Some(open) if !open.ends(at + 2) => Err((open.start, Problem::VersionComment)),
            _ => Ok((TokenKind::VersionClose, at + 2)),
        }
    }

    #[inline]
    fn quoted(&mut self, at: usize, quote: u8) -> Step {
        let name = quote == b'`' || (quote == b'"' && self.mode.ansi_quotes);
        let escapes = !name && !self.mode.no_backslash_escapes;
        let Some(end) = quoted_end(self.bytes(), at, quote, escapes) else {
            return self.bad((at, Problem::Unterminated(opened_by(quote))));
        };
        self.at = end;
        Step::Token(if name { TokenKind::Name } else { TokenKind::Text })
    }

    fn dollar_quoted(&self, at: usize) -> Result<(TokenKind, usize), LexError> {
        let Some(tag) = dollar_tag(self.text, at) else {
            return Ok(self.wordlike(at, b'$'));
        };
        let end =
            find(self.text, at + tag.len(), tag).ok_or((at, Problem::Unterminated(Open::DollarQuote)))?;
        Ok((TokenKind::Text, end + tag.len()))
    }
}

fn opened_by(quote: u8) -> Open {
    match quote {
        b'`' => Open::Backtick,
        b'"' => Open::DoubleQuote,
        _ => Open::SingleQuote,
    }
}
