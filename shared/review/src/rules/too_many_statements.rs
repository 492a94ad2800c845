//! `too-many-statements`: more statements than one change may have.

use crate::finding::{Finding, Severity};
use crate::rule::{Rule, at};
use crate::subject::Subject;

/// The most statements of one change: each is recorded by itself, on the target and in its revision.
pub(crate) const MOST: usize = 10_000;

pub(crate) const RULE: Rule = Rule {
    code: "too-many-statements",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let statements = subject.statements();
    let message = format!(
        "the file holds {} statements; a change may have {MOST}, for each is recorded by itself: write several rows into \
         one INSERT, or split the file into several versions",
        statements.len(),
    );
    let first_too_many = statements.get(MOST);
    first_too_many
        .map(|statement| at(statement, RULE.code, Severity::Error, message))
        .into_iter()
        .collect()
}
