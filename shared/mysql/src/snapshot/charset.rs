//! Character sets and collations as a table's text names them.

use sql::ddl::default_collation;

/// A character set with its collation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Charset {
    pub(super) name: String,
    pub(super) collation: String,
}

/// What is named after the two words; a set without collation has the set's default one, and a collation's name starts
/// with its set's.
pub(super) fn charset(code: &str, set_word: &str, collation_word: &str) -> Option<Charset> {
    let name = value(code, set_word);
    let collation = value(code, collation_word);
    let name = name.or_else(|| collation.and_then(|collation| collation.split('_').next()))?;
    Some(Charset {
        name: name.to_owned(),
        collation: collation.map_or_else(|| default_collation(name), str::to_owned),
    })
}

fn value<'text>(code: &'text str, word: &str) -> Option<&'text str> {
    let at = code.find(word)?;
    let rest = code.get(at + word.len()..)?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    rest.get(..end.unwrap_or(rest.len()))
}
