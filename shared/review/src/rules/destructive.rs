//! `destructive`: a statement that loses data for good.

use crate::finding::{Finding, Severity};
use crate::rule::{Rule, at};
use crate::subject::Subject;

pub(crate) const RULE: Rule = Rule {
    code: "destructive",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let statements = subject.statements().iter();
    statements
        // Writes without WHERE have a rule of their own.
        .filter(|statement| statement.facts.destructive && !statement.facts.without_where)
        .map(|statement| {
            let message = format!(
                "{} loses data that no later change can bring back: make sure that nothing reads it and that a \
                 backup holds it",
                statement.facts.verb
            );
            at(statement, RULE.code, Severity::Warning, message)
        })
        .collect()
}
