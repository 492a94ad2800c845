//! Rehearsals of pull requests: asked for by the planner, answered by the worker.

use crate::change::ChangeType;
use crate::checksum::Checksum;
use crate::ids::{CommitSha, ProjectId, PullRequestNumber};
use crate::target::Target;
use crate::task::Failure;
use crate::version::Version;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The rehearsal of what a pull request would apply to one target. There is one for each, ever: a new head takes the
/// place of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// Where.
    pub target: Target,
    /// The project.
    pub project: ProjectId,
    /// The pull request.
    pub number: PullRequestNumber,
    /// The head whose files they are.
    pub head: CommitSha,
    /// What is rehearsed, in version order.
    pub changes: Vec<RehearsedChange>,
    /// How often a worker began with it.
    pub tries: u32,
    /// What came of it.
    pub outcome: RehearsalOutcome,
    /// Counts writes; a write names the edition that it read.
    pub edition: u64,
    /// When it was asked for.
    pub asked_at: Timestamp,
}

/// Which rehearsal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RehearsalKey {
    /// Where.
    pub target: Target,
    /// The project.
    pub project: ProjectId,
    /// The pull request.
    pub number: PullRequestNumber,
}

/// One change of a rehearsal. Its text is stored apart, under the checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsedChange {
    /// The path in the repository.
    pub path: String,
    /// The version.
    pub version: Version,
    /// What the file says it is.
    pub change_type: ChangeType,
    /// The text.
    pub checksum: Checksum,
}

/// What came of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RehearsalOutcome {
    /// Nothing yet.
    Pending,
    /// Every statement runs.
    Runs(Rehearsed),
    /// A statement does not run.
    Fails {
        /// The file.
        path: String,
        /// Which statement, and why.
        failure: Failure,
    },
    /// It can't be rehearsed.
    Impossible {
        /// Why.
        why: String,
    },
    /// Nobody wants it any more: the pull request was closed, or has nothing for this target now.
    Dropped,
}

/// What a rehearsal that ran has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsed {
    /// The definitions of the objects that it touches, before it: the checksum of a stored text.
    pub before: Checksum,
    /// The same after it.
    pub after: Checksum,
    /// How tables are altered, in the order of the statements.
    pub altered: Vec<Altered>,
    /// What else has to be known of it, in words.
    pub notes: Vec<String>,
}

/// One statement that alters a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Altered {
    /// The file.
    pub path: String,
    /// The statement, from 1.
    pub statement: u32,
    /// Its line, from 1.
    pub line: u32,
    /// The table.
    pub table: String,
    /// How; none where the server does not tell.
    pub how: Option<Alteration>,
    /// How many bytes the table takes on the target, with its keys; none where it is not there yet.
    pub bytes: Option<u64>,
}

/// How a server alters a table, cheapest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alteration {
    /// Only the definition changes.
    Instant,
    /// In place, while others read and write.
    Inplace,
    /// In place, while others can't write.
    InplaceBlocking,
    /// By a copy of all rows, while others can't write.
    Copy,
}

/// Where a rehearsal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RehearsalStatus<'a> {
    /// A worker is asked.
    Waiting,
    /// No worker has answered for so long that nobody waits for it any more.
    Silent,
    /// Every statement runs.
    Runs(&'a Rehearsed),
    /// A statement does not run.
    Fails {
        /// The file.
        path: &'a str,
        /// Which statement, and why.
        failure: &'a Failure,
    },
    /// It can't be rehearsed.
    Impossible(&'a str),
    /// Nobody wants it any more.
    Dropped,
}

impl Rehearsal {
    /// How long the check run of a pull request waits for an answer.
    pub const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

    /// Which one.
    pub fn key(&self) -> RehearsalKey {
        RehearsalKey {
            target: self.target.clone(),
            project: self.project.clone(),
            number: self.number,
        }
    }

    /// Whether a worker is to do something.
    pub fn is_pending(&self) -> bool {
        match self.outcome {
            RehearsalOutcome::Pending => true,
            RehearsalOutcome::Runs(_)
            | RehearsalOutcome::Fails { .. }
            | RehearsalOutcome::Impossible { .. }
            | RehearsalOutcome::Dropped => false,
        }
    }

    /// When nobody waits for it any more.
    pub fn deadline(&self) -> Timestamp {
        self.asked_at
            .checked_add(Self::PATIENCE)
            .unwrap_or(Timestamp::MAX)
    }

    /// Where it stands at a time. A late answer still counts.
    pub fn status(&self, now: Timestamp) -> RehearsalStatus<'_> {
        match &self.outcome {
            RehearsalOutcome::Pending if now < self.deadline() => RehearsalStatus::Waiting,
            RehearsalOutcome::Pending => RehearsalStatus::Silent,
            RehearsalOutcome::Runs(rehearsed) => RehearsalStatus::Runs(rehearsed),
            RehearsalOutcome::Fails { path, failure } => RehearsalStatus::Fails { path, failure },
            RehearsalOutcome::Impossible { why } => RehearsalStatus::Impossible(why),
            RehearsalOutcome::Dropped => RehearsalStatus::Dropped,
        }
    }

    /// The same with another outcome: what is stored next.
    #[must_use]
    pub fn with(self, outcome: RehearsalOutcome) -> Self {
        Self {
            outcome,
            edition: self.edition + 1,
            ..self
        }
    }
}

impl Alteration {
    /// What the server calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Instant => "INSTANT",
            Self::Inplace | Self::InplaceBlocking => "INPLACE",
            Self::Copy => "COPY",
        }
    }

    /// Whether nobody can write to the table meanwhile.
    pub fn blocks(self) -> bool {
        match self {
            Self::Instant | Self::Inplace => false,
            Self::InplaceBlocking | Self::Copy => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_that_nobody_answers_is_not_waited_for_for_ever() {
        let asked_at = Timestamp::UNIX_EPOCH;
        let rehearsal = Rehearsal {
            target: Target::new("a", "b"),
            project: ProjectId::new("p"),
            number: PullRequestNumber(1),
            head: CommitSha::new("0"),
            changes: Vec::new(),
            tries: 0,
            outcome: RehearsalOutcome::Pending,
            edition: 1,
            asked_at,
        };
        let at = |seconds| asked_at + SignedDuration::from_secs(seconds);
        assert_eq!(rehearsal.status(at(599)), RehearsalStatus::Waiting);
        assert_eq!(rehearsal.status(at(600)), RehearsalStatus::Silent);
        let late = rehearsal.with(RehearsalOutcome::Impossible { why: "x".to_owned() });
        assert_eq!(late.status(at(9_999)), RehearsalStatus::Impossible("x"));
        assert_eq!((late.edition, late.is_pending()), (2, false));
    }
}
