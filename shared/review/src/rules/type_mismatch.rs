//! `type-mismatch`: a statement of the other type than the file's name says.

use crate::finding::{Finding, Severity};
use crate::rule::{Rule, at};
use crate::subject::Subject;
use model::ChangeType;
use sql::{Kind, Statement};

pub(crate) const RULE: Rule = Rule {
    code: "type-mismatch",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let said = subject.change_type;
    let statements = subject.statements().iter();
    statements
        .filter_map(|statement| {
            let is = type_of(statement).filter(|is| *is != said)?;
            let message = format!(
                "{} is {is}, but the file's name says {said}: move it into a change of type {is}",
                statement.facts.verb
            );
            Some(at(statement, RULE.code, Severity::Warning, message))
        })
        .collect()
}

/// The type that a statement asks for; none where it fits both. A temporary table is a means of either.
fn type_of(statement: &Statement) -> Option<ChangeType> {
    match statement.facts.kind {
        Kind::Ddl if statement.facts.session_state => None,
        Kind::Ddl => Some(ChangeType::Ddl),
        Kind::Dml => Some(ChangeType::Dml),
        Kind::Query | Kind::TransactionControl | Kind::Session | Kind::Admin => None,
    }
}
