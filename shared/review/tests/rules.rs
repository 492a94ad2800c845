//! What each rule finds, and that each has its page.

use model::ChangeType;
use review::{Home, RULES, Review, Severity, Surroundings};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn review(change_type: ChangeType, text: &str) -> Review {
    review::review(change_type, text, &Surroundings::default())
}

/// The findings as (rule, severity, statement, line, column).
fn check(change_type: ChangeType, text: &str, expect: &[(&str, Severity, Option<u32>, u32, u32)]) {
    let found = review(change_type, text);
    let found: Vec<_> = found
        .findings
        .iter()
        .map(|each| (each.rule, each.severity, each.statement, each.line, each.column))
        .collect();
    assert_eq!(found, expect, "{text}");
}

#[test]
fn a_sound_change_has_no_finding() {
    check(
        ChangeType::Ddl,
        "CREATE TABLE t (a INT);\nALTER TABLE t ADD b INT;",
        &[],
    );
    check(
        ChangeType::Dml,
        "SET @a = 1;\nINSERT INTO t SELECT @a;\nUPDATE t SET a = 1 WHERE TRUE;",
        &[],
    );
    check(
        ChangeType::Dml,
        "CREATE TEMPORARY TABLE x (a INT); DELETE FROM t WHERE a;",
        &[],
    );
}

#[test]
fn unreadable_text_is_one_error() {
    let text = "DROP TABLE t;\nSELECT 'a";
    check(
        ChangeType::Ddl,
        text,
        &[("sql-unreadable", Severity::Error, None, 2, 8)],
    );
    assert!(!review(ChangeType::Ddl, text).passes());
    assert_eq!(review(ChangeType::Ddl, text).statements, []);
}

#[test]
fn more_statements_than_can_be_recorded_are_refused_with_the_limit() {
    let text = "DO 1;\n".repeat(10_000);
    check(ChangeType::Dml, &text, &[]);
    let text = "DO 1;\n".repeat(100_000);
    let found = review(ChangeType::Dml, &text);
    assert!(!found.passes());
    let [finding] = found.findings.as_slice() else {
        panic!("{} findings", found.findings.len());
    };
    assert_eq!((finding.statement, finding.line), (Some(10_001), 10_001));
    assert!(
        finding
            .message
            .starts_with("the file holds 100000 statements; a change may have 10000,"),
        "{}",
        finding.message
    );
}

#[test]
fn text_without_statement_is_an_error() {
    for text in ["", "\n", ";;", "-- nothing\n/* here */"] {
        check(
            ChangeType::Ddl,
            text,
            &[("nothing-to-run", Severity::Error, None, 1, 1)],
        );
    }
}

#[test]
fn refused_statements_are_errors() {
    check(
        ChangeType::Ddl,
        "USE other;\nCREATE TABLE t (a INT);\n  COMMIT;",
        &[
            ("statement-refused", Severity::Error, Some(1), 1, 1),
            ("statement-refused", Severity::Error, Some(3), 3, 3),
        ],
    );
}

#[test]
fn the_other_type_is_a_warning() {
    check(
        ChangeType::Ddl,
        "INSERT INTO t VALUES (1)",
        &[("type-mismatch", Severity::Warning, Some(1), 1, 1)],
    );
    check(
        ChangeType::Dml,
        "CREATE TABLE t (a INT)",
        &[("type-mismatch", Severity::Warning, Some(1), 1, 1)],
    );
    assert!(review(ChangeType::Dml, "CREATE TABLE t (a INT)").passes());
}

#[test]
fn losing_data_is_a_warning() {
    check(
        ChangeType::Dml,
        "DELETE FROM t;\nUPDATE t SET a = 1",
        &[
            ("dml-without-where", Severity::Warning, Some(1), 1, 1),
            ("dml-without-where", Severity::Warning, Some(2), 2, 1),
        ],
    );
    check(
        ChangeType::Ddl,
        "ALTER TABLE t DROP a",
        &[("destructive", Severity::Warning, Some(1), 1, 1)],
    );
}

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules")
}

#[test]
fn every_rule_has_its_page() {
    for rule in RULES {
        let page = std::fs::read_to_string(pages().join(format!("{}.md", rule.code))).unwrap_or_default();
        assert!(
            page.starts_with(&format!("# {}\n", rule.code)),
            "no page: docs/rules/{}.md",
            rule.code
        );
        for section in ["## What", "## Why", "## Write instead"] {
            assert!(
                page.contains(section),
                "docs/rules/{}.md has no section {section}",
                rule.code
            );
        }
    }
}

#[test]
fn every_page_has_its_rule() -> std::io::Result<()> {
    let codes: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), RULES.len(), "a code is used twice");
    for entry in std::fs::read_dir(pages())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let code = name.strip_suffix(".md").unwrap_or(&name);
        assert!(
            codes.contains(code) || code == "README",
            "docs/rules/{name} explains no rule"
        );
    }
    Ok(())
}

#[test]
fn another_schema_is_refused_where_it_is_named_unless_it_is_allowed() {
    let surroundings = |homes: &[(&str, &[&str])]| Surroundings {
        homes: homes
            .iter()
            .map(|(schema, allowed)| Home {
                schema: (*schema).to_owned(),
                allowed: allowed.iter().map(|schema| (*schema).to_owned()).collect(),
            })
            .collect(),
        ..Surroundings::default()
    };
    let text = "SELECT o.id FROM shop.orders o;\nINSERT INTO orders\n  SELECT * FROM audit.log JOIN information_schema.tables;";
    for (homes, expected) in [
        (&[("shop", &["audit"][..])][..], vec![]),
        (&[("shop", &[])], vec![(2, 3, 17)]),
        (&[("audit", &[])], vec![(1, 1, 18)]),
        (&[("audit", &["shop"])], vec![]),
        // A change of several targets is held against each.
        (&[("shop", &["audit"]), ("stock", &["audit"])], vec![(1, 1, 18)]),
        (&[], vec![]),
    ] {
        let found = review::review(ChangeType::Dml, text, &surroundings(homes));
        let places: Vec<_> = found
            .findings
            .iter()
            .map(|finding| {
                assert_eq!(
                    (finding.rule, finding.severity),
                    ("other-schema", Severity::Error)
                );
                (
                    finding.statement.unwrap_or_default(),
                    finding.line,
                    finding.column,
                )
            })
            .collect();
        assert_eq!(places, expected, "{homes:?}");
    }
    let found = review::review(ChangeType::Dml, text, &surroundings(&[("shop", &[])]));
    let message = &found.findings[0].message;
    assert!(
        message.starts_with("the statement reads `audit`.`log`, but a change of shop stays in shop"),
        "{message}"
    );
    assert!(message.contains("`allowed_schemas`"), "{message}");
}
