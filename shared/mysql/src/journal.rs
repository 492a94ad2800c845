//! The journal: what was about to be done and what came of it, kept on the server itself.
//!
//! Texts of SQL only; [`crate::Session`] sends them. Whoever holds the target's lock is the one writer of its rows.

use crate::ident::{number, text};
use crate::lock::cell;
use crate::wire::Row;
use model::{Checksum, Fault};
use sql::Kind;
use std::time::Duration;
use workflow::ports::database::{Executed, Intent, JournalEntry, JournalKey, Outcome};

/// The journal's own schema and tables, made where they are missing.
pub(crate) const TABLES: &str = "\
CREATE DATABASE IF NOT EXISTS _sluice CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS _sluice.fences (
  schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'the target schema',
  fence BIGINT UNSIGNED NOT NULL COMMENT 'the highest fence seen; an intent with a lower one is refused',
  PRIMARY KEY (schema_name)
) ENGINE=InnoDB COMMENT='Sluice: who may still write';
CREATE TABLE IF NOT EXISTS _sluice.journal (
  schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'the target schema',
  version_key VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the version, in sortable form',
  statement_index INT UNSIGNED NOT NULL COMMENT 'the statement of the change, from 1',
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the statement',
  before_fingerprint CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the schema before it',
  base_checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the schema before the change',
  fence BIGINT UNSIGNED NOT NULL COMMENT 'the lease under which it was sent',
  connection_id BIGINT UNSIGNED NOT NULL COMMENT 'the session that sent it',
  server_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the server that got it',
  intended_at DATETIME(6) NOT NULL COMMENT 'UTC',
  outcome ENUM('unknown', 'done', 'failed') NOT NULL DEFAULT 'unknown',
  duration_ms BIGINT UNSIGNED NULL COMMENT 'how long the server took',
  rows_affected BIGINT UNSIGNED NULL,
  settled_at DATETIME(6) NULL COMMENT 'UTC',
  PRIMARY KEY (schema_name, version_key, statement_index)
) ENGINE=InnoDB COMMENT='Sluice: one row per statement';";

/// The rows of one change, in order.
pub(crate) fn rows(schema: &str, key: &JournalKey) -> String {
    format!(
        "SELECT statement_index, digest, before_fingerprint, base_checksum, fence, outcome, duration_ms, \
         rows_affected FROM _sluice.journal WHERE schema_name = {} AND version_key = {} ORDER BY statement_index",
        text(schema),
        text(key.version.as_str()),
    )
}

/// Raises the fence, then writes the intent where no higher one was seen. The second result tells by its affected rows
/// whether it was written. Each is committed by itself, in this order.
pub(crate) fn intend(schema: &str, key: &JournalKey, intent: &Intent) -> String {
    let schema = text(schema);
    let fence = intent.fence;
    let digest = text(intent.digest.as_str());
    let before = text(intent.before.as_str());
    let base = text(intent.base.as_str());
    format!(
        "INSERT INTO _sluice.fences (schema_name, fence) VALUES ({schema}, {fence}) \
         ON DUPLICATE KEY UPDATE fence = GREATEST(fence, {fence}); \
         INSERT INTO _sluice.journal (schema_name, version_key, statement_index, digest, before_fingerprint, \
         base_checksum, fence, connection_id, server_uuid, intended_at) \
         SELECT {schema}, {version}, {index}, {digest}, {before}, {base}, {fence}, CONNECTION_ID(), \
         @@server_uuid, UTC_TIMESTAMP(6) FROM _sluice.fences f WHERE f.schema_name = {schema} AND f.fence <= {fence} \
         ON DUPLICATE KEY UPDATE digest = {digest}, before_fingerprint = {before}, base_checksum = {base}, \
         fence = {fence}, connection_id = CONNECTION_ID(), server_uuid = @@server_uuid, \
         intended_at = UTC_TIMESTAMP(6), outcome = 'unknown', duration_ms = NULL, rows_affected = NULL, \
         settled_at = NULL",
        version = text(key.version.as_str()),
        index = intent.index,
    )
}

/// The fault of an intent that came with a fence lower than one already seen.
pub(crate) fn stale(schema: &str, fence: u64) -> Fault {
    Fault::retry(
        "write an intent",
        format!(
            "the lease with fence {fence} is stale: a newer owner of `{schema}` has written since. If the ledger was \
             made anew and counts fences from 1 again, delete the schema's row in `_sluice`.`fences`"
        ),
    )
}

/// Writes an outcome.
pub(crate) fn settle(
    schema: &str,
    key: &JournalKey,
    index: u32,
    outcome: Outcome,
    executed: Option<Executed>,
) -> String {
    let millis = executed.map(|executed| u64::try_from(executed.duration.as_millis()).unwrap_or(u64::MAX));
    format!(
        "UPDATE _sluice.journal SET outcome = {}, duration_ms = {}, rows_affected = {}, \
         settled_at = UTC_TIMESTAMP(6) WHERE schema_name = {} AND version_key = {} AND statement_index = {index}",
        text(word(outcome)),
        number(millis),
        number(executed.map(|executed| executed.rows)),
        text(schema),
        text(key.version.as_str()),
    )
}

/// Writes that the statement right before this text, on the same session, happened. The server counts by itself, since
/// nobody may be there any more to tell it: the time since the intent, and the rows. It counts -1 for a query, and for a
/// change of rows where it could not send the answer: then how many there were is not known.
pub(crate) fn done(schema: &str, key: &JournalKey, index: u32, kind: Kind) -> String {
    let rows = if kind == Kind::Query {
        "0"
    } else {
        "NULLIF(ROW_COUNT(), -1)"
    };
    format!(
        "UPDATE _sluice.journal SET outcome = {}, rows_affected = {rows}, \
         duration_ms = GREATEST(TIMESTAMPDIFF(MICROSECOND, intended_at, UTC_TIMESTAMP(6)) DIV 1000, 0), \
         settled_at = UTC_TIMESTAMP(6) WHERE schema_name = {} AND version_key = {} AND statement_index = {index}",
        text(word(Outcome::Done)),
        text(schema),
        text(key.version.as_str()),
    )
}

/// Reads a row of [`rows`].
pub(crate) fn entry(row: &Row) -> Result<JournalEntry, Fault> {
    Ok(JournalEntry {
        intent: Intent {
            index: parsed(row, 0)?,
            digest: checksum(row, 1)?,
            before: checksum(row, 2)?,
            base: checksum(row, 3)?,
            fence: parsed(row, 4)?,
        },
        outcome: outcome(&cell(row, 5))?,
        duration: optional(row, 6)?.map(Duration::from_millis),
        rows: optional(row, 7)?,
    })
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Unknown => "unknown",
        Outcome::Done => "done",
        Outcome::Failed => "failed",
    }
}

fn outcome(word: &str) -> Result<Outcome, Fault> {
    match word {
        "unknown" => Ok(Outcome::Unknown),
        "done" => Ok(Outcome::Done),
        "failed" => Ok(Outcome::Failed),
        other => Err(Fault::Bug(format!(
            "the journal holds an unknown outcome: {other:?}"
        ))),
    }
}

fn parsed<T: std::str::FromStr>(row: &Row, column: usize) -> Result<T, Fault> {
    let cell = cell(row, column);
    cell.parse()
        .map_err(|_| Fault::Bug(format!("column {column} of the journal is no number: {cell:?}")))
}

fn optional(row: &Row, column: usize) -> Result<Option<u64>, Fault> {
    match row.get(column) {
        Some(Some(_)) => parsed(row, column).map(Some),
        Some(None) | None => Ok(None),
    }
}

fn checksum(row: &Row, column: usize) -> Result<Checksum, Fault> {
    serde_json::from_value(serde_json::Value::String(cell(row, column)))
        .map_err(|error| Fault::Bug(format!("column {column} of the journal is no checksum: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_outcome_is_a_bug_and_never_a_default() {
        assert!(matches!(outcome("maybe"), Err(Fault::Bug(_))));
        for known in [Outcome::Unknown, Outcome::Done, Outcome::Failed] {
            assert_eq!(outcome(word(known)).ok(), Some(known));
        }
    }

    #[test]
    fn a_row_is_read_back() {
        let digest = Checksum::of(b"x");
        let hex = || Some(digest.as_str().to_owned());
        let number = |text: &str| Some(text.to_owned());
        let row = vec![
            number("2"),
            hex(),
            hex(),
            hex(),
            number("7"),
            number("done"),
            number("12"),
            None,
        ];
        let entry = entry(&row).unwrap();
        assert_eq!((entry.intent.index, entry.intent.fence), (2, 7));
        assert_eq!(entry.duration, Some(Duration::from_millis(12)));
        assert_eq!(entry.rows, None);
    }
}
