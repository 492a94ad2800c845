//! Settings of the session that stored programs keep.

use crate::program::{COLLATION, Session};
use crate::words::{Word, literal, words};
use sql::SqlMode;
use std::collections::BTreeMap;

/// Settings that the server keeps with a program (MySQL 8.0 reference manual, 27.7).
const KEPT: [&str; 4] = [
    "sql_mode",
    "time_zone",
    "character_set_client",
    "collation_connection",
];

/// Variables of the session, and of its user.
#[derive(Debug, Default)]
pub(super) struct Variables {
    settings: BTreeMap<String, String>,
    saved: BTreeMap<String, Option<String>>,
}

impl Variables {
    /// Follows a `SET`; anything else changes nothing.
    pub(super) fn follow(&mut self, text: &str, mode: SqlMode) {
        let words = words(text, mode);
        let [Word::Plain(verb), rest @ ..] = words.as_slice() else {
            return;
        };
        if !verb.eq_ignore_ascii_case("set") {
            return;
        }
        if let [Word::Plain(names), Word::Plain(charset) | Word::Text(charset), ..] = rest
            && names.eq_ignore_ascii_case("names")
        {
            self.settings
                .insert("character_set_client".to_owned(), literal(charset));
            self.settings.remove("collation_connection");
            return;
        }
        for assignment in rest.split(|word| matches!(word, Word::Symbol(symbol) if symbol == ",")) {
            self.assign(assignment);
        }
    }

    fn assign(&mut self, words: &[Word]) {
        let sign = |word: &Word| matches!(word, Word::Symbol(symbol) if symbol == "=" || symbol == ":=");
        let Some(at) = words.iter().position(sign) else {
            return;
        };
        let (name, value) = words.split_at(at);
        let Some(Word::Plain(name) | Word::Name(name)) = name.last() else {
            return;
        };
        let value = match value {
            [_, Word::Plain(value)] if value.starts_with('@') => self.value(value),
            [_, Word::Plain(value)] if value.eq_ignore_ascii_case("default") => None,
            [_, Word::Plain(value)] => Some(value.to_lowercase()),
            [_, Word::Text(value)] => Some(value.clone()),
            _ => None,
        };
        let name = name.to_lowercase();
        match name.strip_prefix('@').filter(|rest| !rest.starts_with('@')) {
            Some(variable) => {
                self.saved.insert(variable.to_owned(), value);
            }
            None => self.set(name.trim_start_matches("@@"), value),
        }
    }

    fn set(&mut self, name: &str, value: Option<String>) {
        if !KEPT.contains(&name) {
            return;
        }
        match value {
            Some(value) => {
                let value = if name == "sql_mode" {
                    spelled_out(&value)
                } else {
                    value
                };
                self.settings.insert(name.to_owned(), literal(&value))
            }
            None => self.settings.remove(name),
        };
    }

    /// The value of `@x` or `@@x`.
    fn value(&self, name: &str) -> Option<String> {
        let name = name.to_lowercase();
        if let Some(setting) = name.strip_prefix("@@") {
            let value = self.settings.get(setting)?;
            return crate::words::string(value, SqlMode::default());
        }
        self.saved.get(name.trim_start_matches('@')).cloned().flatten()
    }

    /// How text is read under the `sql_mode` that was set.
    pub(super) fn mode(&self) -> Option<SqlMode> {
        let value = self.settings.get("sql_mode")?;
        Some(SqlMode::parse(&crate::words::string(value, SqlMode::default())?))
    }

    /// What is kept with a view. A text that sets nothing is read under the collation that `SET NAMES utf8mb4` sets.
    pub(super) fn session_of_view(&self) -> Session {
        let name = "collation_connection";
        let value = self.settings.get(name).cloned();
        let value = value.unwrap_or_else(|| literal(COLLATION));
        Session(BTreeMap::from([(name.to_owned(), value)]))
    }

    /// What is kept with a program; the time zone with events alone.
    pub(super) fn session(&self, event: bool) -> Session {
        let settings = KEPT
            .iter()
            .filter(|name| event || **name != "time_zone")
            .filter_map(|name| Some(((*name).to_owned(), self.settings.get(*name)?.clone())));
        Session(settings.collect())
    }
}

/// Modes in the order in which the server shows them (MySQL 8.0 reference manual, 7.1.11).
const MODES: [&str; 19] = [
    "REAL_AS_FLOAT",
    "PIPES_AS_CONCAT",
    "ANSI_QUOTES",
    "IGNORE_SPACE",
    "ONLY_FULL_GROUP_BY",
    "NO_UNSIGNED_SUBTRACTION",
    "NO_DIR_IN_CREATE",
    "ANSI",
    "NO_AUTO_VALUE_ON_ZERO",
    "NO_BACKSLASH_ESCAPES",
    "STRICT_TRANS_TABLES",
    "STRICT_ALL_TABLES",
    "NO_ZERO_IN_DATE",
    "NO_ZERO_DATE",
    "ALLOW_INVALID_DATES",
    "ERROR_FOR_DIVISION_BY_ZERO",
    "TRADITIONAL",
    "HIGH_NOT_PRECEDENCE",
    "NO_ENGINE_SUBSTITUTION",
];

/// Modes one by one, in the server's order, with those that a combination stands for.
fn spelled_out(value: &str) -> String {
    let mut modes: Vec<String> = value
        .split(',')
        .map(|mode| mode.trim().to_ascii_uppercase())
        .filter(|mode| !mode.is_empty())
        .collect();
    let has = |modes: &[String], name: &str| modes.iter().any(|mode| mode == name);
    if has(&modes, "ANSI") {
        modes.extend(MODES.iter().take(5).map(|mode| (*mode).to_owned()));
    }
    if has(&modes, "TRADITIONAL") {
        let strict = [
            "STRICT_TRANS_TABLES",
            "STRICT_ALL_TABLES",
            "NO_ZERO_IN_DATE",
            "NO_ZERO_DATE",
        ];
        let others = ["ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION"];
        modes.extend(strict.iter().chain(&others).map(|mode| (*mode).to_owned()));
    }
    let place = |mode: &String| {
        MODES
            .iter()
            .position(|known| known == mode)
            .unwrap_or(MODES.len())
    };
    modes.sort_by_key(place);
    modes.dedup();
    modes.join(",")
}
