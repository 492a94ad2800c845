//! Walks over a text token by token, with the bodies of stored programs followed.

use crate::body::Body;
use crate::error::{Open, Problem};
use crate::lexeme::Lexeme;
use crate::lexer::{Context, LexError, Lexer};
use crate::mode::SqlMode;
use crate::token::{Token, TokenKind};

/// The lexer, and where the statement stands that it is in.
#[derive(Debug)]
pub(crate) struct Reader<'text> {
    text: &'text str,
    lexer: Lexer<'text>,
    body: Body,
}

impl<'text> Reader<'text> {
    /// A reader at the start of a text.
    pub(crate) fn new(text: &'text str, mode: SqlMode) -> Self {
        Self {
            text,
            lexer: Lexer::new(text, mode),
            body: Body::new(),
        }
    }

    /// A reader of one statement, where no delimiter means anything.
    pub(crate) fn of_statement(text: &'text str, mode: SqlMode) -> Self {
        let mut reader = Self::new(text, mode);
        reader.lexer.set_delimiter("", 0);
        reader
    }

    /// The next token, and what it means; blanks, comments and delimiters mean nothing.
    pub(crate) fn next(&mut self) -> Result<Option<(Token, Option<Lexeme<'text>>)>, LexError> {
        let context = Context {
            in_body: self.body.open().is_some(),
            dollar_quotes: self.body.dollar_quotes(),
        };
        let maybe = self.lexer.in_maybe();
        let Some(token) = self.lexer.next(context)? else {
            return Ok(None);
        };
        let lexeme = match token.kind {
            TokenKind::Blank | TokenKind::Comment | TokenKind::Delimiter => None,
            kind @ (TokenKind::VersionOpen { .. }
            | TokenKind::VersionClose
            | TokenKind::Word
            | TokenKind::Name
            | TokenKind::Text
            | TokenKind::Symbol(_)) => Some(Lexeme {
                kind,
                text: self.text.get(token.span.clone()).unwrap_or_default(),
                maybe,
            }),
        };
        if let Some(lexeme) = &lexeme {
            self.body.take(lexeme, token.span.start);
        }
        Ok(Some((token, lexeme)))
    }

    /// Whether a `;` here would be between statements, not inside one.
    pub(crate) fn between_statements(&self) -> bool {
        self.body.open().is_none()
    }

    /// Whether it stands in a version comment.
    pub(crate) fn in_version_comment(&self) -> bool {
        self.lexer.in_version_comment()
    }

    /// Whether the statement is a stored program.
    pub(crate) fn is_program(&self) -> bool {
        self.body.is_program()
    }

    /// The statement is over.
    pub(crate) fn end_statement(&mut self) {
        self.body = Body::new();
    }

    /// The body that is still open at the end of a text is an error, unless a `DELIMITER` said where it ends:
    /// then it is the server's to refuse.
    pub(crate) fn open_body(&self) -> Result<(), LexError> {
        if !self.lexer.ends_with_semicolon() {
            return Ok(());
        }
        self.body
            .open()
            .map_or(Ok(()), |at| Err((at, Problem::Unterminated(Open::Body))))
    }

    /// From here on statements end with this delimiter, and the next token starts at `at`.
    pub(crate) fn set_delimiter(&mut self, delimiter: &str, at: usize) {
        self.lexer.set_delimiter(delimiter, at);
    }
}
