//! The options of a table.

use crate::print::option;
use crate::table::Options;

/// Clauses for the options that differ.
pub(crate) fn between(from: &Options, to: &Options) -> Vec<String> {
    let mut clauses = Vec::new();
    if from.engine != to.engine {
        clauses.push(format!("ENGINE={}", to.engine));
    }
    if from.charset != to.charset {
        let charset = &to.charset;
        clauses.push(format!(
            "DEFAULT CHARSET={} COLLATE={}",
            charset.name, charset.collation
        ));
    }
    let gone = from.others.keys().filter(|name| !to.others.contains_key(*name));
    clauses.extend(gone.map(|name| option(name, unset(name))));
    let differs = to
        .others
        .iter()
        .filter(|(name, value)| from.others.get(*name) != Some(value));
    clauses.extend(differs.map(|(name, value)| option(name, value)));
    clauses
}

/// The value of an option that is not said.
fn unset(name: &str) -> &'static str {
    match name {
        "COMMENT"
        | "COMPRESSION"
        | "CONNECTION"
        | "PASSWORD"
        | "ENGINE_ATTRIBUTE"
        | "SECONDARY_ENGINE_ATTRIBUTE" => "''",
        "ENCRYPTION" => "'N'",
        "ROW_FORMAT" | "STATS_PERSISTENT" | "STATS_AUTO_RECALC" | "STATS_SAMPLE_PAGES" | "PACK_KEYS" => {
            "DEFAULT"
        }
        "INSERT_METHOD" => "NO",
        "TABLESPACE" => "`innodb_file_per_table`",
        "SECONDARY_ENGINE" => "NULL",
        _ => "0",
    }
}
