//! Schemas that are hard to read and to make anew. Tables and views are called `t_…`, programs `p_…`.

mod programs;
mod tables;

/// Schemas, each with a name; statements without the last delimiter.
pub(crate) type Schemas = &'static [(&'static str, &'static str)];

/// Tables.
pub(crate) const TABLES: Schemas = tables::SCHEMAS;
/// Views, stored programs, triggers, events.
pub(crate) const PROGRAMS: Schemas = programs::SCHEMAS;
