//! What a rule says about a change.

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a second look; the change may run.
    Warning,
    /// The change must not run.
    Error,
}

/// One thing that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's stable code; `docs/rules/<code>.md` explains it.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The number of the statement, from 1; none where it is about the whole text.
    pub statement: Option<u32>,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is there, and what to do.
    pub message: String,
}

/// What a review found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The statements, in order; none where the text can't be read.
    pub statements: Vec<sql::Statement>,
    /// The findings, in the order of the text.
    pub findings: Vec<Finding>,
}

impl Review {
    /// Whether no finding is an error.
    pub fn passes(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity != Severity::Error)
    }
}
