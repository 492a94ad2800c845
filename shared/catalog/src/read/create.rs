//! `CREATE TABLE`.

use super::column::column;
use super::partition::partitioning;
use super::{Reader, Unreadable, missing};
use crate::catalog::Catalog;
use crate::column::Charset;
use crate::table::{Body, Defined, Options, Table};
use crate::words::{Word, words};
use sql::SqlMode;
use sql::ddl::{
    Check, CreateTable, Element, ForeignKey, Key, KeyKind, KeyTarget, Partitioning, TableBody, TableOption,
};

/// What is added once all columns are there, in the order of the text.
#[derive(Default)]
struct Later {
    keys: Vec<Key>,
    foreign: Vec<ForeignKey>,
    checks: Vec<Check>,
}

impl Reader {
    pub(super) fn create_table(&mut self, create: CreateTable) -> Result<(), Unreadable> {
        let name = create.name.name.clone();
        let exists = self.catalog.tables.contains_key(&name);
        if create.temporary || (create.if_not_exists && exists) {
            return Ok(());
        }
        match create.body {
            TableBody::Like(other) => self.like(&name, &other.name),
            TableBody::Defined { query: Some(_), .. } => Err(Unreadable::Server {
                what: "which columns CREATE TABLE … SELECT makes",
            }),
            TableBody::Defined {
                elements,
                options,
                partitioning,
                query: None,
            } => self.defined(&name, elements, &options, partitioning),
        }
    }

    fn defined(
        &mut self,
        name: &str,
        elements: Vec<Element>,
        options: &[TableOption],
        partitions: Option<Partitioning>,
    ) -> Result<(), Unreadable> {
        let mut own = Options::unsaid(self.charset.clone());
        own.apply(options, &self.charset, self.mode);
        let charset = own.charset.clone();
        let mut table = Defined {
            columns: Vec::new(),
            keys: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            options: own,
            partitioning: partitions.map(|partitions| partitioning(partitions, self.mode)),
        };
        let later = self.elements(&mut table, elements, &charset)?;
        let body = Body::Defined(Box::new(table));
        let name_owned = name.to_owned();
        self.catalog.views.remove(name);
        self.catalog.tables.insert(
            name_owned.clone(),
            Table {
                name: name_owned,
                body,
            },
        );
        self.implied.retain(|(table, _)| table != name);
        self.constraints(name, later)
    }

    fn constraints(&mut self, name: &str, later: Later) -> Result<(), Unreadable> {
        // Names that are written are taken before any is given.
        later
            .keys
            .into_iter()
            .try_for_each(|key| self.add_key(name, key))?;
        let (named, unnamed): (Vec<Check>, Vec<Check>) =
            later.checks.into_iter().partition(|check| check.name.is_some());
        for (number, mut check) in (1_u32..).zip(unnamed) {
            check.name = Some(format!("{name}_chk_{number}"));
            self.add_check(name, check)?;
        }
        named
            .into_iter()
            .try_for_each(|check| self.add_check(name, check))?;
        let mut number = 0_u32;
        for foreign in later.foreign {
            number += u32::from(foreign.name.is_none());
            self.add_foreign_key(name, foreign, Some(number))?;
        }
        Ok(())
    }

    fn elements(
        &mut self,
        table: &mut Defined,
        elements: Vec<Element>,
        charset: &Charset,
    ) -> Result<Later, Unreadable> {
        let mut later = Later::default();
        for element in elements {
            match element {
                Element::Column(written) => {
                    let (column, extras) = column(written, charset, self.mode);
                    if extras.references {
                        return Err(references());
                    }
                    later
                        .keys
                        .extend(inline_keys(&column.name, extras.primary, extras.unique));
                    later.checks.extend(extras.checks);
                    table.columns.push(column);
                }
                Element::Key(key) => later.keys.push(key),
                Element::ForeignKey(foreign) => later.foreign.push(foreign),
                Element::Check(check) => later.checks.push(check),
            }
        }
        Ok(later)
    }

    /// `LIKE` copies everything but foreign keys; generated names of checks are given anew.
    fn like(&mut self, name: &str, other: &str) -> Result<(), Unreadable> {
        let model = self
            .catalog
            .tables
            .get(other)
            .ok_or_else(|| missing("table", other))?;
        let Some(defined) = model.defined() else {
            return Err(Unreadable::OpaqueTable {
                table: other.to_owned(),
            });
        };
        let mut copy = defined.clone();
        copy.foreign_keys.clear();
        for (number, check) in (1_u32..).zip(&mut copy.checks) {
            check.name = format!("{name}_chk_{number}");
        }
        insert(&mut self.catalog, name, copy);
        Ok(())
    }
}

fn insert(catalog: &mut Catalog, name: &str, defined: Defined) {
    let table = Table {
        name: name.to_owned(),
        body: Body::Defined(Box::new(defined)),
    };
    catalog.tables.insert(name.to_owned(), table);
}

/// Whether a column's own `REFERENCES` makes a foreign key depends on the version.
pub(super) fn references() -> Unreadable {
    Unreadable::Server {
        what: "whether REFERENCES at a column makes a foreign key (write FOREIGN KEY (…) REFERENCES …, which all \
               versions read alike)",
    }
}

/// Keys that are written at a column.
pub(super) fn inline_keys(column: &str, primary: bool, unique: bool) -> Vec<Key> {
    let key = |kind: KeyKind| Key {
        kind,
        name: None,
        parts: vec![sql::ddl::KeyPart {
            over: KeyTarget::Column {
                name: column.to_owned(),
                length: None,
            },
            descending: false,
        }],
        options: Vec::new(),
    };
    let mut keys = Vec::new();
    keys.extend(primary.then(|| key(KeyKind::Primary)));
    keys.extend(unique.then(|| key(KeyKind::Unique)));
    keys
}

/// The name in a `CREATE TABLE` of which nothing else is known.
pub(super) fn name_of(text: &str, mode: SqlMode) -> Option<String> {
    let words = words(text, mode);
    let skipped = ["create", "table", "if", "not", "exists"];
    let mut names = words.iter().skip_while(|word| {
        matches!(word, Word::Plain(word) if skipped.iter().any(|skip| word.eq_ignore_ascii_case(skip)))
    });
    let first = names.next()?;
    let name = match (names.next(), names.next()) {
        (Some(Word::Symbol(dot)), Some(second)) if dot == "." => second,
        _ => first,
    };
    match name {
        Word::Plain(name) | Word::Name(name) => Some(name.clone()),
        Word::Text(_) | Word::Symbol(_) => None,
    }
}
