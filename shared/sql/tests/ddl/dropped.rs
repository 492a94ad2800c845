//! `DROP`, `RENAME`, `TRUNCATE`, databases.

use crate::compact::{options, read};
use crate::opaque::stops;
use sql::ddl::{Definition, Dropped};

fn names(dropped: &Dropped) -> String {
    let names: Vec<String> = dropped.names.iter().map(ToString::to_string).collect();
    format!("{} {} {}", names.join(" "), dropped.if_exists, dropped.temporary)
}

/// Which it is, and what it drops.
fn dropped(text: &str) -> (&'static str, String) {
    let read = read(text);
    let (kind, dropped) = if let Definition::DropTable(it) = &read {
        ("table", it)
    } else if let Definition::DropView(it) = &read {
        ("view", it)
    } else if let Definition::DropDatabase(it) = &read {
        ("database", it)
    } else if let Definition::DropTrigger(it) = &read {
        ("trigger", it)
    } else if let Definition::DropEvent(it) = &read {
        ("event", it)
    } else if let Definition::DropLibrary(it) = &read {
        ("library", it)
    } else if let Definition::DropRoutine { dropped, .. } = &read {
        ("routine", dropped)
    } else {
        panic!("{text}: {read:?}")
    };
    (kind, names(dropped))
}

#[test]
fn what_is_dropped_is_named() {
    for (text, kind, expected) in [
        ("DROP TABLE t", "table", "`t` false false"),
        (
            "drop temporary table if exists a, s.b cascade",
            "table",
            "`a` `s`.`b` true true",
        ),
        ("DROP TABLES a, b", "table", "`a` `b` false false"),
        ("DROP VIEW IF EXISTS v, w RESTRICT", "view", "`v` `w` true false"),
        ("DROP SCHEMA IF EXISTS `d`", "database", "`d` true false"),
        ("DROP PROCEDURE IF EXISTS s.p", "routine", "`s`.`p` true false"),
        ("DROP FUNCTION f", "routine", "`f` false false"),
        ("DROP TRIGGER s.t", "trigger", "`s`.`t` false false"),
        ("DROP EVENT e", "event", "`e` false false"),
        ("DROP LIBRARY l", "library", "`l` false false"),
        ("/*!50001 DROP VIEW IF EXISTS `v`*/;", "view", "`v` true false"),
        ("DROP TABLE .t", "table", "`t` false false"),
    ] {
        assert_eq!(dropped(text), (kind, expected.to_owned()), "{text}");
    }
}

#[test]
fn tables_are_renamed_and_emptied() {
    let Definition::RenameTable(renamed) = read("RENAME TABLE a TO s.b, `c` TO d") else {
        panic!("read otherwise");
    };
    let all: Vec<String> = renamed.iter().map(|(from, to)| format!("{from}>{to}")).collect();
    assert_eq!(all, ["`a`>`s`.`b`", "`c`>`d`"]);
    for text in ["TRUNCATE t", "TRUNCATE TABLE `t`"] {
        let Definition::TruncateTable(name) = read(text) else {
            panic!("read otherwise");
        };
        assert_eq!(name.to_string(), "`t`");
    }
}

#[test]
fn databases_are_read_with_their_options() {
    for (text, name, expected) in [
        ("CREATE DATABASE IF NOT EXISTS d", Some("d"), ""),
        (
            "CREATE SCHEMA d DEFAULT CHARACTER SET = utf8mb4 COLLATE x /*!80016 DEFAULT ENCRYPTION='N' */",
            Some("d"),
            "CHARSET=utf8mb4; COLLATE=x; ENCRYPTION='N'",
        ),
        ("ALTER DATABASE d READ ONLY = 1", Some("d"), "READ ONLY=1"),
        ("ALTER DATABASE CHARSET latin1", None, "CHARSET=latin1"),
        (
            "ALTER DATABASE charset CHARSET latin1",
            Some("charset"),
            "CHARSET=latin1",
        ),
        ("ALTER SCHEMA ENCRYPTION 'Y'", None, "ENCRYPTION='Y'"),
    ] {
        let Definition::Database(found) = read(text) else {
            panic!("{text}");
        };
        assert_eq!(
            (found.name.as_deref(), options(&found.options).as_str()),
            (name, expected),
            "{text}"
        );
        assert_eq!(found.alters, text.starts_with("ALTER"), "{text}");
    }
}

#[test]
fn what_names_nothing_stops_the_reader() {
    stops("DROP TABLE", "");
    stops("DROP TABLE a b", "b");
    stops("DROP TRIGGER a, b", ", b");
    stops("DROP DATABASE a.b", ".b");
    stops("RENAME TABLE a b", "b");
    stops("TRUNCATE TABLE a, b", ", b");
    stops("ALTER DATABASE d", "d");
    stops("CREATE DATABASE d READ ONLY = 1", "READ");
}
