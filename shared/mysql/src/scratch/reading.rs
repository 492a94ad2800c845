//! A schema file's statements, and which of them make a schema.
//!
//! A file may be a snapshot, written by people, or come from `mysqldump`, with all that such a file has around its
//! definitions. Only these are run; the rest is left out and told.

use super::LoadFailure;
use crate::dump::Definers;
use crate::snapshot::head;
use sql::ddl::Definition;
use sql::{Banned, How, Kind, SqlMode, Statement};

/// A statement that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The line where it starts, from 1.
    pub line: u32,
    /// Its leading keywords.
    pub verb: String,
}

/// A statement as it is sent.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) line: u32,
    pub(super) text: String,
    /// The event that it makes, put to sleep.
    pub(super) asleep: Option<String>,
}

/// What a text asks for.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) ready: Vec<Ready>,
    pub(super) skipped: Vec<Skipped>,
}

impl Ready {
    /// Sets the mode under which what follows is made.
    fn setting(line: u32, mode: &str) -> Self {
        Self {
            line,
            text: format!("SET sql_mode = {mode}"),
            asleep: None,
        }
    }
}

/// Whether a statement makes something whose mode the server keeps with it.
fn is_program(statement: &Statement) -> bool {
    let verb = statement.facts.verb.as_ref();
    let kinds = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"];
    verb.starts_with("CREATE") && kinds.iter().any(|kind| verb.ends_with(kind))
}

/// What looks like a definition and is none: leaving it out would make another schema than the text means.
fn unknown(statement: &Statement) -> Option<String> {
    let facts = &statement.facts;
    let defines = ["CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE"];
    let first = facts.verb.split(' ').next().unwrap_or_default();
    let nobody_knows = facts.kind == Kind::Admin && facts.banned.is_none() && defines.contains(&first);
    nobody_knows.then(|| format!("{} is no statement that is known", facts.verb))
}

/// Reads a schema file, to be loaded into the schema `own`.
pub(super) fn read(text: &str, own: &str, definers: Definers) -> Result<Reading, LoadFailure> {
    let mut reading = Reading::default();
    let mut mode_is_set = false;
    for statement in sql::split(text, SqlMode::default()).map_err(LoadFailure::Unreadable)? {
        let mode = statement.mode;
        mode_is_set |= setting(&statement).is_some_and(|set| set.contains("SQL_MODE"));
        if makes_schema(&statement, mode) {
            if let Some(what) = outside(&statement, mode, own) {
                return Err(LoadFailure::Outside(statement.line, what));
            }
            let ready = ready(&statement, definers);
            if !mode_is_set && is_program(&statement) {
                // The server keeps the mode with it: where the text says nothing, its own, and not ours for loading.
                let line = ready.line;
                let around = [
                    Ready::setting(line, "@@global.sql_mode"),
                    Ready::setting(line, "''"),
                ];
                let [before, after] = around;
                reading.ready.extend([before, ready, after]);
            } else {
                reading.ready.push(ready);
            }
        } else if let Some(what) = unknown(&statement) {
            return Err(LoadFailure::Outside(statement.line, what));
        } else {
            reading.skipped.push(Skipped {
                line: statement.line,
                verb: statement.facts.verb.to_string(),
            });
        }
    }
    Ok(reading)
}

/// What a statement does outside of its schema, if it does.
pub(super) fn outside(statement: &Statement, mode: SqlMode, own: &str) -> Option<String> {
    let verb = statement.facts.verb.as_ref();
    let defines = statement.facts.kind == Kind::Ddl;
    let touches = |how: How| match how {
        How::Defines => true,
        // The body of a stored program runs nothing when it is made.
        How::Writes | How::Calls => !defines,
        How::Reads => false,
    };
    let named = sql::foreign_schemas(&statement.text, mode, own);
    if let Some(found) = named.into_iter().find(|found| touches(found.how)) {
        return Some(format!(
            "{verb} names another schema (`{}`)",
            found.name.schema.unwrap_or_default()
        ));
    }
    match &statement.facts.banned {
        Some(Banned::Database) if is_own_default(statement, mode) => None,
        Some(Banned::SessionSetting(_) | Banned::Names(_) | Banned::Transaction | Banned::VersionComment)
        | None => None,
        Some(_) => Some(format!("{verb} is not about one schema")),
    }
}

/// A statement, with an event asleep.
pub(super) fn ready(statement: &Statement, definers: Definers) -> Ready {
    let verb = statement.facts.verb.as_ref();
    let mut text = statement.text.clone();
    let makes = ["CREATE", "ALTER"].iter().any(|first| verb.starts_with(first));
    if makes && definers == Definers::Drop {
        text = head::without_definer(&text);
    }
    let asleep = if verb == "CREATE EVENT" {
        head::asleep(&text)
    } else {
        None
    };
    let (text, asleep) = asleep.map_or((text, None), |(text, name)| (text, Some(name)));
    Ready {
        line: statement.line,
        text,
        asleep,
    }
}

/// What follows `SET` and `SESSION`, in upper case and without the marks of a version comment.
fn setting(statement: &Statement) -> Option<String> {
    if statement.facts.verb != "SET" {
        return None;
    }
    let text = statement.text.to_ascii_uppercase();
    let text = match text.strip_prefix("/*!") {
        Some(inside) => inside
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .replace("*/", ""),
        None => text,
    };
    let rest = text.trim_start().strip_prefix("SET")?.trim_start();
    let rest = rest.strip_prefix("SESSION ").unwrap_or(rest).trim_start();
    let rest = rest
        .strip_prefix("@@SESSION.")
        .or_else(|| rest.strip_prefix("@@"))
        .unwrap_or(rest);
    Some(rest.to_owned())
}

/// Whether a statement is of the schema, or of the session in which it is made.
fn makes_schema(statement: &Statement, mode: SqlMode) -> bool {
    // These say how a file is encoded, and ours are UTF-8; and what is not for a session.
    const NOT_OURS: [&str; 8] = [
        "NAMES",
        "CHARACTER",
        "CHARSET",
        "GLOBAL",
        "PERSIST",
        "PASSWORD",
        "SQL_LOG_BIN",
        "GTID_",
    ];
    match statement.facts.kind {
        Kind::Session => {
            setting(statement).is_some_and(|set| !NOT_OURS.iter().any(|name| set.starts_with(name)))
                && !matches!(statement.facts.banned, Some(Banned::GlobalSetting(_)))
        }
        Kind::Ddl => match statement.facts.banned {
            Some(Banned::Database) => is_own_default(statement, mode),
            Some(Banned::VersionComment | Banned::SessionSetting(_) | Banned::Names(_)) | None => true,
            Some(_) => false,
        },
        Kind::Dml | Kind::Query | Kind::TransactionControl | Kind::Admin => false,
    }
}

/// `ALTER DATABASE` without a name: the schema's own defaults.
fn is_own_default(statement: &Statement, mode: SqlMode) -> bool {
    match sql::ddl::definition(&statement.text, mode) {
        Some(Definition::Database(database)) => database.name.is_none(),
        Some(_) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Reading {
        read(text, "_sluice_scratch_1", Definers::Drop).unwrap()
    }

    #[test]
    fn a_dump_is_its_definitions() {
        let dump = "-- MySQL dump\n/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\n\
            /*!50503 SET NAMES utf8mb4 */;\nSET @@GLOBAL.GTID_PURGED='x';\nSET @@SESSION.SQL_LOG_BIN= 0;\n\
            CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET latin1 */;\nUSE `shop`;\n\
            DROP TABLE IF EXISTS `t`;\n/*!50503 SET character_set_client = utf8mb4 */;\nCREATE TABLE `t` (`id` int);\n\
            LOCK TABLES `t` WRITE;\nINSERT INTO `t` VALUES (1);\nUNLOCK TABLES;\nCOMMIT;\nGRANT SELECT ON *.* TO x;\n\
            ALTER DATABASE `shop` CHARACTER SET latin1;\nALTER DATABASE COLLATE latin1_bin;\nDELIMITER ;;\n\
            CREATE DEFINER=`root`@`%` PROCEDURE `p`()\nBEGIN SELECT 1; END ;;\nDELIMITER ;\n";
        let reading = of(dump);
        let ready: Vec<&str> = reading.ready.iter().map(|ready| ready.text.as_str()).collect();
        assert_eq!(
            ready,
            [
                "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */",
                "DROP TABLE IF EXISTS `t`",
                "CREATE TABLE `t` (`id` int)",
                "ALTER DATABASE COLLATE latin1_bin",
                "CREATE PROCEDURE `p`()\nBEGIN SELECT 1; END",
            ]
        );
        let skipped: Vec<(u32, &str)> = reading
            .skipped
            .iter()
            .map(|skipped| (skipped.line, skipped.verb.as_str()))
            .collect();
        assert!(skipped.contains(&(11, "LOCK")), "{skipped:?}");
        assert_eq!(skipped.len(), 12, "{skipped:?}");
    }

    #[test]
    fn programs_are_made_under_the_servers_own_mode_where_the_text_sets_none() {
        let texts =
            |text: &str| -> Vec<String> { of(text).ready.into_iter().map(|ready| ready.text).collect() };
        let own = "CREATE TABLE t (a INT);\nCREATE PROCEDURE p() SELECT 1;\n";
        let [server, loading] = ["SET sql_mode = @@global.sql_mode", "SET sql_mode = ''"];
        let [table, program] = ["CREATE TABLE t (a INT)", "CREATE PROCEDURE p() SELECT 1"];
        assert_eq!(texts(own), [table, server, program, loading]);
        let set = format!("SET sql_mode = 'ANSI';\n{own}");
        assert_eq!(texts(&set), ["SET sql_mode = 'ANSI'", table, program]);
    }

    #[test]
    fn a_misspelled_definition_is_told_and_not_left_out() {
        let refused = read("SELECT 1;\nCREATE TABEL t (a INT);", "s", Definers::Drop);
        assert!(
            matches!(&refused, Err(LoadFailure::Outside(2, what)) if what.starts_with("CREATE is no statement")),
            "{refused:?}"
        );
    }

    #[test]
    fn quotes_are_read_under_the_mode_that_the_text_sets() {
        let text = "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nCREATE FUNCTION f() RETURNS INT RETURN '\\';\n\
            SET sql_mode = '';\nCREATE FUNCTION g() RETURNS INT RETURN '\\';';\n";
        let reading = of(text);
        let lines: Vec<u32> = reading.ready.iter().map(|ready| ready.line).collect();
        assert_eq!(lines, [1, 2, 3, 4]);
        assert!(reading.ready[3].text.ends_with("RETURN '\\';'"));
        let open = read("SELECT 1;\nSELECT 'x", "s", Definers::Drop);
        assert!(matches!(open, Err(LoadFailure::Unreadable(error)) if error.line == 2));
    }

    #[test]
    fn what_reaches_another_schema_is_told_with_its_line() {
        for text in [
            "\nCREATE TABLE shop.t (a INT)",
            "\nALTER TABLE `shop`.t ADD b INT",
            "\nDROP VIEW IF EXISTS shop.v",
        ] {
            let refused = read(text, "s", Definers::Drop);
            assert!(
                matches!(&refused, Err(LoadFailure::Outside(2, what)) if what.contains("`shop`")),
                "{text}: {refused:?}"
            );
        }
        for text in [
            "CREATE VIEW v AS SELECT * FROM shop.t",
            "CREATE PROCEDURE p() INSERT INTO shop.t VALUES (1)",
        ] {
            assert!(of(text).ready.iter().any(|ready| ready.text == text), "{text}");
        }
    }
}
