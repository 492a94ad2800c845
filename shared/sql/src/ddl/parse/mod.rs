//! From the text of a statement to its [`Definition`].
//!
//! Each file reads one subject of the grammar. Nothing here is recursive: parentheses are counted, so that no text
//! reaches the end of the stack, and no item is read more often than a fixed number of times.

mod account;
mod alter;
mod alter_part;
mod alter_partition;
mod column;
pub(crate) mod cursor;
mod data_type;
mod database;
mod drop;
mod first;
mod index;
mod item;
mod key;
mod literal;
mod name;
mod options;
mod parser;
mod partition;
mod program;
mod routine;
mod table;
mod verb;
mod view;
mod words;

use super::{Definition, Opaque};
use crate::mode::SqlMode;
use cursor::Items;
pub(crate) use name::{is_name, may_follow_point, unquoted};
use parser::{Parser, Stop};
use verb::Verb;

/// The definition that a statement is.
///
/// None where it is none by its leading keywords; [`Definition::Opaque`] where it could not be read to its very end.
pub fn definition(text: &str, mode: SqlMode) -> Option<Definition> {
    // A long statement on rows isn't read to its end for that.
    let starts = |word: &&str| FIRST.iter().any(|first| first.eq_ignore_ascii_case(word));
    if !first::first_words(text, mode).iter().any(starts) {
        return None;
    }
    let mut parser = Parser::new(text, mode);
    let mut verb = String::new();
    if let Some(at) = parser.items.optional {
        let skipped = Items::of_server(text, mode, 0);
        return leads(parser.items)
            .or_else(|| leads(skipped))
            .map(|verb| Definition::Opaque(Opaque { verb, at }));
    }
    let read = match Verb::of(&mut parser, &mut verb)? {
        Ok(found) => found.read(&mut parser),
        Err(Stop) => Err(Stop),
    };
    let whole = parser.at_end() && parser.items.broken.is_none();
    match read {
        Ok(definition) if whole => Some(definition),
        Ok(_) | Err(Stop) => {
            let at = match parser.items.broken {
                Some(broken) if parser.at_end() => broken,
                Some(_) | None => parser.items.start_of(parser.at),
            };
            Some(Definition::Opaque(Opaque { verb, at }))
        }
    }
}

/// The leading keywords of a definition, where it is one: what some servers skip leaves it to them to say which.
fn leads(items: Items<'_>) -> Option<String> {
    let mut verb = String::new();
    let mut parser = Parser { items, at: 0 };
    Verb::of(&mut parser, &mut verb).map(|_| verb)
}

/// The words that definitions start with.
const FIRST: &[&str] = &[
    "CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE", "GRANT", "REVOKE", "SET",
];
