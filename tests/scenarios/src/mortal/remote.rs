//! The ledger, the queues, GitHub and the secrets: every call asks, and gets a fault where the answer is lost.

use super::Mortal;
use jiff::Timestamp;
use model::{
    Announced, AuditChain, AuditEntry, AuditHead, Baselines, BlobSha, Checksum, CommitSha, Decision, Event,
    Fault, Freezes, Issue, IssueNumber, Offer, OutboxItem, ProjectId, PullRequest, PullRequestNumber, Push,
    RefusedClick, Rehearsal, RehearsalKey, RepositoryRef, Revision, Target, Task, TaskKey, VersionKey,
    WriteBack, WriteBackBranch,
};
use secrecy::SecretString;
use std::time::Duration;
use workflow::pace::Pace;
use workflow::ports::commits::{Commits, Content, Landed, NewCommit, Opened, Proposals, Proposed};
use workflow::ports::events::Events;
use workflow::ports::github::{
    Annotation, Annotations, AppDeliveries, CheckRun, CheckRuns, Comments, CommitInfo, HookPage, OwnAccount,
    Paced, PullRequestInfo, PullRequests, Redelivered, Repositories, TreeEntry,
};
use workflow::ports::ledger::{
    AuditLedger, AuditPart, ClickLedger, Commit, Committed, DeliveryLedger, EventLedger, Fence, HookLedger,
    IssueLedger, LeaseLedger, Moved, NewHead, Noted, OpenIssue, OpenIssueLedger, OutboxLedger, PlanLedger,
    PlannedHead, PullRequestLedger, RehearsalLedger, SettingsLedger, Shown, StoredSettings, TargetLedger,
    TextLedger, Write, WriteBackLedger,
};
use workflow::ports::queue::{ClickPointer, Deliveries, Nudges, Pointer, PullRequestPointer};
use workflow::ports::secrets::{Freshness, Secrets};
use workflow::sweep::HookWatch;

macro_rules! subject_to_fate {
    ($($port:ident { $(fn $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+ })+) => {$(
        impl<P: $port> $port for Mortal<P> {
            $(async fn $name(&self $(, $argument: $type)*) -> Result<$answer, Fault> {
                const NAME: &str = concat!(stringify!($port), "::", stringify!($name));
                self.fate.call(NAME, |fault| fault, self.inner.$name($($argument),*)).await
            })+
        }
    )+};
}

subject_to_fate! {
    Commit {
        fn commit(writes: Vec<Write>) -> Committed;
    }
    SettingsLedger {
        fn settings() -> Option<StoredSettings>;
        fn settings_versions(versions: &[u64]) -> Vec<StoredSettings>;
        fn put_settings(settings: &StoredSettings, audit: AuditEntry) -> Committed;
        fn freezes() -> Freezes;
        fn put_freezes(freezes: &Freezes, audit: AuditEntry) -> Committed;
    }
    DeliveryLedger {
        fn is_noted(key: &str) -> bool;
        fn note(key: &str, expires: Timestamp) -> Noted;
        fn keep_moved(head: &NewHead, moved: &Moved, expires: Timestamp) -> ();
        fn moved(head: &NewHead) -> Option<Moved>;
    }
    PlanLedger {
        fn head(project: &ProjectId, branch: &str) -> Option<PlannedHead>;
        fn baselines(project: &ProjectId) -> Option<Baselines>;
        fn heads(project: &ProjectId, branches: &[String]) -> Vec<Option<PlannedHead>>;
        fn push(project: &ProjectId, commit: &CommitSha) -> Option<Push>;
        fn last_issue() -> IssueNumber;
    }
    IssueLedger {
        fn issues(numbers: &[IssueNumber]) -> Vec<Issue>;
        fn tasks(keys: &[TaskKey]) -> Vec<Task>;
        fn decisions(issue: IssueNumber) -> Vec<Decision>;
    }
    OpenIssueLedger {
        fn open_issues(before: Option<IssueNumber>, limit: u32) -> Vec<OpenIssue>;
        fn list_open_issue(entry: &OpenIssue) -> ();
        fn forget_open_issue(entry: &OpenIssue) -> ();
    }
    TargetLedger {
        fn open_tasks(target: &Target) -> Vec<Task>;
        fn first_open_tasks(targets: &[Target]) -> Vec<Task>;
        fn revisions(target: &Target, before: Option<&VersionKey>, limit: u32) -> Vec<Revision>;
        fn revision(key: &TaskKey) -> Option<Revision>;
    }
    TextLedger {
        fn put_text(text: &str) -> Checksum;
        fn text(checksum: &Checksum) -> Option<String>;
    }
    LeaseLedger {
        fn acquire_lease(target: &Target, owner: &str, now: Timestamp, until: Timestamp) -> Option<Fence>;
        fn release_lease(target: &Target, fence: Fence) -> ();
    }
    OutboxLedger {
        fn outbox(now: Timestamp, limit: u32) -> Vec<OutboxItem>;
        fn settle_outbox(id: &str) -> ();
        fn postpone_outbox(item: &OutboxItem) -> ();
        fn check_run_id(project: &ProjectId, commit: &CommitSha) -> Option<u64>;
        fn keep_check_run_id(project: &ProjectId, commit: &CommitSha, id: u64) -> ();
    }
    ClickLedger {
        fn keep_offer(project: &ProjectId, commit: &CommitSha, offer: &Offer) -> Offer;
        fn offer(project: &ProjectId, commit: &CommitSha, name: &str) -> Option<Offer>;
        fn keep_refused_click(project: &ProjectId, commit: &CommitSha, click: &RefusedClick) -> ();
        fn refused_click(project: &ProjectId, commit: &CommitSha) -> Option<RefusedClick>;
    }
    PullRequestLedger {
        fn pull_request(project: &ProjectId, number: PullRequestNumber) -> Option<PullRequest>;
        fn shown(project: &ProjectId, number: PullRequestNumber) -> Shown;
        fn keep_shown(project: &ProjectId, number: PullRequestNumber, shown: &Shown) -> ();
    }
    RehearsalLedger {
        fn rehearsals(keys: &[RehearsalKey]) -> Vec<Rehearsal>;
        fn pending_rehearsals(target: &Target) -> Vec<Rehearsal>;
    }
    HookLedger {
        fn hook_watch() -> Option<HookWatch>;
        fn keep_hook_watch(watch: &HookWatch) -> ();
    }
    Deliveries {
        fn send(pointer: &Pointer, delay: Duration) -> ();
        fn send_pull_request(pointer: &PullRequestPointer) -> ();
        fn send_click(click: &ClickPointer) -> ();
    }
    Nudges {
        fn nudge(target: &Target, reason: &str) -> ();
    }
    Secrets {
        fn secret(arn: &str, freshness: Freshness) -> SecretString;
    }
    Repositories {
        fn head(repository: &RepositoryRef, branch: &str) -> Option<CommitSha>;
        fn branches(repository: &RepositoryRef, prefix: &str) -> Vec<(String, CommitSha)>;
        fn tree(repository: &RepositoryRef, commit: &CommitSha, directory: &str) -> Vec<TreeEntry>;
        fn blob(repository: &RepositoryRef, blob: &BlobSha) -> Vec<u8>;
        fn commit(repository: &RepositoryRef, commit: &CommitSha) -> Option<CommitInfo>;
    }
    CheckRuns {
        fn find_check_run(repository: &RepositoryRef, commit: &CommitSha, external_id: &str) -> Option<u64>;
        fn create_check_run(repository: &RepositoryRef, check_run: &CheckRun) -> u64;
        fn update_check_run(repository: &RepositoryRef, id: u64, check_run: &CheckRun) -> ();
    }
    PullRequests {
        fn pull_request(repository: &RepositoryRef, number: PullRequestNumber) -> Option<PullRequestInfo>;
        fn merge_base(repository: &RepositoryRef, base: &CommitSha, head: &CommitSha) -> Option<CommitSha>;
    }
    Annotations {
        fn annotate(repository: &RepositoryRef, id: u64, check_run: &CheckRun, annotations: &[Annotation]) -> ();
    }
    Comments {
        fn find_comment(repository: &RepositoryRef, number: PullRequestNumber, marker: &str) -> Option<u64>;
        fn create_comment(repository: &RepositoryRef, number: PullRequestNumber, body: &str) -> u64;
        fn update_comment(repository: &RepositoryRef, id: u64, body: &str) -> bool;
    }
    AppDeliveries {
        fn deliveries(older: Option<&str>) -> Option<HookPage>;
        fn redeliver(id: u64) -> Redelivered;
    }
    WriteBackLedger {
        fn write_back_branch(project: &ProjectId, branch: &str) -> Option<WriteBackBranch>;
        fn write_backs(keys: &[TaskKey]) -> Vec<WriteBack>;
    }
    EventLedger {
        fn announced(issue: IssueNumber) -> Option<Announced>;
    }
    AuditLedger {
        fn audit_items(chain: AuditChain, after: u64, limit: u32) -> AuditPart;
        fn audit_head(chain: AuditChain) -> Option<AuditHead>;
    }
    Events {
        fn tell(events: &[Event]) -> ();
    }
    Commits {
        fn content(repository: &RepositoryRef, commit: &CommitSha, path: &str) -> Content;
        fn make_commit(repository: &RepositoryRef, commit: &NewCommit) -> CommitSha;
        fn land(repository: &RepositoryRef, branch: &str, seen: Option<&CommitSha>, commit: &CommitSha) -> Landed;
        fn leads_to(repository: &RepositoryRef, commit: &CommitSha, head: &CommitSha) -> bool;
    }
    Proposals {
        fn find_proposal(repository: &RepositoryRef, from: &str, into: &str) -> Option<workflow::ports::commits::PullRequest>;
        fn propose(repository: &RepositoryRef, proposed: &Proposed) -> Opened;
        fn reword(repository: &RepositoryRef, number: u64, proposed: &Proposed) -> ();
    }
    OwnAccount {
        fn own_login() -> String;
    }
}

impl<P: Paced> Paced for Mortal<P> {
    fn pace(&self) -> &Pace {
        self.inner.pace()
    }
}
