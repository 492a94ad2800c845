//! Statements on rows and tables.

use super::Row;
use crate::banned::Banned;
use crate::facts::{Kind, Signal};

/// `INSERT …`
pub(super) const INSERT: &[Row] = &[Row::new("INSERT", &[], Kind::Dml, Signal::Transactional)];

/// `UPDATE …`
pub(super) const UPDATE: &[Row] = &[Row::new("UPDATE", &[], Kind::Dml, Signal::Transactional)];

/// `DELETE …`
pub(super) const DELETE: &[Row] = &[Row::new("DELETE", &[], Kind::Dml, Signal::Transactional)];

/// `REPLACE …`
pub(super) const REPLACE: &[Row] = &[Row::new("REPLACE", &[], Kind::Dml, Signal::Transactional)];

/// `LOAD …`
pub(super) const LOAD: &[Row] = &[
    Row::new("LOAD DATA FROM S3", &["DATA", "S3"], Kind::Dml, Signal::None),
    Row::new("LOAD XML FROM S3", &["XML", "S3"], Kind::Dml, Signal::None),
    Row::new("LOAD DATA", &["DATA"], Kind::Dml, Signal::None).refused(&Banned::LoadFile),
    Row::new("LOAD XML", &["XML"], Kind::Dml, Signal::None).refused(&Banned::LoadFile),
    Row::new("LOAD INDEX INTO CACHE", &["INDEX"], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
];

/// `CALL …`
pub(super) const CALL: &[Row] = &[Row::new("CALL", &[], Kind::Dml, Signal::None).commits()];

/// `SELECT …`
pub(super) const SELECT: &[Row] = &[Row::new("SELECT", &[], Kind::Query, Signal::Transactional)];

/// `TABLE …`
pub(super) const TABLE: &[Row] = &[Row::new("TABLE", &[], Kind::Query, Signal::Transactional)];

/// `VALUES …`
pub(super) const VALUES: &[Row] = &[Row::new("VALUES", &[], Kind::Query, Signal::Transactional)];

/// `WITH …`
pub(super) const WITH: &[Row] = &[Row::new("WITH", &[], Kind::Query, Signal::Transactional)];

/// `DO …`
pub(super) const DO: &[Row] = &[Row::new("DO", &[], Kind::Query, Signal::Transactional)];

/// `( …`
pub(super) const PARENTHESIS: &[Row] = &[Row::new("(", &[], Kind::Query, Signal::Transactional)];

/// `HANDLER …`
pub(super) const HANDLER: &[Row] = &[Row::new("HANDLER", &[], Kind::Query, Signal::Transactional)];

/// `SHOW …`
pub(super) const SHOW: &[Row] = &[Row::new("SHOW", &[], Kind::Query, Signal::Idempotent)];

/// `DESCRIBE …`
pub(super) const DESCRIBE: &[Row] = &[Row::new("DESCRIBE", &[], Kind::Query, Signal::Idempotent)];

/// `DESC …`
pub(super) const DESC: &[Row] = &[Row::new("DESC", &[], Kind::Query, Signal::Idempotent)];

/// `EXPLAIN …`
pub(super) const EXPLAIN: &[Row] = &[Row::new("EXPLAIN", &[], Kind::Query, Signal::Idempotent)];

/// `HELP …`
pub(super) const HELP: &[Row] = &[Row::new("HELP", &[], Kind::Query, Signal::Idempotent)];

/// `CHECKSUM …`
pub(super) const CHECKSUM: &[Row] = &[
    Row::new("CHECKSUM TABLE", &["TABLE"], Kind::Query, Signal::Idempotent),
    Row::new("CHECKSUM TABLES", &["TABLES"], Kind::Query, Signal::Idempotent),
];

/// `RENAME …`
pub(super) const RENAME: &[Row] = &[
    Row::new("RENAME TABLE", &["TABLE"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("RENAME TABLES", &["TABLES"], Kind::Ddl, Signal::Schema).commits(),
    Row::new("RENAME USER", &["USER"], Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
];

/// `TRUNCATE …`
pub(super) const TRUNCATE: &[Row] = &[
    Row::new("TRUNCATE TABLE", &["TABLE"], Kind::Ddl, Signal::Storage)
        .commits()
        .destroys(),
    Row::new("TRUNCATE", &[], Kind::Ddl, Signal::Storage)
        .commits()
        .destroys(),
];

/// `IMPORT …`
pub(super) const IMPORT: &[Row] = &[Row::new("IMPORT TABLE", &["TABLE"], Kind::Ddl, Signal::None)
    .commits()
    .refused(&Banned::Server)];
