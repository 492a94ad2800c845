//! Statements that begin like none that MySQL knows.

use crate::exit::Stop;
use crate::render::plain;
use sql::{Kind, SqlMode, Statement};

/// What makes no schema may be rows, locks or settings, but no definition with a slip of the pen in its first words: left
/// out, it would look like an object that is gone.
pub(crate) fn check(what: &str, text: &str) -> Result<(), Stop> {
    const MAINTENANCE: [&str; 4] = ["ANALYZE", "CHECK", "OPTIMIZE", "REPAIR"];
    let unknown = |statement: &Statement| {
        let facts = &statement.facts;
        let maintains = MAINTENANCE.iter().any(|word| facts.verb.starts_with(word));
        facts.kind == Kind::Admin && facts.banned.is_none() && !maintains
    };
    let statements = sql::split(text, SqlMode::default()).unwrap_or_default();
    statements.iter().find(|statement| unknown(statement)).map_or(Ok(()), |statement| {
        Err(Stop::refused(
            "unknown-statement",
            format!(
                "{what}: line {}, column {}: this begins like no statement that makes a schema: `{}`. Check its spelling, \
                 or leave it out.",
                statement.line,
                statement.column,
                plain::shortened(&statement.text, 40)
            ),
        ))
    })
}
