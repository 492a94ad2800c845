//! `dml-without-where`: an `UPDATE` or `DELETE` of all rows.

use crate::finding::{Finding, Severity};
use crate::rule::{Rule, at};
use crate::subject::Subject;

pub(crate) const RULE: Rule = Rule {
    code: "dml-without-where",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let statements = subject.statements().iter();
    statements
        .filter(|statement| statement.facts.without_where)
        .map(|statement| {
            let message = format!(
                "{} without WHERE changes every row: add the condition, or WHERE TRUE where all rows are meant",
                statement.facts.verb
            );
            at(statement, RULE.code, Severity::Warning, message)
        })
        .collect()
}
