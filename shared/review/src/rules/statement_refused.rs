//! `statement-refused`: a statement that no change may hold.

use crate::finding::{Finding, Severity};
use crate::rule::{Rule, at};
use crate::subject::Subject;

pub(crate) const RULE: Rule = Rule {
    code: "statement-refused",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let statements = subject.statements().iter();
    statements
        .filter_map(|statement| {
            let refused = sql::refusal(statement)?;
            Some(at(statement, RULE.code, Severity::Error, refused.message))
        })
        .collect()
}
