//! Changes in words.

use super::{Change, Object, ObjectKind, Part, What};
use crate::print::quote;
use std::fmt;

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = match self.what {
            What::Added | What::Dropped | What::Changed | What::Renamed { .. } => " ",
            What::Remade
            | What::ColumnAdded { .. }
            | What::ColumnDropped { .. }
            | What::ColumnRenamed { .. }
            | What::ColumnMoved { .. }
            | What::ColumnChanged { .. }
            | What::PartAdded { .. }
            | What::PartDropped { .. }
            | What::PartChanged { .. }
            | What::KeyRenamed { .. }
            | What::KeysReordered { .. }
            | What::Option { .. }
            | What::Partitioning { .. }
            | What::PartitionDropped { .. }
            | What::TriggersReordered { .. } => ": ",
        };
        write!(f, "{}{separator}{}", self.object, self.what)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, quote(&self.name))
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Table => "table",
            Self::View => "view",
            Self::Procedure => "procedure",
            Self::Function => "function",
            Self::Trigger => "trigger",
            Self::Event => "event",
        })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "key",
            Self::ForeignKey => "foreign key",
            Self::Check => "check",
        })
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added => f.write_str("added"),
            Self::Dropped => f.write_str("dropped"),
            Self::Renamed { from } => write!(f, "renamed from {}", quote(from)),
            Self::Changed => f.write_str("changed"),
            Self::Remade => f.write_str("differs in a way that is only known as text; dropped and made anew"),
            Self::ColumnAdded {
                name,
                definition,
                after,
            } => {
                write!(
                    f,
                    "column {} added {}: {definition}",
                    quote(name),
                    Place(after.as_deref())
                )
            }
            Self::ColumnDropped { name } => write!(f, "column {} dropped", quote(name)),
            Self::ColumnRenamed { from, to } => write!(f, "column {} renamed to {}", quote(from), quote(to)),
            Self::ColumnMoved { name, after } => {
                write!(f, "column {} moved {}", quote(name), Place(after.as_deref()))
            }
            Self::ColumnChanged { name, from, to } => write!(f, "column {}: {from} → {to}", quote(name)),
            Self::PartAdded { part, definition } => write!(f, "{part} added: {definition}"),
            Self::PartDropped { part, name } => write!(f, "{part} {} dropped", quote(name)),
            Self::PartChanged { part, name, from, to } => write!(f, "{part} {}: {from} → {to}", quote(name)),
            Self::KeyRenamed { from, to } => write!(f, "key {} renamed to {}", quote(from), quote(to)),
            Self::KeysReordered { order } => write!(f, "order of keys is now {}", order.join(", ")),
            Self::Option { name, from, to } => write!(f, "{name}: {} → {}", Value(from), Value(to)),
            Self::Partitioning { from, to } => {
                write!(f, "partitions: {} → {}", Value(from), Value(to))
            }
            Self::PartitionDropped { name } => write!(f, "partition {} dropped", quote(name)),
            Self::TriggersReordered { order } => write!(f, "order of triggers is now {}", order.join(", ")),
        }
    }
}

struct Place<'name>(Option<&'name str>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "after {}", quote(name)),
            None => f.write_str("first"),
        }
    }
}

/// A value on one line.
struct Value<'value>(&'value Option<String>);

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => f.write_str(&value.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")),
            None => f.write_str("(none)"),
        }
    }
}
