//! Users, roles and grants (MySQL 8.0 reference manual, 15.7.1): which statement it is, no more.

use serde::Serialize;

/// A statement on accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Which.
    pub verb: AccountVerb,
}

/// Statements on accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountVerb {
    /// `CREATE USER`.
    CreateUser,
    /// `ALTER USER`.
    AlterUser,
    /// `DROP USER`.
    DropUser,
    /// `RENAME USER`.
    RenameUser,
    /// `CREATE ROLE`.
    CreateRole,
    /// `DROP ROLE`.
    DropRole,
    /// `GRANT`.
    Grant,
    /// `REVOKE`.
    Revoke,
    /// `SET PASSWORD`.
    SetPassword,
    /// `SET DEFAULT ROLE`.
    SetDefaultRole,
    /// `SET ROLE`.
    SetRole,
}
