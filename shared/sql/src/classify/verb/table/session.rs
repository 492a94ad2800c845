//! Statements about transactions, locks and the session.

use super::Row;
use crate::banned::Banned;
use crate::facts::{Kind, Signal};

/// `BEGIN …`
pub(super) const BEGIN: &[Row] = &[Row::new("BEGIN", &[], Kind::TransactionControl, Signal::None)
    .commits()
    .refused(&Banned::Transaction)];

/// `START …`
pub(super) const START: &[Row] = &[
    Row::new(
        "START TRANSACTION",
        &["TRANSACTION"],
        Kind::TransactionControl,
        Signal::None,
    )
    .commits()
    .refused(&Banned::Transaction),
    Row::new("START", &[], Kind::Admin, Signal::None)
        .commits()
        .refused(&Banned::Server),
];

/// `COMMIT …`
pub(super) const COMMIT: &[Row] = &[Row::new("COMMIT", &[], Kind::TransactionControl, Signal::None)
    .commits()
    .refused(&Banned::Transaction)];

/// `ROLLBACK …`
pub(super) const ROLLBACK: &[Row] =
    &[Row::new("ROLLBACK", &[], Kind::TransactionControl, Signal::None).refused(&Banned::Transaction)];

/// `SAVEPOINT …`
pub(super) const SAVEPOINT: &[Row] =
    &[Row::new("SAVEPOINT", &[], Kind::TransactionControl, Signal::None).refused(&Banned::Transaction)];

/// `RELEASE …`
pub(super) const RELEASE: &[Row] = &[Row::new(
    "RELEASE SAVEPOINT",
    &["SAVEPOINT"],
    Kind::TransactionControl,
    Signal::None,
)
.refused(&Banned::Transaction)];

/// `XA …`
pub(super) const XA: &[Row] = &[
    Row::new("XA RECOVER", &["RECOVER"], Kind::Query, Signal::Idempotent).refused(&Banned::Transaction),
    Row::new("XA", &[], Kind::TransactionControl, Signal::None)
        .commits()
        .refused(&Banned::Transaction),
];

/// `USE …`
pub(super) const USE: &[Row] = &[Row::new("USE", &[], Kind::Session, Signal::Idempotent)
    .in_session()
    .refused(&Banned::Use)];

/// `SET …`
pub(super) const SET: &[Row] = &[
    Row::new("SET PASSWORD", &["PASSWORD"], Kind::Admin, Signal::Idempotent)
        .commits()
        .refused(&Banned::Accounts),
    Row::new("SET ROLE", &["ROLE"], Kind::Session, Signal::Idempotent).refused(&Banned::Accounts),
    Row::new(
        "SET DEFAULT ROLE",
        &["DEFAULT", "ROLE"],
        Kind::Admin,
        Signal::Idempotent,
    )
    .commits()
    .refused(&Banned::Accounts),
    Row::new(
        "SET RESOURCE GROUP",
        &["RESOURCE", "GROUP"],
        Kind::Admin,
        Signal::Idempotent,
    )
    .refused(&Banned::Server),
    Row::new("SET", &[], Kind::Session, Signal::Idempotent).in_session(),
];

/// `PREPARE …`
pub(super) const PREPARE: &[Row] = &[Row::new("PREPARE", &[], Kind::Session, Signal::Idempotent)
    .in_session()
    .refused(&Banned::Prepared)];

/// `EXECUTE …`
pub(super) const EXECUTE: &[Row] = &[Row::new("EXECUTE", &[], Kind::Session, Signal::None)
    .commits()
    .refused(&Banned::Prepared)];

/// `DEALLOCATE …`
pub(super) const DEALLOCATE: &[Row] = &[Row::new(
    "DEALLOCATE PREPARE",
    &["PREPARE"],
    Kind::Session,
    Signal::Idempotent,
)
.in_session()
.refused(&Banned::Prepared)];

/// `SIGNAL …`
pub(super) const SIGNAL: &[Row] = &[Row::new("SIGNAL", &[], Kind::Session, Signal::Idempotent)];

/// `RESIGNAL …`
pub(super) const RESIGNAL: &[Row] = &[Row::new("RESIGNAL", &[], Kind::Session, Signal::Idempotent)];

/// `GET …`
pub(super) const GET: &[Row] = &[Row::new("GET", &[], Kind::Session, Signal::Idempotent).in_session()];

/// `LOCK …`
pub(super) const LOCK: &[Row] = &[
    Row::new("LOCK INSTANCE", &["INSTANCE"], Kind::Session, Signal::Idempotent).refused(&Banned::LockTables),
    Row::new("LOCK", &[], Kind::Session, Signal::Idempotent)
        .commits()
        .refused(&Banned::LockTables),
];

/// `UNLOCK …`
pub(super) const UNLOCK: &[Row] = &[
    Row::new(
        "UNLOCK INSTANCE",
        &["INSTANCE"],
        Kind::Session,
        Signal::Idempotent,
    )
    .refused(&Banned::LockTables),
    Row::new("UNLOCK", &[], Kind::Session, Signal::Idempotent)
        .commits()
        .refused(&Banned::LockTables),
];
