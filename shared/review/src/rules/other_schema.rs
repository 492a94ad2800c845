//! `other-schema`: a name of another schema than the one that the change is applied to.

use crate::finding::{Finding, Severity};
use crate::rule::Rule;
use crate::subject::{Home, Subject};
use sql::{SqlMode, Statement};

pub(crate) const RULE: Rule = Rule {
    code: "other-schema",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let surroundings = subject.surroundings;
    let mut findings: Vec<Finding> = Vec::new();
    for statement in subject.statements() {
        for home in &surroundings.homes {
            let found = foreign(statement, surroundings.mode, home);
            findings.extend(found.filter(|finding| !findings.contains(finding)));
        }
    }
    findings
}

/// The first name of another schema in a statement, where it stands in the file.
fn foreign(statement: &Statement, mode: SqlMode, home: &Home) -> Option<Finding> {
    let names = sql::other_schemas(&statement.text, mode, &home.schema, &home.allowed);
    let (touched, refused) = names.into_iter().next()?;
    let column = if touched.line == 1 {
        statement.column + touched.column - 1
    } else {
        touched.column
    };
    Some(Finding {
        rule: RULE.code,
        severity: Severity::Error,
        statement: Some(statement.index),
        line: statement.line + touched.line - 1,
        column,
        message: refused.message,
    })
}
