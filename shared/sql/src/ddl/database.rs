//! Databases (MySQL 8.0 reference manual, 15.1.2 and 15.1.12).

use super::table::TableOption;
use serde::Serialize;

/// `CREATE DATABASE` or `ALTER DATABASE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Database {
    /// Its name, without quotes; none where `ALTER DATABASE` means the session's.
    pub name: Option<String>,
    /// `ALTER`.
    pub alters: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `CHARSET`, `COLLATE`, `ENCRYPTION`, `READ ONLY`.
    pub options: Vec<TableOption>,
}
