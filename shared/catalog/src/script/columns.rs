//! The columns of a table: what is dropped, added, moved and changed, in one statement.

use crate::column::Column;
use crate::expression::Expression;
use crate::loss::{self, Loss};
use crate::pair::Pairing;
use crate::print::{column, quote};
use crate::table::Defined;
use std::collections::BTreeSet;

/// The columns of two states of a table.
pub(crate) struct Columns<'states> {
    from: &'states Defined,
    to: &'states Defined,
    pairing: Pairing,
    /// Places after of columns that are dropped and added in one statement, for the server changes them no other way.
    remade: BTreeSet<usize>,
}

impl<'states> Columns<'states> {
    pub(crate) fn of(from: &'states Defined, to: &'states Defined, pairing: Pairing) -> Self {
        let mut columns = Self {
            from,
            to,
            pairing,
            remade: BTreeSet::new(),
        };
        columns.remake();
        columns
    }

    fn kept(&self) -> impl Iterator<Item = (usize, &'states Column, &'states Column)> {
        self.pairing.kept.iter().filter_map(|(before, after)| {
            Some((
                *after,
                self.from.columns.get(*before)?,
                self.to.columns.get(*after)?,
            ))
        })
    }

    /// What is computed from a column that goes, gets a new name or is made anew is made anew too.
    fn remake(&mut self) {
        let switched: Vec<usize> = self
            .kept()
            .filter(|(_, before, after)| switches(before, after))
            .map(|(at, ..)| at)
            .collect();
        self.remade.extend(switched);
        loop {
            let disturbed = self.disturbed();
            let more: Vec<usize> = self
                .kept()
                .filter(|(at, before, _)| {
                    let computed = before.generated.as_ref();
                    !self.remade.contains(at)
                        && computed.is_some_and(|own| disturbed.iter().any(|name| own.expression.names(name)))
                })
                .map(|(at, ..)| at)
                .collect();
            if more.is_empty() {
                return;
            }
            self.remade.extend(more);
        }
    }

    /// Whether nothing has to be done.
    pub(crate) fn is_same(&self) -> bool {
        self.clauses().is_empty()
    }

    /// Names before that are gone, or mean something else meanwhile.
    pub(crate) fn disturbed(&self) -> Vec<String> {
        let dropped = self
            .pairing
            .dropped
            .iter()
            .filter_map(|at| self.from.columns.get(*at));
        let mut names: Vec<String> = dropped.map(|column| column.name.clone()).collect();
        for (at, before, after) in self.kept() {
            if self.remade.contains(&at) || before.name != after.name {
                names.push(before.name.clone());
            }
        }
        names
    }

    /// Names before of columns whose values change their type.
    pub(crate) fn retyped(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .kept()
            .filter(|(at, before, after)| {
                self.remade.contains(at)
                    || before.data_type != after.data_type
                    || before.charset != after.charset
                    || before.generated != after.generated
                    || before.nullable != after.nullable
            })
            .map(|(_, before, _)| before.name.clone())
            .collect();
        let dropped = self
            .pairing
            .dropped
            .iter()
            .filter_map(|at| self.from.columns.get(*at));
        names.extend(dropped.map(|column| column.name.clone()));
        names
    }

    /// Names before and after, where they differ.
    pub(crate) fn renamed(&self) -> Vec<(String, String)> {
        self.kept()
            .filter(|(at, before, after)| before.name != after.name && !self.remade.contains(at))
            .map(|(_, before, after)| (before.name.clone(), after.name.clone()))
            .collect()
    }

    /// Defaults computed from columns that are disturbed go first, in a statement of their own.
    pub(crate) fn early_defaults(&self) -> Vec<String> {
        let disturbed = self.disturbed();
        self.kept()
            .filter(|(_, before, _)| {
                before.default.as_ref().is_some_and(|default| {
                    default.as_str().starts_with('(') && disturbed.iter().any(|name| default.names(name))
                })
            })
            .map(|(_, before, _)| no_default(before))
            .collect()
    }

    /// Names before of columns that stay and get another spatial reference system.
    pub(crate) fn moved_in_space(&self) -> Vec<String> {
        self.kept()
            .filter(|(at, before, after)| before.srid != after.srid && !self.remade.contains(at))
            .map(|(_, before, _)| before.name.clone())
            .collect()
    }

    /// Defaults that aren't the same each time: the server adds no column with one, and sets it after.
    pub(crate) fn unsafe_defaults(&self) -> Vec<String> {
        let columns = self.to.columns.iter().enumerate();
        columns
            .filter(|(at, column)| self.is_new(*at) && is_unsafe(column))
            .map(|(_, column)| {
                if sql::ddl::takes_expressions_only(&column.data_type.name) {
                    format!("MODIFY COLUMN {}", self.defined(column))
                } else {
                    let default = column
                        .default
                        .as_ref()
                        .map(Expression::as_str)
                        .unwrap_or_default();
                    format!("ALTER COLUMN {} SET DEFAULT {default}", quote(&column.name))
                }
            })
            .collect()
    }

    fn is_new(&self, at: usize) -> bool {
        self.pairing.before(at).is_none() || self.remade.contains(&at)
    }

    /// What is lost.
    pub(crate) fn losses(&self, table: &str) -> Vec<Loss> {
        let dropped = self
            .pairing
            .dropped
            .iter()
            .filter_map(|at| self.from.columns.get(*at));
        let mut losses: Vec<Loss> = dropped
            .filter(|column| column.generated.is_none())
            .map(|column| Loss::Column {
                table: table.to_owned(),
                column: column.name.clone(),
            })
            .collect();
        losses.extend(
            self.kept()
                .filter_map(|(_, before, after)| loss::of_column(table, before, after)),
        );
        losses
    }

    /// What is left to do to columns whose whole definition was written.
    pub(crate) fn late_defaults(&self) -> Vec<String> {
        let clauses = self.clauses();
        let written = |column: &&Column| {
            let definition = self.defined(column);
            clauses.iter().any(|clause| {
                let rest = clause.split_once(&definition).map(|(_, rest)| rest);
                rest.is_some_and(|rest| matches!(rest, "" | " FIRST") || rest.starts_with(" AFTER "))
            })
        };
        undefault(self.to.columns.iter().filter(written))
    }

    /// The clauses: drops, then what is added, moved or changed in the order after.
    pub(crate) fn clauses(&self) -> Vec<String> {
        let mut clauses = Vec::new();
        for at in &self.pairing.dropped {
            clauses.extend(self.from.columns.get(*at).map(|column| drop(&column.name)));
        }
        for (at, before, _) in self.kept() {
            if self.remade.contains(&at) {
                clauses.push(drop(&before.name));
            }
        }
        let early = self.early_defaults();
        for (at, after) in self.to.columns.iter().enumerate() {
            let before = self.pairing.before(at).filter(|_| !self.remade.contains(&at));
            match before.and_then(|before| self.from.columns.get(before)) {
                None => {
                    let default = after.default.clone().filter(|_| !is_unsafe(after));
                    let first = Column {
                        default,
                        ..after.clone()
                    };
                    clauses.push(format!(
                        "ADD COLUMN {}{}",
                        self.defined(&first),
                        self.position(at, true)
                    ));
                }
                Some(before) => clauses.extend(self.change(before, after, at, &early)),
            }
        }
        clauses
    }

    fn defined(&self, one: &Column) -> String {
        column(one, &self.to.options.charset)
    }

    /// Where a column goes; nothing for one that is added behind all others.
    fn position(&self, at: usize, added: bool) -> String {
        if added && (at..self.to.columns.len()).all(|at| self.is_new(at)) {
            return String::new();
        }
        match at.checked_sub(1).and_then(|before| self.to.columns.get(before)) {
            Some(column) => format!(" AFTER {}", quote(&column.name)),
            None => " FIRST".to_owned(),
        }
    }

    /// The least that makes one column the other.
    fn change(&self, before: &Column, after: &Column, at: usize, early: &[String]) -> Option<String> {
        let renamed = before.name != after.name;
        let moved = self.pairing.moved.contains(&at);
        let lost_default = early.contains(&no_default(before));
        let named = Column {
            name: after.name.clone(),
            default: if lost_default {
                None
            } else {
                before.default.clone()
            },
            ..before.clone()
        };
        if moved || (renamed && named != *after) || !(named == *after || is_small(&named, after)) {
            let place = if moved {
                self.position(at, false)
            } else {
                String::new()
            };
            let verb = if renamed {
                format!("CHANGE COLUMN {}", quote(&before.name))
            } else {
                "MODIFY COLUMN".to_owned()
            };
            return Some(format!("{verb} {}{place}", self.defined(after)));
        }
        if renamed {
            return Some(format!(
                "RENAME COLUMN {} TO {}",
                quote(&before.name),
                quote(&after.name)
            ));
        }
        (named != *after).then(|| small(&named, after))
    }
}

/// Whether the default calls a function that is unsafe for a replica that repeats statements (MySQL 8.0 reference manual,
/// 19.2.1.3).
fn is_unsafe(column: &Column) -> bool {
    const UNSAFE: [&str; 18] = [
        "connection_id",
        "current_user",
        "found_rows",
        "get_lock",
        "is_free_lock",
        "is_used_lock",
        "load_file",
        "rand",
        "random_bytes",
        "release_lock",
        "row_count",
        "session_user",
        "sleep",
        "sysdate",
        "system_user",
        "user",
        "uuid",
        "uuid_short",
    ];
    column.default.as_ref().is_some_and(|default| {
        default.as_str().starts_with('(') && UNSAFE.iter().any(|function| default.names(function))
    })
}

fn drop(name: &str) -> String {
    format!("DROP COLUMN {}", quote(name))
}

fn no_default(column: &Column) -> String {
    let name = quote(&column.name);
    if column.nullable {
        format!("ALTER COLUMN {name} SET DEFAULT NULL")
    } else {
        format!("ALTER COLUMN {name} DROP DEFAULT")
    }
}

/// Whether the server refuses to make one the other: a column is computed when read, or it isn't, for good.
fn switches(before: &Column, after: &Column) -> bool {
    let computed = |column: &Column| column.generated.as_ref().map(|own| own.stored);
    match (computed(before), computed(after)) {
        (Some(before), Some(after)) => before != after,
        (Some(stored), None) | (None, Some(stored)) => !stored,
        (None, None) => false,
    }
}

/// Whether a clause of `ALTER COLUMN` does: the default alone differs, or the visibility alone.
fn is_small(before: &Column, after: &Column) -> bool {
    let default = Column {
        default: after.default.clone(),
        undefaulted: after.undefaulted,
        ..before.clone()
    };
    let visible = Column {
        invisible: after.invisible,
        ..before.clone()
    };
    let keyword = after.default.as_ref().is_some_and(|default| {
        default
            .as_str()
            .to_ascii_uppercase()
            .starts_with("CURRENT_TIMESTAMP")
    });
    // ALTER COLUMN reads no expression as the default of a text or document.
    let large = sql::ddl::takes_expressions_only(&after.data_type.name);
    (default == *after && !keyword && !large) || visible == *after
}

fn small(before: &Column, after: &Column) -> String {
    let name = quote(&after.name);
    if before.invisible != after.invisible {
        let visible = if after.invisible { "INVISIBLE" } else { "VISIBLE" };
        return format!("ALTER COLUMN {name} SET {visible}");
    }
    match &after.default {
        Some(default) => format!("ALTER COLUMN {name} SET DEFAULT {}", default.as_str()),
        None if after.undefaulted => drop_default(after),
        None => no_default(after),
    }
}

/// `NULL` is no default any more.
fn drop_default(column: &Column) -> String {
    format!("ALTER COLUMN {} DROP DEFAULT", quote(&column.name))
}

/// Clauses, for a statement of their own, that take the default of `NULL` away from columns that were just written with
/// one: a definition can't say that there is none.
pub(crate) fn undefault<'columns>(columns: impl Iterator<Item = &'columns Column>) -> Vec<String> {
    columns
        .filter(|column| column.undefaulted)
        .map(drop_default)
        .collect()
}
