//! Rules over the facts of a change.
//!
//! One rule is one file under `rules/` and one page under `docs/rules/`; [`RULES`] lists them in order.

mod finding;
mod rule;
mod rules;
mod subject;

pub use finding::{Finding, Review, Severity};
pub use rule::Rule;
pub use rules::RULES;
pub use subject::Subject;

use model::ChangeType;
use sql::SqlMode;

/// Reviews the text of a change, read in the server's default `sql_mode`.
pub fn review(change_type: ChangeType, text: &str) -> Review {
    review_in(change_type, text, SqlMode::default())
}

/// Reviews the text of a change, read in a `sql_mode`.
pub fn review_in(change_type: ChangeType, text: &str, mode: SqlMode) -> Review {
    let subject = Subject::new(change_type, text, mode);
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.check)(&subject)).collect();
    findings.sort_by_key(|finding| (finding.line, finding.column));
    Review {
        statements: subject.into_statements(),
        findings,
    }
}
