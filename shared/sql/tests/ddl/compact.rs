//! Definitions as short texts to compare.

use sql::SqlMode;
use sql::ddl::{
    AlterOperation, AlterTable, Attribute, Column, CreateTable, DataType, Definition, Element, Key,
    KeyTarget, TableBody, TableOption, definition,
};

pub(crate) fn read(text: &str) -> Definition {
    definition(text, SqlMode::default()).unwrap_or_else(|| panic!("no definition: {text}"))
}

pub(crate) fn table(text: &str) -> CreateTable {
    let Definition::CreateTable(table) = read(text) else {
        panic!("{text}");
    };
    table
}

pub(crate) fn alter(text: &str) -> AlterTable {
    let Definition::AlterTable(table) = read(text) else {
        panic!("{text}");
    };
    table
}

pub(crate) fn elements(text: &str) -> Vec<Element> {
    match table(text).body {
        TableBody::Defined { elements, .. } => elements,
        TableBody::Like(other) => panic!("{text}: like {other}"),
    }
}

/// The one column of a table.
pub(crate) fn column(definition: &str) -> Column {
    let first = elements(&format!("CREATE TABLE t ({definition})")).remove(0);
    let Element::Column(column) = first else {
        panic!("{definition}")
    };
    column
}

/// The one key of a table.
pub(crate) fn key(definition: &str) -> Element {
    elements(&format!("CREATE TABLE t (a INT, {definition})")).remove(1)
}

/// The operations of an `ALTER TABLE t`.
pub(crate) fn operations(text: &str) -> Vec<AlterOperation> {
    alter(&format!("ALTER TABLE t {text}")).operations
}

pub(crate) fn data_type(data_type: &DataType) -> String {
    let arguments = data_type.arguments.join("|");
    let mut text = data_type.name.clone();
    if !arguments.is_empty() {
        text = format!("{text}({arguments})");
    }
    let flags = [
        (data_type.unsigned, " unsigned"),
        (data_type.zerofill, " zerofill"),
        (data_type.binary, " binary"),
    ];
    for (set, name) in flags {
        text += if set { name } else { "" };
    }
    if let Some(charset) = &data_type.charset {
        text = format!("{text} charset={charset}");
    }
    if let Some(collation) = &data_type.collation {
        text = format!("{text} collation={collation}");
    }
    text
}

pub(crate) fn attributes(attributes: &[Attribute]) -> String {
    let all: Vec<String> = attributes
        .iter()
        .map(|attribute| format!("{attribute:?}"))
        .collect();
    all.join("; ")
}

pub(crate) fn options(options: &[TableOption]) -> String {
    let all: Vec<String> = options
        .iter()
        .map(|option| format!("{}={}", option.name, option.value))
        .collect();
    all.join("; ")
}

pub(crate) fn key_text(key: &Key) -> String {
    let parts: Vec<String> = key
        .parts
        .iter()
        .map(|part| {
            let over = match &part.over {
                KeyTarget::Column { name, length: None } => name.clone(),
                KeyTarget::Column {
                    name,
                    length: Some(length),
                } => format!("{name}:{length}"),
                KeyTarget::Expression(expression) => format!("<{expression}>"),
            };
            if part.descending { over + "-" } else { over }
        })
        .collect();
    let options: Vec<String> = key
        .options
        .iter()
        .map(|option| format!("{}={}", option.name, option.value))
        .collect();
    format!(
        "{:?} {:?} [{}] {}",
        key.kind,
        key.name,
        parts.join(" "),
        options.join("; ")
    )
}
