//! Names and order of keys and constraints.

use crate::catalog::same;
use crate::expression::Expression;
use crate::key::{ForeignKey, Key, Over};
use crate::table::Defined;
use sql::ddl::KeyKind;

/// The name that the server gives a key without one: that of its first column, with a number where that is taken; keys
/// over expressions are called after none.
pub(crate) fn key_name(table: &Defined, parts: &[crate::key::KeyPart]) -> String {
    let base = match parts.first().map(|part| &part.over) {
        Some(Over::Column { name, .. }) => name.clone(),
        Some(Over::Expression(_)) | None => "functional_index".to_owned(),
    };
    let taken = |name: &str| same(name, "PRIMARY") || table.key(name).is_some();
    numbered(&base, taken)
}

fn numbered(base: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(base) {
        return base.to_owned();
    }
    (2..=u32::MAX)
        .map(|number| format!("{base}_{number}"))
        .find(|name| !taken(name))
        .unwrap_or_else(|| base.to_owned())
}

/// The number after the greatest that a generated name of this table has: `t_ibfk_3` → 4.
pub(crate) fn next_number<'name>(
    table: &str,
    infix: &str,
    names: impl Iterator<Item = &'name String>,
) -> u32 {
    let prefix = format!("{table}{infix}").to_lowercase();
    names
        .filter_map(|name| name.to_lowercase().strip_prefix(&prefix)?.parse::<u32>().ok())
        .max()
        .map_or(1, |greatest| greatest.saturating_add(1))
}

/// Sorts keys as the server does when it makes or alters a table: the primary key, unique keys (those that take no `NULL`
/// first, those over prefixes last), others, full text; what is computed when it is read last in its class.
pub(crate) fn sort(table: &mut Defined) {
    let ranks: Vec<(u8, usize)> = table
        .keys
        .iter()
        .enumerate()
        .map(|(at, key)| (rank(table, key), at))
        .collect();
    let mut keys: Vec<((u8, usize), Key)> = ranks.into_iter().zip(table.keys.drain(..)).collect();
    keys.sort_by_key(|(rank, _)| *rank);
    table.keys = keys.into_iter().map(|(_, key)| key).collect();
    table.foreign_keys.sort_by_key(|key| key.name.to_lowercase());
    table.checks.sort_by_key(|check| check.name.to_lowercase());
}

/// The class of a key; within one, the order in which keys were made counts.
pub(crate) fn rank(table: &Defined, key: &Key) -> u8 {
    let column = |part: &crate::key::KeyPart| match &part.over {
        Over::Column { name, .. } => table.column(name),
        Over::Expression(_) => None,
    };
    // What is computed when it is read: expressions, and columns of that kind.
    let computed = key.parts.iter().any(|part| {
        column(part).is_none_or(|column| column.generated.as_ref().is_some_and(|own| !own.stored))
    });
    let nullable = key.parts.iter().any(|part| match &part.over {
        Over::Column { .. } => column(part).is_none_or(|column| column.nullable),
        Over::Expression(own) => may_be_null(table, own),
    });
    let prefix = key
        .parts
        .iter()
        .any(|part| matches!(part.over, Over::Column { length: Some(_), .. }));
    match key.kind {
        KeyKind::Primary => 0,
        KeyKind::Unique => 1 + u8::from(nullable) * 4 + u8::from(prefix) * 2 + u8::from(computed),
        KeyKind::Plain | KeyKind::Spatial => 10 + u8::from(computed),
        KeyKind::Fulltext => 12,
    }
}

/// What is computed from columns that take no `NULL` is none either, but for divisions and what reads documents.
fn may_be_null(table: &Defined, expression: &Expression) -> bool {
    const MAY: [&str; 7] = [
        "div",
        "mod",
        "array",
        "json_extract",
        "json_value",
        "nullif",
        "str_to_date",
    ];
    let mut nullable = table.columns.iter().filter(|column| column.nullable);
    expression.as_str().contains(['/', '%'])
        || MAY.iter().any(|word| expression.names(word))
        || nullable.any(|column| expression.names(&column.name))
}

/// Whether a key serves a foreign key: its first columns are those of the constraint, in any order.
pub(crate) fn serves(key: &Key, foreign: &ForeignKey) -> bool {
    if !matches!(key.kind, KeyKind::Primary | KeyKind::Unique | KeyKind::Plain) {
        return false;
    }
    foreign.columns.iter().enumerate().all(|(at, column)| {
        key.parts.get(at).is_some_and(|part| match &part.over {
            Over::Column { name, length } => same(name, column) && length.is_none(),
            Over::Expression(_) => false,
        })
    })
}
