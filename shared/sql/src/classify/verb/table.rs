//! What the leading keywords of a statement alone say: one row per statement of MySQL.

use crate::banned::Banned;
use crate::facts::{Kind, Signal};

/// What leading keywords say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The keywords, upper case.
    pub(crate) words: &'static str,
    /// The family.
    pub(crate) kind: Kind,
    /// Whether it commits.
    pub(crate) implicit_commit: bool,
    /// How its outcome can be known after a death.
    pub(crate) signal: Signal,
    /// Whether it may lose data.
    pub(crate) destructive: bool,
    /// Whether it changes the session alone.
    pub(crate) session_state: bool,
    /// Why it is refused in a change.
    pub(crate) banned: Option<&'static Banned>,
}

impl Row {
    const fn new(words: &'static str, kind: Kind, signal: Signal) -> Self {
        Self {
            words,
            kind,
            implicit_commit: false,
            signal,
            destructive: false,
            session_state: false,
            banned: None,
        }
    }

    const fn commits(mut self) -> Self {
        self.implicit_commit = true;
        self
    }

    const fn destroys(mut self) -> Self {
        self.destructive = true;
        self
    }

    const fn in_session(mut self) -> Self {
        self.session_state = true;
        self
    }

    const fn refused(mut self, banned: &'static Banned) -> Self {
        self.banned = Some(banned);
        self
    }
}

/// What isn't known may do anything; the server is the judge.
pub(crate) const UNKNOWN: Row = Row::new("", Kind::Admin, Signal::None).commits();

/// The first row whose words lead the statement counts, so longer rows stand before shorter ones.
pub(crate) const TABLE: &[Row] = &[
    Row::new("CREATE TEMPORARY TABLE", Kind::Ddl, Signal::Idempotent).in_session(),
    Row::new("DROP TEMPORARY TABLE", Kind::Ddl, Signal::Idempotent).in_session(),
    Row::new("DROP TEMPORARY TABLES", Kind::Ddl, Signal::Idempotent).in_session(),
    Row::new("CREATE TABLE", Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE INDEX", Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE VIEW", Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE PROCEDURE", Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE FUNCTION", Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE TRIGGER", Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE EVENT", Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE LIBRARY", Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER TABLE", Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER VIEW", Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER PROCEDURE", Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER FUNCTION", Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER EVENT", Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER LIBRARY", Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP TABLE", Kind::Ddl, Signal::Schema)
        .commits()
        .destroys(),
    Row::new("DROP TABLES", Kind::Ddl, Signal::Schema)
        .commits()
        .destroys(),
    Row::new("DROP INDEX", Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP VIEW", Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP PROCEDURE", Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP FUNCTION", Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP TRIGGER", Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP EVENT", Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP LIBRARY", Kind::Ddl, Signal::Schema).commits(),
    Row::new("RENAME TABLE", Kind::Ddl, Signal::Schema).commits(),
    Row::new("RENAME TABLES", Kind::Ddl, Signal::Schema).commits(),
    Row::new("TRUNCATE TABLE", Kind::Ddl, Signal::None)
        .commits()
        .destroys(),
    Row::new("TRUNCATE", Kind::Ddl, Signal::None).commits().destroys(),
    Row::new("CREATE DATABASE", Kind::Ddl, Signal::Schema)
        .commits()
        .refused(&Banned::Database),
    Row::new("CREATE SCHEMA", Kind::Ddl, Signal::Schema)
        .commits()
        .refused(&Banned::Database),
    Row::new("ALTER DATABASE", Kind::Ddl, Signal::Schema)
        .commits()
        .refused(&Banned::Database),
    Row::new("ALTER SCHEMA", Kind::Ddl, Signal::Schema)
        .commits()
        .refused(&Banned::Database),
    Row::new("DROP DATABASE", Kind::Ddl, Signal::Schema)
        .commits()
        .destroys()
        .refused(&Banned::Database),
    Row::new("DROP SCHEMA", Kind::Ddl, Signal::Schema)
        .commits()
        .destroys()
        .refused(&Banned::Database),
    Row::new("IMPORT TABLE", Kind::Ddl, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("INSERT", Kind::Dml, Signal::Transactional),
    Row::new("UPDATE", Kind::Dml, Signal::Transactional),
    Row::new("DELETE", Kind::Dml, Signal::Transactional),
    Row::new("REPLACE", Kind::Dml, Signal::Transactional),
    Row::new("LOAD DATA S3", Kind::Dml, Signal::None),
    Row::new("LOAD XML S3", Kind::Dml, Signal::None),
    Row::new("LOAD DATA", Kind::Dml, Signal::None).refused(&Banned::LoadFile),
    Row::new("LOAD XML", Kind::Dml, Signal::None).refused(&Banned::LoadFile),
    Row::new("CALL", Kind::Dml, Signal::None).commits(),
    Row::new("SELECT", Kind::Query, Signal::Transactional),
    Row::new("TABLE", Kind::Query, Signal::Transactional),
    Row::new("VALUES", Kind::Query, Signal::Transactional),
    Row::new("WITH", Kind::Query, Signal::Transactional),
    Row::new("DO", Kind::Query, Signal::Transactional),
    Row::new("(", Kind::Query, Signal::Transactional),
    Row::new("HANDLER", Kind::Query, Signal::Transactional),
    Row::new("SHOW", Kind::Query, Signal::Idempotent),
    Row::new("DESCRIBE", Kind::Query, Signal::Idempotent),
    Row::new("DESC", Kind::Query, Signal::Idempotent),
    Row::new("EXPLAIN", Kind::Query, Signal::Idempotent),
    Row::new("HELP", Kind::Query, Signal::Idempotent),
    Row::new("CHECKSUM TABLE", Kind::Query, Signal::Idempotent),
    Row::new("BEGIN", Kind::TransactionControl, Signal::None)
        .commits()
        .refused(&Banned::Transaction),
    Row::new("START TRANSACTION", Kind::TransactionControl, Signal::None)
        .commits()
        .refused(&Banned::Transaction),
    Row::new("COMMIT", Kind::TransactionControl, Signal::None)
        .commits()
        .refused(&Banned::Transaction),
    Row::new("ROLLBACK", Kind::TransactionControl, Signal::None).refused(&Banned::Transaction),
    Row::new("SAVEPOINT", Kind::TransactionControl, Signal::None).refused(&Banned::Transaction),
    Row::new("RELEASE SAVEPOINT", Kind::TransactionControl, Signal::None).refused(&Banned::Transaction),
    Row::new("XA", Kind::TransactionControl, Signal::None)
        .commits()
        .refused(&Banned::Transaction),
    Row::new("USE", Kind::Session, Signal::Idempotent)
        .in_session()
        .refused(&Banned::Use),
    Row::new("SET PASSWORD", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("SET ROLE", Kind::Admin, Signal::Idempotent).refused(&Banned::Accounts),
    Row::new("SET DEFAULT ROLE", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("SET RESOURCE GROUP", Kind::Admin, Signal::Idempotent).refused(&Banned::Server),
    Row::new("SET", Kind::Session, Signal::Idempotent).in_session(),
    Row::new("PREPARE", Kind::Session, Signal::Idempotent)
        .in_session()
        .refused(&Banned::Prepared),
    Row::new("EXECUTE", Kind::Session, Signal::None)
        .commits()
        .refused(&Banned::Prepared),
    Row::new("DEALLOCATE PREPARE", Kind::Session, Signal::Idempotent)
        .in_session()
        .refused(&Banned::Prepared),
    Row::new("DROP PREPARE", Kind::Session, Signal::Idempotent)
        .in_session()
        .refused(&Banned::Prepared),
    Row::new("SIGNAL", Kind::Session, Signal::Idempotent),
    Row::new("RESIGNAL", Kind::Session, Signal::Idempotent),
    Row::new("GET", Kind::Session, Signal::Idempotent),
    Row::new("LOCK", Kind::Session, Signal::Idempotent)
        .commits()
        .refused(&Banned::LockTables),
    Row::new("UNLOCK", Kind::Session, Signal::Idempotent)
        .commits()
        .refused(&Banned::LockTables),
    Row::new("ANALYZE TABLE", Kind::Admin, Signal::Idempotent).commits(),
    Row::new("ANALYZE TABLES", Kind::Admin, Signal::Idempotent).commits(),
    Row::new("CHECK TABLE", Kind::Admin, Signal::Idempotent).commits(),
    Row::new("CHECK TABLES", Kind::Admin, Signal::Idempotent).commits(),
    Row::new("OPTIMIZE TABLE", Kind::Admin, Signal::None).commits(),
    Row::new("OPTIMIZE TABLES", Kind::Admin, Signal::None).commits(),
    Row::new("REPAIR TABLE", Kind::Admin, Signal::None).commits(),
    Row::new("REPAIR TABLES", Kind::Admin, Signal::None).commits(),
    Row::new("CREATE USER", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("ALTER USER", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("DROP USER", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("RENAME USER", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("CREATE ROLE", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("DROP ROLE", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("GRANT", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("REVOKE", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("KILL", Kind::Admin, Signal::None).refused(&Banned::Kill),
    Row::new("SHUTDOWN", Kind::Admin, Signal::None).refused(&Banned::Shutdown),
    Row::new("RESTART", Kind::Admin, Signal::None).refused(&Banned::Shutdown),
    Row::new("FLUSH", Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Server),
    Row::new("CREATE SERVER", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("CREATE TABLESPACE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("CREATE LOGFILE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("CREATE RESOURCE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("CREATE REFERENCE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("ALTER SERVER", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("ALTER TABLESPACE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("ALTER LOGFILE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("ALTER RESOURCE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("DROP SERVER", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("DROP TABLESPACE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("DROP LOGFILE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("DROP RESOURCE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("DROP REFERENCE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("ALTER INSTANCE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("LOAD INDEX", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("CACHE INDEX", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("INSTALL", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("UNINSTALL", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("CLONE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("RESET", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("PURGE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("CHANGE", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("START", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("STOP", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("BINLOG", Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
];
