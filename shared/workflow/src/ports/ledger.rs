//! The ledger: settings, pushes, issues, tasks, decisions, revisions, stored texts, leases and the outbox.
//!
//! Reads are strongly consistent. Everything that belongs together is written by one [`Commit::commit`].

use crate::sweep::HookWatch;
use jiff::Timestamp;
use model::{
    Announced, AuditChain, AuditEntry, AuditHead, AuditRecord, Baselines, Checksum, CommitSha, Decision,
    Fault, Freezes, Issue, IssueNumber, Offer, OutboxItem, ProjectId, PullRequest, PullRequestNumber, Push,
    Pusher, RefusedClick, Rehearsal, RehearsalKey, RepositoryId, Revision, Target, Task, TaskKey, VersionKey,
    WriteBack, WriteBackBranch,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::future::Future;

/// One write of a commit. Each carries the condition under which it may happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Takes an issue number: the newest must be the one before.
    IssueNumber(IssueNumber),
    /// An issue: edition 1 must be new; any other must find the edition before.
    Issue(Issue),
    /// A task, by the same rule.
    Task(Task),
    /// A push, by the same rule.
    Push(Push),
    /// The review of a pull request, by the same rule.
    PullRequest(PullRequest),
    /// The rehearsal of a pull request on one target, by the same rule.
    Rehearsal(Rehearsal),
    /// Moves the planned head of a branch: it must still be what was read.
    Head {
        /// The project.
        project: ProjectId,
        /// The branch.
        branch: String,
        /// The new head.
        head: PlannedHead,
        /// The head that was read.
        replaces: Option<PlannedHead>,
    },
    /// A project's baselines, by the rule of editions.
    Baselines(Baselines),
    /// A revision: must be new.
    Revision(Revision),
    /// A decision: must be new, by principal, stage, digest and ordinal. A person's last word counts; all are kept.
    Decision(Decision),
    /// Something to tell.
    Outbox(OutboxItem),
    /// How far others were told of an issue: edition 1 must be new; any other must find the edition before.
    Announced(Announced),
    /// Where the write-back of a revision stands, in place of what was stored before. It has no condition of its own:
    /// whoever writes it writes the revision itself or its branch's write-back as well.
    WriteBack(WriteBack),
    /// The write-back of a branch: edition 1 must be new; any other must find the edition before.
    WriteBackBranch(WriteBackBranch),
    /// Lists an issue among the open ones, in place of what was stored before. It belongs to the commit that makes the
    /// issue, or that leaves a settled one with something to be done.
    OpenIssue(OpenIssue),
    /// What was done, for the audit: the ledger puts it at the end of its chain, with the other writes or not at all. It has
    /// no condition of its own: where only the chain's end moved meanwhile, the ledger tries again by itself.
    Audit(AuditEntry),
    /// No write: the issue must still be of this edition.
    IssueIs {
        /// The issue.
        number: IssueNumber,
        /// The edition.
        edition: u64,
    },
    /// No write: the task must still be of this edition.
    TaskIs {
        /// The task.
        key: TaskKey,
        /// The edition.
        edition: u64,
    },
}

/// The most writes of one commit, as [`weight`] counts them.
pub const MAX_WRITES: usize = 100;

/// How much of a commit these writes are: one for each, and one more for the end of each chain of the audit that moves.
pub fn weight(writes: &[Write]) -> usize {
    let chains: BTreeSet<AuditChain> = writes.iter().filter_map(Write::chain).collect();
    writes.len() + chains.len()
}

impl Write {
    /// The chain of the audit that this is about, if it is.
    pub fn chain(&self) -> Option<AuditChain> {
        match self {
            Self::Audit(entry) => Some(entry.chain),
            Self::IssueNumber(_)
            | Self::Issue(_)
            | Self::Task(_)
            | Self::Push(_)
            | Self::PullRequest(_)
            | Self::Rehearsal(_)
            | Self::Head { .. }
            | Self::Baselines(_)
            | Self::Revision(_)
            | Self::Decision(_)
            | Self::Outbox(_)
            | Self::Announced(_)
            | Self::WriteBack(_)
            | Self::WriteBackBranch(_)
            | Self::OpenIssue(_)
            | Self::IssueIs { .. }
            | Self::TaskIs { .. } => None,
        }
    }
}

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Committed {
    /// All of it happened.
    Yes,
    /// None of it happened: somebody else wrote first. Read again, decide again.
    Conflict,
}

/// Writing what belongs together.
pub trait Commit: Send + Sync {
    /// All of the writes, or none. At most [`MAX_WRITES`]; more are a bug.
    fn commit(&self, writes: Vec<Write>) -> impl Future<Output = Result<Committed, Fault>> + Send;
}

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSettings {
    /// Counts from 1.
    pub version: u64,
    /// The document as it was written.
    pub text: String,
    /// Who applied it, by ARN.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Settings and their history.
pub trait SettingsLedger: Send + Sync {
    /// The settings in force; none before the first.
    fn settings(&self) -> impl Future<Output = Result<Option<StoredSettings>, Fault>> + Send;

    /// Versions that were in force once, in the order asked; those that never were are left out.
    fn settings_versions(
        &self,
        versions: &[u64],
    ) -> impl Future<Output = Result<Vec<StoredSettings>, Fault>> + Send;

    /// Puts the next version in force, keeps it in the history and in the audit; a conflict where that version exists.
    fn put_settings(
        &self,
        settings: &StoredSettings,
        audit: AuditEntry,
    ) -> impl Future<Output = Result<Committed, Fault>> + Send;

    /// The freezes; edition 0 before the first.
    fn freezes(&self) -> impl Future<Output = Result<Freezes, Fault>> + Send;

    /// Puts the next edition of the freezes in place, and what was done into the audit; a conflict where that edition
    /// exists.
    fn put_freezes(
        &self,
        freezes: &Freezes,
        audit: AuditEntry,
    ) -> impl Future<Output = Result<Committed, Fault>> + Send;
}

/// What was heard before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// For the first time.
    First,
    /// Again.
    Duplicate,
}

/// A ref's new head, by its full name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewHead {
    /// The repository.
    pub repository: RepositoryId,
    /// The full ref, `refs/heads/…`.
    pub git_ref: String,
    /// The head after the push.
    pub after: CommitSha,
}

/// Who moved a ref to a head, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The head before.
    pub before: CommitSha,
    /// Who pushed, as GitHub authenticated it.
    pub sender: Pusher,
}

/// Deliveries, by their content.
pub trait DeliveryLedger: Send + Sync {
    /// Whether a delivery with this content was noted before.
    fn is_noted(&self, key: &str) -> impl Future<Output = Result<bool, Fault>> + Send;

    /// Notes a delivery with this content until it expires.
    fn note(&self, key: &str, expires: Timestamp) -> impl Future<Output = Result<Noted, Fault>> + Send;

    /// Keeps who moved a ref to a head, in place of what was kept before, until it expires.
    fn keep_moved(
        &self,
        head: &NewHead,
        moved: &Moved,
        expires: Timestamp,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Who moved a ref to a head; none where no delivery told.
    fn moved(&self, head: &NewHead) -> impl Future<Output = Result<Option<Moved>, Fault>> + Send;
}

/// How far a branch was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedHead {
    /// The head.
    pub commit: CommitSha,
    /// The edition of the project's baselines that it was planned by; 0 where there were none.
    pub baselines: u64,
}

/// What was planned.
pub trait PlanLedger: Send + Sync {
    /// The last planned head of a branch.
    fn head(
        &self,
        project: &ProjectId,
        branch: &str,
    ) -> impl Future<Output = Result<Option<PlannedHead>, Fault>> + Send;

    /// The baselines of a project's targets; none before the first.
    fn baselines(&self, project: &ProjectId)
    -> impl Future<Output = Result<Option<Baselines>, Fault>> + Send;

    /// The last planned heads of branches, in the order asked.
    fn heads(
        &self,
        project: &ProjectId,
        branches: &[String],
    ) -> impl Future<Output = Result<Vec<Option<PlannedHead>>, Fault>> + Send;

    /// The record of a push.
    fn push(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> impl Future<Output = Result<Option<Push>, Fault>> + Send;

    /// The newest issue's number; 0 before the first.
    fn last_issue(&self) -> impl Future<Output = Result<IssueNumber, Fault>> + Send;
}

/// Issues and what belongs to them.
pub trait IssueLedger: Send + Sync {
    /// Issues by number, in the order asked; those that do not exist are left out.
    fn issues(&self, numbers: &[IssueNumber]) -> impl Future<Output = Result<Vec<Issue>, Fault>> + Send;

    /// Tasks by key, in the order asked; those that do not exist are left out.
    fn tasks(&self, keys: &[TaskKey]) -> impl Future<Output = Result<Vec<Task>, Fault>> + Send;

    /// Every decision on an issue's stages, oldest first.
    fn decisions(&self, issue: IssueNumber) -> impl Future<Output = Result<Vec<Decision>, Fault>> + Send;
}

/// An entry of the list of open issues. It is a hint: whether an issue is open is derived from its tasks. An open issue
/// always has one; a settled one keeps it until the sweeper comes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIssue {
    /// The issue.
    pub number: IssueNumber,
    /// When it was listed. Another time is another entry: who found the issue settled before does not forget it.
    pub since: Timestamp,
}

/// The list of open issues, which costs nothing for the settled ones.
pub trait OpenIssueLedger: Send + Sync {
    /// Entries, the newest issue first, at most `limit`, those below `before` where given.
    fn open_issues(
        &self,
        before: Option<IssueNumber>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<OpenIssue>, Fault>> + Send;

    /// Lists an issue that is open and has no entry; nothing where it has one.
    fn list_open_issue(&self, entry: &OpenIssue) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Forgets an entry; nothing where it is another one by now.
    fn forget_open_issue(&self, entry: &OpenIssue) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Targets: what is to be applied, and what was.
pub trait TargetLedger: Send + Sync {
    /// The tasks that are not settled, in version order. Costs nothing for the settled ones.
    fn open_tasks(&self, target: &Target) -> impl Future<Output = Result<Vec<Task>, Fault>> + Send;

    /// Of each target the lowest task that is not settled, where it has one, in the order asked. Costs nothing for the
    /// others. A task that is settled in that very moment may be left out, with no other in its place.
    fn first_open_tasks(&self, targets: &[Target]) -> impl Future<Output = Result<Vec<Task>, Fault>> + Send;

    /// Revisions from the highest version down, at most `limit`, those below `before` where given.
    fn revisions(
        &self,
        target: &Target,
        before: Option<&VersionKey>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Revision>, Fault>> + Send;

    /// One revision.
    fn revision(&self, key: &TaskKey) -> impl Future<Output = Result<Option<Revision>, Fault>> + Send;
}

/// Stored texts, by their checksum: SQL of changes, snapshots of schemas.
pub trait TextLedger: Send + Sync {
    /// Stores a text of any size that a change may have; storing it again does nothing, but where somebody altered it.
    fn put_text(&self, text: &str) -> impl Future<Output = Result<Checksum, Fault>> + Send;

    /// The text with this checksum, verified; none where it was never stored, or was altered since.
    fn text(&self, checksum: &Checksum) -> impl Future<Output = Result<Option<String>, Fault>> + Send;
}

/// The right to act on a target until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fence(pub u64);

/// Leases on targets.
pub trait LeaseLedger: Send + Sync {
    /// Takes the lease: an ever-growing number, or none while somebody else has it.
    fn acquire_lease(
        &self,
        target: &Target,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> impl Future<Output = Result<Option<Fence>, Fault>> + Send;

    /// Gives it back; nothing where somebody took it since.
    fn release_lease(&self, target: &Target, fence: Fence) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// The outbox, and what GitHub answered.
pub trait OutboxLedger: Send + Sync {
    /// Undelivered items that are due, oldest first, at most `limit`. Items put off do not stand in the way of others.
    fn outbox(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<OutboxItem>, Fault>> + Send;

    /// Forgets a delivered item; nothing where it is gone.
    fn settle_outbox(&self, id: &str) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Writes an item's attempt and due time, where it still exists. The write itself wakes the reporter.
    fn postpone_outbox(&self, item: &OutboxItem) -> impl Future<Output = Result<(), Fault>> + Send;

    /// GitHub's id of a push's check run.
    fn check_run_id(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> impl Future<Output = Result<Option<u64>, Fault>> + Send;

    /// Keeps GitHub's id of a push's check run.
    fn keep_check_run_id(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        id: u64,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// The buttons on a push's check run.
pub trait ClickLedger: Send + Sync {
    /// Keeps what buttons are for, unless something is kept under that name; answers what is.
    fn keep_offer(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        offer: &Offer,
    ) -> impl Future<Output = Result<Offer, Fault>> + Send;

    /// What the buttons of this name are for; none where there never were any.
    fn offer(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        name: &str,
    ) -> impl Future<Output = Result<Option<Offer>, Fault>> + Send;

    /// Keeps the last click that was refused, in place of the one before.
    fn keep_refused_click(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        click: &RefusedClick,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// The last click that was refused.
    fn refused_click(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> impl Future<Output = Result<Option<RefusedClick>, Fault>> + Send;
}

/// What GitHub shows of a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The check run on its head.
    pub check_run: Option<ShownCheckRun>,
    /// The comment.
    pub comment: Option<ShownComment>,
}

/// A check run that GitHub shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCheckRun {
    /// The head that it is on.
    pub commit: CommitSha,
    /// GitHub's id.
    pub id: u64,
    /// The checksum of what it says; none where that is not known.
    pub text: Option<Checksum>,
    /// How many notes on lines it has.
    pub annotated: u32,
    /// The checksum of those.
    pub annotations: Option<Checksum>,
}

/// A comment that GitHub shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownComment {
    /// GitHub's id.
    pub id: u64,
    /// The checksum of its text; none where that is not known.
    pub text: Option<Checksum>,
}

/// Reviews of pull requests.
pub trait PullRequestLedger: Send + Sync {
    /// The review of a pull request.
    fn pull_request(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
    ) -> impl Future<Output = Result<Option<PullRequest>, Fault>> + Send;

    /// What GitHub shows of it; nothing before the first time.
    fn shown(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
    ) -> impl Future<Output = Result<Shown, Fault>> + Send;

    /// Keeps what GitHub shows of it.
    fn keep_shown(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
        shown: &Shown,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Rehearsals of pull requests.
pub trait RehearsalLedger: Send + Sync {
    /// Rehearsals by key, in the order asked; those that do not exist are left out.
    fn rehearsals(&self, keys: &[RehearsalKey])
    -> impl Future<Output = Result<Vec<Rehearsal>, Fault>> + Send;

    /// The rehearsals that wait for a worker on a target. Costs nothing for the answered ones.
    fn pending_rehearsals(
        &self,
        target: &Target,
    ) -> impl Future<Output = Result<Vec<Rehearsal>, Fault>> + Send;
}

/// What the sweeper remembers of the webhook's deliveries.
pub trait HookLedger: Send + Sync {
    /// What was kept last.
    fn hook_watch(&self) -> impl Future<Output = Result<Option<HookWatch>, Fault>> + Send;

    /// Keeps it, in place of what was there.
    fn keep_hook_watch(&self, watch: &HookWatch) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// How far the latest schemas are on their way into the repository.
pub trait WriteBackLedger: Send + Sync {
    /// What write-back knows of a branch; none before the first.
    fn write_back_branch(
        &self,
        project: &ProjectId,
        branch: &str,
    ) -> impl Future<Output = Result<Option<WriteBackBranch>, Fault>> + Send;

    /// Where the write-backs of revisions stand, in the order asked; those of which nothing is stored are left out.
    fn write_backs(&self, keys: &[TaskKey]) -> impl Future<Output = Result<Vec<WriteBack>, Fault>> + Send;
}

/// What others were told of issues.
pub trait EventLedger: Send + Sync {
    /// How far others were told of an issue; none before the first time.
    fn announced(&self, issue: IssueNumber) -> impl Future<Output = Result<Option<Announced>, Fault>> + Send;
}

/// A part of a chain of the audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditPart {
    /// Its items, in the order in which they are stored.
    pub records: Vec<AuditRecord>,
    /// The place of the last of them, whatever it says of itself; none where there is none.
    pub last: Option<u64>,
}

/// Reading the audit. It is written by [`Commit::commit`] and [`SettingsLedger::put_settings`] alone.
pub trait AuditLedger: Send + Sync {
    /// What is stored of a chain after a place, at most `limit`.
    fn audit_items(
        &self,
        chain: AuditChain,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = Result<AuditPart, Fault>> + Send;

    /// Where a chain ends; none before its first item, and where what is stored says nothing of the kind.
    fn audit_head(&self, chain: AuditChain) -> impl Future<Output = Result<Option<AuditHead>, Fault>> + Send;
}
