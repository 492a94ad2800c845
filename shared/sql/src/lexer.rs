//! Cuts a text into tokens by the lexical rules of MySQL 8.0 and 9.x.
//!
//! It never looks back and never looks ahead further than the token it returns (a version comment is looked
//! through once more, at its start), so it is linear in the text.

use crate::error::{Open, Problem};
use crate::mode::SqlMode;
use crate::quoted::{dollar_tag, find, quoted_end, skipped_end};
use crate::token::{Token, TokenKind};

/// Every supported server is at least this version, so it runs `/*!80000 … */`.
const OLDEST_SERVER: u32 = 80_000;

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

/// A position in a text, and what decides how it goes on from there.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'text> {
    text: &'text str,
    mode: SqlMode,
    at: usize,
    delimiter: String,
    version_comment: Option<VersionComment>,
}

/// An open version comment.
#[derive(Debug, Clone, Copy)]
struct VersionComment {
    /// Where it starts.
    start: usize,
    /// Where it ends for a server that skips it.
    skipped_end: usize,
    /// Whether a supported server may skip it.
    maybe: bool,
}

impl<'text> Lexer<'text> {
    /// A lexer at the start of a text.
    pub(crate) fn new(text: &'text str, mode: SqlMode) -> Self {
        Self {
            text,
            mode,
            at: 0,
            delimiter: ";".to_owned(),
            version_comment: None,
        }
    }

    /// Whether it stands in a version comment that a supported server may skip.
    pub(crate) fn in_maybe(&self) -> bool {
        self.version_comment.is_some_and(|comment| comment.maybe)
    }

    /// Whether it stands in a version comment.
    pub(crate) fn in_version_comment(&self) -> bool {
        self.version_comment.is_some()
    }

    /// Whether statements end with `;`.
    pub(crate) fn ends_with_semicolon(&self) -> bool {
        self.delimiter == ";"
    }

    /// From here on statements end with this delimiter, and the next token starts at `at`.
    pub(crate) fn set_delimiter(&mut self, delimiter: &str, at: usize) {
        delimiter.clone_into(&mut self.delimiter);
        self.at = at;
    }

    /// The next token; none at the end of the text.
    pub(crate) fn next(&mut self, context: Context) -> Result<Option<Token>, LexError> {
        let start = self.at;
        let Some(&byte) = self.bytes().get(start) else {
            return match self.version_comment {
                Some(open) => Err((open.start, Problem::Unterminated(Open::VersionComment))),
                None => Ok(None),
            };
        };
        let (kind, end) = match self.delimiter_end(start, byte, context) {
            Some(end) => (TokenKind::Delimiter, end),
            None => self.read(start, byte, context)?,
        };
        self.at = end;
        Ok(Some(Token {
            kind,
            span: start..end,
        }))
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
        if self.delimiter.as_bytes().first() != Some(&byte) || self.version_comment.is_some() {
            return None;
        }
        if (context.in_body && self.delimiter == ";") || !self.starts_with(at, &self.delimiter) {
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

    fn read(&mut self, at: usize, byte: u8, context: Context) -> Result<(TokenKind, usize), LexError> {
        let next = self.peek(at + 1);
        match byte {
            _ if is_blank(byte) => Ok((TokenKind::Blank, self.run_end(at, is_blank))),
            b'#' => self.line_comment(at),
            b'-' if next == Some(b'-') && self.peek(at + 2).is_none_or(ends_dashes) => self.line_comment(at),
            b'/' if next == Some(b'*') => self.comment(at),
            b'*' if next == Some(b'/') && self.version_comment.is_some() => self.close_version_comment(at),
            b'\'' | b'"' | b'`' => self.quoted(at, byte),
            b'$' if context.dollar_quotes && dollar_tag(self.text, at).is_some() => self.dollar_quoted(at),
            0xEF if at == 0 && !self.delimiter.is_empty() && self.starts_with(at, "\u{feff}") => {
                Ok((TokenKind::Blank, 3))
            }
            _ if is_word(byte) => Ok((TokenKind::Word, self.word_end(at))),
            _ => Ok((TokenKind::Symbol(byte), at + 1)),
        }
    }

    fn run_end(&self, at: usize, belongs: fn(u8) -> bool) -> usize {
        let rest = self.bytes().get(at..).unwrap_or_default();
        rest.iter()
            .position(|byte| !belongs(*byte))
            .map_or(self.text.len(), |length| at + length)
    }

    /// The end of a word: also where a delimiter such as `$$`, whose characters belong to words, starts.
    fn word_end(&self, at: usize) -> usize {
        let end = self.run_end(at, is_word);
        let first = self.delimiter.as_bytes().first().copied().unwrap_or(b';');
        if !is_word(first) || first.is_ascii_alphanumeric() || first == b'_' {
            return end;
        }
        let word = self.text.get(at..end).unwrap_or_default();
        word.find(&self.delimiter)
            .filter(|length| *length > 0)
            .map_or(end, |length| at + length)
    }

    fn line_comment(&self, at: usize) -> Result<(TokenKind, usize), LexError> {
        let end = find(self.text, at, "\n").unwrap_or(self.text.len());
        if self
            .bytes()
            .get(at..end)
            .is_some_and(|comment| comment.contains(&0))
        {
            return Err((at, Problem::NulInComment));
        }
        Ok((TokenKind::Comment, end))
    }

    fn comment(&mut self, at: usize) -> Result<(TokenKind, usize), LexError> {
        if self.peek(at + 2) == Some(b'!') {
            return self.open_version_comment(at);
        }
        let end = find(self.text, at + 2, "*/").ok_or((at, Problem::Unterminated(Open::Comment)))?;
        Ok((TokenKind::Comment, end + 2))
    }

    fn open_version_comment(&mut self, at: usize) -> Result<(TokenKind, usize), LexError> {
        if self.version_comment.is_some() {
            return Err((at, Problem::VersionComment));
        }
        let digits = self.run_end(at + 3, |byte| byte.is_ascii_digit()) - (at + 3);
        // The server takes six digits, or five; fewer are no version.
        let taken = if digits >= 6 {
            6
        } else if digits == 5 {
            5
        } else {
            0
        };
        let end = at + 3 + taken;
        let version = self
            .text
            .get(at + 3..end)
            .and_then(|digits| digits.parse::<u32>().ok());
        let maybe = version.is_some_and(|version| version > OLDEST_SERVER) || digits > 6;
        let unterminated = (at, Problem::Unterminated(Open::VersionComment));
        let skipped_end = skipped_end(self.text, end).ok_or(unterminated)?;
        self.version_comment = Some(VersionComment {
            start: at,
            skipped_end,
            maybe,
        });
        Ok((TokenKind::VersionOpen { maybe }, end))
    }

    fn close_version_comment(&mut self, at: usize) -> Result<(TokenKind, usize), LexError> {
        match self.version_comment.take() {
            Some(open) if open.skipped_end != at + 2 => Err((open.start, Problem::VersionComment)),
            _ => Ok((TokenKind::VersionClose, at + 2)),
        }
    }

    fn quoted(&self, at: usize, quote: u8) -> Result<(TokenKind, usize), LexError> {
        let name = quote == b'`' || (quote == b'"' && self.mode.ansi_quotes);
        let escapes = !name && !self.mode.no_backslash_escapes;
        let open = match quote {
            b'`' => Open::Backtick,
            b'"' => Open::DoubleQuote,
            _ => Open::SingleQuote,
        };
        let end = quoted_end(self.bytes(), at, quote, escapes).ok_or((at, Problem::Unterminated(open)))?;
        Ok((if name { TokenKind::Name } else { TokenKind::Text }, end))
    }

    fn dollar_quoted(&self, at: usize) -> Result<(TokenKind, usize), LexError> {
        let tag = dollar_tag(self.text, at).unwrap_or_default();
        let end =
            find(self.text, at + tag.len(), tag).ok_or((at, Problem::Unterminated(Open::DollarQuote)))?;
        Ok((TokenKind::Text, end + tag.len()))
    }
}

/// Blank as the server sees it.
fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}

/// What makes `--` before it a comment: a blank or a control character.
fn ends_dashes(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_control()
}

/// Part of a word: letters, digits, `_`, `$` and everything beyond ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii()
}
