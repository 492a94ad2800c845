//! What is known about a statement without asking a server.

use crate::banned::Banned;
use serde::Serialize;
use std::borrow::Cow;

/// The family of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Changes the schema, or empties a table as `TRUNCATE` does.
    Ddl,
    /// Changes rows.
    Dml,
    /// Reads.
    Query,
    /// Starts, ends or marks a transaction.
    TransactionControl,
    /// Changes the session only.
    Session,
    /// Administers the server, its accounts or the health of tables; also what isn't known.
    Admin,
}

/// How the outcome can be known after a death.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// A marker row in the same transaction (where the tables are InnoDB).
    Transactional,
    /// The schema's fingerprint before and after.
    Schema,
    /// Where the server keeps the table's rows, before and after: the schema is the same.
    Storage,
    /// Needs none: running it once more changes nothing.
    Idempotent,
    /// There is none: a person has to look.
    None,
}

/// What is known about one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent answer about the statement"
)]
pub struct Facts {
    /// The family.
    pub kind: Kind,
    /// The leading keywords, upper case: `CREATE TABLE`.
    pub verb: Cow<'static, str>,
    /// Whether it commits, or may commit, the transaction that it runs in.
    pub implicit_commit: bool,
    /// How its outcome can be known after a death.
    pub signal: Signal,
    /// Whether it may lose data: drops a table, database, column or partition, truncates, or writes without
    /// `WHERE`.
    pub destructive: bool,
    /// Whether it is an `UPDATE` or `DELETE` of all rows: no `WHERE` of its own.
    pub without_where: bool,
    /// Whether it leaves something in the session alone (`SET @x`, a temporary table): a new connection has to
    /// run it again before it goes on with later statements.
    pub session_state: bool,
    /// Why it is refused in a change, if it is.
    pub banned: Option<Banned>,
}
