//! What a statement starts with, read without the rest of it.

use super::cursor::{BEYOND_VERSIONS, version};
use crate::mode::SqlMode;
use crate::reader::Reader;
use crate::token::TokenKind;

/// The first word of a statement, where it starts with one; before it those of version comments that some servers skip.
pub(crate) fn first_words(text: &str, mode: SqlMode) -> Vec<&str> {
    let mut reader = Reader::of_statement(text, mode);
    let mut words = Vec::new();
    let (mut skipping, mut maybe) = (false, false);
    while let Ok(Some((token, lexeme))) = reader.next() {
        let part = text.get(token.span.clone()).unwrap_or_default();
        match token.kind {
            TokenKind::VersionOpen { maybe: skips } => {
                skipping = version(part) >= BEYOND_VERSIONS;
                maybe = skips;
            }
            TokenKind::VersionClose => (skipping, maybe) = (false, false),
            TokenKind::Word
            | TokenKind::Name
            | TokenKind::Text
            | TokenKind::Symbol(_)
            | TokenKind::Blank
            | TokenKind::Comment
            | TokenKind::Delimiter => {
                if lexeme.is_none() || skipping {
                    continue;
                }
                words.extend((token.kind == TokenKind::Word).then_some(part));
                if !maybe {
                    break;
                }
                // The rest of the comment says nothing about how the statement starts.
                skipping = true;
            }
        }
    }
    words
}
