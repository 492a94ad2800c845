//! The leading keywords of a statement, and what they alone say.

use crate::classify::verb::table::{Row, TABLE, UNKNOWN};
use crate::facts::Facts;
use crate::lexeme::Lexeme;
use crate::token::TokenKind;

mod table;

/// The leading keywords of a statement.
#[derive(Debug, Clone)]
pub(crate) struct Verb {
    /// What the table says about them; none where they aren't known.
    row: Option<&'static Row>,
    /// The keywords as shown.
    words: String,
    /// How many lexemes they span.
    pub(crate) length: usize,
}

impl Verb {
    /// Reads the start of a statement; `main` is what a `WITH` is about.
    pub(crate) fn of(lead: &[Lexeme<'_>], main: Option<&'static str>) -> Self {
        let keywords = keywords(lead);
        let row = TABLE.iter().find(|row| {
            row.words.split(' ').enumerate().all(|(index, word)| {
                keywords
                    .get(index)
                    .is_some_and(|(_, keyword)| keyword.eq_ignore_ascii_case(word))
            })
        });
        let row = match main {
            Some(main) => TABLE.iter().find(|row| row.words == main).or(row),
            None => row,
        };
        let count = row.map_or(1, |row| row.words.split(' ').count());
        let length = keywords
            .iter()
            .take(count)
            .map(|(position, _)| position + 1)
            .max()
            .unwrap_or(0);
        let words = match (row, main) {
            (Some(_), Some(main)) => format!("WITH {main}"),
            (Some(row), None) => row.words.to_owned(),
            (None, _) => keywords
                .first()
                .map(|(_, word)| word.to_ascii_uppercase())
                .unwrap_or_default(),
        };
        Self {
            row,
            words,
            length: length.max(1),
        }
    }

    /// What the keywords alone say.
    pub(crate) fn facts(&self) -> Facts {
        let row = self.row.copied().unwrap_or(UNKNOWN);
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
];

/// The first keywords and where they stand, without the modifiers between them.
fn keywords<'text>(lead: &[Lexeme<'text>]) -> Vec<(usize, &'text str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(lexeme) = lead.get(at) {
        if found.len() == 1 {
            let skipped = modifier_length(lead.get(at..).unwrap_or_default());
            if skipped > 0 {
                at += skipped;
                continue;
            }
        }
        if found.len() > 5 || (lexeme.kind != TokenKind::Word && !found.is_empty()) {
            break;
        }
        found.push((at, lexeme.text));
        at += 1;
    }
    // `LOAD DATA LOW_PRIORITY FROM S3`: modifiers stand after the second keyword as well.
    if found
        .first()
        .is_some_and(|(_, word)| word.eq_ignore_ascii_case("LOAD"))
    {
        found.retain(|(_, word)| {
            !MODIFIERS
                .iter()
                .any(|modifier| word.eq_ignore_ascii_case(modifier))
        });
    }
    found
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
