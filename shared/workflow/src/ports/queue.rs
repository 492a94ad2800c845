//! Queues. A message is a nudge, never the truth: lost, doubled, late or reordered ones change nothing but timing.

use model::{CommitSha, DeliveryId, Fault, PullRequestNumber, Pusher, RepositoryId, Target};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::time::Duration;

/// What a delivery of a push points at. The payload itself is never sent on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// GitHub's id of the delivery; for pushes found by the sweeper, a name of ours.
    pub delivery: DeliveryId,
    /// The repository's numeric id.
    pub repository_id: RepositoryId,
    /// The full ref, `refs/heads/…`.
    #[serde(rename = "ref")]
    pub git_ref: String,
    /// The head before.
    pub before: CommitSha,
    /// The head after.
    pub after: CommitSha,
    /// Who pushed, as GitHub authenticated it; none for pushes found by the sweeper.
    pub sender: Option<Pusher>,
}

/// What a delivery about a pull request points at. What it is about is read from GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequestPointer {
    /// GitHub's id of the delivery.
    pub delivery: DeliveryId,
    /// The numeric id of the repository that it would be merged into.
    pub repository_id: RepositoryId,
    /// Its number there.
    pub pull_request: PullRequestNumber,
}

/// A click on a button of a check run, as GitHub signed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClickPointer {
    /// GitHub's id of the delivery.
    pub delivery: DeliveryId,
    /// The repository's numeric id.
    pub repository_id: RepositoryId,
    /// The App installation that was told.
    pub installation_id: u64,
    /// GitHub's id of the check run.
    pub check_run: u64,
    /// Our own key of the check run.
    pub external_id: String,
    /// The identifier of the button.
    pub button: String,
    /// Who clicked.
    pub sender: Pusher,
}

/// What the planner is pointed at. Told apart by what is in it, so that a message of before pull requests is still one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Pointed {
    /// A click.
    Click(ClickPointer),
    /// A pull request.
    PullRequest(PullRequestPointer),
    /// A branch.
    Push(Pointer),
}

/// The way from the webhook to the planner.
pub trait Deliveries: Send + Sync {
    /// Queues a pointer, to arrive after a delay of at most 15 minutes.
    fn send(&self, pointer: &Pointer, delay: Duration) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Queues a pointer to a pull request.
    fn send_pull_request(
        &self,
        pointer: &PullRequestPointer,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Queues a click.
    fn send_click(&self, click: &ClickPointer) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// The way to the worker.
pub trait Nudges: Send + Sync {
    /// Asks a worker to look at a target. Nudges with the same `reason` within five minutes may be merged.
    fn nudge(&self, target: &Target, reason: &str) -> impl Future<Output = Result<(), Fault>> + Send;
}
