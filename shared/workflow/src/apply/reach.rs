//! How many rows statements look at, before they are sent.

use super::Change;
use crate::ports::database::{Estimate, Locked};
use model::{Fault, Reach};
use sql::{How, Kind, Statement};
use std::collections::BTreeSet;

/// Whether a statement changes rows that it has to find. What names no rows but its own is as large as its text.
pub(super) fn finds_rows(statement: &Statement) -> bool {
    let inserts = ["INSERT", "REPLACE"].contains(&statement.facts.verb.as_ref());
    let reads = |touched: &sql::Touched| touched.how == How::Reads;
    let own = inserts && !sql::touched(&statement.text, statement.mode).iter().any(reads);
    statement.facts.kind == Kind::Dml && !own
}

/// The statements that change rows and look at more than so many, or go through a table where that is asked for. What the
/// server can't tell, because an earlier statement of the change makes or alters what it is about, counts as found; but not
/// for a table that the change itself makes, which has no rows yet.
pub async fn reaches(
    locked: &mut impl Locked,
    change: &Change,
    over: Option<u64>,
    without_key: bool,
) -> Result<Vec<Reach>, Fault> {
    let (mut made, mut altered): (BTreeSet<String>, BTreeSet<String>) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for (at, statement) in change.statements.iter().enumerate() {
        let tables = change.tables(at);
        if !finds_rows(statement) {
            match statement.facts.verb.as_ref() {
                "CREATE TABLE" => made.extend(tables.into_iter().take(1)),
                _ if statement.facts.kind != Kind::Dml => altered.extend(tables),
                _ => {}
            }
            continue;
        }
        if !tables.is_empty() && tables.iter().all(|table| made.contains(table)) {
            continue;
        }
        let told = if tables.iter().any(|table| altered.contains(table)) {
            None
        } else {
            locked.estimate(&statement.text).await?
        };
        let told = told.unwrap_or(UNKNOWN);
        let many = over.is_some_and(|over| told.rows > over);
        if many || (without_key && told.without_key) {
            found.push(Reach {
                statement: statement.index,
                rows: told.rows,
                without_key: told.without_key,
            });
        }
    }
    Ok(found)
}

/// What the server can't tell may be anything.
const UNKNOWN: Estimate = Estimate {
    rows: Reach::UNKNOWN,
    without_key: true,
};
