//! All objects of one schema.

use crate::program::{Event, Routine, Trigger, View};
use crate::table::Table;
use serde::Serialize;
use sql::ddl::RoutineKind;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

/// A schema as values: what the server would show of it.
///
/// Names of tables, views and triggers are compared as they are written, as a server with
/// `lower_case_table_names = 0` does; those of everything else without case (MySQL 8.0 reference manual, 11.2.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Catalog {
    /// Tables.
    pub tables: BTreeMap<String, Table>,
    /// Views.
    pub views: BTreeMap<String, View>,
    /// Procedures and functions.
    pub routines: BTreeMap<(RoutineKind, Name), Routine>,
    /// Triggers, in the order in which they were read: those of one table, time and event run in this order.
    pub triggers: Vec<Trigger>,
    /// Events.
    pub events: BTreeMap<Name, Event>,
}

impl Catalog {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
            && self.views.is_empty()
            && self.routines.is_empty()
            && self.triggers.is_empty()
            && self.events.is_empty()
    }

    /// The trigger of this name.
    pub fn trigger(&self, name: &str) -> Option<&Trigger> {
        self.triggers.iter().find(|trigger| trigger.name == name)
    }
}

/// A name that is compared without case.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// A name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.to_lowercase().cmp(&other.0.to_lowercase())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether two names of columns, keys, constraints, routines or events are the same name.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || left.to_lowercase() == right.to_lowercase()
}
