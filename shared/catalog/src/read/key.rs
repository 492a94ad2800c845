//! Keys, foreign keys and checks, with the names that the server gives them.

use super::{Reader, Unreadable};
use crate::catalog::same;
use crate::expression::Expression;
use crate::key::{Check, ForeignKey, Key, KeyPart, Over};
use crate::normal::keys::{key_name, next_number, serves, sort};
use sql::SqlMode;
use sql::ddl::{self, Action, KeyKind, KeyTarget};
use std::collections::BTreeMap;

impl Reader {
    /// Adds a key; one that came with a foreign key goes where this one serves it.
    pub(super) fn add_key(&mut self, table: &str, written: ddl::Key) -> Result<(), Unreadable> {
        let mode = self.mode;
        let defined = self.table(table)?;
        let mut parts: Vec<KeyPart> = written
            .parts
            .into_iter()
            .map(|part| self::part(part, mode))
            .collect();
        for part in &mut parts {
            whole(defined, &mut part.over);
        }
        if written.kind == KeyKind::Primary {
            for part in &parts {
                require(defined, &part.over);
            }
        }
        let name = match (written.kind, written.name) {
            (KeyKind::Primary, _) => "PRIMARY".to_owned(),
            (_, Some(name)) => name,
            (_, None) => key_name(defined, &parts),
        };
        let (options, invisible) = options(written.options, &defined.options.engine, mode);
        defined.keys.push(Key {
            kind: written.kind,
            name: name.clone(),
            parts,
            invisible,
            options,
        });
        sort(defined);
        self.replace_implied(table, &name)
    }

    fn replace_implied(&mut self, table: &str, name: &str) -> Result<(), Unreadable> {
        let implied: Vec<String> = self
            .implied
            .iter()
            .filter(|(of, _)| of == table)
            .map(|(_, key)| key.clone())
            .collect();
        let defined = self.table(table)?;
        let Some(key) = defined.key(name).cloned() else {
            return Ok(());
        };
        let covers = |other: &Key| {
            other.name != key.name
                && implied.contains(&other.name)
                && matches!(key.kind, KeyKind::Primary | KeyKind::Unique | KeyKind::Plain)
                && key.parts.starts_with(&other.parts)
        };
        defined.keys.retain(|other| !covers(other));
        Ok(())
    }

    /// Adds a foreign key, and the key that the server makes for it where none serves. Without a name it is called by
    /// the number, or by the next that is free.
    pub(super) fn add_foreign_key(
        &mut self,
        table: &str,
        written: ddl::ForeignKey,
        number: Option<u32>,
    ) -> Result<(), Unreadable> {
        let schema = self.foreign_schema(&written.references.table);
        let defined = self.table(table)?;
        let next = || next_number(table, "_ibfk_", defined.foreign_keys.iter().map(|key| &key.name));
        let number = number.unwrap_or_else(next);
        let index = written.name.clone().or(written.index);
        let foreign = ForeignKey {
            name: written.name.unwrap_or_else(|| format!("{table}_ibfk_{number}")),
            columns: written.columns,
            table: written.references.table.name,
            schema,
            references: written.references.columns,
            on_delete: written
                .references
                .on_delete
                .filter(|action| *action != Action::NoAction),
            on_update: written
                .references
                .on_update
                .filter(|action| *action != Action::NoAction),
        };
        let served = defined.keys.iter().any(|key| serves(key, &foreign));
        let columns = foreign.columns.clone();
        defined.foreign_keys.push(foreign);
        sort(defined);
        if served {
            return Ok(());
        }
        self.imply_key(table, index, columns)
    }

    fn imply_key(
        &mut self,
        table: &str,
        index: Option<String>,
        columns: Vec<String>,
    ) -> Result<(), Unreadable> {
        let parts: Vec<KeyPart> = columns
            .into_iter()
            .map(|name| KeyPart {
                over: Over::Column { name, length: None },
                descending: false,
            })
            .collect();
        let defined = self.table(table)?;
        let name = index
            .filter(|name| defined.key(name).is_none())
            .unwrap_or_else(|| key_name(defined, &parts));
        defined.keys.push(Key {
            kind: KeyKind::Plain,
            name: name.clone(),
            parts,
            invisible: false,
            options: BTreeMap::new(),
        });
        sort(defined);
        self.implied.insert((table.to_owned(), name));
        Ok(())
    }

    /// Adds a check.
    pub(super) fn add_check(&mut self, table: &str, written: ddl::Check) -> Result<(), Unreadable> {
        let mode = self.mode;
        let defined = self.table(table)?;
        let number = next_number(table, "_chk_", defined.checks.iter().map(|check| &check.name));
        defined.checks.push(Check {
            name: written.name.unwrap_or_else(|| format!("{table}_chk_{number}")),
            expression: Expression::new(written.expression, mode),
            enforced: written.enforced,
        });
        sort(defined);
        Ok(())
    }
}

/// As many characters as a column has are all of it.
fn whole(defined: &crate::table::Defined, over: &mut Over) {
    if let Over::Column { name, length } = over {
        let data_type = defined.column(name).map(|column| &column.data_type);
        let sized =
            data_type.filter(|of| matches!(of.name.as_str(), "char" | "varchar" | "binary" | "varbinary"));
        let all: Option<u32> = sized.and_then(|of| of.arguments.first()?.parse().ok());
        if all.is_some() && *length >= all {
            *length = None;
        }
    }
}

/// Columns of a primary key take no `NULL`.
fn require(defined: &mut crate::table::Defined, over: &Over) {
    if let Over::Column { name, .. } = over {
        for column in defined
            .columns
            .iter_mut()
            .filter(|column| same(&column.name, name))
        {
            column.nullable = false;
        }
    }
}

fn part(written: ddl::KeyPart, mode: SqlMode) -> KeyPart {
    KeyPart {
        over: match written.over {
            KeyTarget::Column { name, length } => Over::Column { name, length },
            KeyTarget::Expression(expression) => Over::Expression(Expression::new(expression, mode)),
        },
        descending: written.descending,
    }
}

/// Options that say something, and whether the key is invisible.
fn options(written: Vec<ddl::KeyOption>, engine: &str, mode: SqlMode) -> (BTreeMap<String, String>, bool) {
    let mut invisible = false;
    let mut options = BTreeMap::new();
    for option in written {
        match option.name.as_str() {
            "INVISIBLE" => invisible = true,
            "VISIBLE" => invisible = false,
            // InnoDB has no hash keys and shows none; blocks have the size of the table's.
            "USING" if engine == "InnoDB" && option.value != "BTREE" => {}
            "KEY_BLOCK_SIZE" if engine == "InnoDB" => {}
            "COMMENT" => {
                options.extend(super::column::comment(&option.value, mode).map(|value| (option.name, value)));
            }
            "PARSER" => {
                options.insert(option.name, option.value.trim_matches('`').to_owned());
            }
            _ => {
                options.insert(option.name, option.value);
            }
        }
    }
    (options, invisible)
}
