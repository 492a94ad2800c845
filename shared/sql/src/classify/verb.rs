//! The leading keywords of a statement, and what they alone say.

use crate::classify::verb::table::{Row, UNKNOWN, rows};
use crate::facts::Facts;
use crate::lexeme::Lexeme;
use crate::token::TokenKind;
use std::borrow::Cow;

mod table;

/// The leading keywords of a statement.
#[derive(Debug, Clone)]
pub(crate) struct Verb {
    /// What the table says about them.
    row: Row,
    /// The keywords as shown.
    words: Cow<'static, str>,
    /// How many lexemes they span.
    pub(crate) length: usize,
}

impl Verb {
    /// Reads the start of a statement; `main` is what a `WITH` is about.
    pub(crate) fn of(lead: &[Lexeme<'_>], main: Option<&'static str>) -> Self {
        let keywords = Keywords::of(lead);
        let first = keywords.word(0).unwrap_or_default();
        let row = rows(first)
            .iter()
            .find(|row| keywords.go_on_with(row.rest))
            .copied();
        let words = match (row, main) {
            (Some(_), Some(main)) => Cow::Borrowed(with(main)),
            (Some(row), None) => Cow::Borrowed(row.verb),
            (None, _) => Cow::Owned(first.to_ascii_uppercase()),
        };
        // Where the keywords aren't known, any of them may hide another statement.
        let length = keywords.length(row.map_or(MOST, |row| row.rest.len() + 1));
        let row = main.and_then(|main| rows(main).first().copied()).or(row);
        Self {
            row: row.unwrap_or(UNKNOWN),
            words,
            length,
        }
    }

    /// What the keywords alone say.
    pub(crate) fn facts(&self) -> Facts {
        let row = self.row;
        Facts {
            kind: row.kind,
            verb: self.words.clone(),
            implicit_commit: row.implicit_commit,
            signal: row.signal,
            destructive: row.destructive,
            without_where: false,
            session_state: row.session_state,
            banned: row.banned.cloned(),
        }
    }
}

fn with(main: &str) -> &'static str {
    match main {
        "UPDATE" => "WITH UPDATE",
        "DELETE" => "WITH DELETE",
        "TABLE" => "WITH TABLE",
        "VALUES" => "WITH VALUES",
        _ => "WITH SELECT",
    }
}

/// Words between the first keyword and what it is about.
const MODIFIERS: &[&str] = &[
    "OR",
    "REPLACE",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "AGGREGATE",
    "UNDO",
    "IGNORE",
    "JSON",
    "RELATIONAL",
    "DUALITY",
    "NO_WRITE_TO_BINLOG",
    "LOCAL",
    "LOW_PRIORITY",
    "CONCURRENT",
    "FROM",
    "EXTERNAL",
    "VECTOR",
];

/// The most keywords that a row has, and one more.
const MOST: usize = 5;

/// The first keywords and where they stand, without the modifiers between them.
#[derive(Debug, Default)]
struct Keywords<'text> {
    found: [(usize, &'text str); MOST],
    count: usize,
}

impl<'text> Keywords<'text> {
    fn of(lead: &[Lexeme<'text>]) -> Self {
        let mut keywords = Self::default();
        let loads = lead.first().is_some_and(|first| first.is("LOAD"));
        let mut at = 0;
        while let Some(lexeme) = lead.get(at) {
            // `LOAD DATA LOW_PRIORITY FROM S3`: modifiers stand after the second keyword as well.
            if keywords.count == 1 || (loads && keywords.count == 2) {
                let skipped = modifier_length(lead.get(at..).unwrap_or_default());
                if skipped > 0 {
                    at += skipped;
                    continue;
                }
            }
            let other = lexeme.kind != TokenKind::Word && keywords.count > 0;
            let Some(free) = keywords.found.get_mut(keywords.count).filter(|_| !other) else {
                break;
            };
            *free = (at, lexeme.text);
            keywords.count += 1;
            at += 1;
        }
        keywords
    }

    fn word(&self, index: usize) -> Option<&'text str> {
        let found = self.found.get(..self.count)?;
        found.get(index).map(|(_, word)| *word)
    }

    /// Whether these words follow the first keyword.
    fn go_on_with(&self, rest: &[&str]) -> bool {
        rest.iter().enumerate().all(|(index, wanted)| {
            self.word(index + 1)
                .is_some_and(|word| word.eq_ignore_ascii_case(wanted))
        })
    }

    /// How many lexemes these many keywords span.
    fn length(&self, count: usize) -> usize {
        let last = self.found.get(..self.count.min(count)).and_then(<[_]>::last);
        last.map_or(1, |(position, _)| position + 1)
    }
}

/// How many lexemes the modifier takes that stands here.
fn modifier_length(lead: &[Lexeme<'_>]) -> usize {
    let Some(first) = lead.first() else { return 0 };
    if first.is_any(MODIFIERS) {
        1
    } else if first.is("ALGORITHM") {
        3
    } else if first.is("SQL") {
        // SQL SECURITY DEFINER
        3
    } else if first.is("DEFINER") {
        definer_length(lead)
    } else {
        0
    }
}

/// `DEFINER = user`, `user@host`, `CURRENT_USER` or `CURRENT_USER()`.
fn definer_length(lead: &[Lexeme<'_>]) -> usize {
    let symbol = |at: usize, symbol: u8| lead.get(at).is_some_and(|lexeme| lexeme.is_symbol(symbol));
    let mut length = 3;
    if symbol(length, b'(') && symbol(length + 1, b')') {
        length += 2;
    }
    if symbol(length, b'@') {
        length += 2;
        while symbol(length, b'.') {
            length += 2;
        }
    }
    length
}
