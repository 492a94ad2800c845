//! What a change made of its schema: told in words, and undone as a proposal. Pure.

use catalog::{Catalog, Renames};
use model::Revision;
use sql::SqlMode;

/// Two states of a schema with the SQL that led from the one to the other.
pub(crate) struct Comparison {
    before: Catalog,
    after: Catalog,
    /// What the SQL called anew: a column that it renamed is no column dropped and another one added.
    renames: Renames,
}

impl Comparison {
    /// Reads the two states; none where one of them can't be read as definitions, which the unified diff then tells.
    pub(crate) fn read(before: &str, after: &str, sql: &str) -> Option<Self> {
        let mode = SqlMode::default();
        let statements = sql::split(sql, mode).unwrap_or_default();
        Some(Self {
            before: Catalog::read(before, mode).ok()?,
            after: Catalog::read(after, mode).ok()?,
            renames: Renames::of(&statements, mode),
        })
    }

    /// What changed, in words.
    pub(crate) fn changes(&self) -> Vec<String> {
        catalog::changes(&self.before, &self.after, &self.renames)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// SQL that leads back, as a file to commit: a proposal, naming what it loses. None where nothing changed.
    pub(crate) fn rollback(&self, revision: &Revision) -> Option<String> {
        let script = catalog::script(&self.after, &self.before, &self.renames.reversed());
        if script.is_empty() {
            return None;
        }
        let version = &revision.change.version;
        let target = &revision.target;
        let rows = "Rows that the version wrote or deleted are not restored.";
        Some(format!(
            "-- Proposed rollback of version {version} on {target}: read it before you commit it as a new version.\n\
             -- {rows}\n\n{script}"
        ))
    }
}
