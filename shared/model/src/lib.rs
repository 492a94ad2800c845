//! The words of Sluice as types: ids, facts, state machines and the statuses derived from them.
//!
//! Nothing here does IO. Facts are what the ledger stores; what people see comes only from the functions of
//! [`status`], so that no two places can disagree about what "Done" means.

pub mod approval;
pub mod audit;
pub mod baseline;
pub mod change;
pub mod checksum;
pub mod click;
pub mod decider;
pub mod digest;
pub mod event;
pub mod fault;
pub mod filter;
pub mod freeze;
pub mod ids;
pub mod issue;
pub mod outbox;
pub mod pattern;
pub mod principal;
pub mod pull_request;
pub mod push;
pub mod rehearsal;
pub mod revision;
pub mod risk;
pub mod status;
pub mod target;
pub mod task;
pub mod version;
pub mod view;
pub mod whom;
pub mod write_back;

pub use approval::{Decision, Ruling, Schedule, Verdict};
pub use audit::{
    AuditActor, AuditChain, AuditEntry, AuditFunction, AuditHead, AuditItem, AuditRecord, AuditSeal, Deed,
};
pub use baseline::{Baseline, Baselines, UpTo};
pub use change::{Change, ChangeType};
pub use checksum::Checksum;
pub use click::{Button, Offer, RefusedClick};
pub use decider::{Decider, GithubAccount};
pub use digest::Digest;
pub use event::{Announced, Awaited, Event, EventDetail, EventKind, EventNeed, EventTask};
pub use fault::{Fault, Refusal};
pub use filter::{Age, FilterError, IssueFilter, IssueState};
pub use freeze::{Freeze, Freezes};
pub use ids::{
    BlobSha, CommitSha, DatabaseName, DeliveryId, EnvironmentId, InstanceId, IssueNumber, ProjectId,
    PullRequestNumber, RepositoryId,
};
pub use issue::{Creator, Issue, Pusher};
pub use outbox::{Errand, OutboxItem};
pub use principal::Principal;
pub use pull_request::{FileReview, Noticed, PullRequest, PullRequestState, Weight};
pub use push::{Answer, FileAnswer, Push, RepositoryRef};
pub use rehearsal::{
    Alteration, Altered, Rehearsal, RehearsalKey, RehearsalOutcome, RehearsalStatus, Rehearsed,
    RehearsedChange,
};
pub use revision::{Revision, StatementRecord};
pub use risk::Risk;
pub use status::{ApprovalStatus, Gate, IssueStatus, StageStatus, StepStanding, TaskStatus};
pub use target::{Target, TaskKey};
pub use task::{
    Blocking, Drift, Failure, IllegalTransition, Reach, Resolution, Task, TaskRun, TaskRunEvent, Work,
};
pub use version::{Version, VersionKey};
pub use view::{
    ApprovalNeed, IssueView, NeededStep, PullRequestView, RehearsalView, RevisionView, StageView, TaskView,
};
pub use whom::Whom;
pub use write_back::{WriteBack, WriteBackBranch, WriteBackState};
