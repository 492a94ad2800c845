//! Splits a text into statements.

use crate::classify::facts_of;
use crate::delimiter::read_command;
use crate::error::SqlError;
use crate::lexer::LexError;
use crate::mode::SqlMode;
use crate::piece::{Piece, PieceKind};
use crate::place::Place;
use crate::reader::Reader;
use crate::statement::Statement;
use crate::token::TokenKind;
use std::ops::Range;

/// The statements of a text, in order, each with its facts.
pub fn split(text: &str, mode: SqlMode) -> Result<Vec<Statement>, SqlError> {
    let mut place = Place::new(text);
    let mut statements = Vec::new();
    for piece in pieces(text, mode)? {
        if piece.kind != PieceKind::Statement {
            continue;
        }
        let facts = facts_of(piece.text, mode)
            .map_err(|(offset, problem)| located(text, (piece.start + offset, problem)))?;
        let (line, column) = place.of(piece.start);
        statements.push(Statement {
            index: u32::try_from(statements.len() + 1).unwrap_or(u32::MAX),
            span: piece.start..piece.start + piece.text.len(),
            line,
            column,
            text: piece.text.to_owned(),
            facts,
        });
    }
    Ok(statements)
}

/// The pieces of a text: joined, they are the text.
pub fn pieces(text: &str, mode: SqlMode) -> Result<Vec<Piece<'_>>, SqlError> {
    let mut cutter = Cutter {
        text,
        cut: 0,
        statement: None,
        pieces: Vec::new(),
    };
    cutter.run(mode).map_err(|error| located(text, error))?;
    Ok(cutter.pieces)
}

fn located(text: &str, (offset, problem): LexError) -> SqlError {
    let (line, column) = Place::new(text).of(offset);
    SqlError {
        line,
        column,
        offset,
        problem,
    }
}

/// Collects the pieces of a text.
struct Cutter<'text> {
    text: &'text str,
    /// Up to here the pieces are cut.
    cut: usize,
    /// From the first to the last meaningful byte of the statement so far.
    statement: Option<Range<usize>>,
    pieces: Vec<Piece<'text>>,
}

impl Cutter<'_> {
    fn run(&mut self, mode: SqlMode) -> Result<(), LexError> {
        let mut reader = Reader::new(self.text, mode);
        while let Some((token, lexeme)) = reader.next()? {
            let Some(lexeme) = lexeme else {
                if token.kind == TokenKind::Delimiter {
                    self.end_statement(token.span.start);
                    self.push(PieceKind::Delimiter, token.span.end);
                    reader.end_statement();
                }
                continue;
            };
            if self.statement.is_none() && lexeme.is("DELIMITER") {
                let command = read_command(self.text, token.span.start, token.span.end)?;
                self.push(PieceKind::Between, token.span.start);
                self.push(PieceKind::Command, command.end);
                reader.set_delimiter(command.delimiter, command.end);
                reader.end_statement();
                continue;
            }
            let trailing = lexeme.is_symbol(b';') && reader.between_statements();
            if trailing && !reader.in_version_comment() {
                // `END; //`: the server ignores it, and so it is no part of the statement.
                continue;
            }
            let start = self
                .statement
                .as_ref()
                .map_or(token.span.start, |statement| statement.start);
            self.statement = Some(start..token.span.end);
        }
        reader.open_body()?;
        self.end_statement(self.text.len());
        Ok(())
    }

    /// Cuts the statement and what is around it, up to `end`.
    fn end_statement(&mut self, end: usize) {
        if let Some(statement) = self.statement.take() {
            self.push(PieceKind::Between, statement.start);
            self.push(PieceKind::Statement, statement.end);
        }
        self.push(PieceKind::Between, end);
    }

    fn push(&mut self, kind: PieceKind, end: usize) {
        let text = self.text.get(self.cut..end).unwrap_or_default();
        if !text.is_empty() {
            self.pieces.push(Piece {
                kind,
                start: self.cut,
                text,
            });
        }
        self.cut = end;
    }
}
