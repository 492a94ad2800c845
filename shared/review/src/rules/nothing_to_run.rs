//! `nothing-to-run`: the text holds no statement.

use crate::finding::{Finding, Severity};
use crate::rule::Rule;
use crate::subject::Subject;

pub(crate) const RULE: Rule = Rule {
    code: "nothing-to-run",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if !matches!(&subject.statements, Ok(statements) if statements.is_empty()) {
        return Vec::new();
    }
    vec![Finding {
        rule: RULE.code,
        severity: Severity::Error,
        statement: None,
        line: 1,
        column: 1,
        message: "the file holds no statement: write one, or remove the file".to_owned(),
    }]
}
