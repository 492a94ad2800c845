//! The ledger in memory, under the same conditions as the real one.

mod audit;
mod clicks;
mod commit;
mod leases;
mod pull_requests;
mod reads;

use jiff::Timestamp;
use model::{
    Announced, AuditChain, AuditHead, AuditItem, Baselines, Checksum, CommitSha, Decision, EnvironmentId,
    Freezes, Issue, IssueNumber, Offer, OutboxItem, ProjectId, PullRequest, PullRequestNumber, Push,
    RefusedClick, Rehearsal, RehearsalKey, Revision, Target, Task, TaskKey, WriteBack, WriteBackBranch,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use workflow::ports::ledger::{Fence, Moved, NewHead, OpenIssue, PlannedHead, Shown, StoredSettings};
use workflow::sweep::HookWatch;

/// A ledger in memory. Clones share what is stored.
#[derive(Debug, Clone, Default)]
pub struct MemoryLedger(Arc<Mutex<State>>);

/// Issue, environment, digest and principal: one decision each.
type DecisionKey = (IssueNumber, EnvironmentId, String, String, u32);

#[derive(Debug, Default)]
struct State {
    last_issue: u64,
    issues: BTreeMap<IssueNumber, Issue>,
    open_issues: BTreeMap<IssueNumber, OpenIssue>,
    tasks: BTreeMap<TaskKey, Task>,
    pushes: BTreeMap<(ProjectId, CommitSha), Push>,
    heads: BTreeMap<(ProjectId, String), PlannedHead>,
    baselines: BTreeMap<ProjectId, Baselines>,
    revisions: BTreeMap<TaskKey, Revision>,
    decisions: BTreeMap<DecisionKey, Decision>,
    outbox: BTreeMap<String, OutboxItem>,
    settings: Vec<StoredSettings>,
    freezes: Freezes,
    deliveries: BTreeMap<String, Timestamp>,
    moved: HashMap<NewHead, Moved>,
    texts: BTreeMap<Checksum, String>,
    leases: BTreeMap<Target, Lease>,
    check_runs: BTreeMap<(ProjectId, CommitSha), u64>,
    offers: BTreeMap<(ProjectId, CommitSha, String), Offer>,
    refused_clicks: BTreeMap<(ProjectId, CommitSha), RefusedClick>,
    pull_requests: BTreeMap<(ProjectId, PullRequestNumber), PullRequest>,
    shown: BTreeMap<(ProjectId, PullRequestNumber), Shown>,
    rehearsals: BTreeMap<RehearsalKey, Rehearsal>,
    hook_watch: Option<HookWatch>,
    write_backs: BTreeMap<TaskKey, WriteBack>,
    write_back_branches: BTreeMap<(ProjectId, String), WriteBackBranch>,
    announced: BTreeMap<IssueNumber, Announced>,
    audit: BTreeMap<AuditChain, Vec<AuditItem>>,
    audit_heads: BTreeMap<AuditChain, AuditHead>,
}

#[derive(Debug, Clone)]
struct Lease {
    owner: Option<String>,
    until: Timestamp,
    fence: Fence,
}

impl MemoryLedger {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn decision_key(decision: &Decision) -> DecisionKey {
    (
        decision.issue,
        decision.environment.clone(),
        decision.digest.to_string(),
        decision.by.key(),
        decision.ordinal,
    )
}

fn revision_key(revision: &Revision) -> TaskKey {
    TaskKey {
        target: revision.target.clone(),
        version: revision.change.version.key().clone(),
    }
}
