//! Write-back: how far the latest schema is on its way into the repository.
//!
//! Facts of its own, beside tasks and revisions: whatever GitHub answers, what was applied stays applied.

use crate::ids::{CommitSha, EnvironmentId, ProjectId};
use crate::target::{Target, TaskKey};
use crate::version::Version;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where the write-back of one revision stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteBack {
    /// The revision.
    pub key: TaskKey,
    /// Where it stands.
    pub state: WriteBackState,
    /// Since when.
    pub at: Timestamp,
}

/// Where a write-back stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WriteBackState {
    /// Still to be written.
    Pending,
    /// Committed to the branch, or merged into it.
    Written {
        /// The commit.
        commit: CommitSha,
    },
    /// In a pull request that somebody has to merge.
    Proposed {
        /// Its number.
        number: u64,
        /// Where GitHub shows it.
        url: String,
    },
    /// The branch had this text already.
    Unchanged,
    /// A newer version was written first.
    Superseded,
    /// Settings want no write-back.
    Off,
    /// Given up until the next change of the target.
    Parked {
        /// Why, and what to do.
        reason: String,
    },
}

impl WriteBackState {
    /// Whether it is still to be written, now or with the next change.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Pending | Self::Parked { .. } => true,
            Self::Written { .. } | Self::Proposed { .. } | Self::Unchanged | Self::Superseded | Self::Off => {
                false
            }
        }
    }
}

/// For people, in a few words.
impl fmt::Display for WriteBackState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pending => f.write_str("to be written"),
            Self::Written { commit } => write!(f, "written by commit {}", commit.short()),
            Self::Proposed { number, url } => write!(f, "proposed in pull request {number} ({url})"),
            Self::Unchanged => f.write_str("unchanged"),
            Self::Superseded => f.write_str("superseded by a newer version"),
            Self::Off => f.write_str("off"),
            Self::Parked { reason } => write!(f, "not written: {reason}"),
        }
    }
}

/// What write-back knows of one branch of one project. Whoever writes to the branch changes this first, under the
/// condition that nobody else did: so each version becomes one commit, however many write at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteBackBranch {
    /// The project.
    pub project: ProjectId,
    /// The branch.
    pub branch: String,
    /// A commit that is made, and may or may not be on its branch by now.
    pub attempt: Option<Attempt>,
    /// The pull request that is open, as far as is known.
    pub proposal: Option<Proposal>,
    /// The last time that the branch's rules refused a commit of ours.
    pub refused_at: Option<Timestamp>,
    /// The newest version of each target that was written or proposed.
    pub newest: Vec<Newest>,
    /// Counts writes; a write names the edition that it read.
    pub edition: u64,
}

impl WriteBackBranch {
    /// A branch that nothing was written to yet; its first write is edition 1.
    pub fn new(project: ProjectId, branch: impl Into<String>) -> Self {
        Self {
            project,
            branch: branch.into(),
            attempt: None,
            proposal: None,
            refused_at: None,
            newest: Vec::new(),
            edition: 0,
        }
    }
}

/// A commit of ours, noted before any branch moves to it: whoever finds it brings it there, or sees that it is there, or
/// that it never will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The commit.
    pub commit: CommitSha,
    /// The branch that it is made for: the project's, or ours.
    pub onto: String,
    /// That branch's head when it was made; none where there was no such branch.
    pub seen: Option<CommitSha>,
    /// What it writes.
    pub files: Vec<Written>,
}

/// A version in a commit of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The target.
    pub target: Target,
    /// The environment.
    pub environment: EnvironmentId,
    /// The version.
    pub version: Version,
    /// The file.
    pub path: String,
    /// When the version was applied.
    pub finished_at: Timestamp,
}

impl Written {
    /// The revision.
    pub fn key(&self) -> TaskKey {
        TaskKey {
            target: self.target.clone(),
            version: self.version.key().clone(),
        }
    }
}

/// A pull request of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its number.
    pub number: u64,
    /// Where GitHub shows it.
    pub url: String,
    /// The versions that it brings.
    pub files: Vec<Written>,
}

/// The newest version of a target that was written or proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newest {
    /// The target.
    pub target: Target,
    /// The version.
    pub version: Version,
    /// When it was applied.
    pub finished_at: Timestamp,
}
