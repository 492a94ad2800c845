//! The journal: what was about to be done and what came of it, kept on the server itself.
//!
//! Texts of SQL only; [`crate::Session`] sends them. Whoever holds the target's lock is the one writer of its rows.

use crate::ident::text;
use crate::lock::cell;
use crate::wire::Row;
use model::{Checksum, Fault, VersionKey};
use sql::Kind;
use std::time::Duration;
use workflow::ports::database::{Before, Intent, JournalEntry, JournalKey, Outcome};

/// The journal's own schema and tables, made where they are missing.
pub(crate) const TABLES: &str = "\
CREATE DATABASE IF NOT EXISTS _sluice CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS _sluice.fences (
  schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'the target schema',
  fence BIGINT UNSIGNED NOT NULL COMMENT 'the newest owner known; an intent of an older one is refused',
  PRIMARY KEY (schema_name)
) ENGINE=InnoDB COMMENT='Sluice: who may still write';
CREATE TABLE IF NOT EXISTS _sluice.journal (
  schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'the target schema',
  version_key VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the version, in sortable form',
  statement_index INT UNSIGNED NOT NULL COMMENT 'the statement of the change, from 1',
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the statement',
  before_definitions LONGTEXT NULL COMMENT 'what it may change, before it; kept until the outcome is known',
  before_storage CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'where the rows were before it',
  foretold CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the definitions after it, as rehearsed',
  base_checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the schema before the change',
  fence BIGINT UNSIGNED NOT NULL COMMENT 'the owner that sent it',
  connection_id BIGINT UNSIGNED NOT NULL COMMENT 'the session that sent it',
  server_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the server that got it',
  intended_at DATETIME(6) NOT NULL COMMENT 'UTC',
  outcome ENUM('unknown', 'done', 'failed') NOT NULL DEFAULT 'unknown',
  duration_ms BIGINT UNSIGNED NULL COMMENT 'how long the server took',
  rows_affected BIGINT UNSIGNED NULL,
  settled_at DATETIME(6) NULL COMMENT 'UTC',
  settled_because TEXT NULL COMMENT 'why the outcome is believed, where the server did not write it itself',
  PRIMARY KEY (schema_name, version_key, statement_index)
) ENGINE=InnoDB COMMENT='Sluice: one row per statement';
CREATE TABLE IF NOT EXISTS _sluice.revisions (
  schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'the target schema',
  version_key VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the version, in sortable form',
  version VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the version as it was written',
  change_type ENUM('ddl', 'dml') NOT NULL,
  description TEXT NOT NULL,
  checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the file',
  statements INT UNSIGNED NOT NULL COMMENT 'how many statements it has',
  applied_by TEXT NOT NULL,
  finished_at DATETIME(6) NOT NULL COMMENT 'UTC',
  held_something BOOLEAN NOT NULL COMMENT 'whether the schema held any object then',
  revision LONGTEXT NULL COMMENT 'as the ledger keeps it, where there is one',
  PRIMARY KEY (schema_name, version_key)
) ENGINE=InnoDB COMMENT='Sluice: what is applied'";

/// How many columns the tables have: tables of another layout are told by it.
pub(crate) const COLUMNS: u32 = 2 + 17 + 11;

/// Counts the columns of the tables that are there.
pub(crate) const LAYOUT: &str = "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '_sluice' \
    AND TABLE_NAME IN ('fences', 'journal', 'revisions')";

/// Makes an owner known: every older one is shut out.
pub(crate) fn raise(schema: &str, fence: u64) -> String {
    let schema = text(schema);
    format!(
        "INSERT INTO _sluice.fences (schema_name, fence) VALUES ({schema}, {fence}) \
         ON DUPLICATE KEY UPDATE fence = GREATEST(fence, {fence})"
    )
}

/// The newest owner known.
pub(crate) fn fence(schema: &str) -> String {
    format!(
        "SELECT fence FROM _sluice.fences WHERE schema_name = {}",
        text(schema)
    )
}

/// The rows of one change, in order.
pub(crate) fn rows(schema: &str, key: &JournalKey) -> String {
    format!(
        "SELECT statement_index, digest, before_definitions, before_storage, foretold, base_checksum, outcome, \
         duration_ms, rows_affected, connection_id, settled_because FROM _sluice.journal \
         WHERE schema_name = {} AND version_key = {} ORDER BY statement_index",
        text(schema),
        text(key.version.as_str()),
    )
}

/// Which of these versions have rows.
pub(crate) fn begun(schema: &str, versions: &[VersionKey]) -> String {
    let keys: Vec<String> = versions.iter().map(|key| text(key.as_str())).collect();
    format!(
        "SELECT DISTINCT version_key FROM _sluice.journal WHERE schema_name = {} AND version_key IN ({})",
        text(schema),
        keys.join(", "),
    )
}

/// Reads the newest owner known, for [`intend`]; nothing where it is newer than this one. A read that locks nothing, so
/// that a newer owner never waits for an older one's transaction.
pub(crate) fn guard(schema: &str, fence: u64) -> String {
    format!(
        "SET @_sluice_fence = (SELECT fence FROM _sluice.fences WHERE schema_name = {} AND fence <= {fence})",
        text(schema)
    )
}

/// Writes an intent, in place of an older one of its index. Where [`guard`] found a newer owner the server refuses it
/// with [`BAD_NULL`](crate::errors::BAD_NULL), and with it all that follows in the same text: a single row's `NULL` in a column that takes none is
/// an error in every `sql_mode` ("Data Type Default Values" of the manual).
pub(crate) fn intend(schema: &str, key: &JournalKey, intent: &Intent) -> String {
    let schema = text(schema);
    let before = intent.before.as_ref();
    let sum = |checksum: Option<&Checksum>| {
        checksum.map_or_else(|| "NULL".to_owned(), |checksum| text(checksum.as_str()))
    };
    format!(
        "INSERT INTO _sluice.journal (schema_name, version_key, statement_index, digest, before_definitions, \
         before_storage, foretold, base_checksum, fence, connection_id, server_uuid, intended_at) \
         VALUES ({schema}, {version}, {index}, {digest}, {definitions}, {storage}, {foretold}, {base}, \
         @_sluice_fence, CONNECTION_ID(), @@server_uuid, UTC_TIMESTAMP(6)) AS new ON DUPLICATE KEY UPDATE digest = new.digest, \
         before_definitions = new.before_definitions, before_storage = new.before_storage, foretold = new.foretold, \
         base_checksum = new.base_checksum, fence = new.fence, connection_id = new.connection_id, \
         server_uuid = new.server_uuid, intended_at = new.intended_at, outcome = 'unknown', duration_ms = NULL, \
         rows_affected = NULL, settled_at = NULL, settled_because = NULL",
        version = text(key.version.as_str()),
        index = intent.index,
        digest = text(intent.digest.as_str()),
        definitions = before.map_or_else(|| "NULL".to_owned(), |before| text(&before.definitions)),
        storage = sum(before.and_then(|before| before.storage.as_ref())),
        foretold = sum(before.and_then(|before| before.foretold.as_ref())),
        base = sum(intent.base.as_ref()),
    )
}

/// The fault of an owner that is not the newest any more.
pub(crate) fn stale(schema: &str, fence: u64) -> Fault {
    Fault::retry(
        "write an intent",
        format!(
            "the lease with fence {fence} is stale: a newer owner of `{schema}` is known to the server. If the ledger \
             was made anew and counts fences from 1 again, delete the schema's row in `_sluice`.`fences`"
        ),
    )
}

/// Writes an outcome that the server did not write itself.
pub(crate) fn settle(schema: &str, key: &JournalKey, index: u32, outcome: Outcome, because: &str) -> String {
    format!(
        "UPDATE _sluice.journal SET outcome = {}, before_definitions = NULL, duration_ms = NULL, \
         rows_affected = NULL, settled_at = UTC_TIMESTAMP(6), settled_because = {} \
         WHERE schema_name = {} AND version_key = {} AND statement_index = {index}",
        text(word(outcome)),
        text(because),
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
        "UPDATE _sluice.journal SET outcome = {}, rows_affected = {rows}, before_definitions = NULL, \
         duration_ms = GREATEST(TIMESTAMPDIFF(MICROSECOND, intended_at, UTC_TIMESTAMP(6)) DIV 1000, 0), \
         settled_at = UTC_TIMESTAMP(6) WHERE schema_name = {} AND version_key = {} AND statement_index = {index}",
        text(word(Outcome::Done)),
        text(schema),
        text(key.version.as_str()),
    )
}

/// Reads a row of [`rows`].
pub(crate) fn entry(row: &Row) -> Result<JournalEntry, Fault> {
    let before = match row.get(2).cloned().flatten() {
        None => None,
        Some(definitions) => Some(Before {
            definitions,
            storage: maybe_checksum(row, 3)?,
            foretold: maybe_checksum(row, 4)?,
        }),
    };
    Ok(JournalEntry {
        intent: Intent {
            index: parsed(row, 0)?,
            digest: checksum(row, 1)?,
            before,
            base: maybe_checksum(row, 5)?,
            completes: None,
        },
        outcome: outcome(&cell(row, 6))?,
        duration: optional(row, 7)?.map(Duration::from_millis),
        rows: optional(row, 8)?,
        connection: parsed(row, 9)?,
        because: row.get(10).cloned().flatten(),
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

pub(crate) fn parsed<T: std::str::FromStr>(row: &Row, column: usize) -> Result<T, Fault> {
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

fn maybe_checksum(row: &Row, column: usize) -> Result<Option<Checksum>, Fault> {
    match row.get(column) {
        Some(Some(_)) => checksum(row, column).map(Some),
        Some(None) | None => Ok(None),
    }
}

pub(crate) fn checksum(row: &Row, column: usize) -> Result<Checksum, Fault> {
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
        let given = |text: &str| Some(text.to_owned());
        let row = vec![
            given("2"),
            hex(),
            given("CREATE TABLE t (id INT);\n"),
            None,
            hex(),
            None,
            given("done"),
            given("12"),
            None,
            given("7"),
        ];
        let entry = entry(&row).unwrap();
        assert_eq!((entry.intent.index, entry.connection), (2, 7));
        assert_eq!(entry.duration, Some(Duration::from_millis(12)));
        assert_eq!(entry.rows, None);
        let before = entry.intent.before.unwrap();
        assert_eq!((before.storage, before.foretold), (None, Some(digest)));
    }
}
