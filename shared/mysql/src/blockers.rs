//! Who holds what a statement waits for: metadata locks, and transactions that are open.

use crate::ident::text;
use crate::journal::parsed;
use crate::lock::cell;
use crate::wire::Row;
use model::Fault;
use workflow::ports::database::Blocker;

/// How many are named.
const NAMED: u32 = 5;

/// The other sessions that hold a metadata lock on one of these tables, longest first ("The metadata_locks Table" of the
/// manual). A session that holds rows of a table holds such a lock too.
pub(crate) fn of_tables(schema: &str, tables: &[String]) -> String {
    let names: Vec<String> = tables.iter().map(|table| text(table)).collect();
    format!(
        "SELECT DISTINCT t.PROCESSLIST_ID, CONCAT(COALESCE(t.PROCESSLIST_USER, '?'), '@', \
         COALESCE(t.PROCESSLIST_HOST, '?')), COALESCE(t.PROCESSLIST_TIME, 0), t.PROCESSLIST_COMMAND = 'Sleep' \
         FROM performance_schema.metadata_locks l JOIN performance_schema.threads t ON t.THREAD_ID = l.OWNER_THREAD_ID \
         WHERE l.OBJECT_TYPE = 'TABLE' AND l.LOCK_STATUS = 'GRANTED' AND l.OBJECT_SCHEMA = {} \
         AND l.OBJECT_NAME IN ({}) AND t.PROCESSLIST_ID <> CONNECTION_ID() ORDER BY 3 DESC LIMIT {NAMED}",
        text(schema),
        names.join(", "),
    )
}

/// Reads a row of [`of_tables`].
pub(crate) fn blocker(row: &Row) -> Result<Blocker, Fault> {
    Ok(Blocker {
        connection: parsed(row, 0)?,
        user: cell(row, 1),
        seconds: parsed(row, 2)?,
        idle: cell(row, 3) == "1",
    })
}
