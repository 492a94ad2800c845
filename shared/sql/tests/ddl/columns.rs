//! Attributes of columns.

use crate::compact::{attributes, column};
use crate::opaque::stops;
use sql::ddl::{Action, Attribute, Check, ObjectName, References, Storage};

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(
            &attributes(&column(&format!("c {text}")).attributes),
            expected,
            "{text}"
        );
    }
}

#[test]
fn defaults_are_kept_as_they_are_written() {
    for default in [
        "1",
        "-1",
        "+1.5e3",
        ".5",
        "1.",
        "1e-3",
        "0x1F",
        "x'ff'",
        "b'0'",
        "0b01",
        "NULL",
        "TRUE",
        "false",
        "'it''s'",
        "'a' 'b'",
        "N'x'",
        "_utf8mb4'x'",
        "_latin1 x'61'",
        "_binary 0x61",
        "DATE '2020-01-01'",
        "CURRENT_TIMESTAMP",
        "current_timestamp(3)",
        "NOW()",
        "LOCALTIMESTAMP(6)",
        "(uuid())",
        "(`a` + (1))",
    ] {
        let column = column(&format!("c INT DEFAULT {default} NOT NULL"));
        let expected = [Attribute::Default(default.to_owned()), Attribute::NotNull];
        assert_eq!(column.attributes, expected, "{default}");
    }
}

#[test]
fn what_is_no_default_stops_the_reader() {
    stops("CREATE TABLE t (c INT DEFAULT a)", "a)");
    stops("CREATE TABLE t (c INT DEFAULT now)", "now)");
    stops("CREATE TABLE t (c INT DEFAULT 1 + 1)", "+ 1");
    stops("CREATE TABLE t (c INT DEFAULT 1e-)", ")");
    stops("CREATE TABLE t (c INT DEFAULT ())", "))");
    stops("CREATE TABLE t (c INT DEFAULT 1.5.5)", ".5)");
    stops("CREATE TABLE t (c INT DEFAULT 1e5.5)", ".5)");
    stops("CREATE TABLE t (c INT DEFAULT 1 .5)", ".5");
    stops("CREATE TABLE t (c INT DEFAULT -'1')", "'1'");
}

#[test]
fn attributes_are_read_in_any_order() {
    check(&[
        (
            "INT NOT NULL AUTO_INCREMENT PRIMARY KEY",
            "NotNull; AutoIncrement; PrimaryKey",
        ),
        ("INT KEY NULL", "PrimaryKey; Null"),
        ("INT UNIQUE KEY COMMENT 'x'", "Unique; Comment(\"'x'\")"),
        ("INT UNIQUE", "Unique"),
        ("BIGINT SERIAL DEFAULT VALUE", "SerialDefault"),
        (
            "DATETIME(3) ON UPDATE NOW(3) DEFAULT NOW(3)",
            "OnUpdate(\"NOW(3)\"); Default(\"NOW(3)\")",
        ),
        ("INT INVISIBLE", "Invisible"),
        ("INT VISIBLE", "Visible"),
        ("POINT NOT NULL SRID 4326", "NotNull; Srid(\"4326\")"),
        (
            "INT COLUMN_FORMAT dynamic STORAGE DISK",
            "ColumnFormat(\"DYNAMIC\"); StorageMedium(\"DISK\")",
        ),
        ("INT NOT SECONDARY", "NotSecondary"),
        (
            "INT ENGINE_ATTRIBUTE='{}' SECONDARY_ENGINE_ATTRIBUTE '{}'",
            "EngineAttribute(\"'{}'\"); SecondaryEngineAttribute(\"'{}'\")",
        ),
        (
            "INT /*!80023 INVISIBLE */ /*!99999 NONSENSE ( */ NULL",
            "Invisible; Null",
        ),
    ]);
}

#[test]
fn a_collation_among_the_attributes_is_that_of_the_type() {
    let column = column("c CHAR(1) NOT NULL COLLATE `utf8mb4_bin` DEFAULT 'x'");
    assert_eq!(column.data_type.collation.as_deref(), Some("utf8mb4_bin"));
    assert_eq!(attributes(&column.attributes), "NotNull; Default(\"'x'\")");
}

#[test]
fn generated_columns_are_read_with_and_without_their_first_words() {
    let generated = |expression: &str, storage| Attribute::Generated {
        expression: expression.to_owned(),
        storage,
    };
    let cases = [
        ("INT AS (a+1)", generated("a+1", None)),
        (
            "INT GENERATED ALWAYS AS ((`a` + 1)) STORED",
            generated("(`a` + 1)", Some(Storage::Stored)),
        ),
        (
            "CHAR(1) COLLATE x AS (concat(a, ')')) VIRTUAL",
            generated("concat(a, ')')", Some(Storage::Virtual)),
        ),
        ("INT AS (a /* why */ + -- so\n 1)", generated("a + \n 1", None)),
    ];
    for (text, expected) in cases {
        assert_eq!(
            column(&format!("c {text} NOT NULL")).attributes,
            [expected, Attribute::NotNull],
            "{text}"
        );
    }
    stops("CREATE TABLE t (c INT NOT NULL AS (1))", "AS");
    stops("CREATE TABLE t (c INT GENERATED AS (1))", "AS");
    stops("CREATE TABLE t (c INT AS ())", "))");
}

#[test]
fn checks_of_a_column_are_read_with_their_enforcement() {
    let check = |name: Option<&str>, enforced| {
        Attribute::Check(Check {
            name: name.map(str::to_owned),
            expression: "c > 0".to_owned(),
            enforced,
        })
    };
    let cases = [
        ("CHECK (c > 0)", check(None, true)),
        ("CONSTRAINT CHECK (c > 0) NOT ENFORCED", check(None, false)),
        ("CONSTRAINT `x` CHECK (c > 0) ENFORCED", check(Some("x"), true)),
    ];
    for (text, expected) in cases {
        assert_eq!(
            column(&format!("c INT {text} NULL")).attributes,
            [expected, Attribute::Null],
            "{text}"
        );
    }
    stops("CREATE TABLE t (c INT NOT ENFORCED)", "NOT");
}

#[test]
fn references_of_a_column_come_last() {
    let references = References {
        table: ObjectName {
            schema: Some("s".to_owned()),
            name: "o".to_owned(),
        },
        columns: vec!["x".to_owned()],
        matching: Some("FULL".to_owned()),
        on_delete: Some(Action::SetNull),
        on_update: Some(Action::NoAction),
    };
    assert_eq!(
        column("c INT NULL REFERENCES s.o (x) MATCH FULL ON UPDATE NO ACTION ON DELETE SET NULL").attributes,
        [Attribute::Null, Attribute::References(references)]
    );
    stops("CREATE TABLE t (c INT REFERENCES o (x) NULL)", "NULL");
    stops(
        "CREATE TABLE t (c INT REFERENCES o ON DELETE CASCADE ON DELETE CASCADE)",
        "ON DELETE CASCADE)",
    );
}
