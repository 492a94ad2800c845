//! Two states of a table told apart.

use super::{Change, ObjectKind, Part, What, remade};
use crate::catalog::{Catalog, same};
use crate::column::{Charset, Column};
use crate::key::{ForeignKey, Key};
use crate::loss::{self, Loss};
use crate::pair::Pairing;
use crate::print;
use crate::script::{Renames, partition_losses, with_names};
use crate::table::{Defined, Table};
use std::collections::BTreeSet;

/// What differs between two states of a table.
pub(super) fn between(
    name: &str,
    before: &Table,
    after: &Table,
    work: &Catalog,
    renames: &Renames,
) -> Vec<Change> {
    let (Some(old), Some(new)) = (before.defined(), after.defined()) else {
        return remade(name, before, after).into_iter().collect();
    };
    let table = Between {
        name,
        from: old,
        to: new,
        pairing: Pairing::of(old, new, &renames.columns_of(name)),
    };
    let mut found = table.columns();
    let renamed = table.renamed();
    let mut settled = with_names(old, &renamed);
    for foreign in &mut settled.foreign_keys {
        follow(foreign, work, renames);
    }
    found.extend(table.keys(&settled));
    found.extend(table.constraints(&settled));
    found.extend(table.options());
    found.extend(table.partitions());
    found
}

/// A foreign key names columns of the other table by their new names.
fn follow(foreign: &mut ForeignKey, work: &Catalog, renames: &Renames) {
    let known = foreign.schema.is_none() && work.tables.contains_key(&foreign.table);
    let renamed = renames.columns_of(&foreign.table);
    for column in foreign.references.iter_mut().filter(|_| known) {
        if let Some((_, to)) = renamed.iter().find(|(from, _)| same(from, column)) {
            to.clone_into(column);
        }
    }
}

struct Between<'states> {
    name: &'states str,
    from: &'states Defined,
    to: &'states Defined,
    pairing: Pairing,
}

impl Between<'_> {
    fn change(&self, what: What) -> Change {
        Change::new(ObjectKind::Table, self.name, what)
    }

    fn renamed(&self) -> Vec<(String, String)> {
        let kept = self.pairing.kept.iter();
        kept.filter_map(|(before, after)| {
            let (old, new) = (self.from.columns.get(*before)?, self.to.columns.get(*after)?);
            (old.name != new.name).then(|| (old.name.clone(), new.name.clone()))
        })
        .collect()
    }

    fn columns(&self) -> Vec<Change> {
        let mut found = Vec::new();
        for column in self
            .pairing
            .dropped
            .iter()
            .filter_map(|at| self.from.columns.get(*at))
        {
            let loses = column.generated.is_none().then(|| Loss::Column {
                table: self.name.to_owned(),
                column: column.name.clone(),
            });
            let name = column.name.clone();
            found.push(self.change(What::ColumnDropped { name }).losing(loses));
        }
        for (at, column) in self.to.columns.iter().enumerate() {
            match self
                .pairing
                .before(at)
                .and_then(|before| self.from.columns.get(before))
            {
                None => found.push(self.change(What::ColumnAdded {
                    name: column.name.clone(),
                    definition: definition(column, &self.to.options.charset),
                    after: self.left_of(at),
                })),
                Some(before) => found.extend(self.kept(before, column, at)),
            }
        }
        found
    }

    fn left_of(&self, at: usize) -> Option<String> {
        let left = at.checked_sub(1).and_then(|left| self.to.columns.get(left));
        left.map(|column| column.name.clone())
    }

    fn kept(&self, before: &Column, after: &Column, at: usize) -> Vec<Change> {
        let mut found = Vec::new();
        if before.name != after.name {
            found.push(self.change(What::ColumnRenamed {
                from: before.name.clone(),
                to: after.name.clone(),
            }));
        }
        if self.pairing.moved.contains(&at) {
            found.push(self.change(What::ColumnMoved {
                name: after.name.clone(),
                after: self.left_of(at),
            }));
        }
        let named = Column {
            name: after.name.clone(),
            ..before.clone()
        };
        if named != *after {
            let what = What::ColumnChanged {
                name: after.name.clone(),
                from: definition(before, &self.to.options.charset),
                to: definition(after, &self.to.options.charset),
            };
            found.push(
                self.change(what)
                    .losing(loss::of_column(self.name, before, after)),
            );
        }
        found
    }

    fn keys(&self, settled: &Defined) -> Vec<Change> {
        let mut found = Vec::new();
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for key in &settled.keys {
            let by_name = self.to.key(&key.name);
            let alike = || {
                let free =
                    |other: &&Key| settled.key(&other.name).is_none() && !known.contains(other.name.as_str());
                self.to
                    .keys
                    .iter()
                    .filter(free)
                    .find(|other| key.same_but_name(other))
            };
            match by_name.or_else(alike) {
                None => found.push(self.change(What::PartDropped {
                    part: Part::Key,
                    name: key.name.clone(),
                })),
                Some(after) => {
                    known.insert(&after.name);
                    if !key.same_but_name(after) {
                        found.push(self.change(What::PartChanged {
                            part: Part::Key,
                            name: after.name.clone(),
                            from: print::key(key),
                            to: print::key(after),
                        }));
                    } else if key.name != after.name {
                        found.push(self.change(What::KeyRenamed {
                            from: key.name.clone(),
                            to: after.name.clone(),
                        }));
                    }
                }
            }
        }
        let new = self
            .to
            .keys
            .iter()
            .filter(|key| !known.contains(key.name.as_str()));
        found.extend(new.map(|key| {
            self.change(What::PartAdded {
                part: Part::Key,
                definition: print::key(key),
            })
        }));
        if found.is_empty() && settled.keys != self.to.keys {
            let order = self.to.keys.iter().map(|key| key.name.clone()).collect();
            found.push(self.change(What::KeysReordered { order }));
        }
        found
    }

    fn constraints(&self, settled: &Defined) -> Vec<Change> {
        let before = settled
            .foreign_keys
            .iter()
            .map(|key| (key.name.clone(), print::foreign_key(key)));
        let after = self
            .to
            .foreign_keys
            .iter()
            .map(|key| (key.name.clone(), print::foreign_key(key)));
        let same_key = |name: &str| settled.foreign_key(name) == self.to.foreign_key(name);
        let mut found = self.parts(
            Part::ForeignKey,
            &before.collect::<Vec<_>>(),
            &after.collect::<Vec<_>>(),
            same_key,
        );
        let before = settled
            .checks
            .iter()
            .map(|check| (check.name.clone(), print::check(check)));
        let after = self
            .to
            .checks
            .iter()
            .map(|check| (check.name.clone(), print::check(check)));
        let same_check = |name: &str| settled.check(name) == self.to.check(name);
        found.extend(self.parts(
            Part::Check,
            &before.collect::<Vec<_>>(),
            &after.collect::<Vec<_>>(),
            same_check,
        ));
        found
    }

    fn parts(
        &self,
        part: Part,
        before: &[(String, String)],
        after: &[(String, String)],
        alike: impl Fn(&str) -> bool,
    ) -> Vec<Change> {
        let mut found = Vec::new();
        for (name, from) in before {
            match after.iter().find(|(other, _)| other == name) {
                None => found.push(self.change(What::PartDropped {
                    part,
                    name: name.clone(),
                })),
                Some((_, to)) if !alike(name) => found.push(self.change(What::PartChanged {
                    part,
                    name: name.clone(),
                    from: from.clone(),
                    to: to.clone(),
                })),
                Some(_) => {}
            }
        }
        let new = after
            .iter()
            .filter(|(name, _)| !before.iter().any(|(other, _)| other == name));
        found.extend(new.map(|(_, definition)| {
            self.change(What::PartAdded {
                part,
                definition: definition.clone(),
            })
        }));
        found
    }

    fn options(&self) -> Vec<Change> {
        let (before, after) = (&self.from.options, &self.to.options);
        let mut found = Vec::new();
        let mut differ = |name: &str, from: Option<String>, to: Option<String>| {
            if from != to {
                found.push(self.change(What::Option {
                    name: name.to_owned(),
                    from,
                    to,
                }));
            }
        };
        differ("ENGINE", Some(before.engine.clone()), Some(after.engine.clone()));
        differ(
            "CHARSET",
            Some(before.charset.name.clone()),
            Some(after.charset.name.clone()),
        );
        differ(
            "COLLATE",
            Some(before.charset.collation.clone()),
            Some(after.charset.collation.clone()),
        );
        let names: BTreeSet<&String> = before.others.keys().chain(after.others.keys()).collect();
        for name in names {
            differ(
                name,
                before.others.get(name).cloned(),
                after.others.get(name).cloned(),
            );
        }
        found
    }

    fn partitions(&self) -> Vec<Change> {
        let (before, after) = (self.from.partitioning.as_ref(), self.to.partitioning.as_ref());
        if before == after {
            return Vec::new();
        }
        let mut found = vec![self.change(What::Partitioning {
            from: before.map(print::partitioning),
            to: after.map(print::partitioning),
        })];
        for loss in partition_losses(before, after, self.name) {
            if let Loss::Partition { partition, .. } = &loss {
                let name = partition.clone();
                found.push(self.change(What::PartitionDropped { name }).losing(Some(loss)));
            }
        }
        found
    }
}

/// A column's definition without its name.
fn definition(column: &Column, table: &Charset) -> String {
    let whole = print::column(column, table);
    let name = print::quote(&column.name);
    whole
        .strip_prefix(&name)
        .unwrap_or(&whole)
        .trim_start()
        .to_owned()
}
