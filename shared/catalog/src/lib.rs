//! A schema as values: read from its text, compared, and led from one state to another.
//!
//! [`Catalog::read`] takes the text of a snapshot, or a schema file as people and dump tools write it, and holds what the
//! server would make of it. [`changes`] tells two catalogs apart for people, with the data that would be lost.
//! [`script`] writes the statements that lead from one to the other. Nothing here asks a server: what a statement makes
//! of a schema is known for the statements that schema files are made of, and anything else is an error with its remedy.

mod catalog;
mod changes;
mod column;
mod expression;
mod key;
mod loss;
mod normal;
mod pair;
mod partition;
mod print;
mod program;
mod read;
mod script;
mod table;
mod words;

pub use catalog::{Catalog, Name};
pub use changes::{Change, Object, ObjectKind, Part, What, changes};
pub use column::{Charset, Column, DataType, Generated};
pub use expression::Expression;
pub use key::{Check, ForeignKey, Key, KeyPart, Over};
pub use loss::Loss;
pub use partition::{Partition, Partitioning};
pub use program::{Event, Parameter, Routine, Session, Trigger, View};
pub use read::{ReadError, Unreadable};
pub use script::{ColumnRename, Renames, Script, Step, script};
pub use table::{Body, Defined, Options, Table};
