//! `sluice schema` with files alone.

use crate::run::{Ran, file, run, run_with};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const BEFORE: &str =
    "create table t (id int primary key, note varchar(10));\ncreate table gone (id int);\n";
pub(crate) const AFTER: &str = "\
CREATE TABLE `t` (`id` INT NOT NULL, `total` DECIMAL(8,2) DEFAULT NULL, PRIMARY KEY (`id`));
DELIMITER //
CREATE PROCEDURE p() BEGIN SELECT 1; END//
";

/// Both sides as files.
pub(crate) fn files() -> (TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let before = file(folder.path(), "before.sql", BEFORE);
    let after = file(folder.path(), "after.sql", AFTER);
    (folder, before, after)
}

pub(crate) fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn files_are_compared_without_any_server() {
    let (_folder, before, after) = files();
    let ran = run(&["schema", "diff", &before, &after]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out, @"
    Changes
      table `gone` dropped — loses the rows of table `gone`
      table `t`: column `note` dropped — loses the values of column `note` of table `t`
      table `t`: column `total` added after `id`: decimal(8,2) DEFAULT NULL
      procedure `p` added

    --- before
    +++ after
    @@ -1,8 +1,8 @@
    -CREATE TABLE `gone` (
    -  `id` int DEFAULT NULL
    -) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
     CREATE TABLE `t` (
       `id` int NOT NULL,
    -  `note` varchar(10) DEFAULT NULL,
    +  `total` decimal(8,2) DEFAULT NULL,
       PRIMARY KEY (`id`)
     ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
    +DELIMITER ;;
    +CREATE PROCEDURE p() BEGIN SELECT 1; END;;
    +DELIMITER ;
    ");
    let listed = run(&["schema", "diff", "--changes", &before, &after]);
    insta::assert_snapshot!(listed.out, @"
    table `gone` dropped — loses the rows of table `gone`
    table `t`: column `note` dropped — loses the values of column `note` of table `t`
    table `t`: column `total` added after `id`: decimal(8,2) DEFAULT NULL
    procedure `p` added
    ");
}

#[test]
fn statements_are_a_file_that_names_what_it_loses() {
    let (_folder, before, after) = files();
    let ran = run(&["schema", "diff", "--ddl", &before, &after]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.out, @"
    -- loses: the rows of table `gone`
    DROP TABLE `gone`;
    -- loses: the values of column `note` of table `t`
    ALTER TABLE `t`
      DROP COLUMN `note`,
      ADD COLUMN `total` decimal(8,2) DEFAULT NULL;
    DELIMITER ;;
    CREATE PROCEDURE p() BEGIN SELECT 1; END;;
    DELIMITER ;
    ");
    assert_eq!(
        ran.err,
        "not verified: name a server with --scratch URL, and the statements are run there first\n"
    );
}

#[test]
fn the_same_schema_written_differently_does_not_differ() {
    let folder = tempfile::tempdir().unwrap();
    let one = file(
        folder.path(),
        "one.sql",
        "create table T (ID integer not null auto_increment primary key)",
    );
    let text = "-- the same\nCREATE TABLE `T` (\n  `ID` int NOT NULL AUTO_INCREMENT,\n  PRIMARY KEY (`ID`)\n) ENGINE=InnoDB;\n";
    let ran = run_with(&["schema", "diff", "--exit-code", &one, "-"], text.as_bytes());
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (0, "The schemas are the same.\n", "")
    );
    for silent in ["--ddl", "--changes"] {
        let ran = run_with(&["schema", "diff", silent, "-", &one], text.as_bytes());
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (0, "", "The schemas are the same.\n"),
            "{silent}"
        );
    }
}

#[test]
fn a_difference_is_an_exit_code_where_it_is_asked_for() {
    let (_folder, before, after) = files();
    assert_eq!(run(&["schema", "diff", "--exit-code", &before, &after]).code, 3);
    assert_eq!(run(&["schema", "diff", "--exit-code", &before, &before]).code, 0);
    assert_eq!(run(&["schema", "diff", &before, &after]).code, 0);
}

#[test]
fn programs_get_changes_statements_and_losses() {
    let (_folder, before, after) = files();
    let ran = run(&["--json", "schema", "diff", &before, &after]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let answer = json(&ran);
    assert_eq!(
        (&answer["different"], &answer["verified"]),
        (&true.into(), &false.into())
    );
    let changes = answer["changes"].as_array().unwrap();
    assert!(
        changes
            .iter()
            .any(|change| change["object"] == "table `gone`" && change["loses"].is_string()),
        "{answer}"
    );
    let ddl = answer["ddl"].as_array().unwrap();
    assert!(
        ddl.iter()
            .any(|step| step["sql"].as_str().unwrap().starts_with("DROP TABLE `gone`")),
        "{answer}"
    );
    assert!(
        answer["diff"]
            .as_str()
            .unwrap()
            .starts_with("--- before\n+++ after\n"),
        "{answer}"
    );
}

#[test]
fn what_can_not_be_compared_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "good.sql", "CREATE TABLE t (id INT);");
    let open = file(
        folder.path(),
        "open.sql",
        "CREATE TABLE t (\n  a VARCHAR(9) DEFAULT 'x\n);",
    );
    let odd = file(folder.path(), "odd.sql", "\nCREATE TABLE t SELECT 1;");
    for (a, b, code, expected) in [
        (
            "/nowhere.sql",
            good.as_str(),
            64,
            "/nowhere.sql can't be read: No such file",
        ),
        ("-", "-", 64, "Both schemas are to be read from stdin"),
        (
            &good,
            &open,
            1,
            "open.sql: line 2, column 24: the string that starts here is never closed",
        ),
        (&good, &odd, 1, "odd.sql: line 2, column 1: "),
        (&odd, &good, 1, "--scratch URL"),
        (
            "mysql://u:sesame@h",
            &good,
            64,
            "A: mysql://u@h:3306 names no schema",
        ),
        (&good, "postgres://u:sesame@h/s", 64, "B: a MySQL server is meant"),
        (
            "mysql://u:sesame@127.0.0.1:1/s",
            &good,
            2,
            "mysql://u@127.0.0.1:1/s: connect to 127.0.0.1:1",
        ),
        (
            "mysql://u:sesame@192.0.2.1/s?ssl-ca=/nowhere.pem",
            &good,
            64,
            "/nowhere.pem can't be read",
        ),
        (
            "mysql://u:sesame@192.0.2.1/s?ssl-mode=DISABLED",
            &good,
            2,
            "loopback",
        ),
    ] {
        let ran = run(&["schema", "diff", a, b]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{a} {b}: {}", ran.err);
        assert!(ran.err.contains(expected), "{a} {b}: {}", ran.err);
        assert!(!ran.err.contains("sesame"), "{}", ran.err);
    }
    let scratch = run(&[
        "schema",
        "diff",
        &good,
        &good,
        "--scratch",
        "mysql://u:sesame@127.0.0.1/shop",
    ]);
    assert_eq!(scratch.code, 64);
    assert!(
        scratch.err.contains("names the schema `shop`: leave it out"),
        "{}",
        scratch.err
    );
    let dump = run(&["schema", "dump", "--target", "shop"]);
    assert_eq!(dump.code, 64);
    assert!(
        dump.err.starts_with("--target: this is no URL of a MySQL server"),
        "{}",
        dump.err
    );
}

#[test]
fn a_file_that_is_too_large_is_told_with_the_limit() {
    let large = vec![b' '; 64 * 1024 * 1024 + 1];
    let ran = run_with(&["schema", "diff", "-", "/dev/null"], &large);
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("stdin is larger than 64 MiB"), "{}", ran.err);
}

#[test]
fn what_is_no_schema_is_refused_before_anything_looks_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let before = file(folder.path(), "before.sql", BEFORE);
    for (name, text, place) in [
        (
            "typo.sql",
            "CRAETE TABLE orders (id BIGINT PRIMARY KEY);\nCREATE TABLE t (a INT);",
            "line 1, column 1",
        ),
        (
            "second.sql",
            "CREATE TABLE t (a INT);\n  CREATE TABEL u (a INT);",
            "line 2, column 3",
        ),
        (
            "letter.txt",
            "Dear Ada,\nthe table is gone.\n",
            "line 1, column 1",
        ),
        (
            "README.md",
            "# Shop\n\nThis is the schema of the shop.\n",
            "line 3, column 1",
        ),
    ] {
        let odd = file(folder.path(), name, text);
        for (a, b) in [(&before, &odd), (&odd, &before)] {
            let ran = run(&["schema", "diff", "--ddl", a, b]);
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{name}: {}", ran.err);
            let expected = format!("{odd}: {place}: this begins like no statement that makes a schema");
            assert!(ran.err.starts_with(&expected), "{}", ran.err);
        }
    }
}

#[test]
fn a_password_is_never_echoed() {
    let (_folder, before, after) = files();
    for line in [
        &["schema", "diff", "root:sesame@127.0.0.1:33060/q", &before][..],
        &["schema", "diff", &before, "mysql:/root:sesame@127.0.0.1:33060/q"],
        &["schema", "diff", &before, "MySQL:root:sesame@h/q"],
        &[
            "schema",
            "diff",
            &before,
            &after,
            "mysql://root:sesame@127.0.0.1:33060",
        ],
        &[
            "schema",
            "diff",
            &before,
            &after,
            "--ddl=mysql://root:sesame@127.0.0.1:33060",
        ],
        &["schema", "dump", "root:sesame@127.0.0.1:33060/q"],
        &[
            "schema",
            "dump",
            "mysql://root:sesame@h/q",
            "mysql://root:sesame@h/r",
        ],
        &[
            "schema",
            "dump",
            "mysql://root:sesame@h/q",
            "--target",
            "mysql://root:sesame@h/q",
        ],
        &["schema", "mysql://root:sesame@h/q"],
        &["version", "rollback", "a/b", "1", "--scratch", "root:sesame@h"],
    ] {
        let ran = run(line);
        assert_eq!((ran.code, ran.out.as_str()), (64, ""), "{line:?}: {}", ran.err);
        assert!(!ran.err.contains("sesame"), "{line:?}: {}", ran.err);
        assert!(!ran.err.is_empty(), "{line:?}");
    }
    let slip = run(&["schema", "diff", "root:sesame@127.0.0.1:33060/q", &before]);
    assert!(
        slip.err
            .starts_with("A: this is no file, and looks like a server's URL"),
        "{}",
        slip.err
    );
    assert!(
        slip.err
            .ends_with("write mysql://user:password@host:port/schema.\n"),
        "{}",
        slip.err
    );
}

#[test]
fn a_file_may_have_a_name_like_a_url() {
    let folder = tempfile::tempdir().unwrap();
    let odd = file(folder.path(), "a:b@c.sql", BEFORE);
    let ran = run(&["schema", "diff", &odd, &odd]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn arguments_are_looked_at_before_what_they_are_for() {
    let ran = run(&["version", "rollback", "a/b", "1", "--scratch", "x"]);
    assert_eq!(ran.code, 64);
    assert!(
        ran.err.starts_with("--scratch: this is no URL of a MySQL server"),
        "{}",
        ran.err
    );
    for own in ["information_schema", "performance_schema", "mysql", "SYS"] {
        let ran = run(&["schema", "dump", &format!("mysql://u:x@127.0.0.1:1/{own}")]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert!(
            ran.err.contains(&format!("`{own}` is the server's own")),
            "{}",
            ran.err
        );
    }
}
