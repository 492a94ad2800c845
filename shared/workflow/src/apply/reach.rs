//! How many rows statements look at, before they are sent.

use super::Change;
use crate::ports::database::Locked;
use model::{Fault, Reach};
use sql::{How, Kind, Statement};

/// Whether a statement changes rows that it has to find. What names no rows but its own is as large as its text.
pub(super) fn finds_rows(statement: &Statement) -> bool {
    let inserts = ["INSERT", "REPLACE"].contains(&statement.facts.verb.as_ref());
    let reads = |touched: &sql::Touched| touched.how == How::Reads;
    let own = inserts && !sql::touched(&statement.text, statement.mode).iter().any(reads);
    statement.facts.kind == Kind::Dml && !own
}

/// The statements that change rows and look at more than so many, or go through a table where that is asked for. A table
/// that the change itself makes has none yet.
pub async fn reaches(
    locked: &mut impl Locked,
    change: &Change,
    over: Option<u64>,
    without_key: bool,
) -> Result<Vec<Reach>, Fault> {
    let mut found = Vec::new();
    for statement in change.statements.iter().filter(|statement| finds_rows(statement)) {
        let Some(told) = locked.estimate(&statement.text).await? else {
            continue;
        };
        let many = over.is_some_and(|over| told.rows > over);
        let through = without_key && told.without_key;
        if many || through {
            found.push(Reach {
                statement: statement.index,
                rows: told.rows,
                without_key: told.without_key,
            });
        }
    }
    Ok(found)
}
