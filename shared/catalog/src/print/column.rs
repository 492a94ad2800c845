//! Columns.

use super::quote;
use crate::column::{Charset, Column, DataType};
use std::fmt::Write as _;

/// A type with its arguments.
pub(crate) fn data_type(data_type: &DataType) -> String {
    let mut text = data_type.name.clone();
    if !data_type.arguments.is_empty() {
        let _ = write!(text, "({})", data_type.arguments.join(","));
    }
    if data_type.unsigned {
        text.push_str(" unsigned");
    }
    if data_type.zerofill {
        text.push_str(" zerofill");
    }
    text
}

/// A column with its definition, in a table whose columns have this character set where they name none.
pub(crate) fn column(column: &Column, table: &Charset) -> String {
    let mut text = format!("{} {}", quote(&column.name), data_type(&column.data_type));
    if let Some(charset) = column.charset.as_ref().filter(|charset| *charset != table) {
        let _ = write!(
            text,
            " CHARACTER SET {} COLLATE {}",
            charset.name, charset.collation
        );
    }
    if let Some(generated) = &column.generated {
        let storage = if generated.stored { "STORED" } else { "VIRTUAL" };
        let _ = write!(
            text,
            " GENERATED ALWAYS AS ({}) {storage}",
            generated.expression.as_str()
        );
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    } else if column.data_type.name == "timestamp" && column.generated.is_none() {
        text.push_str(" NULL");
    }
    if let Some(srid) = &column.srid {
        let _ = write!(text, " SRID {srid}");
    }
    if let Some(medium) = &column.medium {
        let _ = write!(text, " STORAGE {medium}");
    }
    if let Some(format) = &column.format {
        let _ = write!(text, " COLUMN_FORMAT {format}");
    }
    match &column.default {
        Some(default) => {
            let _ = write!(text, " DEFAULT {}", default.as_str());
        }
        None if shows_null(column) => text.push_str(" DEFAULT NULL"),
        None => {}
    }
    tail(&mut text, column);
    text
}

/// A default of `NULL` is shown where the type can have any.
fn shows_null(column: &Column) -> bool {
    column.nullable && column.generated.is_none() && !sql::ddl::is_large(&column.data_type.name)
}

fn tail(text: &mut String, column: &Column) {
    if let Some(update) = &column.on_update {
        let _ = write!(text, " ON UPDATE {}", update.as_str());
    }
    if column.auto_increment {
        text.push_str(" AUTO_INCREMENT");
    }
    if column.invisible {
        text.push_str(" INVISIBLE");
    }
    if let Some(comment) = &column.comment {
        let _ = write!(text, " COMMENT {comment}");
    }
    for attribute in &column.attributes {
        let _ = write!(text, " {attribute}");
    }
}
