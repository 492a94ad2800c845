//! The outbox: stored intentions to tell GitHub, written in the transaction of the change that they tell of.

use crate::ids::{CommitSha, ProjectId, PullRequestNumber};
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

/// What to tell GitHub. Always the present state, never the state at the time of writing.
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
}
