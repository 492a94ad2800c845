//! Data that a change of a schema loses.

use crate::column::Column;
use crate::normal::data_type::{is_text, is_whole};
use crate::print::{data_type, quote};
use serde::Serialize;
use sql::ddl::is_large;
use std::fmt;

/// Data that is lost, or may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Loss {
    /// All rows of a table.
    Table {
        /// The table.
        table: String,
    },
    /// All values of a column.
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Values that don't fit the new type: a strict server refuses the statement where there are any, another cuts them.
    Narrowed {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its type before.
        from: String,
        /// Its type after.
        to: String,
    },
    /// That a value is `NULL`: a strict server refuses the statement where there is one, another writes zeros.
    Null {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// All rows of a partition.
    Partition {
        /// The table.
        table: String,
        /// The partition.
        partition: String,
    },
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { table } => write!(f, "the rows of table {}", quote(table)),
            Self::Column { table, column } => {
                write!(
                    f,
                    "the values of column {} of table {}",
                    quote(column),
                    quote(table)
                )
            }
            Self::Narrowed {
                table,
                column,
                from,
                to,
            } => write!(
                f,
                "values of column {} of table {} that don't fit ({from} → {to}); a strict server refuses instead",
                quote(column),
                quote(table)
            ),
            Self::Null { table, column } => write!(
                f,
                "NULL in column {} of table {}; a strict server refuses instead",
                quote(column),
                quote(table)
            ),
            Self::Partition { table, partition } => write!(
                f,
                "the rows of partition {} of table {}",
                quote(partition),
                quote(table)
            ),
        }
    }
}

/// What is lost where a column becomes another.
pub(crate) fn of_column(table: &str, from: &Column, to: &Column) -> Option<Loss> {
    let (table, column) = (table.to_owned(), from.name.clone());
    if to.generated.is_some() {
        return from.generated.is_none().then_some(Loss::Column { table, column });
    }
    // A column computed when it is read has no values to keep.
    if from.generated.as_ref().is_some_and(|generated| !generated.stored) {
        return Some(Loss::Column { table, column });
    }
    if narrows(from, to) {
        return Some(Loss::Narrowed {
            table,
            column,
            from: shown(from),
            to: shown(to),
        });
    }
    (from.nullable && !to.nullable).then_some(Loss::Null { table, column })
}

/// The type, with its character set where both have one.
pub(crate) fn shown(column: &Column) -> String {
    let text = data_type(&column.data_type);
    match &column.charset {
        Some(charset) => format!("{text} {}", charset.name),
        None => text,
    }
}

fn narrows(from: &Column, to: &Column) -> bool {
    let charsets = match (&from.charset, &to.charset) {
        (Some(before), Some(after)) => !before.within(after),
        (Some(_) | None, None) | (None, Some(_)) => false,
    };
    let (before, after) = (&from.data_type, &to.data_type);
    if charsets {
        return true;
    }
    if before == after {
        return false;
    }
    let number = |data_type: &crate::column::DataType, at: usize| {
        data_type
            .arguments
            .get(at)
            .and_then(|argument| argument.parse::<u64>().ok())
    };
    let length = |column: &Column| room(column).unwrap_or(0);
    match (before.name.as_str(), after.name.as_str()) {
        (a, b) if is_whole(a) && is_whole(b) => {
            let wide_enough = bits(b) > bits(a) || (bits(b) == bits(a) && before.unsigned == after.unsigned);
            !wide_enough || (after.unsigned && !before.unsigned)
        }
        (a, "decimal") if is_whole(a) => {
            let digits = number(after, 0)
                .unwrap_or(10)
                .saturating_sub(number(after, 1).unwrap_or(0));
            digits < digits_of(a) || (after.unsigned && !before.unsigned)
        }
        ("decimal", "decimal") => {
            let scale = |one| number(one, 1).unwrap_or(0);
            let whole = |one| number(one, 0).unwrap_or(10).saturating_sub(scale(one));
            scale(after) < scale(before)
                || whole(after) < whole(before)
                || (after.unsigned && !before.unsigned)
        }
        ("float", "double") => after.unsigned && !before.unsigned,
        ("enum", "enum") | ("set", "set") => !before
            .arguments
            .iter()
            .all(|member| after.arguments.contains(member)),
        ("enum" | "set", b) => !is_text(b) || length(to) < 255,
        (a, b) if is_string(a) && is_string(b) => length(to) < length(from),
        ("datetime" | "timestamp" | "time" | "bit" | "year" | "date", b) if b == before.name => {
            number(after, 0).unwrap_or(0) < number(before, 0).unwrap_or(0)
        }
        ("timestamp", "datetime") => number(after, 0).unwrap_or(0) < number(before, 0).unwrap_or(0),
        ("date", "datetime") => false,
        (a, b) if is_whole(a) && is_string(b) => length(to) < digits_of(a) + 1,
        _ => true,
    }
}

fn is_string(name: &str) -> bool {
    (is_text(name) && !matches!(name, "enum" | "set"))
        || is_large(name)
        || matches!(name, "binary" | "varbinary")
}

/// How many characters or bytes a string may have.
fn room(column: &Column) -> Option<u64> {
    let width = column
        .charset
        .as_ref()
        .map_or(1, |charset| u64::from(charset.widest()));
    let bytes = match column.data_type.name.as_str() {
        "tinytext" | "tinyblob" => 255,
        "text" | "blob" => 65_535,
        "mediumtext" | "mediumblob" => 16_777_215,
        "longtext" | "longblob" => 4_294_967_295,
        _ => {
            return column
                .data_type
                .arguments
                .first()
                .and_then(|length| length.parse().ok());
        }
    };
    Some(bytes / width)
}

fn bits(name: &str) -> u8 {
    match name {
        "tinyint" => 8,
        "smallint" => 16,
        "mediumint" => 24,
        "int" => 32,
        _ => 64,
    }
}

fn digits_of(name: &str) -> u64 {
    match name {
        "tinyint" => 3,
        "smallint" => 5,
        "mediumint" => 8,
        "int" => 10,
        _ => 20,
    }
}
