//! Names, quotes, comments.

use crate::compact::{column, table};
use sql::SqlMode;
use sql::ddl::{Definition, definition};

#[test]
fn names_are_read_however_they_are_written() {
    for (text, expected) in [
        ("t", "`t`"),
        ("`t`", "`t`"),
        ("`a``b`", "`a``b`"),
        ("s.t", "`s`.`t`"),
        ("s . `t`", "`s`.`t`"),
        ("`s`. t", "`s`.`t`"),
        (".t", "`t`"),
        ("s.select", "`s`.`select`"),
        ("1a", "`1a`"),
        ("s.1t", "`s`.`1t`"),
        ("s.99", "`s`.`99`"),
        ("s.1e1", "`s`.`1e1`"),
        ("`s`.7", "`s`.`7`"),
        ("$x", "`$x`"),
        ("größe", "`größe`"),
        ("comment", "`comment`"),
        ("`select`", "`select`"),
        ("qualify", "`qualify`"),
        ("s/* x */./* y */t", "`s`.`t`"),
    ] {
        assert_eq!(
            table(&format!("CREATE TABLE {text} (a INT)")).name.to_string(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn double_quotes_are_names_where_the_mode_says_so() {
    let text = "CREATE TABLE \"s\".\"a\"\"b\" (\"c\" INT DEFAULT 'x')";
    let ansi = SqlMode {
        ansi_quotes: true,
        ..SqlMode::default()
    };
    let Some(Definition::CreateTable(table)) = definition(text, ansi) else {
        panic!("read otherwise");
    };
    assert_eq!(table.name.to_string(), "`s`.`a\"b`");
    assert!(matches!(
        definition(text, SqlMode::default()),
        Some(Definition::Opaque(_))
    ));
}

#[test]
fn words_of_the_grammar_may_name_columns() {
    for name in [
        "comment",
        "data",
        "date",
        "status",
        "type",
        "visible",
        "key_block_size",
        "first",
        "storage",
        "enum",
    ] {
        assert_eq!(column(&format!("{name} INT")).name, name);
    }
}

#[test]
fn comments_go_and_what_they_part_stays_apart() {
    let made = column("c INT DEFAULT (a/**/b /* x */ + 1 -- y\n + 2)");
    assert_eq!(
        format!("{:?}", made.attributes),
        "[Default(\"(a b + 1 \\n + 2)\")]"
    );
}
