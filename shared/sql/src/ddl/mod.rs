//! Statements on definitions, read into types: what is touched, and what is done to it.
//!
//! [`definition`] never fails to apply anything: what it can't read is [`Definition::Opaque`] with its leading
//! keywords, and the server is the judge. Expressions, types' arguments and options are kept as the text that stands
//! there; nothing here knows what they mean, but for a few rules of the server on what they imply.

mod account;
mod alter;
mod column;
mod database;
mod implied;
mod key;
mod loss;
mod name;
mod objects;
pub(crate) mod parse;
mod partition;
mod program;
mod table;
mod view;

pub use account::{Account, AccountVerb};
pub use alter::{AlterOperation, AlterTable, Position};
pub use column::{Attribute, Column, DataType, Storage};
pub use database::Database;
pub use implied::{default_collation, is_large, takes_expressions_only};
pub use key::{Action, Check, ForeignKey, Key, KeyKind, KeyOption, KeyPart, KeyTarget, References};
pub use loss::Loss;
pub use name::ObjectName;
pub use objects::ObjectKind;
pub use parse::definition;
pub use partition::{Partition, Partitioning, Partitions};
pub use program::{Event, Parameter, Program, Routine, RoutineKind, Trigger};
pub use table::{CreateTable, Element, TableBody, TableOption};
pub use view::{View, ViewKind};

use serde::Serialize;

/// A statement on definitions, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Definition {
    /// `CREATE [TEMPORARY] TABLE`.
    CreateTable(CreateTable),
    /// `ALTER TABLE`; also `CREATE INDEX` and `DROP INDEX`, which the server maps to it.
    AlterTable(AlterTable),
    /// `DROP [TEMPORARY] TABLE`.
    DropTable(Dropped),
    /// `RENAME TABLE`: from, to.
    RenameTable(Vec<(ObjectName, ObjectName)>),
    /// `TRUNCATE [TABLE]`.
    TruncateTable(ObjectName),
    /// `CREATE VIEW` and `ALTER VIEW`.
    View(View),
    /// `DROP VIEW`.
    DropView(Dropped),
    /// `CREATE DATABASE` and `ALTER DATABASE`.
    Database(Database),
    /// `DROP DATABASE`.
    DropDatabase(Dropped),
    /// `CREATE` and `ALTER` of a procedure or function.
    Routine(Routine),
    /// `DROP PROCEDURE` or `DROP FUNCTION`.
    DropRoutine {
        /// Which.
        kind: RoutineKind,
        /// The routine.
        dropped: Dropped,
    },
    /// `CREATE TRIGGER`.
    Trigger(Trigger),
    /// `DROP TRIGGER`.
    DropTrigger(Dropped),
    /// `CREATE EVENT` and `ALTER EVENT`.
    Event(Event),
    /// `DROP EVENT`.
    DropEvent(Dropped),
    /// `CREATE LIBRARY` and `ALTER LIBRARY` (MySQL 9); its body is all that follows its name.
    Library(Program),
    /// `DROP LIBRARY`.
    DropLibrary(Dropped),
    /// Users, roles and grants.
    Account(Account),
    /// It starts like a definition, and the rest could not be read.
    Opaque(Opaque),
}

/// What a `DROP` names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// The objects.
    pub names: Vec<ObjectName>,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `TEMPORARY`.
    pub temporary: bool,
}

/// A definition that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opaque {
    /// Its leading keywords, upper case: `CREATE TABLE`.
    pub verb: String,
    /// The byte of the statement at which it was no longer understood.
    pub at: usize,
}
