//! Foreign keys: away before what they need goes, back when it is there again.

use super::alter::Alter;
use crate::catalog::{Catalog, same};
use crate::key::ForeignKey;
use crate::table::Table;
use std::collections::{BTreeMap, BTreeSet};

/// Foreign keys by table.
pub(crate) type ByTable = BTreeMap<String, Vec<String>>;

/// What happens to foreign keys outside of the statements on their tables.
#[derive(Debug, Default)]
pub(crate) struct Foreign {
    /// Dropped before anything else.
    pub(crate) early: ByTable,
    /// Added after everything else.
    pub(crate) late: ByTable,
}

/// Whether a foreign key points to a table that isn't there, which the server allows only while it doesn't check.
pub(crate) fn dangling(catalog: &Catalog) -> bool {
    all(catalog).any(|(_, key)| key.schema.is_none() && !catalog.tables.contains_key(&key.table))
}

fn all(catalog: &Catalog) -> impl Iterator<Item = (&Table, &ForeignKey)> {
    let of =
        |table| Table::defined(table).map(|defined| defined.foreign_keys.iter().map(move |key| (table, key)));
    catalog.tables.values().filter_map(of).flatten()
}

/// What is done to tables, as far as foreign keys have to know.
pub(crate) struct Plan<'plan, 'states> {
    pub(crate) work: &'states Catalog,
    pub(crate) to: &'states Catalog,
    /// Tables that are dropped, and those that are made anew.
    pub(crate) gone: &'plan BTreeSet<String>,
    /// Tables that are made.
    pub(crate) made: &'plan [String],
}

impl Plan<'_, '_> {
    /// Decides for each foreign key by which statement it goes and comes.
    pub(crate) fn settle(&self, alters: &mut BTreeMap<String, Alter<'_>>) -> Foreign {
        let mut foreign = Foreign::default();
        let mut stays: BTreeSet<(String, String)> = BTreeSet::new();
        let mut inside: ByTable = ByTable::new();
        for (table, key) in all(self.work).filter(|(table, _)| !self.gone.contains(&table.name)) {
            if self.rests(&table.name, key, alters) {
                stays.insert((table.name.clone(), key.name.clone()));
            } else if key.table == table.name || self.waits_for(&table.name, key, alters) {
                // A key that points to its own table holds the keys that it points to.
                foreign
                    .early
                    .entry(table.name.clone())
                    .or_default()
                    .push(key.name.clone());
            } else {
                inside
                    .entry(table.name.clone())
                    .or_default()
                    .push(key.name.clone());
            }
        }
        let mut added: ByTable = ByTable::new();
        for (table, key) in all(self.to) {
            if stays.contains(&(table.name.clone(), key.name.clone())) {
                continue;
            }
            let own_drop = inside
                .get(&table.name)
                .is_some_and(|names| names.iter().any(|name| same(name, &key.name)));
            let place = if self.made.contains(&table.name) {
                self.later(table, key, alters).then_some(&mut foreign.late)
            } else if own_drop
                || self.taken(key)
                || self.waits_for(&table.name, key, alters)
                || key.table == table.name
            {
                Some(&mut foreign.late)
            } else {
                Some(&mut added)
            };
            if let Some(place) = place {
                place
                    .entry(table.name.clone())
                    .or_default()
                    .push(key.name.clone());
            }
        }
        for (table, alter) in alters.iter_mut() {
            alter.drops_foreign = inside.remove(table).unwrap_or_default();
            alter.adds_foreign = added.remove(table).unwrap_or_default();
            alter.drops_foreign_early = foreign.early.contains_key(table);
            alter.adds_foreign_late = foreign.late.contains_key(table);
        }
        foreign
    }

    /// Whether the key is there before and after, and nothing it is over changes its type meanwhile.
    fn rests(&self, table: &str, key: &ForeignKey, alters: &BTreeMap<String, Alter<'_>>) -> bool {
        let retyped = |table: &str, columns: &[String]| {
            let retyped = alters.get(table).map(Alter::retyped).unwrap_or_default();
            columns
                .iter()
                .any(|column| retyped.iter().any(|one| same(one, column)))
        };
        let renamed = |table: &str, columns: &[String]| -> Vec<String> {
            let renamed = alters.get(table).map(Alter::renamed).unwrap_or_default();
            let after = |column: &String| {
                let found = renamed.iter().find(|(from, _)| same(from, column));
                found.map_or_else(|| column.clone(), |(_, to)| to.clone())
            };
            columns.iter().map(after).collect()
        };
        let after = ForeignKey {
            columns: renamed(table, &key.columns),
            references: if key.schema.is_none() {
                renamed(&key.table, &key.references)
            } else {
                key.references.clone()
            },
            ..key.clone()
        };
        let wanted = self.to.tables.get(table).and_then(Table::defined);
        let parent =
            key.schema.is_none() && (self.gone.contains(&key.table) || retyped(&key.table, &key.references));
        !parent
            && !retyped(table, &key.columns)
            && wanted.is_some_and(|wanted| wanted.foreign_keys.contains(&after))
    }

    /// Whether a statement on another table depends on this key.
    fn waits_for(&self, table: &str, key: &ForeignKey, alters: &BTreeMap<String, Alter<'_>>) -> bool {
        let parent = &key.table;
        key.schema.is_none()
            && parent != table
            && (self.gone.contains(parent)
                || self.made.contains(parent)
                || alters.get(parent).is_some_and(Alter::touches))
    }

    /// Whether a foreign key of this name is there before: names are one for all tables.
    fn taken(&self, key: &ForeignKey) -> bool {
        all(self.work).any(|(_, other)| same(&other.name, &key.name))
    }

    /// Whether a table that is made can't have this key yet.
    fn later(&self, table: &Table, key: &ForeignKey, alters: &BTreeMap<String, Alter<'_>>) -> bool {
        if key.schema.is_some() || key.table == table.name {
            return false;
        }
        let place = |name: &str| self.made.iter().position(|made| made == name);
        match place(&key.table) {
            Some(parent) => place(&table.name).is_none_or(|own| parent > own),
            None => alters.get(&key.table).is_some_and(Alter::touches),
        }
    }
}
