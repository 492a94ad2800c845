//! The rules, one file each.

mod destructive;
mod dml_without_where;
mod nothing_to_run;
mod other_schema;
mod sql_unreadable;
mod statement_refused;
mod too_many_statements;
mod type_mismatch;

use crate::rule::Rule;

/// Every rule, in the order in which findings at the same place are shown.
pub const RULES: &[Rule] = &[
    sql_unreadable::RULE,
    nothing_to_run::RULE,
    too_many_statements::RULE,
    statement_refused::RULE,
    other_schema::RULE,
    type_mismatch::RULE,
    dml_without_where::RULE,
    destructive::RULE,
];
