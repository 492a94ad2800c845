//! What people read, rendered: check runs, diffs, terminal text.

mod diff;

pub use diff::schema_diff;

use model::{Push, Revision, TaskView};

/// Where a check run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckWord {
    /// Nothing began.
    Queued,
    /// Something began.
    InProgress,
    /// A person has to act.
    ActionRequired,
    /// All is well.
    Success,
    /// Something failed or was refused.
    Failure,
    /// Nothing to do.
    Neutral,
}

/// The text of a check run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRunText {
    /// Where it stands.
    pub state: CheckWord,
    /// One line.
    pub title: String,
    /// Markdown.
    pub summary: String,
}

/// Renders the check run of a push. (Being written.)
pub fn check_run(_push: &Push, _tasks: &[TaskView]) -> CheckRunText {
    CheckRunText {
        state: CheckWord::Queued,
        title: String::new(),
        summary: String::new(),
    }
}

/// The message of a write-back commit. (Being written.)
pub fn write_back_message(revision: &Revision) -> String {
    revision.change.version.to_string()
}
