//! Pull requests: what the push of a merge would say, as a check run and as a comment.

mod body;
mod notes;
#[cfg(test)]
mod samples;
mod verdict;

pub use notes::PullRequestNote;

use crate::CheckWord;
use crate::MOST;
use crate::text::prose;
use body::Body;
use jiff::Timestamp;
use model::{Answer, Checksum, PullRequest, PullRequestState, PullRequestView};

/// The most lines of schema diffs in a comment; the check run has room for more.
const COMMENTED_LINES: usize = 200;

/// What is said of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestText {
    /// Where the check run stands.
    pub state: CheckWord,
    /// One line.
    pub title: String,
    /// The check run: Markdown, at most [`MOST`] bytes.
    pub summary: String,
    /// The comment: Markdown, at most [`MOST`] bytes.
    pub comment: String,
    /// What the comment is found by again.
    pub marker: String,
    /// Whether a comment is made where there is none: where something of ours changes.
    pub worth_a_comment: bool,
    /// Notes on lines. One that was there once stays where it was: others come behind it.
    pub notes: Vec<PullRequestNote>,
}

/// Renders what is said of a pull request at a time. `name` is that of its check run.
pub fn pull_request(view: &PullRequestView, name: &str, now: Timestamp) -> PullRequestText {
    let (state, title) = verdict::verdict(view, now);
    let marker = marker(&view.pull);
    let mut summary = Body::new(String::new(), MOST);
    summary.write(
        view,
        now,
        usize::MAX,
        "`sluice apply DIR --target … --dry-run` shows it whole",
    );
    let head = format!("{marker}\n### {}: {}\n\n", prose(name), prose(&title));
    let mut comment = Body::new(head, MOST);
    let more = format!("the check run {} shows more", prose(name));
    comment.write(view, now, COMMENTED_LINES, &more);
    PullRequestText {
        state,
        title,
        summary: summary.into_text(),
        comment: comment.into_text(),
        marker,
        worth_a_comment: worth_a_comment(&view.pull),
        notes: notes::notes(view),
    }
}

/// A line that nobody sees, and no text of others can hold: it begins as a comment of HTML.
fn marker(pull: &PullRequest) -> String {
    let project = Checksum::of(pull.project.as_str().as_bytes());
    format!("<!-- sluice-review {} -->", project.short())
}

/// What is merely ignored is worth one only where it looks like a change.
fn worth_a_comment(pull: &PullRequest) -> bool {
    pull.state == PullRequestState::Open
        && pull.files.iter().any(|file| match &file.answer {
            Answer::Taken { .. }
            | Answer::Known { .. }
            | Answer::Covered { .. }
            | Answer::Gone { .. }
            | Answer::Waiting { .. }
            | Answer::Refused { .. } => true,
            Answer::Ignored { .. } => file.path.to_ascii_lowercase().ends_with(".sql"),
        })
}
