//! A script as a file.

use super::{Script, Step};
use std::collections::BTreeMap;
use std::fmt;

/// A file that `mysql` and [`sql::split`] read.
impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut now: BTreeMap<&String, &String> = BTreeMap::new();
        let mut is_saved = false;
        for step in &self.steps {
            // A statement without settings of its own is run under those that the session had before.
            let over: Vec<&String> = now
                .keys()
                .copied()
                .filter(|name| !step.session.0.contains_key(*name))
                .collect();
            for name in over {
                writeln!(f, "SET {name} = @saved_{name};")?;
                now.remove(name);
            }
            for (name, value) in &step.session.0 {
                if now.get(name) != Some(&value) {
                    if !is_saved {
                        // What the session had before, for the end of the file.
                        writeln!(f, "SET {};", saved())?;
                        is_saved = true;
                    }
                    writeln!(f, "SET {name} = {value};")?;
                    now.insert(name, value);
                }
            }
            step.fmt(f)?;
        }
        if now.is_empty() {
            Ok(())
        } else {
            writeln!(f, "SET {};", restored())
        }
    }
}

const SETTINGS: [&str; 4] = [
    "sql_mode",
    "time_zone",
    "character_set_client",
    "collation_connection",
];

fn saved() -> String {
    let saved = SETTINGS.map(|name| format!("@saved_{name} = @@{name}"));
    saved.join(", ")
}

fn restored() -> String {
    let restored = SETTINGS.map(|name| format!("{name} = @saved_{name}"));
    restored.join(", ")
}

/// The statement with its delimiter, after what it loses.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for loss in &self.loses {
            let line = loss.to_string().replace(['\n', '\r', '\0'], " ");
            writeln!(f, "-- loses: {line}")?;
        }
        if !self.sql.contains(';') {
            return writeln!(f, "{}{}", self.sql, end(&self.sql, ";"));
        }
        let mut delimiter = ";;".to_owned();
        while self.sql.contains(&delimiter) {
            delimiter.push(';');
        }
        writeln!(
            f,
            "DELIMITER {delimiter}\n{}{}\nDELIMITER ;",
            self.sql,
            end(&self.sql, &delimiter)
        )
    }
}

/// The delimiter, on a line of its own where the statement may end in a comment.
fn end(sql: &str, delimiter: &str) -> String {
    let last = sql.lines().last().unwrap_or_default();
    if last.contains("--") || last.contains('#') {
        format!("\n{delimiter}")
    } else {
        delimiter.to_owned()
    }
}
