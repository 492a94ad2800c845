//! `sql-unreadable`: the text can't be split into statements.

use crate::finding::{Finding, Severity};
use crate::rule::Rule;
use crate::subject::Subject;

pub(crate) const RULE: Rule = Rule {
    code: "sql-unreadable",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Err(error) = &subject.statements else {
        return Vec::new();
    };
    vec![Finding {
        rule: RULE.code,
        severity: Severity::Error,
        statement: None,
        line: error.line,
        column: error.column,
        message: error.problem.to_string(),
    }]
}
