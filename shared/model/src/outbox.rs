//! The outbox: stored intentions to tell GitHub and whoever listens to events, written in the transaction of the change that they tell of.

use crate::ids::{CommitSha, IssueNumber, ProjectId, PullRequestNumber};
use crate::target::TaskKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One stored intention. It is deleted when delivered; delivering twice does no harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// Unique, ordered by time of writing.
    pub id: String,
    /// What to do.
    pub errand: Errand,
    /// Deliveries tried so far that failed.
    pub attempt: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// Not to be tried before.
    pub due_at: Timestamp,
}

impl OutboxItem {
    /// An intention that is due at once.
    pub fn new(id: String, errand: Errand, now: Timestamp) -> Self {
        Self {
            id,
            errand,
            attempt: 0,
            created_at: now,
            due_at: now,
        }
    }
}

/// What to tell. Of GitHub always the present state, never the state at the time of writing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "snake_case")]
pub enum Errand {
    /// Bring the check run of a push up to date.
    CheckRun {
        /// The project.
        project: ProjectId,
        /// The commit that carries the check run.
        commit: CommitSha,
    },
    /// Bring the check run and the comment of a pull request up to date.
    PullRequest {
        /// The project.
        project: ProjectId,
        /// The pull request.
        number: PullRequestNumber,
    },
    /// Commit the latest schema of a task's target to the repository.
    WriteBack {
        /// The task whose change made it the latest.
        task: TaskKey,
    },
    /// Tell whoever listens what happened to an issue since they were told last.
    Events {
        /// The issue.
        issue: IssueNumber,
    },
}
