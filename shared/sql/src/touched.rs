//! The names that a statement of any kind touches: tables, views, routines, whole schemas.
//!
//! It reads the positions in which names of tables stand, not the grammar of queries: after `FROM`, `JOIN`, `INTO`,
//! `UPDATE`, `TABLE`, `CALL`, `REFERENCES`… and what commas and parentheses add to them, through derived tables and the
//! bodies of stored programs. In expressions it finds `schema.function(…)` and `schema.table.column`.
//!
//! What stands in a version comment that some supported servers skip counts as written and as left out.
//!
//! What is written with its schema is found wherever it may stand. The limits are elsewhere: a name without a schema may
//! be an alias that looks like a table in `DELETE alias FROM …` (which is left out) or a table that a `WITH` of another
//! query shadows; functions called without a schema are not listed; all tables of an `UPDATE` or `DELETE` of several
//! count as written; what a prepared statement holds in a string isn't seen.

mod context;
mod objects;
mod readings;
mod scan;
mod words;

use crate::ddl::ObjectName;
use crate::mode::SqlMode;
use serde::Serialize;

/// How a name is touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Its rows or its definition are read.
    Reads,
    /// Its rows are written.
    Writes,
    /// It is created, altered, renamed or dropped, or given rights on.
    Defines,
    /// It is called.
    Calls,
}

/// A name, and where it stands in the statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// The name; `*` of a schema where all of it is meant.
    pub name: ObjectName,
    /// What is done with it.
    pub how: How,
    /// The byte of the statement at which it starts.
    pub at: usize,
    /// Its line in the statement, from 1.
    pub line: u32,
    /// Its column in characters, from 1.
    pub column: u32,
}

/// The names that a statement touches, in the order of its text.
pub fn touched(text: &str, mode: SqlMode) -> Vec<Touched> {
    readings::touched(text, mode)
}

/// The names that a statement touches in schemas other than its own, in the order of its text; reading
/// `information_schema` is none of them.
pub fn foreign_schemas(text: &str, mode: SqlMode, own: &str) -> Vec<Touched> {
    let foreign = |found: &Touched| match &found.name.schema {
        Some(schema) if schema == own => false,
        Some(schema) => !(found.how == How::Reads && schema.eq_ignore_ascii_case("information_schema")),
        None => false,
    };
    touched(text, mode).into_iter().filter(foreign).collect()
}
