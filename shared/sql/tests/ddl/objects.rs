//! What a definition names, and what its operations lose.

use crate::compact::{operations, read};
use sql::ddl::{Loss, ObjectKind};

#[test]
fn objects_are_named_with_those_they_refer_to() {
    for (text, expected) in [
        (
            "CREATE TABLE a (x INT REFERENCES b (y), FOREIGN KEY (x) REFERENCES s.c (y))",
            vec![
                (ObjectKind::Table, "`a`"),
                (ObjectKind::Table, "`b`"),
                (ObjectKind::Table, "`s`.`c`"),
            ],
        ),
        (
            "CREATE TABLE a LIKE b",
            vec![(ObjectKind::Table, "`a`"), (ObjectKind::Table, "`b`")],
        ),
        (
            "ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b (y), ADD z INT REFERENCES d (e), RENAME c",
            vec![
                (ObjectKind::Table, "`a`"),
                (ObjectKind::Table, "`b`"),
                (ObjectKind::Table, "`d`"),
                (ObjectKind::Table, "`c`"),
            ],
        ),
        (
            "RENAME TABLE a TO b",
            vec![(ObjectKind::Table, "`a`"), (ObjectKind::Table, "`b`")],
        ),
        (
            "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
            vec![(ObjectKind::Trigger, "`g`"), (ObjectKind::Table, "`t`")],
        ),
        (
            "ALTER EVENT e RENAME TO f",
            vec![(ObjectKind::Event, "`e`"), (ObjectKind::Event, "`f`")],
        ),
        ("DROP FUNCTION f", vec![(ObjectKind::Function, "`f`")]),
        (
            "DROP VIEW v, w",
            vec![(ObjectKind::View, "`v`"), (ObjectKind::View, "`w`")],
        ),
        ("GRANT ALL ON *.* TO a", vec![]),
        ("CREATE TABLE ???", vec![]),
    ] {
        let definition = read(text);
        let found: Vec<(ObjectKind, String)> = definition
            .objects()
            .into_iter()
            .map(|(kind, name)| (kind, name.to_string()))
            .collect();
        let expected: Vec<(ObjectKind, String)> = expected
            .into_iter()
            .map(|(kind, name)| (kind, name.to_owned()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn operations_say_what_they_lose() {
    for (text, loss) in [
        ("DROP COLUMN a", Loss::Always),
        ("DROP PARTITION p", Loss::Always),
        ("TRUNCATE PARTITION p", Loss::Always),
        ("DISCARD TABLESPACE", Loss::Always),
        ("IMPORT TABLESPACE", Loss::Never),
        ("MODIFY a INT", Loss::Maybe),
        ("CHANGE a b INT", Loss::Maybe),
        ("CONVERT TO CHARSET latin1", Loss::Maybe),
        ("ENGINE=MEMORY", Loss::Maybe),
        ("COMMENT='x'", Loss::Never),
        ("DROP INDEX i", Loss::Never),
        ("ADD a INT", Loss::Never),
        ("RENAME COLUMN a TO b", Loss::Never),
    ] {
        let found: Vec<Loss> = operations(text)
            .iter()
            .map(sql::ddl::AlterOperation::loss)
            .collect();
        assert_eq!(found, [loss], "{text}");
    }
}
