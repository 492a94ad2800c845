//! The session's preamble, the look at the server, and the target's lock.
//!
//! The lock is taken on the very session that later runs the statements. It is named after the schema as the server
//! spells it, so that two spellings of one schema are one lock.

use crate::Limits;
use crate::errors::{Class, Failure, Then};
use crate::journal;
use crate::wire::{Row, Wire};
use model::Fault;
use std::time::Duration;
use workflow::ports::database::{OpenError, Owner};

/// The lock's name, at most 64 characters, as an expression of the server.
pub(crate) const NAME: &str = "CONCAT('sluice:', LEFT(SHA2(DATABASE(), 256), 40))";

/// Whether the server is a reader, as an expression of it.
pub(crate) const READER: &str = "@@global.innodb_read_only OR @@global.read_only";

/// What a session knows of its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// The schema, as the server spells it.
    pub(crate) schema: String,
    /// The server's `sql_mode`, which is the session's.
    pub(crate) sql_mode: String,
    /// The schema's default character set.
    pub(crate) charset: String,
    /// The schema's default collation.
    pub(crate) collation: String,
    /// How many columns of the journal's tables are there.
    pub(crate) columns: u32,
}

/// What came of asking for the lock.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// This session has it, and acts under this fence.
    Held { fence: u64 },
    /// Another connection has it.
    Busy { holder: Option<u64> },
}

/// What every session starts with, and returns to after a rehearsal.
///
/// `NAMES utf8mb4`: files are UTF-8, and the server must read them as such; the collation is the server's own. The mode
/// and the time zone are set to the server's own, because the protocol's flags put `IGNORE_SPACE` into the mode.
pub(crate) fn preamble(limits: &Limits) -> String {
    format!(
        "SET NAMES utf8mb4, sql_mode = @@global.sql_mode, time_zone = @@global.time_zone, \
         foreign_key_checks = @@global.foreign_key_checks, unique_checks = @@global.unique_checks, \
         lock_wait_timeout = {}, innodb_lock_wait_timeout = {}, wait_timeout = {}",
        seconds(limits.metadata_lock),
        seconds(limits.row_lock),
        seconds(limits.idle),
    )
}

/// The packet that opens a session.
fn opening(limits: &Limits) -> String {
    format!(
        "{}; SELECT s.SCHEMA_NAME, @@global.sql_mode, s.DEFAULT_CHARACTER_SET_NAME, s.DEFAULT_COLLATION_NAME, \
         {READER}, ({}) FROM information_schema.SCHEMATA s WHERE s.SCHEMA_NAME = DATABASE()",
        preamble(limits),
        journal::LAYOUT,
    )
}

/// Sets the session up, and makes sure that this is a writer.
pub(crate) async fn open(wire: &mut Wire, limits: &Limits) -> Result<Server, OpenError> {
    const OPERATION: &str = "open a session";
    let answers = wire
        .ask(opening(limits))
        .await
        .map_err(|failure| failure.fault(OPERATION))?;
    let Some(about) = answers.get(1).and_then(|answer| answer.rows.first()) else {
        return Err(
            Fault::Bug("the server's answers to the opening of a session are missing".to_owned()).into(),
        );
    };
    if cell(about, 4) != "0" {
        return Err(Fault::retry(
            OPERATION,
            "the server is a reader: a failover may be under way, or the instance's host is not the writer endpoint",
        )
        .into());
    }
    Ok(Server {
        schema: cell(about, 0),
        sql_mode: cell(about, 1),
        charset: cell(about, 2),
        collation: cell(about, 3),
        columns: journal::parsed(about, 5)?,
    })
}

/// Makes the owner known, then asks for the lock: also who does not get it shuts out whoever is older.
pub(crate) async fn ask(
    wire: &mut Wire,
    schema: &str,
    owner: Owner,
    wait: Duration,
) -> Result<Asked, OpenError> {
    const OPERATION: &str = "take the target's lock";
    if let Owner::Lease(fence) = owner {
        match wire.ask(journal::raise(schema, fence)).await {
            Ok(_) => {}
            // A transaction of ours with its intent is under way: its session has the lock.
            Err(failure) if failure.class() == Some(Class::DidNotHappen(Then::Wait)) => {}
            Err(failure) => return Err(failure.fault("make the owner of the target known").into()),
        }
    }
    let text = format!(
        "SELECT GET_LOCK({NAME}, {}), IS_USED_LOCK({NAME}); {}",
        wait.as_millis().div_ceil(1000),
        journal::fence(schema),
    );
    let answers = wire.ask(text).await.map_err(|failure| failure.fault(OPERATION))?;
    let row = |at: usize| answers.get(at).and_then(|answer| answer.rows.first());
    let Some(lock) = row(0) else {
        return Err(Fault::Bug("the server did not answer to GET_LOCK".to_owned()).into());
    };
    if cell(lock, 0) != "1" {
        return Ok(Asked::Busy {
            holder: cell(lock, 1).parse().ok(),
        });
    }
    let known: Option<u64> = row(1).map(|row| journal::parsed(row, 0)).transpose()?;
    let fence = match (owner, known) {
        (Owner::Lease(fence), _) | (Owner::Alone, Some(fence)) => fence,
        (Owner::Alone, None) => {
            // Nobody was here before.
            wire.ask(journal::raise(schema, 0))
                .await
                .map_err(|failure| failure.fault(OPERATION))?;
            0
        }
    };
    Ok(Asked::Held { fence })
}

/// Gives the lock back.
pub(crate) async fn release(wire: &mut Wire) -> Result<(), Failure> {
    wire.ask("DO RELEASE_ALL_LOCKS()".to_owned()).await.map(|_| ())
}

/// A cell as text; empty where there is none.
pub(crate) fn cell(row: &Row, column: usize) -> String {
    row.get(column).cloned().flatten().unwrap_or_default()
}

/// Whole seconds, at least one: the server's limits know nothing finer.
fn seconds(limit: Duration) -> u64 {
    limit.as_secs().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preamble_leaves_mode_and_time_zone_to_the_server() {
        let preamble = preamble(&Limits::default());
        for part in [
            "sql_mode = @@global.sql_mode",
            "time_zone = @@global.time_zone",
            "lock_wait_timeout = 10",
            "wait_timeout = 120",
        ] {
            assert!(preamble.contains(part), "{part} in {preamble}");
        }
    }
}
