//! Two schemas told apart, for people.

mod display;
mod table;

use crate::catalog::{Catalog, same};
use crate::loss::Loss;
use crate::program::Trigger;
use crate::script::Renames;
use crate::table::Table;
use serde::Serialize;
use sql::ddl::RoutineKind;

/// One thing that differs. `Display` says it in words: ``table `orders`: column `note` added after `total`: …``.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The object that differs, under its name after.
    pub object: Object,
    /// What of it differs.
    pub what: What,
    /// The data that making it so loses.
    pub loses: Option<Loss>,
}

/// An object of a schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Object {
    /// Which kind.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
}

/// Kinds of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectKind {
    /// A table.
    Table,
    /// A view.
    View,
    /// A procedure.
    Procedure,
    /// A function.
    Function,
    /// A trigger.
    Trigger,
    /// An event.
    Event,
}

/// Parts of tables that have names of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A key.
    Key,
    /// A foreign key.
    ForeignKey,
    /// A check.
    Check,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum What {
    /// The object is new.
    Added,
    /// The object is gone.
    Dropped,
    /// A table under a new name.
    Renamed {
        /// Its name before.
        from: String,
    },
    /// A view or stored program is another one.
    Changed,
    /// A table whose statement could not be read into values differs as text: it has to be dropped and made anew.
    Remade,
    /// A column is new.
    ColumnAdded {
        /// Its name.
        name: String,
        /// Its definition.
        definition: String,
        /// The column before it; none for the first.
        after: Option<String>,
    },
    /// A column is gone.
    ColumnDropped {
        /// Its name.
        name: String,
    },
    /// A column has a new name.
    ColumnRenamed {
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// A column stands elsewhere.
    ColumnMoved {
        /// Its name.
        name: String,
        /// The column before it; none for the first.
        after: Option<String>,
    },
    /// A column is defined otherwise.
    ColumnChanged {
        /// Its name.
        name: String,
        /// Its definition before.
        from: String,
        /// Its definition after.
        to: String,
    },
    /// A key or constraint is new.
    PartAdded {
        /// Which.
        part: Part,
        /// Its definition, which holds its name.
        definition: String,
    },
    /// A key or constraint is gone.
    PartDropped {
        /// Which.
        part: Part,
        /// Its name.
        name: String,
    },
    /// A key or constraint is defined otherwise.
    PartChanged {
        /// Which.
        part: Part,
        /// Its name.
        name: String,
        /// Its definition before.
        from: String,
        /// Its definition after.
        to: String,
    },
    /// A key has a new name.
    KeyRenamed {
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// Keys stand in another order.
    KeysReordered {
        /// The order after.
        order: Vec<String>,
    },
    /// An option of a table.
    Option {
        /// Upper case.
        name: String,
        /// Before; none where it was at its default.
        from: Option<String>,
        /// After; none where it is at its default.
        to: Option<String>,
    },
    /// A table is partitioned otherwise.
    Partitioning {
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
    /// A partition is gone, and no other takes its rows.
    PartitionDropped {
        /// Its name.
        name: String,
    },
    /// The triggers of one table, time and event run in another order.
    TriggersReordered {
        /// The order after.
        order: Vec<String>,
    },
}

impl Change {
    fn new(kind: ObjectKind, name: &str, what: What) -> Self {
        Self {
            object: Object {
                kind,
                name: name.to_owned(),
            },
            what,
            loses: None,
        }
    }

    fn losing(self, loses: Option<Loss>) -> Self {
        Self { loses, ..self }
    }
}

/// What differs between two schemas: tables by name, then views, routines, triggers, events. Nothing where both are the same.
///
/// A table or column is renamed only where `renames` says so.
pub fn changes(from: &Catalog, to: &Catalog, renames: &Renames) -> Vec<Change> {
    let (work, _) = renames.rename(from, to);
    let mut found = Vec::new();
    for (name, before) in &work.tables {
        match to.tables.get(name) {
            None => found.push(dropped_table(name)),
            Some(after) => {
                let old = renames.tables.iter().find(|(_, new)| new == name);
                if let Some((old, _)) = old.filter(|(old, _)| from.tables.contains_key(old)) {
                    let what = What::Renamed { from: old.clone() };
                    found.push(Change::new(ObjectKind::Table, name, what));
                }
                found.extend(table::between(name, before, after, &work, renames));
            }
        }
    }
    let added = to.tables.keys().filter(|name| !work.tables.contains_key(*name));
    found.extend(added.map(|name| Change::new(ObjectKind::Table, name, What::Added)));
    found.sort_by(|a, b| a.object.cmp(&b.object));
    let views = |catalog: &'_ Catalog| {
        catalog
            .views
            .iter()
            .map(|(name, view)| (name.clone(), view.clone()))
            .collect::<Vec<_>>()
    };
    found.extend(listed(ObjectKind::View, &views(&work), &views(to)));
    for (kind, of) in [
        (ObjectKind::Procedure, RoutineKind::Procedure),
        (ObjectKind::Function, RoutineKind::Function),
    ] {
        let routines = |catalog: &Catalog| -> Vec<_> {
            let own = catalog.routines.values().filter(|routine| routine.kind == of);
            own.map(|routine| (routine.name.clone(), routine.clone()))
                .collect()
        };
        found.extend(listed(kind, &routines(&work), &routines(to)));
    }
    found.extend(triggers(&work, to));
    let events = |catalog: &Catalog| -> Vec<_> {
        catalog
            .events
            .values()
            .map(|event| (event.name.clone(), event.clone()))
            .collect()
    };
    found.extend(listed(ObjectKind::Event, &events(&work), &events(to)));
    found
}

fn dropped_table(name: &str) -> Change {
    let loses = Loss::Table {
        table: name.to_owned(),
    };
    Change::new(ObjectKind::Table, name, What::Dropped).losing(Some(loses))
}

/// Objects that are compared as a whole.
fn listed<T: PartialEq>(kind: ObjectKind, before: &[(String, T)], after: &[(String, T)]) -> Vec<Change> {
    let one = |left: &str, right: &str| match kind {
        ObjectKind::Table | ObjectKind::View | ObjectKind::Trigger => left == right,
        ObjectKind::Procedure | ObjectKind::Function | ObjectKind::Event => same(left, right),
    };
    let find = |list: &[(String, T)], name: &str| list.iter().position(|(other, _)| one(other, name));
    let mut found = Vec::new();
    for (name, old) in before {
        match find(after, name).and_then(|at| after.get(at)) {
            None => found.push(Change::new(kind, name, What::Dropped)),
            Some((_, new)) if new != old => found.push(Change::new(kind, name, What::Changed)),
            Some(_) => {}
        }
    }
    let added = after.iter().filter(|(name, _)| find(before, name).is_none());
    found.extend(added.map(|(name, _)| Change::new(kind, name, What::Added)));
    found.sort_by(|a, b| a.object.cmp(&b.object));
    found
}

fn triggers(from: &Catalog, to: &Catalog) -> Vec<Change> {
    let own = |catalog: &Catalog| -> Vec<_> {
        let triggers = catalog.triggers.iter();
        triggers
            .map(|trigger| (trigger.name.clone(), trigger.clone()))
            .collect()
    };
    let mut found = listed(ObjectKind::Trigger, &own(from), &own(to));
    let mut seen: Vec<&Trigger> = Vec::new();
    for first in &to.triggers {
        if seen.iter().any(|other| other.same_occasion(first)) {
            continue;
        }
        seen.push(first);
        let order = |catalog: &Catalog, other: &Catalog| -> Vec<String> {
            let both = catalog.triggers.iter().filter(|one| {
                one.same_occasion(first)
                    && other
                        .trigger(&one.name)
                        .is_some_and(|theirs| theirs.same_occasion(first))
            });
            both.map(|one| one.name.clone()).collect()
        };
        let after = order(to, from);
        if order(from, to) != after {
            found.push(Change::new(
                ObjectKind::Table,
                &first.table,
                What::TriggersReordered { order: after },
            ));
        }
    }
    found
}

/// Tables of which nothing but text is known.
fn remade(name: &str, before: &Table, after: &Table) -> Option<Change> {
    let loses = Loss::Table {
        table: name.to_owned(),
    };
    (before != after).then(|| Change::new(ObjectKind::Table, name, What::Remade).losing(Some(loses)))
}
