//! Names that are known to be new names of the same thing.

use super::Step;
use crate::catalog::{Catalog, same};
use crate::print::quote;
use crate::read::rename;
use serde::Serialize;
use sql::ddl::{AlterOperation, Definition};
use sql::{SqlMode, Statement};

/// Tables and columns under new names, as they are known from elsewhere: two schemas alone don't tell a new name from a
/// column dropped and another added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Renames {
    /// Tables: before, after.
    pub tables: Vec<(String, String)>,
    /// Columns: the table's name before, the table's name after, the column before, the column after.
    pub columns: Vec<ColumnRename>,
}

/// A column under a new name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnRename {
    /// The table, under its last name.
    pub table: String,
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
}

impl Renames {
    /// The new names that executed statements gave.
    pub fn of(statements: &[Statement], mode: SqlMode) -> Self {
        let mut renames = Self::default();
        for statement in statements {
            match sql::ddl::definition(&statement.text, mode) {
                Some(Definition::RenameTable(pairs)) => {
                    for (from, to) in pairs {
                        renames.table(&from.name, &to.name);
                    }
                }
                Some(Definition::AlterTable(alter)) => {
                    let mut name = alter.name.name;
                    let mut columns = Vec::new();
                    for operation in alter.operations {
                        if let AlterOperation::RenameTable(to) = operation {
                            renames.table(&name, &to.name);
                            name = to.name;
                        } else {
                            columns.extend(renamed(operation));
                        }
                    }
                    renames.in_table(&name, columns);
                }
                Some(_) | None => {}
            }
        }
        renames
    }

    /// What leads back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let before = |after: &String| {
            let found = self.tables.iter().find(|(_, to)| to == after);
            found.map_or_else(|| after.clone(), |(from, _)| from.clone())
        };
        Self {
            tables: self
                .tables
                .iter()
                .map(|(from, to)| (to.clone(), from.clone()))
                .collect(),
            columns: self
                .columns
                .iter()
                .map(|column| ColumnRename {
                    table: before(&column.table),
                    from: column.to.clone(),
                    to: column.from.clone(),
                })
                .collect(),
        }
    }

    /// A chain of names is its first and its last.
    fn table(&mut self, from: &str, to: &str) {
        match self.tables.iter_mut().find(|(_, last)| last == from) {
            Some((_, last)) => to.clone_into(last),
            None => self.tables.push((from.to_owned(), to.to_owned())),
        }
        for column in self.columns.iter_mut().filter(|column| column.table == from) {
            to.clone_into(&mut column.table);
        }
        self.tables.retain(|(first, last)| first != last);
    }

    /// New names of one statement are given at once: `RENAME COLUMN a TO b, RENAME COLUMN b TO a` swaps.
    fn in_table(&mut self, table: &str, renamed: Vec<(String, String)>) {
        let known = self.columns.clone();
        for (from, to) in renamed {
            let before = known
                .iter()
                .position(|column| column.table == table && same(&column.to, &from));
            match before.and_then(|at| self.columns.get_mut(at)) {
                Some(column) => column.to = to,
                None => self.columns.push(ColumnRename {
                    table: table.to_owned(),
                    from,
                    to,
                }),
            }
        }
        self.columns.retain(|column| !same(&column.from, &column.to));
    }

    /// The columns of a table, by its name after.
    pub(crate) fn columns_of(&self, table: &str) -> Vec<(String, String)> {
        let own = self.columns.iter().filter(|column| column.table == table);
        own.map(|column| (column.from.clone(), column.to.clone()))
            .collect()
    }

    /// The schema with its tables under their new names, and the statement that gives them.
    pub(crate) fn rename(&self, from: &Catalog, to: &Catalog) -> (Catalog, Option<Step>) {
        let wanted: Vec<&(String, String)> = self
            .tables
            .iter()
            .filter(|(before, after)| from.tables.contains_key(before) && to.tables.contains_key(after))
            .collect();
        let free = |name: &String| {
            let leaves = wanted.iter().any(|(before, _)| before == name);
            leaves
                || !(from.tables.contains_key(name)
                    || from.views.contains_key(name) && to.views.contains_key(name))
        };
        let pairs: Vec<&(String, String)> = wanted.iter().copied().filter(|(_, after)| free(after)).collect();
        if pairs.is_empty() {
            return (from.clone(), None);
        }
        let mut work = from.clone();
        let mut clauses = Vec::new();
        let mut parked = Vec::new();
        for (before, after) in pairs.iter().copied() {
            // A name that another one gives up later is reached over a name of nobody's.
            let taken = work.tables.contains_key(after);
            let next = if taken {
                spare(&work, to, after)
            } else {
                after.clone()
            };
            work.views.remove(after);
            rename(&mut work, before, &next);
            clauses.push(format!("{} TO {}", quote(before), quote(&next)));
            if taken {
                parked.push((next, after.clone()));
            }
        }
        for (next, after) in parked {
            rename(&mut work, &next, &after);
            clauses.push(format!("{} TO {}", quote(&next), quote(&after)));
        }
        (
            work,
            Some(Step::new(format!("RENAME TABLE {}", clauses.join(", ")))),
        )
    }
}

fn spare(work: &Catalog, to: &Catalog, name: &str) -> String {
    let taken = |name: &String| {
        [work, to]
            .iter()
            .any(|catalog| catalog.tables.contains_key(name) || catalog.views.contains_key(name))
    };
    let short: String = name.chars().take(50).collect();
    let mut numbers = (1_u32..).map(|number| format!("{short}_renamed_{number}"));
    numbers.find(|name| !taken(name)).unwrap_or(short)
}

fn renamed(operation: AlterOperation) -> Option<(String, String)> {
    if let AlterOperation::RenameColumn { from, to } = operation {
        Some((from, to))
    } else if let AlterOperation::ChangeColumn { from, column, .. } = operation {
        (!same(&from, &column.name)).then_some((from, column.name))
    } else {
        None
    }
}
