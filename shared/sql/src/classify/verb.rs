//! The leading keywords of a statement, and what they alone say.

use crate::classify::verb::table::UNKNOWN;
pub(crate) use crate::classify::verb::table::{Row, rows};
use crate::facts::Facts;
use crate::lexeme::Lexeme;
use crate::token::TokenKind;
use std::borrow::Cow;

mod table;

/// The leading keywords of a statement.
#[derive(Debug, Clone)]
pub(crate) struct Verb {
    /// What the table says about them.
    row: &'static Row,
    /// The keywords as shown.
    words: Cow<'static, str>,
}

impl Verb {
    /// Reads the start of a statement, whose first lexeme has these rows; `main` is what a `WITH` is about.
    pub(crate) fn of(starting: &'static [Row], lead: &[Lexeme<'_>], main: Option<&'static str>) -> Self {
        let row = match starting {
            [row] if row.rest.is_empty() => Some(row),
            several => {
                let keywords = Keywords::of(lead);
                several.iter().find(|row| keywords.go_on_with(row.rest))
            }
        };
        let words = match (row, main) {
            (Some(_), Some(main)) => Cow::Borrowed(with(main)),
            (Some(row), None) => Cow::Borrowed(row.verb),
            (None, _) => Cow::Owned(unknown(lead)),
        };
        let row = main.and_then(|main| rows(main.as_bytes()).first()).or(row);
        Self {
            row: row.unwrap_or(&UNKNOWN),
            words,
        }
    }

    /// What the keywords alone say.
    pub(crate) fn facts(&mut self) -> Facts {
        let row = self.row;
        Facts {
            kind: row.kind,
            verb: std::mem::take(&mut self.words),
            implicit_commit: row.implicit_commit,
            signal: row.signal,
            destructive: row.destructive,
            without_where: false,
            session_state: row.session_state,
            banned: row.banned.cloned(),
        }
    }
}

/// The first word as it stands there, in upper case.
fn unknown(lead: &[Lexeme<'_>]) -> String {
    let first = lead.first().map(|first| first.text).unwrap_or_default();
    String::from_utf8_lossy(first).to_ascii_uppercase()
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

/// The first keywords, without the modifiers between them.
#[derive(Debug, Default)]
struct Keywords<'text> {
    found: [&'text [u8]; MOST],
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
            *free = lexeme.text;
            keywords.count += 1;
            at += 1;
        }
        keywords
    }

    fn word(&self, index: usize) -> Option<&'text [u8]> {
        let found = self.found.get(..self.count)?;
        found.get(index).copied()
    }

    /// Whether these words follow the first keyword.
    fn go_on_with(&self, rest: &[&str]) -> bool {
        rest.iter().enumerate().all(|(index, wanted)| {
            self.word(index + 1)
                .is_some_and(|word| word.eq_ignore_ascii_case(wanted.as_bytes()))
        })
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
