//! Stored programs: their heads (MySQL 8.0 reference manual, 15.1.13, 15.1.17, 15.1.22). Bodies are kept as text.

use super::name::ObjectName;
use serde::Serialize;

/// What all stored programs share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Program {
    /// Its name.
    pub name: ObjectName,
    /// `ALTER`.
    pub alters: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `DEFINER`, as written.
    pub definer: Option<String>,
    /// The body, as written; none where an `ALTER` leaves it.
    pub body: Option<String>,
}

/// Kinds of routines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoutineKind {
    /// `PROCEDURE`.
    Procedure,
    /// `FUNCTION`.
    Function,
}

/// A procedure or function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Routine {
    /// Which.
    pub kind: RoutineKind,
    /// What it shares with other programs.
    pub program: Program,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// `RETURNS`: the type, as written.
    pub returns: Option<String>,
    /// Characteristics in the order of the text, as written, each with blanks folded to one: `DETERMINISTIC`, `READS SQL
    /// DATA`, `COMMENT 'x'`.
    pub characteristics: Vec<String>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// `IN`, `OUT` or `INOUT`, upper case, where it is written.
    pub direction: Option<String>,
    /// Its name, without quotes.
    pub name: String,
    /// Its type, as written.
    pub data_type: String,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// What it shares with other programs.
    pub program: Program,
    /// `BEFORE` or `AFTER`.
    pub timing: String,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub event: String,
    /// The table.
    pub table: ObjectName,
    /// `FOLLOWS` or `PRECEDES`, upper case, and the other trigger.
    pub order: Option<(String, String)>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What it shares with other programs.
    pub program: Program,
    /// What follows `ON SCHEDULE`, as written.
    pub schedule: Option<String>,
    /// `ON COMPLETION PRESERVE`; false for `NOT PRESERVE`.
    pub preserve: Option<bool>,
    /// `ENABLE`, `DISABLE`, `DISABLE ON SLAVE`…, upper case.
    pub status: Option<String>,
    /// `COMMENT`, the literal as written.
    pub comment: Option<String>,
    /// `RENAME TO`.
    pub rename: Option<ObjectName>,
}
