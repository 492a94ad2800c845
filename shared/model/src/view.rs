//! Facts with the statuses derived from them: what the API answers, and what is rendered for people.

use crate::approval::Decision;
use crate::audit::AuditItem;
use crate::digest::Digest;
use crate::ids::EnvironmentId;
use crate::issue::Issue;
use crate::pull_request::PullRequest;
use crate::rehearsal::Rehearsal;
use crate::revision::Revision;
use crate::status::{ApprovalStatus, IssueStatus, StageStatus, TaskStatus};
use crate::target::Target;
use crate::task::{Blocking, Task};
use crate::write_back::WriteBackState;
use serde::{Deserialize, Serialize};

/// An issue as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueView {
    /// The facts.
    pub issue: Issue,
    /// Where it stands.
    pub status: IssueStatus,
    /// Its stages, in rollout order.
    pub stages: Vec<StageView>,
    /// What was decided and done last, oldest first, where it was asked for: the end of its audit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<AuditItem>,
}

/// A stage as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageView {
    /// The environment.
    pub environment: EnvironmentId,
    /// Where it stands.
    pub status: StageStatus,
    /// What an approval given now would cover.
    pub digest: Digest,
    /// Where its approval stands.
    pub approval: ApprovalStatus,
    /// Every decision taken on it.
    pub decisions: Vec<Decision>,
    /// Its tasks, by position.
    pub tasks: Vec<TaskView>,
}

/// A task as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskView {
    /// The facts.
    pub task: Task,
    /// Where it stands.
    pub status: TaskStatus,
    /// Who let it past its policy in an emergency and why, in words; none where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bypass: Option<String>,
    /// The SQL, where it was asked for.
    pub sql: Option<String>,
    /// What it changed in the schema, in words, where it was asked for and the task is done.
    #[serde(default)]
    pub changes: Vec<String>,
    /// The schema diff (unified), where it was asked for and the task is done.
    pub diff: Option<String>,
    /// How far the schema after it is on its way into the repository; none where it did not change the schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_back: Option<WriteBackState>,
}

/// A revision as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionView {
    /// The facts.
    pub revision: Revision,
    /// The SQL that was applied.
    pub sql: String,
    /// What it changed in the schema, in words.
    #[serde(default)]
    pub changes: Vec<String>,
    /// The schema diff, unified, before against after.
    pub diff: String,
    /// What was changed by others between the revision before it and this one, in words.
    #[serde(default)]
    pub drift: Vec<String>,
    /// SQL that leads back to the schema before it: a proposal, naming the data that it loses; none where the schema
    /// did not change.
    #[serde(default)]
    pub rollback: Option<String>,
    /// The whole schema before it.
    #[serde(default)]
    pub before: String,
    /// The whole schema after it.
    pub schema: String,
}

/// A pull request as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestView {
    /// The facts.
    pub pull: PullRequest,
    /// The environment of each target that its files are for.
    pub environments: Vec<(Target, EnvironmentId)>,
    /// Its rehearsals.
    pub rehearsals: Vec<RehearsalView>,
    /// The approvals that what it changes will need, in rollout order.
    pub approvals: Vec<ApprovalNeed>,
}

/// A rehearsal as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsalView {
    /// The facts.
    pub rehearsal: Rehearsal,
    /// How the schema would change, unified; none where that is not known.
    pub diff: Option<String>,
}

/// The approval that an environment will ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalNeed {
    /// The environment.
    pub environment: EnvironmentId,
    /// The steps, in order; none where it needs no approval.
    pub steps: Vec<NeededStep>,
    /// What has to be approved as such, by file.
    pub blocking: Vec<(String, Blocking)>,
}

/// One step of the approval that an environment will ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededStep {
    /// Its name; empty where the environment has no steps of its own.
    pub name: String,
    /// How many approvals.
    pub approvals: u32,
    /// Who may give them: roles and principals.
    pub approvers: Vec<String>,
    /// Why, where only some changes need it.
    pub because: Option<String>,
}
