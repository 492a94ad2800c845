//! The objects that a definition names.

use super::{AlterOperation, AlterTable, CreateTable, Definition, Dropped, Element, TableBody};
use super::{Attribute, Column, ObjectName, RoutineKind};
use serde::Serialize;

/// Kinds of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectKind {
    /// A table, or what is used as one.
    Table,
    /// A view.
    View,
    /// A database: its name is that of the object, which has no schema.
    Database,
    /// A procedure.
    Procedure,
    /// A function.
    Function,
    /// A trigger.
    Trigger,
    /// An event.
    Event,
    /// A library of routines.
    Library,
}

impl From<RoutineKind> for ObjectKind {
    fn from(kind: RoutineKind) -> Self {
        match kind {
            RoutineKind::Procedure => Self::Procedure,
            RoutineKind::Function => Self::Function,
        }
    }
}

impl Definition {
    /// The objects that it names, in the order of the text, with those it refers to; what queries and bodies name is
    /// in [`crate::touched`]. Empty for accounts, and for what could not be read.
    pub fn objects(&self) -> Vec<(ObjectKind, &ObjectName)> {
        match self {
            Self::CreateTable(table) => of_table(table),
            Self::AlterTable(table) => of_alter(table),
            Self::DropTable(dropped) => all(ObjectKind::Table, dropped),
            Self::RenameTable(renamed) => renamed
                .iter()
                .flat_map(|(from, to)| [(ObjectKind::Table, from), (ObjectKind::Table, to)])
                .collect(),
            Self::TruncateTable(name) => vec![(ObjectKind::Table, name)],
            Self::View(view) => vec![(ObjectKind::View, &view.name)],
            Self::DropView(dropped) => all(ObjectKind::View, dropped),
            Self::DropDatabase(dropped) => all(ObjectKind::Database, dropped),
            Self::Routine(routine) => vec![(routine.kind.into(), &routine.program.name)],
            Self::DropRoutine { kind, dropped } => all((*kind).into(), dropped),
            Self::Trigger(trigger) => vec![
                (ObjectKind::Trigger, &trigger.program.name),
                (ObjectKind::Table, &trigger.table),
            ],
            Self::DropTrigger(dropped) => all(ObjectKind::Trigger, dropped),
            Self::Event(event) => std::iter::once(&event.program.name)
                .chain(&event.rename)
                .map(|name| (ObjectKind::Event, name))
                .collect(),
            Self::DropEvent(dropped) => all(ObjectKind::Event, dropped),
            Self::Library(library) => vec![(ObjectKind::Library, &library.name)],
            Self::DropLibrary(dropped) => all(ObjectKind::Library, dropped),
            Self::Database(_) | Self::Account(_) | Self::Opaque(_) => Vec::new(),
        }
    }
}

fn all(kind: ObjectKind, dropped: &Dropped) -> Vec<(ObjectKind, &ObjectName)> {
    dropped.names.iter().map(|name| (kind, name)).collect()
}

fn of_table(table: &CreateTable) -> Vec<(ObjectKind, &ObjectName)> {
    let mut names = vec![&table.name];
    match &table.body {
        TableBody::Like(like) => names.push(like),
        TableBody::Defined { elements, .. } => names.extend(elements.iter().filter_map(of_element)),
    }
    names.into_iter().map(|name| (ObjectKind::Table, name)).collect()
}

fn of_element(element: &Element) -> Option<&ObjectName> {
    match element {
        Element::Column(column) => of_column(column),
        Element::ForeignKey(key) => Some(&key.references.table),
        Element::Key(_) | Element::Check(_) => None,
    }
}

fn of_column(column: &Column) -> Option<&ObjectName> {
    column.attributes.iter().find_map(|attribute| {
        if let Attribute::References(references) = attribute {
            Some(&references.table)
        } else {
            None
        }
    })
}

fn of_alter(table: &AlterTable) -> Vec<(ObjectKind, &ObjectName)> {
    let referred = table.operations.iter().filter_map(|operation| {
        if let AlterOperation::AddColumn { column, .. } = operation {
            of_column(column)
        } else if let AlterOperation::AddForeignKey(key) = operation {
            Some(&key.references.table)
        } else if let AlterOperation::RenameTable(name)
        | AlterOperation::ExchangePartition { table: name, .. } = operation
        {
            Some(name)
        } else {
            None
        }
    });
    std::iter::once(&table.name)
        .chain(referred)
        .map(|name| (ObjectKind::Table, name))
        .collect()
}
