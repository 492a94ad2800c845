//! `ALTER TABLE` from one state of a table to another.

use super::columns::Columns;
use super::keys::Keys;
use super::{Step, options, partitions, zero};
use crate::catalog::same;
use crate::loss::Loss;
use crate::pair::Pairing;
use crate::print::{check, foreign_key, partitioning, quote};
use crate::read::rename_parts;
use crate::table::Defined;

/// What leads from one state of a table to another.
pub(crate) struct Alter<'states> {
    name: &'states str,
    from: &'states Defined,
    to: &'states Defined,
    columns: Columns<'states>,
    /// Foreign keys that this statement drops: those that no other table's statement has to wait for.
    pub(crate) drops_foreign: Vec<String>,
    /// Foreign keys that this statement adds.
    pub(crate) adds_foreign: Vec<String>,
    /// Whether other statements add foreign keys to the table.
    pub(crate) adds_foreign_late: bool,
    /// Whether a statement before this one dropped foreign keys, and made keys stay.
    pub(crate) drops_foreign_early: bool,
}

impl<'states> Alter<'states> {
    /// From one state to the other, where these columns have new names.
    pub(crate) fn of(
        name: &'states str,
        from: &'states Defined,
        to: &'states Defined,
        renames: &[(String, String)],
    ) -> Self {
        let pairing = Pairing::of(from, to, renames);
        Self {
            name,
            from,
            to,
            columns: Columns::of(from, to, pairing),
            drops_foreign: Vec::new(),
            adds_foreign: Vec::new(),
            adds_foreign_late: false,
            drops_foreign_early: false,
        }
    }

    /// Whether anything but foreign keys differs.
    pub(crate) fn touches(&self) -> bool {
        let foreign = self.from.foreign_keys.is_empty() && self.to.foreign_keys.is_empty();
        if foreign {
            return self.from != self.to || !self.columns.is_same();
        }
        let mut left = self.from.clone();
        left.foreign_keys.clone_from(&self.to.foreign_keys);
        left != *self.to || !self.columns.is_same()
    }

    /// Columns before whose values get another type, so that foreign keys over them or to them must be away meanwhile.
    pub(crate) fn retyped(&self) -> Vec<String> {
        self.columns.retyped()
    }

    /// Columns before and after that have new names.
    pub(crate) fn renamed(&self) -> Vec<(String, String)> {
        self.columns.renamed()
    }

    /// The statements.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let unpartition = self.unpartitions();
        if unpartition {
            steps.push(Step::new(self.statement(&[], "REMOVE PARTITIONING")));
        }
        let keys = Keys::of(self.from, self.to, &self.columns);
        let mut early = self.columns.early_defaults();
        early.extend(keys.dropped_early());
        if !early.is_empty() {
            steps.push(Step::new(self.statement(&early, "")));
        }
        let own = partitions::between(
            self.from.partitioning.as_ref(),
            self.to.partitioning.as_ref(),
            self.name,
        );
        let tail = if unpartition {
            self.to
                .partitioning
                .as_ref()
                .map(partitioning)
                .unwrap_or_default()
        } else {
            own.tail
        };
        let clauses = self.clauses(&keys);
        if !(clauses.is_empty() && tail.is_empty()) {
            steps.push(Step::losing(self.statement(&clauses, &tail), self.losses()));
        }
        let mut late = self.columns.late_defaults();
        late.extend(self.columns.unsafe_defaults());
        late.extend(keys.settled());
        if !late.is_empty() {
            steps.push(Step::new(self.statement(&late, "")));
        }
        if !unpartition {
            let alone = own.alone.into_iter();
            steps.extend(alone.map(|(clause, loses)| Step::losing(self.statement(&[clause], ""), loses)));
        }
        let session = zero::session([self.from, self.to]);
        steps
            .into_iter()
            .map(|step| Step {
                session: session.clone(),
                ..step
            })
            .collect()
    }

    fn statement(&self, clauses: &[String], tail: &str) -> String {
        let joined = clauses.join(",\n  ");
        let blank = if clauses.is_empty() || tail.is_empty() {
            ""
        } else {
            "\n"
        };
        let start = if clauses.len() > 1 { "\n  " } else { " " };
        let start = if clauses.is_empty() { " " } else { start };
        format!("ALTER TABLE {}{start}{joined}{blank}{tail}", quote(self.name))
    }

    /// A column by which rows are in partitions can't be dropped, made anew or renamed meanwhile.
    fn unpartitions(&self) -> bool {
        let Some(own) = &self.from.partitioning else {
            return false;
        };
        let named = |name: &String| {
            own.method.names(name) || own.sub_method.as_ref().is_some_and(|method| method.names(name))
        };
        self.columns.disturbed().iter().any(named)
    }

    fn clauses(&self, keys: &Keys<'_>) -> Vec<String> {
        let checks = self.checks();
        let mut clauses: Vec<String> = Vec::new();
        clauses.extend(
            self.drops_foreign
                .iter()
                .map(|name| format!("DROP FOREIGN KEY {}", quote(name))),
        );
        clauses.extend(checks.dropped);
        clauses.extend(keys.dropped());
        clauses.extend(self.columns.clauses());
        if !self.drops_foreign_early {
            clauses.extend(self.kept_keys(keys));
        }
        clauses.extend(keys.changed());
        clauses.extend(keys.added());
        clauses.extend(checks.added);
        let added = self
            .to
            .foreign_keys
            .iter()
            .filter(|key| self.adds_foreign.contains(&key.name));
        clauses.extend(added.map(|key| format!("ADD {}", foreign_key(key))));
        clauses.extend(options::between(&self.from.options, &self.to.options));
        clauses
    }

    /// Keys that the server may have made for foreign keys are made to stay: it drops those that it made itself as soon
    /// as another key or a new foreign key makes them redundant (MySQL 8.0 reference manual, 15.1.20.5), and whether it
    /// made one isn't shown. A key that is renamed, even to its own name, is nobody's but its author's.
    pub(crate) fn keys_made_to_stay(&self) -> Vec<String> {
        self.kept_keys(&Keys::of(self.from, self.to, &self.columns))
    }

    fn kept_keys(&self, keys: &Keys<'_>) -> Vec<String> {
        let foreign = self.drops_foreign_early
            || self.adds_foreign_late
            || !self.drops_foreign.is_empty()
            || !self.adds_foreign.is_empty();
        if foreign || keys.adds() {
            keys.made_to_stay(&self.from.foreign_keys)
        } else {
            Vec::new()
        }
    }

    fn losses(&self) -> Vec<Loss> {
        self.columns.losses(self.name)
    }

    fn checks(&self) -> Checks {
        let disturbed = self.columns.disturbed();
        let mut checks = Checks::default();
        for before in &self.from.checks {
            let name = quote(&before.name);
            let after = self.to.checks.iter().find(|check| check.name == before.name);
            let rests = !disturbed.iter().any(|column| before.expression.names(column));
            match after {
                Some(after) if rests && after.expression == before.expression => {
                    if after.enforced != before.enforced {
                        let not = if after.enforced { "" } else { "NOT " };
                        checks.added.push(format!("ALTER CHECK {name} {not}ENFORCED"));
                    }
                }
                Some(after) => {
                    checks.dropped.push(format!("DROP CHECK {name}"));
                    checks.added.push(format!("ADD {}", check(after)));
                }
                None => checks.dropped.push(format!("DROP CHECK {name}")),
            }
        }
        let new = |name: &str| !self.from.checks.iter().any(|check| check.name == name);
        let added = self.to.checks.iter().filter(|check| new(&check.name));
        checks
            .added
            .extend(added.map(|one| format!("ADD {}", check(one))));
        checks
    }
}

#[derive(Default)]
struct Checks {
    dropped: Vec<String>,
    added: Vec<String>,
}

/// The table with its columns under their new names, in keys and foreign keys too.
pub(crate) fn with_names(table: &Defined, renamed: &[(String, String)]) -> Defined {
    let mut work = table.clone();
    // Over names of nobody's, so that names can be swapped.
    let parked: Vec<(String, String, String)> = renamed
        .iter()
        .enumerate()
        .map(|(at, (from, to))| (from.clone(), format!("\0{at}"), to.clone()))
        .collect();
    for (from, park, _) in &parked {
        rename_parts(&mut work, from, park);
    }
    for (_, park, to) in &parked {
        rename_parts(&mut work, park, to);
    }
    for column in &mut work.columns {
        if let Some((_, to)) = renamed.iter().find(|(from, _)| same(from, &column.name)) {
            to.clone_into(&mut column.name);
        }
    }
    work
}
