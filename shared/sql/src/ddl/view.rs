//! Views (MySQL 8.0 reference manual, 15.1.23).

use super::name::ObjectName;
use serde::Serialize;

/// `CREATE VIEW` or `ALTER VIEW`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// The view.
    pub name: ObjectName,
    /// `ALTER`.
    pub alters: bool,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `IF NOT EXISTS` (MySQL 9).
    pub if_not_exists: bool,
    /// Which.
    pub kind: ViewKind,
    /// `ALGORITHM`, upper case.
    pub algorithm: Option<String>,
    /// `DEFINER`, as written.
    pub definer: Option<String>,
    /// `SQL SECURITY`, upper case.
    pub security: Option<String>,
    /// Its columns, without quotes, where they are named.
    pub columns: Vec<String>,
    /// What follows `AS`, as written, with its `WITH … CHECK OPTION`.
    pub query: String,
}

/// Kinds of views.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewKind {
    /// A view.
    #[default]
    Plain,
    /// `JSON [RELATIONAL] DUALITY VIEW` (MySQL 9).
    JsonDuality,
}
