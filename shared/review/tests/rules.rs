//! What each rule finds, and that each has its page.

use model::ChangeType;
use review::{RULES, Severity, review};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
