//! One text for all ways to write the same expression.

use super::climb::Climb;
use crate::words::{Word, literal, words};
use sql::SqlMode;

/// An expression with all its parentheses and none of its quotes around names; where it can't be read as one, its words.
pub(super) fn expression(text: &str, mode: SqlMode) -> String {
    let words = without_introducers(words(text, mode));
    Climb::read(&words).unwrap_or_else(|| joined(&words, true))
}

/// Words as they are, keywords in lower case.
pub(super) fn exact(text: &str, mode: SqlMode) -> String {
    let words = words(text, mode);
    joined(&words, false)
}

/// The server writes the character set of the session before each string.
fn without_introducers(words: Vec<Word>) -> Vec<Word> {
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let introduced = matches!(word, Word::Text(_))
            && matches!(kept.last(), Some(Word::Plain(before)) if before.eq_ignore_ascii_case("_utf8mb4"));
        if introduced {
            kept.pop();
        }
        kept.push(word);
    }
    kept
}

fn joined(words: &[Word], fold: bool) -> String {
    let shown: Vec<String> = words.iter().map(|word| shown(word, fold)).collect();
    shown.join(" ")
}

fn shown(word: &Word, fold: bool) -> String {
    match word {
        Word::Plain(word) => word.to_lowercase(),
        Word::Name(name) if fold => name.to_lowercase(),
        Word::Name(name) => name.clone(),
        Word::Text(value) => literal(value),
        Word::Symbol(symbol) => symbol.clone(),
    }
}
