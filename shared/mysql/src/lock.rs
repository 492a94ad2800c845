//! The session's preamble, the look at the server, and the target's lock: one packet.
//!
//! The lock is taken on the very session that later runs the statements. It is named after the schema as the server
//! spells it, so that two spellings of one schema are one lock.

use crate::Limits;
use crate::errors::Failure;
use crate::wire::{Row, Wire};
use model::Fault;
use std::time::Duration;
use workflow::ports::database::OpenError;

/// The lock's name, at most 64 characters, as an expression of the server.
const NAME: &str = "CONCAT('sluice:', LEFT(SHA2(DATABASE(), 256), 40))";

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
    /// Whether the journal's tables are there.
    pub(crate) journal: bool,
}

/// What came of opening a session.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) server: Server,
    pub(crate) held: bool,
    pub(crate) holder: Option<u64>,
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
fn opening(limits: &Limits, wait: Duration) -> String {
    format!(
        "{}; SELECT s.SCHEMA_NAME, @@global.sql_mode, s.DEFAULT_CHARACTER_SET_NAME, s.DEFAULT_COLLATION_NAME, \
         @@global.innodb_read_only OR @@global.read_only, (SELECT COUNT(*) FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = '_sluice' AND TABLE_NAME IN ('journal', 'fences')) \
         FROM information_schema.SCHEMATA s WHERE s.SCHEMA_NAME = DATABASE(); \
         SELECT GET_LOCK({NAME}, {}), IS_USED_LOCK({NAME})",
        preamble(limits),
        wait.as_millis().div_ceil(1000),
    )
}

/// Sets the session up, makes sure that this is a writer, and asks for the lock.
pub(crate) async fn open(wire: &mut Wire, limits: &Limits, wait: Duration) -> Result<Opened, OpenError> {
    const OPERATION: &str = "open a session";
    let answers = wire
        .ask(opening(limits, wait))
        .await
        .map_err(|failure| failure.fault(OPERATION))?;
    let (Some(about), Some(lock)) = (
        answers.get(1).and_then(|answer| answer.rows.first()),
        answers.get(2).and_then(|answer| answer.rows.first()),
    ) else {
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
    let server = Server {
        schema: cell(about, 0),
        sql_mode: cell(about, 1),
        charset: cell(about, 2),
        collation: cell(about, 3),
        journal: cell(about, 5) == "2",
    };
    let held = cell(lock, 0) == "1";
    let holder = cell(lock, 1).parse().ok().filter(|_| !held);
    Ok(Opened { server, held, holder })
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

    #[test]
    fn a_wait_is_rounded_up_to_seconds() {
        let packet = opening(&Limits::default(), Duration::from_millis(1));
        assert!(packet.contains("40)), 1), IS_USED_LOCK"), "{packet}");
    }
}
