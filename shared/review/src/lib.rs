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
pub use subject::{Home, Subject, Surroundings};

use model::ChangeType;

/// Reviews the text of a change for where it is applied.
pub fn review(change_type: ChangeType, text: &str, surroundings: &Surroundings) -> Review {
    let subject = Subject::new(change_type, text, surroundings);
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.check)(&subject)).collect();
    findings.sort_by_key(|finding| (finding.line, finding.column));
    Review {
        statements: subject.into_statements(),
        findings,
    }
}
