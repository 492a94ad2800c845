//! Options of tables as the server shows them.

use crate::column::Charset;
use crate::table::Options;
use crate::words::{literal, string};
use sql::SqlMode;
use sql::ddl::TableOption;
use std::collections::BTreeMap;

/// Engines as the server spells them.
const ENGINES: [&str; 8] = [
    "InnoDB",
    "MyISAM",
    "MEMORY",
    "CSV",
    "ARCHIVE",
    "BLACKHOLE",
    "MRG_MyISAM",
    "ndbcluster",
];

impl Options {
    /// What a table has that says nothing.
    pub(crate) fn unsaid(charset: Charset) -> Self {
        Self {
            engine: "InnoDB".to_owned(),
            charset,
            others: BTreeMap::new(),
        }
    }

    /// Takes options over, in the order in which they are written.
    pub(crate) fn apply(&mut self, options: &[TableOption], inherited: &Charset, mode: SqlMode) {
        for option in options {
            self.set(option, inherited, mode);
        }
        // A collation decides over a character set written after it.
        let collation = options.iter().rev().find(|option| option.name == "COLLATE");
        if let Some(collation) = collation {
            self.charset = Charset::of(None, Some(&bare(&collation.value)), inherited);
        }
    }

    fn set(&mut self, option: &TableOption, inherited: &Charset, mode: SqlMode) {
        let value = option.value.trim();
        match option.name.as_str() {
            "ENGINE" | "TYPE" => self.engine = engine(&bare(value)),
            "CHARSET" => self.charset = Charset::of(Some(&bare(value)), None, inherited),
            // It counts rows.
            "COLLATE" | "AUTO_INCREMENT" => {}
            name => match shown(name, value, mode) {
                Some(value) => {
                    self.others.insert(name.to_owned(), value);
                }
                None => {
                    self.others.remove(name);
                }
            },
        }
    }
}

fn bare(value: &str) -> String {
    value.trim_matches(['\'', '"', '`']).to_ascii_lowercase()
}

/// An engine under the name that the server shows.
pub(crate) fn engine(name: &str) -> String {
    let alias = match name {
        "heap" => "MEMORY",
        "merge" => "MRG_MyISAM",
        other => other,
    };
    let known = ENGINES.iter().find(|engine| engine.eq_ignore_ascii_case(alias));
    known.map_or_else(|| alias.to_uppercase(), |engine| (*engine).to_owned())
}

/// An option's value; none where it is the default, which the server doesn't show.
fn shown(name: &str, value: &str, mode: SqlMode) -> Option<String> {
    if let Some(text) = string(value, mode) {
        let encryption_off = name == "ENCRYPTION" && text.eq_ignore_ascii_case("n");
        return (!text.is_empty() && !encryption_off).then(|| literal(&text));
    }
    let upper = value.to_ascii_uppercase();
    let unset = match name {
        "ROW_FORMAT" | "STATS_PERSISTENT" | "STATS_AUTO_RECALC" | "STATS_SAMPLE_PAGES" | "PACK_KEYS" => {
            upper == "DEFAULT"
        }
        "INSERT_METHOD" => upper == "NO",
        _ => upper == "0" || upper == "DEFAULT",
    };
    if unset {
        return None;
    }
    Some(match name {
        "ROW_FORMAT" | "INSERT_METHOD" => upper,
        "AUTOEXTEND_SIZE" => bytes(&upper),
        _ => value.to_owned(),
    })
}

/// `4M` is 4194304.
fn bytes(value: &str) -> String {
    let (digits, unit) = value.split_at(value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len()));
    let factor: u64 = match unit {
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => 1,
    };
    digits.parse::<u64>().map_or_else(
        |_| value.to_owned(),
        |number| number.saturating_mul(factor).to_string(),
    )
}
