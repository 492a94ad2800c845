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
