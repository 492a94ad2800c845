//! Events: what others are told of an issue, so that they can tell people. No SQL, no value of it and no message of a server is
//! in any; `infra/events.schema.json` says what is.

use crate::audit::Deed;
use crate::digest::Digest;
use crate::ids::{CommitSha, DatabaseName, EnvironmentId, IssueNumber, ProjectId};
use crate::status::IssueStatus;
use crate::target::Target;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal;)+) => {
        /// What an event says happened: its `detail-type`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventKind {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $name,)+
        }

        impl EventKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its stable word.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

kinds! {
    /// A push became an issue.
    IssuePlanned = "sluice.issue.planned";
    /// A delivery came late: from now on it is known who pushed.
    IssuePushersKnown = "sluice.issue.pushers_known";
    /// Somebody said which issues come first, or no longer do.
    IssueDepends = "sluice.issue.depends";
    /// A stage waits for somebody's approval.
    IssueWaiting = "sluice.issue.waiting_for_approval";
    /// Somebody approved a stage.
    IssueApproved = "sluice.issue.approved";
    /// An administrator lets a stage past its policy, once another one says so, too.
    IssueBypassed = "sluice.issue.bypassed";
    /// Somebody rejected a stage.
    IssueRejected = "sluice.issue.rejected";
    /// Every task is done or skipped.
    IssueDone = "sluice.issue.done";
    /// Every task that is not done was canceled.
    IssueCanceled = "sluice.issue.canceled";
    /// Something is left to be done again, after it was done or canceled.
    IssueReopened = "sluice.issue.reopened";
    /// A run of a task began, or went on.
    TaskBegun = "sluice.task.begun";
    /// All of a task is applied.
    TaskDone = "sluice.task.done";
    /// A statement of a task did not happen.
    TaskFailed = "sluice.task.failed";
    /// Whether a statement happened can't be known: a person has to say.
    TaskAmbiguous = "sluice.task.ambiguous";
    /// A task goes back to its approvers, with what was found about it.
    TaskHeld = "sluice.task.held";
    /// Others changed the schema between the change that was applied before and this one.
    TaskDrift = "sluice.task.drift";
    /// Somebody wants another run of a failed task.
    TaskRetried = "sluice.task.retried";
    /// Somebody said whether an ambiguous statement happened.
    TaskResolved = "sluice.task.resolved";
    /// A task never runs.
    TaskCanceled = "sluice.task.canceled";
    /// Somebody wants a running task to end.
    TaskCancelAsked = "sluice.task.cancel_asked";
    /// A task never runs, and later ones go on as if it had.
    TaskSkipped = "sluice.task.skipped";
    /// A task that never was to run waits again.
    TaskReopened = "sluice.task.reopened";
    /// Somebody said when a task may begin.
    TaskScheduled = "sluice.task.scheduled";
    /// The file of a task has another text.
    TaskReplaced = "sluice.task.replaced";
    /// The file of a task has another name.
    TaskRenamed = "sluice.task.renamed";
}

impl EventKind {
    /// What others are told of a deed; nothing of those that belong to no issue.
    pub fn of(deed: Deed) -> Option<Self> {
        Some(match deed {
            Deed::IssuePlanned => Self::IssuePlanned,
            Deed::PushersKnown => Self::IssuePushersKnown,
            Deed::IssueDepends => Self::IssueDepends,
            Deed::StageApproved => Self::IssueApproved,
            Deed::StageBypassed => Self::IssueBypassed,
            Deed::StageRejected => Self::IssueRejected,
            Deed::TaskRetried => Self::TaskRetried,
            Deed::TaskCanceled => Self::TaskCanceled,
            Deed::TaskCancelAsked => Self::TaskCancelAsked,
            Deed::TaskSkipped => Self::TaskSkipped,
            Deed::TaskResolved => Self::TaskResolved,
            Deed::TaskReopened => Self::TaskReopened,
            Deed::TaskScheduled => Self::TaskScheduled,
            Deed::TaskReplaced => Self::TaskReplaced,
            Deed::TaskRenamed => Self::TaskRenamed,
            Deed::TaskHeld => Self::TaskHeld,
            Deed::TaskBegun => Self::TaskBegun,
            Deed::TaskDone => Self::TaskDone,
            Deed::TaskFailed => Self::TaskFailed,
            Deed::TaskAmbiguous => Self::TaskAmbiguous,
            Deed::SettingsApplied
            | Deed::BaselineSet
            | Deed::BaselineResolved
            | Deed::EnvironmentFrozen
            | Deed::EnvironmentUnfrozen => return None,
        })
    }

    /// What others are told where an issue has another status than they know.
    pub fn of_status(status: IssueStatus) -> Self {
        match status {
            IssueStatus::Open => Self::IssueReopened,
            IssueStatus::Done => Self::IssueDone,
            IssueStatus::Canceled => Self::IssueCanceled,
        }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// To what, by whom and when.
    pub detail: EventDetail,
}

/// What an event says: flat, so that rules and templates reach every part by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventDetail {
    /// The same whenever this event is told again; no other event has it.
    pub id: String,
    /// The issue.
    pub issue: IssueNumber,
    /// Its place among the events of the issue: that of the audit's item which it tells of, or which was the newest when it was found.
    pub number: u64,
    /// When it happened, or was found.
    pub at: Timestamp,
    /// One sentence for people.
    pub summary: String,
    /// The project.
    pub project: ProjectId,
    /// The branch.
    pub branch: String,
    /// The head that was planned.
    pub commit: CommitSha,
    /// Where GitHub shows that commit.
    pub link: String,
    /// Who did it; not there where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<EnvironmentId>,
    /// What a decision covers, or would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// What a stage waits for.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub needed: Option<EventNeed>,
    /// Which task.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub task: Option<EventTask>,
}

/// What a stage waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventNeed {
    /// The step whose turn it is; empty where the environment has no steps of its own.
    pub step: String,
    /// How many approvals the step asks for.
    pub needs: u32,
    /// How many it has.
    pub has: u32,
    /// Who may give them, in words.
    pub who: String,
}

/// The task that an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventTask {
    /// Its place in the issue, from 1.
    pub task: u32,
    /// Where it is applied.
    pub target: Target,
    /// The database's name, as in the path.
    pub database: DatabaseName,
    /// The version.
    pub version: String,
    /// The attempt that it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The statement, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<u32>,
    /// Why it failed: a code with a page in docs/errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The version that left the schema otherwise than it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// How far others were told of an issue. What is not in it yet is told, or told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The issue.
    pub issue: IssueNumber,
    /// Counts writes; a write names the edition that it read.
    pub edition: u64,
    /// The newest item of the issue's audit that was told.
    pub number: u64,
    /// How many events were told that are no item of the audit: each has its number in its id.
    pub found: u64,
    /// The status that was told; an issue begins as open.
    pub status: IssueStatus,
    /// The approvals that others know to be waited for.
    pub waiting: Vec<Awaited>,
}

/// An approval that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The stage.
    pub environment: EnvironmentId,
    /// What it would cover.
    pub digest: Digest,
    /// The place of the step whose turn it is.
    pub step: usize,
}

impl Announced {
    /// Nothing was told yet.
    pub fn nothing(issue: IssueNumber) -> Self {
        Self {
            issue,
            edition: 0,
            number: 0,
            found: 0,
            status: IssueStatus::Open,
            waiting: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_of_event_is_promised() {
        let promised = include_str!("../../../infra/events.schema.json");
        let promised: Value = serde_json::from_str(promised).unwrap();
        let words: BTreeSet<&str> = EventKind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(words.len(), EventKind::ALL.len(), "two kinds have one word");
        let named = promised["properties"]["detail-type"]["enum"].as_array().unwrap();
        assert_eq!(
            named.iter().filter_map(Value::as_str).collect::<BTreeSet<_>>(),
            words
        );
        let shapes = promised["oneOf"].as_array().unwrap().iter();
        let shaped = shapes.filter_map(|shape| shape["properties"]["detail-type"]["const"].as_str());
        assert_eq!(shaped.collect::<BTreeSet<_>>(), words);
        let page = include_str!("../../../docs/events.md");
        for word in words {
            let last = word.rsplit('.').next().unwrap_or_default();
            assert!(
                page.contains(&format!("`{word}`")) || page.contains(&format!("`.{last}`")),
                "{word}"
            );
        }
    }
}
