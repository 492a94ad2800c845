//! Statements that create, alter and drop.

use super::Row;
use crate::banned::Banned;
use crate::facts::{Kind, Signal};

/// `CREATE …`
pub(super) const CREATE: &[Row] = &[
    Row::new("CREATE TABLE", &["TABLE"], Kind::Ddl, Signal::Schema).commits(),
    Row::new(
        "CREATE TEMPORARY TABLE",
        &["TEMPORARY", "TABLE"],
        Kind::Ddl,
        Signal::Idempotent,
    )
    .in_session(),
    Row::new("CREATE INDEX", &["INDEX"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE VIEW", &["VIEW"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE PROCEDURE", &["PROCEDURE"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE FUNCTION", &["FUNCTION"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE TRIGGER", &["TRIGGER"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE EVENT", &["EVENT"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE LIBRARY", &["LIBRARY"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("CREATE DATABASE", &["DATABASE"], Kind::Ddl, Signal::Schema)
        .commits()
        .refused(&Banned::Database),
    Row::new("CREATE SCHEMA", &["SCHEMA"], Kind::Ddl, Signal::Schema)
        .commits()
        .refused(&Banned::Database),
    Row::new("CREATE USER", &["USER"], Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("CREATE ROLE", &["ROLE"], Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("CREATE SERVER", &["SERVER"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("CREATE TABLESPACE", &["TABLESPACE"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new(
        "CREATE LOGFILE GROUP",
        &["LOGFILE", "GROUP"],
        Kind::Admin,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Server),
    Row::new(
        "CREATE RESOURCE GROUP",
        &["RESOURCE", "GROUP"],
        Kind::Admin,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Server),
    Row::new(
        "CREATE SPATIAL REFERENCE SYSTEM",
        &["REFERENCE", "SYSTEM"],
        Kind::Admin,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Server),
];

/// `ALTER …`
pub(super) const ALTER: &[Row] = &[
    Row::new("ALTER TABLE", &["TABLE"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER VIEW", &["VIEW"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER EVENT", &["EVENT"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER PROCEDURE", &["PROCEDURE"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER FUNCTION", &["FUNCTION"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER LIBRARY", &["LIBRARY"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("ALTER DATABASE", &["DATABASE"], Kind::Ddl, Signal::Schema)
        .commits()
        .refused(&Banned::Database),
    Row::new("ALTER SCHEMA", &["SCHEMA"], Kind::Ddl, Signal::Schema)
        .commits()
        .refused(&Banned::Database),
    Row::new("ALTER USER", &["USER"], Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("ALTER SERVER", &["SERVER"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("ALTER TABLESPACE", &["TABLESPACE"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new(
        "ALTER LOGFILE GROUP",
        &["LOGFILE", "GROUP"],
        Kind::Admin,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Server),
    Row::new(
        "ALTER RESOURCE GROUP",
        &["RESOURCE", "GROUP"],
        Kind::Admin,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Server),
    Row::new("ALTER INSTANCE", &["INSTANCE"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("ALTER SYSTEM", &["SYSTEM"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
];

/// `DROP …`
pub(super) const DROP: &[Row] = &[
    Row::new("DROP TABLE", &["TABLE"], Kind::Ddl, Signal::Schema)
        .commits()
        .destroys(),
    Row::new("DROP TABLES", &["TABLES"], Kind::Ddl, Signal::Schema)
        .commits()
        .destroys(),
    Row::new(
        "DROP TEMPORARY TABLE",
        &["TEMPORARY", "TABLE"],
        Kind::Ddl,
        Signal::Idempotent,
    )
    .in_session(),
    Row::new(
        "DROP TEMPORARY TABLES",
        &["TEMPORARY", "TABLES"],
        Kind::Ddl,
        Signal::Idempotent,
    )
    .in_session(),
    Row::new("DROP INDEX", &["INDEX"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP VIEW", &["VIEW"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP PROCEDURE", &["PROCEDURE"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP FUNCTION", &["FUNCTION"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP TRIGGER", &["TRIGGER"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP EVENT", &["EVENT"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP LIBRARY", &["LIBRARY"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("DROP DATABASE", &["DATABASE"], Kind::Ddl, Signal::Schema)
        .commits()
        .destroys()
        .refused(&Banned::Database),
    Row::new("DROP SCHEMA", &["SCHEMA"], Kind::Ddl, Signal::Schema)
        .commits()
        .destroys()
        .refused(&Banned::Database),
    Row::new("DROP USER", &["USER"], Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("DROP ROLE", &["ROLE"], Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("DROP PREPARE", &["PREPARE"], Kind::Session, Signal::Idempotent)
        .in_session()
        .refused(&Banned::Prepared),
    Row::new("DROP SERVER", &["SERVER"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new("DROP TABLESPACE", &["TABLESPACE"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
    Row::new(
        "DROP LOGFILE GROUP",
        &["LOGFILE", "GROUP"],
        Kind::Admin,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Server),
    Row::new(
        "DROP RESOURCE GROUP",
        &["RESOURCE", "GROUP"],
        Kind::Admin,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Server),
    Row::new(
        "DROP SPATIAL REFERENCE SYSTEM",
        &["REFERENCE", "SYSTEM"],
        Kind::Admin,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Server),
];
