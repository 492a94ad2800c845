//! Dates of zero, which a server of today takes as a default only where its `sql_mode` lets it.

use crate::column::Column;
use crate::program::Session;
use crate::table::Defined;
use crate::words::{literal, string};
use sql::SqlMode;
use std::collections::BTreeMap;

/// The default modes without `NO_ZERO_IN_DATE` and `NO_ZERO_DATE` (MySQL 8.0 reference manual, 7.1.11).
const MODE: &str = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/// The session in which a table with these states is made or altered: the server refuses any `ALTER TABLE` of a table
/// that has such a default, or gets one.
pub(crate) fn session<'states>(states: impl IntoIterator<Item = &'states Defined>) -> Session {
    let mut columns = states.into_iter().flat_map(|state| &state.columns);
    if columns.any(has_zero) {
        Session(BTreeMap::from([("sql_mode".to_owned(), literal(MODE))]))
    } else {
        Session::default()
    }
}

/// Whether the month or day of a default is zero.
fn has_zero(column: &Column) -> bool {
    if !matches!(column.data_type.name.as_str(), "date" | "datetime" | "timestamp") {
        return false;
    }
    let default = column.default.as_ref();
    let value = default.and_then(|default| string(default.as_str(), SqlMode::default()));
    value.is_some_and(|value| {
        let mut parts = value
            .split([' ', 'T'])
            .next()
            .unwrap_or_default()
            .split('-')
            .skip(1);
        parts.any(|part| part.bytes().all(|digit| digit == b'0')) || value.bytes().all(|digit| digit == b'0')
    })
}
