//! Pushes: what a commit changed, and the answer that each file got.

use crate::checksum::Checksum;
use crate::ids::{CommitSha, IssueNumber, ProjectId, RepositoryId};
use crate::issue::Pusher;
use crate::target::TaskKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A repository as our App sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RepositoryRef {
    /// The numeric id, which survives renames.
    pub id: RepositoryId,
    /// The App installation that may read it.
    pub installation_id: u64,
    /// `owner/name`, for display and for paths of the API.
    pub name: String,
}

/// The record of one planned push of one project. It owns the check run of its commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// The project.
    pub project: ProjectId,
    /// The repository.
    pub repository: RepositoryRef,
    /// The branch.
    pub branch: String,
    /// The head that was planned.
    pub commit: CommitSha,
    /// The head that it was compared with; none for a branch seen for the first time.
    pub base: Option<CommitSha>,
    /// Who pushed.
    pub pusher: Pusher,
    /// The issue that it made, if any.
    pub issue: Option<IssueNumber>,
    /// What became of each changed file under the base directory, by path.
    pub answers: Vec<FileAnswer>,
    /// Counts writes; a write names the edition that it read. A head that comes back is planned again.
    pub edition: u64,
    /// When it was planned.
    pub planned_at: Timestamp,
}

impl Push {
    /// The issue that it is shown under: the one that it made, or else the first one that took a file of it.
    pub fn shown_issue(&self) -> Option<IssueNumber> {
        self.issue.or_else(|| {
            self.answers.iter().find_map(|file| match &file.answer {
                Answer::Taken { issue, .. } => Some(*issue),
                Answer::Known { .. }
                | Answer::Covered { .. }
                | Answer::Gone { .. }
                | Answer::Refused { .. }
                | Answer::Waiting { .. }
                | Answer::Ignored { .. } => None,
            })
        })
    }

    /// Whether its answers show a task with this text.
    pub fn shows(&self, key: &TaskKey, text: &Checksum) -> bool {
        self.answers.iter().any(|file| match &file.answer {
            Answer::Taken { tasks, checksum, .. } => checksum == text && tasks.contains(key),
            Answer::Known { .. }
            | Answer::Covered { .. }
            | Answer::Gone { .. }
            | Answer::Refused { .. }
            | Answer::Waiting { .. }
            | Answer::Ignored { .. } => false,
        })
    }
}

/// The answer that a changed file got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAnswer {
    /// The path in the repository.
    pub path: String,
    /// What became of it.
    pub answer: Answer,
}

/// What became of a changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It became one task, or one for each environment.
    Taken {
        /// The issue.
        issue: IssueNumber,
        /// The tasks.
        tasks: Vec<TaskKey>,
        /// The text that was taken.
        checksum: Checksum,
        /// Whether an open task took it as its new text.
        replaced: bool,
        /// What people should know before it runs.
        #[serde(default)]
        warnings: Vec<String>,
    },
    /// Nothing to do: this text was applied before, or is planned already.
    Known {
        /// The issue.
        issue: IssueNumber,
        /// What is known, for people.
        note: String,
    },
    /// Nothing to do: a baseline says that it was applied before Sluice came.
    Covered {
        /// Which one, for people.
        note: String,
    },
    /// The file is gone; its tasks were canceled, or were applied already.
    Gone {
        /// What became of the tasks, for people.
        note: String,
    },
    /// It can't be taken.
    Refused {
        /// Stable code.
        code: String,
        /// Why, and what to do.
        reason: String,
    },
    /// It waits until something is known that only a person can say: what its target holds already.
    Waiting {
        /// For what, and what to do.
        reason: String,
    },
    /// It is none of our business.
    Ignored {
        /// Why.
        reason: String,
    },
}

impl Answer {
    /// The tasks that the file became.
    pub fn tasks(&self) -> &[TaskKey] {
        match self {
            Self::Taken { tasks, .. } => tasks,
            Self::Known { .. }
            | Self::Covered { .. }
            | Self::Gone { .. }
            | Self::Refused { .. }
            | Self::Waiting { .. }
            | Self::Ignored { .. } => &[],
        }
    }
}
