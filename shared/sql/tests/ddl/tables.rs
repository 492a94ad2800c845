//! `CREATE TABLE`.

use crate::compact::{elements, options, table};
use crate::opaque::stops;
use sql::ddl::{Element, ObjectName, TableBody};

fn table_options(text: &str) -> String {
    match table(&format!("CREATE TABLE t (a INT) {text}")).body {
        TableBody::Defined { options: found, .. } => options(&found),
        TableBody::Like(_) => "like".to_owned(),
    }
}

#[test]
fn options_stand_with_or_without_signs_and_commas() {
    for (text, expected) in [
        ("", ""),
        ("ENGINE=InnoDB", "ENGINE=InnoDB"),
        ("ENGINE InnoDB, CHARSET latin1", "ENGINE=InnoDB; CHARSET=latin1"),
        (
            "ENGINE = 'InnoDB' DEFAULT CHARACTER SET = utf8mb4 DEFAULT COLLATE utf8mb4_bin",
            "ENGINE='InnoDB'; CHARSET=utf8mb4; COLLATE=utf8mb4_bin",
        ),
        (
            "AUTO_INCREMENT=5 ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
            "AUTO_INCREMENT=5; ROW_FORMAT=COMPRESSED; KEY_BLOCK_SIZE=8",
        ),
        (
            "COMMENT='a, b' STATS_PERSISTENT=DEFAULT",
            "COMMENT='a, b'; STATS_PERSISTENT=DEFAULT",
        ),
        (
            "DATA DIRECTORY='/x' INDEX DIRECTORY '/y'",
            "DATA DIRECTORY='/x'; INDEX DIRECTORY='/y'",
        ),
        (
            "UNION=(a, s.b) INSERT_METHOD=LAST",
            "UNION=(a, s.b); INSERT_METHOD=LAST",
        ),
        ("UNION=()", "UNION=()"),
        ("TABLESPACE `x` STORAGE DISK", "TABLESPACE=`x`; STORAGE=DISK"),
        (
            "AUTOEXTEND_SIZE = 4M START TRANSACTION",
            "AUTOEXTEND_SIZE=4M; START TRANSACTION=",
        ),
        (
            "SECONDARY_ENGINE = NULL ENCRYPTION 'Y'",
            "SECONDARY_ENGINE=NULL; ENCRYPTION='Y'",
        ),
        (
            "/*!50100 TABLESPACE `innodb_system` */ ENGINE=InnoDB",
            "TABLESPACE=`innodb_system`; ENGINE=InnoDB",
        ),
    ] {
        assert_eq!(table_options(text), expected, "{text}");
    }
}

#[test]
fn the_head_is_read() {
    let made = table("create temporary table if not exists `a b`.`c``d` (x int)");
    assert!(made.temporary && made.if_not_exists);
    assert_eq!(made.name.to_string(), "`a b`.`c``d`");
    let made = table("/*!40101 CREATE TABLE */ /*!32312 IF NOT EXISTS*/ t (x int);");
    assert!(made.if_not_exists && !made.temporary);
}

#[test]
fn columns_keys_and_constraints_stay_in_order() {
    let kinds: Vec<&str> = elements(
        "CREATE TABLE t (a INT, KEY (a), `key` INT, CHECK (a > 0), FOREIGN KEY (a) REFERENCES o (b), PRIMARY KEY (a))",
    )
    .iter()
    .map(|element| match element {
        Element::Column(_) => "column",
        Element::Key(_) => "key",
        Element::ForeignKey(_) => "foreign",
        Element::Check(_) => "check",
    })
    .collect();
    assert_eq!(kinds, ["column", "key", "column", "check", "foreign", "key"]);
}

#[test]
fn a_table_may_be_like_another() {
    let like = TableBody::Like(ObjectName {
        schema: Some("s".to_owned()),
        name: "o".to_owned(),
    });
    for text in ["CREATE TABLE t LIKE s.o", "CREATE TABLE t (LIKE `s` . `o`)"] {
        assert_eq!(table(text).body, like, "{text}");
    }
}

#[test]
fn a_table_may_be_made_of_a_query() {
    for (text, columns, query) in [
        ("CREATE TABLE t SELECT 1", 0, "SELECT 1"),
        (
            "CREATE TABLE t (a INT) IGNORE AS SELECT 1 a",
            1,
            "IGNORE AS SELECT 1 a",
        ),
        (
            "CREATE TABLE t ENGINE=MEMORY REPLACE SELECT 1",
            0,
            "REPLACE SELECT 1",
        ),
        ("CREATE TABLE t (SELECT 1)", 0, "(SELECT 1)"),
        (
            "CREATE TABLE t ((SELECT 1) UNION (SELECT 2))",
            0,
            "((SELECT 1) UNION (SELECT 2))",
        ),
        (
            "CREATE TABLE t AS WITH x AS (SELECT 1) TABLE x",
            0,
            "AS WITH x AS (SELECT 1) TABLE x",
        ),
        (
            "CREATE TABLE t SELECT /*+ MAX_EXECUTION_TIME(5) */ 1 /* so */",
            0,
            "SELECT /*+ MAX_EXECUTION_TIME(5) */ 1",
        ),
        ("CREATE TABLE t VALUES ROW(1)", 0, "VALUES ROW(1)"),
    ] {
        match table(text).body {
            TableBody::Defined {
                elements,
                query: found,
                ..
            } => {
                assert_eq!(
                    (elements.len(), found.as_deref()),
                    (columns, Some(query)),
                    "{text}"
                );
            }
            TableBody::Like(_) => panic!("{text}"),
        }
    }
}

#[test]
fn what_is_no_table_stops_the_reader() {
    stops("CREATE TABLE t", "");
    stops("CREATE TABLE t ()", ")");
    stops("CREATE TABLE t (a INT,)", ")");
    stops("CREATE TABLE t (a INT) ENGINE=", "");
    stops("CREATE TABLE t (a INT), ENGINE=InnoDB", ", ENGINE");
    stops("CREATE TABLE t (a INT) ENGINE=InnoDB,", ",");
    stops("CREATE TABLE t (a INT) PAGE_CHECKSUM=1", "PAGE_CHECKSUM");
    stops("CREATE TABLE t (a INT) ROW_FORMAT=PAGE", "PAGE");
    stops("CREATE TABLE t (a INT) INSERT INTO t VALUES (1)", "INSERT");
    stops("CREATE TABLE t (a INT) SELECT (1", "");
    stops("CREATE TABLE t (a INT); SELECT 1", "; SELECT");
    stops("CREATE TABLE select (a INT)", "select");
    stops("CREATE TABLE 12 (a INT)", "12");
}
