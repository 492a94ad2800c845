//! Walks over a text token by token, with the bodies of stored programs followed.

use crate::body::Body;
use crate::error::{Open, Problem};
use crate::lexeme::Lexeme;
use crate::lexer::{Context, LexError, Lexer, Step};
use crate::mode::SqlMode;
use crate::token::{Token, TokenKind};

/// The lexer, and where the statement stands that it is in.
#[derive(Debug)]
pub(crate) struct Reader<'text> {
    text: &'text str,
    lexer: Lexer<'text>,
    body: Body,
    /// In a version comment that a supported server may skip: the body before it.
    skipped: Option<Body>,
}

impl<'text> Reader<'text> {
    /// A reader that starts between two statements of a text, of which it sees what is left.
    pub(crate) fn resumed(text: &'text str, mode: SqlMode, delimiter: &str, at_start: bool) -> Self {
        Self {
            text,
            lexer: Lexer::resumed(text, mode, delimiter, at_start),
            body: Body::new(),
            skipped: None,
        }
    }

    /// A reader of one statement, where no delimiter means anything.
    pub(crate) fn of_statement(text: &'text str, mode: SqlMode) -> Self {
        Self::resumed(text, mode, "", true)
    }

    /// The next token, and what it means; blanks, comments and delimiters mean nothing.
    pub(crate) fn next(&mut self) -> Result<Option<(Token, Option<Lexeme<'text>>)>, LexError> {
        match self.step(false) {
            Step::Token(kind) => {
                let lexeme = self.take(kind)?;
                let token = Token {
                    kind,
                    span: self.start()..self.end(),
                };
                Ok(Some((token, lexeme)))
            }
            Step::End => Ok(None),
            Step::Bad => self.error().map_or(Ok(None), Err),
        }
    }

    /// Goes to the next token, from [`start`](Self::start) to [`end`](Self::end), past blanks where `skip_blanks`.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "once per token, and called at one place that matters"
    )]
    pub(crate) fn step(&mut self, skip_blanks: bool) -> Step {
        let body = &self.body;
        self.lexer.next(skip_blanks, || Context {
            in_body: body.open().is_some(),
            dollar_quotes: body.dollar_quotes(),
        })
    }

    /// What the token that it went to means, once per token; the body of the statement is followed past it.
    fn take(&mut self, kind: TokenKind) -> Result<Option<Lexeme<'text>>, LexError> {
        match kind {
            TokenKind::Blank | TokenKind::Comment | TokenKind::Delimiter => return Ok(None),
            TokenKind::VersionOpen { .. } | TokenKind::VersionClose | TokenKind::Symbol(b';') => {
                self.mark(kind)?;
            }
            TokenKind::Symbol(_) | TokenKind::Word | TokenKind::Name | TokenKind::Text => {}
        }
        Ok(Some(self.lexeme(kind)))
    }

    /// The lexeme that it went to, once per lexeme; the body of the statement is followed past it. What may start or
    /// end something is [marked](Self::mark) before.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "once per token, and called at one place that matters"
    )]
    pub(crate) fn lexeme(&mut self, kind: TokenKind) -> Lexeme<'text> {
        let lexeme = Lexeme {
            kind,
            text: self
                .text
                .as_bytes()
                .get(self.start()..self.end())
                .unwrap_or_default(),
            maybe: self.lexer.in_maybe(),
            stored: false,
        };
        let mut stored = false;
        if self.body.follows() {
            self.body.take(lexeme, self.lexer.start());
            stored = self.body.is_inside();
        }
        Lexeme { stored, ..lexeme }
    }

    /// What starts or ends something: it has to do so for every server.
    pub(crate) fn mark(&mut self, kind: TokenKind) -> Result<(), LexError> {
        match kind {
            TokenKind::VersionOpen { maybe } => self.skipped = maybe.then(|| self.body.clone()),
            TokenKind::VersionClose => self.close()?,
            TokenKind::Symbol(_) if self.in_version_comment() && self.between_statements() => {
                return Err(self.ambiguous());
            }
            TokenKind::Symbol(_) if self.skipped.as_ref().is_some_and(Body::has_started) => {
                return Err(self.ambiguous());
            }
            TokenKind::Symbol(_)
            | TokenKind::Word
            | TokenKind::Name
            | TokenKind::Text
            | TokenKind::Blank
            | TokenKind::Comment
            | TokenKind::Delimiter => {}
        }
        Ok(())
    }

    /// A version comment ends: what a server knows that skipped it has to be what one knows that ran it.
    #[cold]
    fn close(&mut self) -> Result<(), LexError> {
        let Some(skipped) = self.skipped.take() else {
            return Ok(());
        };
        if self.body.alike(&skipped) {
            Ok(())
        } else {
            Err(self.ambiguous())
        }
    }

    /// Whether it stands in a version comment that a supported server may skip.
    pub(crate) fn in_maybe(&self) -> bool {
        self.skipped.is_some()
    }

    /// The version comment ends at different places for different servers.
    #[cold]
    pub(crate) fn ambiguous(&self) -> LexError {
        (self.lexer.version_start(), Problem::VersionComment)
    }

    /// Where the token starts.
    pub(crate) fn start(&self) -> usize {
        self.lexer.start()
    }

    /// Where it ends.
    pub(crate) fn end(&self) -> usize {
        self.lexer.end()
    }

    /// Why it can't be read.
    pub(crate) fn error(&mut self) -> Option<LexError> {
        self.lexer.error()
    }

    /// Whether a `;` here would be between statements, not inside one.
    pub(crate) fn between_statements(&self) -> bool {
        self.body.open().is_none()
    }

    /// Whether it stands in a version comment.
    pub(crate) fn in_version_comment(&self) -> bool {
        self.lexer.in_version_comment()
    }

    /// The statement is over.
    pub(crate) fn end_statement(&mut self) {
        self.body.end_statement();
        self.skipped = None;
    }

    /// The body that is still open at the end of a text is an error, unless a `DELIMITER` said where it ends:
    /// then it is the server's to refuse.
    pub(crate) fn open_body(&self) -> Result<(), LexError> {
        if self.lexer.delimiter() != ";" {
            return Ok(());
        }
        self.body
            .open()
            .map_or(Ok(()), |at| Err((at, Problem::Unterminated(Open::Body))))
    }

    /// From here on quotes are read under this mode.
    pub(crate) fn set_mode(&mut self, mode: SqlMode) {
        self.lexer.set_mode(mode);
    }

    /// From here on statements end with this delimiter, and the next token starts at `at`.
    pub(crate) fn set_delimiter(&mut self, delimiter: &str, at: usize) {
        self.lexer.set_delimiter(delimiter, at);
    }
}
