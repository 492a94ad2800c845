//! What is refused in a change.

use serde::Serialize;

/// Why a statement is refused in a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Banned {
    /// `USE`: the database is the target's.
    Use,
    /// A global or persisted setting, by name.
    GlobalSetting(String),
    /// A session setting that Sluice relies on, or that would leak into what follows, by name.
    SessionSetting(String),
    /// `SET NAMES` of a character set other than UTF-8, by name.
    Names(String),
    /// `GET_LOCK` and its family, by name.
    LockFunction(&'static str),
    /// `LOCK TABLES`, `UNLOCK TABLES`, `LOCK INSTANCE`, `FLUSH TABLES WITH READ LOCK`…
    LockTables,
    /// `START TRANSACTION`, `COMMIT`, `SAVEPOINT`, `XA`…
    Transaction,
    /// `KILL`.
    Kill,
    /// `SHUTDOWN` or `RESTART`.
    Shutdown,
    /// `CREATE`, `ALTER` or `DROP DATABASE`.
    Database,
    /// Users, roles, passwords, grants.
    Accounts,
    /// The server itself: plugins, replication, tablespaces, logs, caches.
    Server,
    /// `SELECT … INTO OUTFILE`, `INTO DUMPFILE`, `INTO OUTFILE S3`.
    IntoFile,
    /// `LOAD DATA INFILE`, `LOAD XML`, `LOAD_FILE()`: a file of the server or of the client.
    LoadFile,
    /// `PREPARE`, `EXECUTE`, `DEALLOCATE PREPARE`.
    Prepared,
    /// A part of the statement stands in a version comment that not every supported server runs.
    VersionComment,
}
