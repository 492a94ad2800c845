//! Statements about the server, its accounts and the health of tables.

use super::Row;
use crate::banned::Banned;
use crate::facts::{Kind, Signal};

/// `ANALYZE …`
pub(super) const ANALYZE: &[Row] = &[
    Row::new("ANALYZE TABLE", &["TABLE"], Kind::Admin, Signal::Idempotent).commits(),
    Row::new("ANALYZE TABLES", &["TABLES"], Kind::Admin, Signal::Idempotent).commits(),
];

/// `CHECK …`
pub(super) const CHECK: &[Row] = &[
    Row::new("CHECK TABLE", &["TABLE"], Kind::Admin, Signal::Idempotent).commits(),
    Row::new("CHECK TABLES", &["TABLES"], Kind::Admin, Signal::Idempotent).commits(),
];

/// `OPTIMIZE …`
pub(super) const OPTIMIZE: &[Row] = &[
    Row::new("OPTIMIZE TABLE", &["TABLE"], Kind::Admin, Signal::Storage).commits(),
    Row::new("OPTIMIZE TABLES", &["TABLES"], Kind::Admin, Signal::Storage).commits(),
];

/// `REPAIR …`
pub(super) const REPAIR: &[Row] = &[
    Row::new("REPAIR TABLE", &["TABLE"], Kind::Admin, Signal::None).commits(),
    Row::new("REPAIR TABLES", &["TABLES"], Kind::Admin, Signal::None).commits(),
];

/// `GRANT …`
pub(super) const GRANT: &[Row] = &[Row::new("GRANT", &[], Kind::Admin, Signal::Idempotent)
    .commits()
    .refused(&Banned::Accounts)];

/// `REVOKE …`
pub(super) const REVOKE: &[Row] = &[Row::new("REVOKE", &[], Kind::Admin, Signal::Idempotent)
    .commits()
    .refused(&Banned::Accounts)];

/// `KILL …`
pub(super) const KILL: &[Row] = &[Row::new("KILL", &[], Kind::Admin, Signal::None).refused(&Banned::Kill)];

/// `SHUTDOWN …`
pub(super) const SHUTDOWN: &[Row] =
    &[Row::new("SHUTDOWN", &[], Kind::Admin, Signal::None).refused(&Banned::Shutdown)];

/// `RESTART …`
pub(super) const RESTART: &[Row] =
    &[Row::new("RESTART", &[], Kind::Admin, Signal::None).refused(&Banned::Shutdown)];

/// `FLUSH …`
pub(super) const FLUSH: &[Row] = &[Row::new("FLUSH", &[], Kind::Admin, Signal::Idempotent)
    .commits()
    .refused(&Banned::Server)];

/// `CACHE …`
pub(super) const CACHE: &[Row] = &[Row::new("CACHE INDEX", &["INDEX"], Kind::Admin, Signal::None)
    .commits()
    .refused(&Banned::Server)];

/// `RESET …`
pub(super) const RESET: &[Row] = &[
    Row::new("RESET PERSIST", &["PERSIST"], Kind::Admin, Signal::Idempotent).refused(&Banned::Server),
    Row::new("RESET", &[], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
];

/// `INSTALL …`
pub(super) const INSTALL: &[Row] = &[Row::new("INSTALL", &[], Kind::Admin, Signal::None)
    .commits()
    .refused(&Banned::Server)];

/// `UNINSTALL …`
pub(super) const UNINSTALL: &[Row] = &[Row::new("UNINSTALL", &[], Kind::Admin, Signal::None)
    .commits()
    .refused(&Banned::Server)];

/// `CLONE …`
pub(super) const CLONE: &[Row] = &[Row::new("CLONE", &[], Kind::Admin, Signal::None)
    .commits()
    .refused(&Banned::Server)];

/// `PURGE …`
pub(super) const PURGE: &[Row] =
    &[Row::new("PURGE", &[], Kind::Admin, Signal::None).refused(&Banned::Server)];

/// `CHANGE …`
pub(super) const CHANGE: &[Row] = &[Row::new("CHANGE", &[], Kind::Admin, Signal::None)
    .commits()
    .refused(&Banned::Server)];

/// `STOP …`
pub(super) const STOP: &[Row] = &[Row::new("STOP", &[], Kind::Admin, Signal::None)
    .commits()
    .refused(&Banned::Server)];

/// `BINLOG …`
pub(super) const BINLOG: &[Row] = &[Row::new("BINLOG", &[], Kind::Admin, Signal::None)
    .commits()
    .refused(&Banned::Server)];
