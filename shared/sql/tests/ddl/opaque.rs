//! What could not be read, and where.

use sql::SqlMode;
use sql::ddl::{Definition, Opaque, definition};

pub(crate) fn opaque(text: &str) -> Opaque {
    let Some(Definition::Opaque(opaque)) = definition(text, SqlMode::default()) else {
        panic!("{text}");
    };
    opaque
}

/// The reader stops where this rest of the statement starts; at its end where it is empty.
#[track_caller]
pub(crate) fn stops(text: &str, rest: &str) {
    let at = opaque(text).at;
    let found = text.get(at..).unwrap_or("no character starts there");
    let stopped = if rest.is_empty() {
        found.is_empty()
    } else {
        found.starts_with(rest)
    };
    assert!(stopped, "{text}: stopped at {found:?}");
}

#[test]
fn the_leading_keywords_are_kept() {
    for (text, verb) in [
        ("CREATE TABLE t (a INT) ENGINE", "CREATE TABLE"),
        ("create unique index i", "CREATE INDEX"),
        ("CREATE TEMPORARY TABLE t", "CREATE TABLE"),
        ("CREATE DEFINER=a VIEW v", "CREATE VIEW"),
        ("ALTER TABLE", "ALTER TABLE"),
        ("CREATE SEQUENCE s", "CREATE SEQUENCE"),
        ("CREATE EXTERNAL TABLE t (a INT)", "CREATE EXTERNAL"),
        ("ALTER SEQUENCE s", "ALTER SEQUENCE"),
        ("DROP SEQUENCE s", "DROP SEQUENCE"),
        ("RENAME VIEW a TO b", "RENAME VIEW"),
        ("TRUNCATE a b", "TRUNCATE"),
        ("CREATE", "CREATE"),
        ("DROP TABLE 'x'", "DROP TABLE"),
    ] {
        assert_eq!(opaque(text).verb, verb, "{text}");
    }
}

#[test]
fn a_text_that_ends_within_quotes_is_opaque_where_they_open() {
    stops("CREATE TABLE t (a INT) COMMENT='x", "'x");
    stops("CREATE TABLE t (a INT) /* x", "/* x");
    stops("DROP TABLE t `x", "`x");
}

#[test]
fn what_some_servers_skip_is_left_to_them() {
    for (text, verb, rest) in [
        (
            "CREATE TABLE z (a INT /*!99998 , b INT */)",
            "CREATE TABLE",
            "/*!99998",
        ),
        (
            "ALTER TABLE t DROP COLUMN b /*!90800 , DROP COLUMN c */",
            "ALTER TABLE",
            "/*!90800",
        ),
        (
            "ALTER TABLE t /*!99998 ADD x INT, */ DROP COLUMN b",
            "ALTER TABLE",
            "/*!99998",
        ),
        ("/*!90800 SELECT 1, */ DROP TABLE t", "DROP TABLE", "/*!90800"),
        ("/*!90800 DROP */ TABLE t", "DROP TABLE", "/*!90800"),
        (
            "DROP TABLE t /*!90800 , u */ /*!90900 , v */",
            "DROP TABLE",
            "/*!90800",
        ),
    ] {
        assert_eq!(opaque(text).verb, verb, "{text}");
        stops(text, rest);
    }
    for text in [
        "CREATE TABLE z (a INT /*!80016 NOT NULL */ /*!80023 INVISIBLE */)",
        "CREATE TABLE z (a INT /*!99999 , b INT */)",
        "CREATE TABLE z (a INT /*!90800 */)",
        "DROP TABLE /*!80028 IF EXISTS */ t /*!100100 , u */",
    ] {
        let found = definition(text, SqlMode::default());
        assert!(
            !matches!(found, None | Some(Definition::Opaque(_))),
            "{text}: {found:?}"
        );
    }
    assert_eq!(
        definition("/*!90800 SELECT */ /*!90900 1 */", SqlMode::default()),
        None
    );
}
