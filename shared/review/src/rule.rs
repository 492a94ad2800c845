//! One rule.

use crate::finding::{Finding, Severity};
use crate::subject::Subject;
use sql::Statement;

/// A check with a stable code. What it says is explained in `docs/rules/<code>.md`.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The stable code, kebab-case.
    pub code: &'static str,
    /// What it finds.
    pub check: fn(&Subject<'_>) -> Vec<Finding>,
}

/// A finding at a statement.
pub(crate) fn at(statement: &Statement, rule: &'static str, severity: Severity, message: String) -> Finding {
    Finding {
        rule,
        severity,
        statement: Some(statement.index),
        line: statement.line,
        column: statement.column,
        message,
    }
}
