//! Risk: what of a change's text policy may ask more approvals for.

use serde::{Deserialize, Serialize};

/// The most tables that are listed. Where there are more, the last one is [`ANY_TABLE`].
pub const MOST_TABLES: usize = 200;

/// In the place of a table's name: more than could be listed, so every rule about tables applies.
pub const ANY_TABLE: &str = "*";

/// Facts of the text of a change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Risk {
    /// The rules of review that found something, each once, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
    /// The tables whose rows or definition it changes, each once, by name; one of another schema with that in front
    /// (`audit.log`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<String>,
}

impl Risk {
    /// What findings and tables come to: sorted, each once, and not too many.
    pub fn of(findings: impl IntoIterator<Item = String>, tables: impl IntoIterator<Item = String>) -> Self {
        let mut findings: Vec<String> = findings.into_iter().collect();
        findings.sort();
        findings.dedup();
        let mut tables: Vec<String> = tables.into_iter().collect();
        tables.sort();
        tables.dedup();
        if tables.len() > MOST_TABLES {
            tables.truncate(MOST_TABLES);
            tables.push(ANY_TABLE.to_owned());
        }
        Self { findings, tables }
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.findings.is_empty() && self.tables.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_tables_are_any_table() {
        let names = |count: usize| (0..count).map(|number| format!("t{number:04}"));
        let risk = Risk::of([], names(MOST_TABLES).chain(names(3)));
        assert_eq!(risk.tables.len(), MOST_TABLES);
        let risk = Risk::of([], names(MOST_TABLES + 1));
        assert_eq!(risk.tables.last().map(String::as_str), Some(ANY_TABLE));
        assert!(Risk::default().is_none() && !risk.is_none());
    }
}
