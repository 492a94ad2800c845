//! Tables: which are dropped, altered and made, and in which order.

use super::alter::Alter;
use super::columns::undefault;
use super::foreign::{ByTable, Foreign, Plan};
use super::{Renames, Step, zero};
use crate::catalog::{Catalog, same};
use crate::loss::Loss;
use crate::print::{create, foreign_key, quote};
use crate::table::{Defined, Table};
use std::collections::{BTreeMap, BTreeSet};

/// What is done to tables.
pub(crate) struct Tables<'states> {
    work: &'states Catalog,
    to: &'states Catalog,
    /// Dropped, or dropped and made anew.
    gone: BTreeSet<String>,
    /// Made, in order.
    made: Vec<String>,
    alters: BTreeMap<String, Alter<'states>>,
    foreign: Foreign,
}

impl<'states> Tables<'states> {
    pub(crate) fn of(work: &'states Catalog, to: &'states Catalog, renames: &Renames) -> Self {
        let mut gone = BTreeSet::new();
        let mut alters = BTreeMap::new();
        for (name, before) in &work.tables {
            match (before.defined(), to.tables.get(name).map(Table::defined)) {
                (Some(before), Some(Some(after))) => {
                    let alter = Alter::of(name, before, after, &renames.columns_of(name));
                    alters.insert(name.clone(), alter);
                }
                _ if to.tables.get(name) == Some(before) => {}
                _ => {
                    gone.insert(name.clone());
                }
            }
        }
        let new = to
            .tables
            .keys()
            .filter(|name| !work.tables.contains_key(*name) || gone.contains(*name));
        let made = order(to, &new.cloned().collect()).into_iter().flatten().collect();
        let mut tables = Self {
            work,
            to,
            gone,
            made,
            alters,
            foreign: Foreign::default(),
        };
        let plan = Plan {
            work,
            to,
            gone: &tables.gone,
            made: &tables.made,
        };
        tables.foreign = plan.settle(&mut tables.alters);
        tables
    }

    /// Whether nothing is done.
    pub(crate) fn is_empty(&self) -> bool {
        self.steps().is_empty()
    }

    /// Tables that are made anew, and so without triggers.
    pub(crate) fn remade(&self) -> BTreeSet<String> {
        self.gone.clone()
    }

    /// The statements.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = self.foreign_steps(
            &self.foreign.early,
            |name, _| Some(format!("DROP FOREIGN KEY {}", quote(name))),
            Alter::keys_made_to_stay,
        );
        steps.extend(self.drops());
        for (_, alter) in self.ordered_alters() {
            steps.extend(alter.steps());
        }
        let nothing = Vec::new();
        for name in &self.made {
            let later = self.foreign.late.get(name).unwrap_or(&nothing);
            let Some(table) = self.to.tables.get(name) else {
                continue;
            };
            let session = zero::session(table.defined());
            steps.push(Step::within(create(table, later), &session));
            let columns = table
                .defined()
                .map(|defined| defined.columns.iter())
                .into_iter()
                .flatten();
            let undefault = undefault(columns);
            if !undefault.is_empty() {
                let clauses = undefault.join(",\n  ");
                let statement = format!("ALTER TABLE {}\n  {clauses}", quote(name));
                steps.push(Step::within(statement, &session));
            }
        }
        steps.extend(self.foreign_steps(
            &self.foreign.late,
            |name, table| {
                let defined = self.to.tables.get(table)?.defined()?;
                Some(format!("ADD {}", foreign_key(defined.foreign_key(name)?)))
            },
            |_| Vec::new(),
        ));
        steps
    }

    fn foreign_steps(
        &self,
        keys: &ByTable,
        clause: impl Fn(&str, &str) -> Option<String>,
        more: impl Fn(&Alter<'states>) -> Vec<String>,
    ) -> Vec<Step> {
        keys.iter()
            .map(|(table, names)| {
                let mut clauses: Vec<String> = names.iter().filter_map(|name| clause(name, table)).collect();
                clauses.extend(self.alters.get(table).map(&more).unwrap_or_default());
                let start = if clauses.len() > 1 { "\n  " } else { " " };
                let statement = format!("ALTER TABLE {}{start}{}", quote(table), clauses.join(",\n  "));
                let states = [self.work, self.to].map(|catalog| catalog.tables.get(table));
                let states = states.into_iter().flatten().filter_map(Table::defined);
                Step::within(statement, &zero::session(states))
            })
            .collect()
    }

    /// Names of checks are one for all tables: who takes over a name comes after who gives it up.
    fn ordered_alters(&self) -> Vec<(&String, &Alter<'states>)> {
        let mut alters: Vec<(&String, &Alter<'states>)> = self.alters.iter().collect();
        let takes = |name: &String| {
            let defined = self.to.tables.get(name).and_then(Table::defined);
            defined.is_some_and(|defined| {
                defined
                    .checks
                    .iter()
                    .any(|check| self.checked_elsewhere(name, &check.name))
            })
        };
        alters.sort_by_key(|(name, _)| (takes(name), (*name).clone()));
        alters
    }

    fn checked_elsewhere(&self, table: &str, check: &str) -> bool {
        let others = self.work.tables.values().filter(|other| other.name != table);
        others
            .filter_map(Table::defined)
            .any(|other| other.checks.iter().any(|one| same(&one.name, check)))
    }

    /// Who points to another goes first; a circle goes at once.
    fn drops(&self) -> Vec<Step> {
        let mut groups = order(self.work, &self.gone);
        groups.reverse();
        groups
            .into_iter()
            .map(|group| {
                let names: Vec<String> = group.iter().map(|name| quote(name)).collect();
                let loses = group.into_iter().map(|table| Loss::Table { table }).collect();
                Step::losing(format!("DROP TABLE {}", names.join(", ")), loses)
            })
            .collect()
    }
}

/// Tables, each after those that its foreign keys point to; tables in a circle stand together.
fn order(catalog: &Catalog, names: &BTreeSet<String>) -> Vec<Vec<String>> {
    let mut waiting: BTreeMap<&String, BTreeSet<&String>> = names
        .iter()
        .map(|name| {
            let defined = catalog.tables.get(name).and_then(Table::defined);
            let parents = defined.into_iter().flat_map(parents);
            (
                name,
                parents
                    .filter(|parent| *parent != name && names.contains(*parent))
                    .collect(),
            )
        })
        .collect();
    let mut groups = Vec::new();
    while !waiting.is_empty() {
        let free = waiting
            .iter()
            .find(|(_, needs)| needs.is_empty())
            .map(|(name, _)| *name);
        let group: Vec<&String> = match free {
            Some(name) => vec![name],
            None => circle(&waiting),
        };
        for name in &group {
            waiting.remove(name);
        }
        for needs in waiting.values_mut() {
            needs.retain(|need| !group.contains(need));
        }
        groups.push(group.into_iter().cloned().collect());
    }
    groups
}

fn parents(table: &Defined) -> impl Iterator<Item = &String> {
    let own = table.foreign_keys.iter().filter(|key| key.schema.is_none());
    own.map(|key| &key.table)
}

/// A smallest set of tables that need nothing outside of it.
fn circle<'names>(waiting: &BTreeMap<&'names String, BTreeSet<&'names String>>) -> Vec<&'names String> {
    let reach = |start: &'names String| {
        let mut reached = BTreeSet::from([start]);
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            for need in waiting.get(name).into_iter().flatten() {
                if reached.insert(*need) {
                    open.push(*need);
                }
            }
        }
        reached
    };
    let sets = waiting.keys().map(|name| reach(name));
    sets.min_by_key(BTreeSet::len)
        .unwrap_or_default()
        .into_iter()
        .collect()
}
