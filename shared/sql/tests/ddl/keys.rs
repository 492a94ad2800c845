//! Keys and constraints.

use crate::compact::{key, key_text};
use crate::opaque::stops;
use sql::ddl::{Action, Check, Element, ForeignKey, ObjectName, References};

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let Element::Key(key) = key(text) else {
            panic!("{text}");
        };
        assert_eq!(&key_text(&key), expected, "{text}");
    }
}

#[test]
fn keys_are_read_with_their_names_parts_and_options() {
    check(&[
        ("PRIMARY KEY (a)", "Primary None [a] "),
        (
            "CONSTRAINT pk PRIMARY KEY USING HASH (a, `b`)",
            "Primary None [a b] USING=HASH",
        ),
        ("CONSTRAINT PRIMARY KEY (a)", "Primary None [a] "),
        ("CONSTRAINT pk PRIMARY KEY (a)", "Primary None [a] "),
        ("PRIMARY KEY p (a)", "Primary None [a] "),
        ("UNIQUE (a)", "Unique None [a] "),
        ("UNIQUE INDEX u (a DESC, b ASC)", "Unique Some(\"u\") [a- b] "),
        ("CONSTRAINT c UNIQUE KEY u (a)", "Unique Some(\"u\") [a] "),
        ("CONSTRAINT c UNIQUE (a)", "Unique Some(\"c\") [a] "),
        ("KEY (a(10))", "Plain None [a:10] "),
        (
            "INDEX `i` USING BTREE (a) COMMENT 'x' INVISIBLE",
            "Plain Some(\"i\") [a] USING=BTREE; COMMENT='x'; INVISIBLE=",
        ),
        (
            "KEY k TYPE btree (a) KEY_BLOCK_SIZE = 8 VISIBLE",
            "Plain Some(\"k\") [a] USING=BTREE; KEY_BLOCK_SIZE=8; VISIBLE=",
        ),
        ("KEY type (a)", "Plain Some(\"type\") [a] "),
        (
            "KEY k ((lower(`a`)) DESC, (b + 1))",
            "Plain Some(\"k\") [<lower(`a`)>- <b + 1>] ",
        ),
        (
            "KEY k ((cast(j->'$.a' as unsigned array)))",
            "Plain Some(\"k\") [<cast(j->'$.a' as unsigned array)>] ",
        ),
        (
            "FULLTEXT KEY f (a, b) WITH PARSER ngram",
            "Fulltext Some(\"f\") [a b] PARSER=ngram",
        ),
        ("FULLTEXT (a)", "Fulltext None [a] "),
        (
            "FULLTEXT KEY f (a) /*!50100 WITH PARSER `ngram` */ ",
            "Fulltext Some(\"f\") [a] PARSER=`ngram`",
        ),
        ("SPATIAL INDEX s (g)", "Spatial Some(\"s\") [g] "),
        (
            "KEY k (a) ENGINE_ATTRIBUTE='{}' USING HASH",
            "Plain Some(\"k\") [a] ENGINE_ATTRIBUTE='{}'; USING=HASH",
        ),
    ]);
}

#[test]
fn foreign_keys_are_read_with_their_actions() {
    let foreign = |name: Option<&str>, index: Option<&str>, on_delete, on_update| {
        Element::ForeignKey(ForeignKey {
            name: name.map(str::to_owned),
            index: index.map(str::to_owned),
            columns: vec!["a".to_owned(), "b".to_owned()],
            references: References {
                table: ObjectName::bare("o"),
                columns: vec!["x".to_owned(), "y".to_owned()],
                matching: None,
                on_delete,
                on_update,
            },
        })
    };
    let cases = [
        (
            "FOREIGN KEY (a,b) REFERENCES o (x,y)",
            foreign(None, None, None, None),
        ),
        (
            "CONSTRAINT `f` FOREIGN KEY i (a,b) REFERENCES `o` (x,y) ON UPDATE CASCADE ON DELETE RESTRICT",
            foreign(
                Some("f"),
                Some("i"),
                Some(Action::Restrict),
                Some(Action::Cascade),
            ),
        ),
        (
            "FOREIGN KEY (a,b) REFERENCES o (x,y) ON DELETE SET DEFAULT",
            foreign(None, None, Some(Action::SetDefault), None),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(key(text), expected, "{text}");
    }
}

#[test]
fn checks_are_enforced_unless_they_say_otherwise() {
    let check = |name: Option<&str>, enforced| {
        Element::Check(Check {
            name: name.map(str::to_owned),
            expression: "(a > 0) and (b < ')')".to_owned(),
            enforced,
        })
    };
    for (before, after, name, enforced) in [
        ("", "", None, true),
        ("CONSTRAINT", "ENFORCED", None, true),
        ("CONSTRAINT c", "NOT ENFORCED", Some("c"), false),
        ("CONSTRAINT c", "/*!80016 NOT ENFORCED */", Some("c"), false),
    ] {
        let text = format!("{before} CHECK ((a > 0) and (b < ')')) {after}");
        assert_eq!(key(&text), check(name, enforced), "{text}");
    }
}

#[test]
fn what_is_no_key_stops_the_reader() {
    stops("CREATE TABLE t (a INT, KEY)", ")");
    stops("CREATE TABLE t (a INT, KEY ())", "))");
    stops("CREATE TABLE t (a INT, KEY k (a) WITH PARSER x)", "WITH");
    stops("CREATE TABLE t (a INT, KEY k USING SOUP (a))", "SOUP");
    stops("CREATE TABLE t (a INT, CONSTRAINT c KEY (a))", "KEY (a)");
    stops("CREATE TABLE t (a INT, PRIMARY (a))", "PRIMARY");
    stops("CREATE TABLE t (a INT, FOREIGN KEY (a))", ")");
    stops("CREATE TABLE t (a INT, CHECK a > 0)", "a > 0");
}
