//! Pull requests: what merging one would change, and what review says of it.

use crate::ids::{CommitSha, ProjectId, PullRequestNumber};
use crate::issue::Pusher;
use crate::push::{Answer, RepositoryRef};
use crate::risk::Risk;
use crate::target::Target;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The review of one pull request for one project, as its head and its base stood when it was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// The project.
    pub project: ProjectId,
    /// The repository that it would be merged into.
    pub repository: RepositoryRef,
    /// Its number there.
    pub number: PullRequestNumber,
    /// Whether it is open.
    pub state: PullRequestState,
    /// Who opened it, as GitHub authenticated it.
    pub author: Pusher,
    /// The branch that it would be merged into.
    pub base: String,
    /// That branch's head.
    pub base_commit: CommitSha,
    /// Its own head, which carries the check run.
    pub head: CommitSha,
    /// Where the two parted; none where they have nothing in common.
    pub merge_base: Option<CommitSha>,
    /// Whether its head is in another repository: nothing of it ever reaches a server.
    pub fork: bool,
    /// Each file under the base directory that it changes, by path.
    pub files: Vec<FileReview>,
    /// The targets on which it is rehearsed.
    pub targets: Vec<Target>,
    /// Counts writes; a write names the edition that it read.
    pub edition: u64,
    /// When it was reviewed.
    pub reviewed_at: Timestamp,
}

/// Whether a pull request is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullRequestState {
    /// It may be merged.
    Open,
    /// It was merged: the push of the merge is what counts.
    Merged,
    /// It was closed without being merged.
    Closed,
    /// It is open, into a branch that the project does not read any more.
    Elsewhere,
}

/// What review says of one changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReview {
    /// The path in the repository.
    pub path: String,
    /// What the push of the merge would answer. The number of an issue that is still to be made is only a guess.
    pub answer: Answer,
    /// What rules found in it, in the order of its text.
    pub noticed: Vec<Noticed>,
    /// What of its text policy may ask more approvals for.
    #[serde(default, skip_serializing_if = "Risk::is_none")]
    pub risk: Risk,
}

/// One thing that a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// The rule's stable code.
    pub rule: String,
    /// How much it weighs.
    pub weight: Weight,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is there, and what to do.
    pub message: String,
}

/// How much weighs what a rule found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Worth knowing.
    Info,
    /// Worth a second look; the change may run.
    Warning,
    /// The change must not run.
    Error,
}

impl PullRequest {
    /// The same, reviewed now: what is stored next.
    #[must_use]
    pub fn edited(self, now: Timestamp) -> Self {
        Self {
            edition: self.edition + 1,
            reviewed_at: now,
            ..self
        }
    }

    /// Whether two reviews say the same, whenever they were made.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let other = Self {
            edition: self.edition,
            reviewed_at: self.reviewed_at,
            ..other.clone()
        };
        self == &other
    }
}
