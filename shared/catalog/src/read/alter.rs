//! `ALTER TABLE`, followed operation by operation.

use super::column::column;
use super::create::{inline_keys, references};
use super::partition::{partition, partitioning};
use super::{Reader, Unreadable, missing};
use crate::catalog::same;
use crate::column::{Charset, Column};
use crate::key::{Key, Over};
use crate::normal::data_type::is_text;
use crate::normal::default::default;
use crate::normal::keys::sort;
use crate::partition::Partitioning;
use crate::table::{Body, Defined};
use sql::ddl::{self, AlterOperation, AlterTable, Position, is_large};

impl Reader {
    pub(super) fn alter_table(&mut self, alter: AlterTable) -> Result<(), Unreadable> {
        let mut name = alter.name.name;
        // Options first: a column that names no character set gets the new one.
        let (options, others): (Vec<AlterOperation>, Vec<AlterOperation>) = alter
            .operations
            .into_iter()
            .partition(|operation| matches!(operation, AlterOperation::Option(_)));
        let options: Vec<ddl::TableOption> = options.into_iter().filter_map(option).collect();
        let (mode, inherited) = (self.mode, self.charset.clone());
        self.table(&name)?.options.apply(&options, &inherited, mode);
        for operation in others {
            if let AlterOperation::RenameTable(to) = operation {
                self.rename_table(&name, &to.name)?;
                name = to.name;
            } else {
                self.operation(&name, operation)?;
            }
        }
        sort(self.table(&name)?);
        Ok(())
    }

    fn operation(&mut self, table: &str, operation: AlterOperation) -> Result<(), Unreadable> {
        match operation {
            AlterOperation::AddColumn { column, position } => self.put(table, None, column, position),
            AlterOperation::ModifyColumn { column, position } => {
                let from = column.name.clone();
                self.put(table, Some(&from), column, position)
            }
            AlterOperation::ChangeColumn {
                from,
                column,
                position,
            } => self.put(table, Some(&from), column, position),
            AlterOperation::AddKey(key) => self.add_key(table, key),
            AlterOperation::AddForeignKey(key) => self.add_foreign_key(table, key, None),
            AlterOperation::AddCheck(check) => self.add_check(table, check),
            AlterOperation::RenameColumn { from, to } => self.rename_column(table, &from, &to),
            AlterOperation::Validation { .. }
            | AlterOperation::Option(_)
            | AlterOperation::RenameTable(_)
            | AlterOperation::OrderBy(_)
            | AlterOperation::Keys { .. }
            | AlterOperation::Force
            | AlterOperation::Tablespace { .. }
            | AlterOperation::Algorithm(_)
            | AlterOperation::Lock(_)
            | AlterOperation::TruncatePartitions(_)
            | AlterOperation::MaintainPartitions { .. }
            | AlterOperation::ExchangePartition { .. }
            | AlterOperation::SecondaryEngine { .. } => Ok(()),
            AlterOperation::DropColumn(_)
            | AlterOperation::DropKey(_)
            | AlterOperation::DropPrimaryKey
            | AlterOperation::DropForeignKey(_)
            | AlterOperation::DropCheck(_)
            | AlterOperation::DropConstraint(_) => drop_part(self.table(table)?, &operation),
            AlterOperation::RenameKey { .. }
            | AlterOperation::SetDefault { .. }
            | AlterOperation::DropDefault(_)
            | AlterOperation::ColumnVisible { .. }
            | AlterOperation::KeyVisible { .. }
            | AlterOperation::CheckEnforced { .. } => {
                let mode = self.mode;
                set_part(self.table(table)?, operation, mode)
            }
            AlterOperation::Convert { charset, collation } => {
                let charset = Charset::of(Some(&charset), collation.as_deref(), &self.charset);
                convert(self.table(table)?, &charset);
                Ok(())
            }
            AlterOperation::PartitionBy(_)
            | AlterOperation::RemovePartitioning
            | AlterOperation::AddPartitions { .. }
            | AlterOperation::DropPartitions(_)
            | AlterOperation::CoalescePartitions(_)
            | AlterOperation::ReorganizePartitions { .. } => self.partitions(table, operation),
        }
    }

    /// Adds a column, or puts it in the place of one.
    fn put(
        &mut self,
        table: &str,
        from: Option<&str>,
        written: ddl::Column,
        position: Option<Position>,
    ) -> Result<(), Unreadable> {
        let mode = self.mode;
        let defined = self.table(table)?;
        let (mut column, extras) = column(written, &defined.options.charset, mode);
        if extras.references {
            return Err(references());
        }
        let name = column.name.clone();
        let mut at = defined.columns.len();
        if let Some(from) = from {
            at = place(defined, from)?;
            column.nullable &= !defined
                .keys
                .iter()
                .any(|key| key.name == "PRIMARY" && key.is_over(from));
            defined.columns.remove(at);
            rename_parts(defined, from, &name);
        }
        let at = match position {
            None => at,
            Some(Position::First) => 0,
            Some(Position::After(other)) => place(defined, &other)? + 1,
        };
        defined.columns.insert(at.min(defined.columns.len()), column);
        for key in inline_keys(&name, extras.primary, extras.unique) {
            self.add_key(table, key)?;
        }
        extras
            .checks
            .into_iter()
            .try_for_each(|check| self.add_check(table, check))
    }

    fn rename_column(&mut self, table: &str, from: &str, to: &str) -> Result<(), Unreadable> {
        let defined = self.table(table)?;
        let at = place(defined, from)?;
        if let Some(column) = defined.columns.get_mut(at) {
            to.clone_into(&mut column.name);
        }
        rename_parts(defined, from, to);
        self.rename_references(table, from, to);
        Ok(())
    }

    /// Foreign keys of other tables follow the columns that they point to.
    fn rename_references(&mut self, table: &str, from: &str, to: &str) {
        for other in self.catalog.tables.values_mut() {
            if let Body::Defined(defined) = &mut other.body {
                for foreign in defined.foreign_keys.iter_mut().filter(|key| key.table == table) {
                    rename_in(&mut foreign.references, from, to);
                }
            }
        }
    }

    fn partitions(&mut self, table: &str, operation: AlterOperation) -> Result<(), Unreadable> {
        let mode = self.mode;
        let defined = self.table(table)?;
        if let AlterOperation::PartitionBy(written) = operation {
            defined.partitioning = Some(partitioning(written, mode));
            return Ok(());
        }
        if operation == AlterOperation::RemovePartitioning {
            defined.partitioning = None;
            return Ok(());
        }
        let Some(own) = &mut defined.partitioning else {
            return Err(missing("partitioning of", table));
        };
        repartition(own, operation, mode);
        Ok(())
    }
}

fn option(operation: AlterOperation) -> Option<ddl::TableOption> {
    if let AlterOperation::Option(option) = operation {
        Some(option)
    } else {
        None
    }
}

fn repartition(own: &mut Partitioning, operation: AlterOperation, mode: sql::SqlMode) {
    if let AlterOperation::AddPartitions { partitions, count } = operation {
        own.partitions
            .extend(partitions.into_iter().map(|written| partition(written, mode)));
        own.count = own.count.map(|before| before.saturating_add(count.unwrap_or(0)));
    } else if let AlterOperation::DropPartitions(names) = operation {
        own.partitions
            .retain(|partition| !names.iter().any(|name| same(name, &partition.name)));
    } else if let AlterOperation::CoalescePartitions(fewer) = operation {
        own.count = own.count.map(|before| before.saturating_sub(fewer));
        let left = own
            .partitions
            .len()
            .saturating_sub(usize::try_from(fewer).unwrap_or(0));
        own.partitions.truncate(left);
    } else if let AlterOperation::ReorganizePartitions { from, into } = operation {
        let first = own
            .partitions
            .iter()
            .position(|partition| from.iter().any(|name| same(name, &partition.name)));
        own.partitions
            .retain(|partition| !from.iter().any(|name| same(name, &partition.name)));
        let at = first.unwrap_or(own.partitions.len()).min(own.partitions.len());
        let into = into.into_iter().map(|written| partition(written, mode));
        own.partitions.splice(at..at, into);
    }
}

fn place(defined: &Defined, name: &str) -> Result<usize, Unreadable> {
    let at = defined.columns.iter().position(|column| same(&column.name, name));
    at.ok_or_else(|| missing("column", name))
}

fn rename_in(names: &mut [String], from: &str, to: &str) {
    for name in names.iter_mut().filter(|name| same(name, from)) {
        to.clone_into(name);
    }
}

/// Keys and foreign keys follow a column's new name.
pub(crate) fn rename_parts(defined: &mut Defined, from: &str, to: &str) {
    for part in defined.keys.iter_mut().flat_map(|key| &mut key.parts) {
        if let Over::Column { name, .. } = &mut part.over
            && same(name, from)
        {
            to.clone_into(name);
        }
    }
    for foreign in &mut defined.foreign_keys {
        rename_in(&mut foreign.columns, from, to);
    }
}

fn remove<T>(
    list: &mut Vec<T>,
    kind: &'static str,
    name: &str,
    is: impl Fn(&T) -> bool,
) -> Result<(), Unreadable> {
    let at = list.iter().position(is).ok_or_else(|| missing(kind, name))?;
    list.remove(at);
    Ok(())
}

fn drop_part(defined: &mut Defined, operation: &AlterOperation) -> Result<(), Unreadable> {
    if let AlterOperation::DropColumn(name) = operation {
        let at = place(defined, name)?;
        defined.columns.remove(at);
        drop_from_keys(&mut defined.keys, name);
        Ok(())
    } else if let AlterOperation::DropKey(name) = operation {
        remove(&mut defined.keys, "key", name, |key| same(&key.name, name))
    } else if operation == &AlterOperation::DropPrimaryKey {
        remove(&mut defined.keys, "key", "PRIMARY", |key| key.name == "PRIMARY")
    } else if let AlterOperation::DropForeignKey(name) = operation {
        remove(&mut defined.foreign_keys, "foreign key", name, |key| {
            same(&key.name, name)
        })
    } else if let AlterOperation::DropCheck(name) = operation {
        remove(&mut defined.checks, "check", name, |check| {
            same(&check.name, name)
        })
    } else if let AlterOperation::DropConstraint(name) = operation {
        remove(&mut defined.checks, "constraint", name, |check| {
            same(&check.name, name)
        })
        .or_else(|_| {
            remove(&mut defined.foreign_keys, "constraint", name, |key| {
                same(&key.name, name)
            })
        })
        .or_else(|_| remove(&mut defined.keys, "constraint", name, |key| same(&key.name, name)))
    } else {
        Ok(())
    }
}

/// A dropped column leaves its keys; a key without columns goes.
fn drop_from_keys(keys: &mut Vec<Key>, column: &str) {
    for key in keys.iter_mut() {
        key.parts.retain(|part| match &part.over {
            Over::Column { name, .. } => !same(name, column),
            Over::Expression(_) => true,
        });
    }
    keys.retain(|key| !key.parts.is_empty());
}

fn set_part(defined: &mut Defined, operation: AlterOperation, mode: sql::SqlMode) -> Result<(), Unreadable> {
    if let AlterOperation::SetDefault {
        column,
        default: written,
    } = operation
    {
        let column = self::column_mut(defined, &column)?;
        column.default = default(&written, &column.data_type, mode);
        column.undefaulted = false;
    } else if let AlterOperation::DropDefault(column) = operation {
        let column = self::column_mut(defined, &column)?;
        column.default = None;
        column.undefaulted = column.nullable && !is_large(&column.data_type.name);
    } else if let AlterOperation::ColumnVisible { column, visible } = operation {
        self::column_mut(defined, &column)?.invisible = !visible;
    } else if let AlterOperation::RenameKey { from, to } = operation {
        key_mut(defined, &from)?.name = to;
    } else if let AlterOperation::KeyVisible { key, visible } = operation {
        key_mut(defined, &key)?.invisible = !visible;
    } else if let AlterOperation::CheckEnforced { check, enforced } = operation {
        let mut checks = defined.checks.iter_mut();
        let found = checks.find(|one| same(&one.name, &check));
        found.ok_or_else(|| missing("check", &check))?.enforced = enforced;
    }
    Ok(())
}

fn column_mut<'table>(defined: &'table mut Defined, name: &str) -> Result<&'table mut Column, Unreadable> {
    let at = place(defined, name)?;
    defined.columns.get_mut(at).ok_or_else(|| missing("column", name))
}

fn key_mut<'table>(defined: &'table mut Defined, name: &str) -> Result<&'table mut Key, Unreadable> {
    let mut keys = defined.keys.iter_mut();
    keys.find(|key| same(&key.name, name))
        .ok_or_else(|| missing("key", name))
}

/// `CONVERT TO CHARACTER SET`; texts grow to the next type where their characters grow (MySQL 8.0 reference manual,
/// 15.1.9, "Changing the Character Set").
fn convert(defined: &mut Defined, charset: &Charset) {
    defined.options.charset = charset.clone();
    for column in defined
        .columns
        .iter_mut()
        .filter(|column| is_text(&column.data_type.name))
    {
        let before = column.charset.as_ref().map_or(1, Charset::widest);
        if charset.widest() > before {
            let wider = match column.data_type.name.as_str() {
                "tinytext" => "text",
                "text" => "mediumtext",
                "mediumtext" => "longtext",
                other => other,
            };
            column.data_type.name = wider.to_owned();
        }
        column.charset = Some(charset.clone());
    }
}
