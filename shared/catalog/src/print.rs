//! Values as SQL that the server accepts.

mod column;
mod key;
mod partition;
mod program;
mod table;

pub(crate) use column::{column, data_type};
pub(crate) use key::{check, foreign_key, key};
pub(crate) use partition::{partition, partitioning};
pub(crate) use program::{event, routine, trigger, view};
pub(crate) use table::{create, option};

/// A name in backticks.
pub(crate) fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Names in backticks with commas between them.
pub(crate) fn quoted_list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quote(name)).collect();
    quoted.join(",")
}
