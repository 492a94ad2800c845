//! Tables.

use super::{check, column, foreign_key, key, partitioning, quote};
use crate::table::{Body, Defined, Options, Table};
use std::fmt::Write as _;

/// `CREATE TABLE`, without the foreign keys whose names `later` holds.
pub(crate) fn create(table: &Table, later: &[String]) -> String {
    match &table.body {
        Body::Opaque(text) => text.clone(),
        Body::Defined(defined) => format!("CREATE TABLE {} {}", quote(&table.name), body(defined, later)),
    }
}

fn body(table: &Defined, later: &[String]) -> String {
    let columns = table
        .columns
        .iter()
        .map(|one| column(one, &table.options.charset));
    let keys = table.keys.iter().map(key);
    let foreign = table
        .foreign_keys
        .iter()
        .filter(|foreign| !later.contains(&foreign.name));
    let checks = table.checks.iter().map(check);
    let elements: Vec<String> = columns
        .chain(keys)
        .chain(foreign.map(foreign_key))
        .chain(checks)
        .collect();
    let mut text = format!("(\n  {}\n){}", elements.join(",\n  "), options(&table.options));
    if let Some(partitions) = &table.partitioning {
        let _ = write!(text, "\n{}", partitioning(partitions));
    }
    text
}

fn options(options: &Options) -> String {
    let charset = &options.charset;
    let mut text = format!(
        " ENGINE={} DEFAULT CHARSET={} COLLATE={}",
        options.engine, charset.name, charset.collation
    );
    for (name, value) in &options.others {
        let _ = write!(text, " {}", option(name, value));
    }
    text
}

/// One option.
pub(crate) fn option(name: &str, value: &str) -> String {
    match name {
        "TABLESPACE" | "STORAGE" | "START TRANSACTION" => format!("{name} {value}"),
        _ => format!("{name}={value}"),
    }
}
