//! GitHub: reading repositories, check runs, and who we are. What we commit is [`super::commits`].

use crate::pace::Pace;
use jiff::Timestamp;
use model::{BlobSha, CommitSha, DeliveryId, Fault, PullRequestNumber, Pusher, RepositoryId, RepositoryRef};
use std::future::Future;

/// One entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// The whole path in the repository, as bytes of UTF-8 (GitHub answers JSON).
    pub path: String,
    /// The git mode: `100644`, `100755`, `120000` (symlink), `160000` (submodule).
    pub mode: String,
    /// The blob.
    pub blob: BlobSha,
    /// Size in bytes, where GitHub tells.
    pub size: Option<u64>,
}

/// A commit, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitInfo {
    /// The first line of the message.
    pub title: String,
    /// The whole message.
    pub message: String,
    /// The author's name, as the commit claims.
    pub author_name: String,
    /// The author's e-mail, as the commit claims.
    pub author_email: String,
    /// Where GitHub shows it.
    pub url: String,
}

/// Reading a repository.
pub trait Repositories: Send + Sync {
    /// The head of a branch; none where there is no such branch.
    fn head(
        &self,
        repository: &RepositoryRef,
        branch: &str,
    ) -> impl Future<Output = Result<Option<CommitSha>, Fault>> + Send;

    /// Every branch whose name begins so, with its head, in the order of their names.
    fn branches(
        &self,
        repository: &RepositoryRef,
        prefix: &str,
    ) -> impl Future<Output = Result<Vec<(String, CommitSha)>, Fault>> + Send;

    /// Every file below a directory (empty: the root) at a commit; empty where the directory does not exist.
    fn tree(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        directory: &str,
    ) -> impl Future<Output = Result<Vec<TreeEntry>, Fault>> + Send;

    /// The bytes of a blob.
    fn blob(
        &self,
        repository: &RepositoryRef,
        blob: &BlobSha,
    ) -> impl Future<Output = Result<Vec<u8>, Fault>> + Send;

    /// A commit; none where there is no such commit.
    fn commit(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
    ) -> impl Future<Output = Result<Option<CommitInfo>, Fault>> + Send;
}

/// A check run as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRun {
    /// Our own key, by which a check run is found again.
    pub external_id: String,
    /// The name shown on the commit.
    pub name: String,
    /// The commit.
    pub commit: CommitSha,
    /// Where it stands.
    pub state: CheckState,
    /// One line.
    pub title: String,
    /// Markdown, at most 65,535 characters.
    pub summary: String,
    /// Its buttons, three at most.
    pub actions: Vec<CheckAction>,
}

/// A button on a check run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckAction {
    /// What stands on it, 20 characters at most.
    pub label: String,
    /// What it does, 40 characters at most.
    pub description: String,
    /// What comes back when somebody clicks on it, 20 characters at most.
    pub identifier: String,
}

/// Where a check run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// Nothing began.
    Queued,
    /// Something began.
    InProgress,
    /// A person has to act.
    ActionRequired,
    /// All is well.
    Success,
    /// Something failed or was refused.
    Failure,
    /// Nothing to do.
    Neutral,
}

/// Telling people on a commit.
pub trait CheckRuns: Send + Sync {
    /// The check run of ours with this key on this commit.
    fn find_check_run(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        external_id: &str,
    ) -> impl Future<Output = Result<Option<u64>, Fault>> + Send;

    /// Makes one; answers GitHub's id.
    fn create_check_run(
        &self,
        repository: &RepositoryRef,
        check_run: &CheckRun,
    ) -> impl Future<Output = Result<u64, Fault>> + Send;

    /// Brings one up to date.
    fn update_check_run(
        &self,
        repository: &RepositoryRef,
        id: u64,
        check_run: &CheckRun,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Who we are on GitHub.
pub trait OwnAccount: Send + Sync {
    /// The login under which our App acts: the App's slug with `[bot]`.
    fn own_login(&self) -> impl Future<Output = Result<String, Fault>> + Send;
}

/// A pull request as GitHub has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestInfo {
    /// Whether it is open.
    pub open: bool,
    /// Whether it was merged.
    pub merged: bool,
    /// Whether its author is not done with it yet.
    pub draft: bool,
    /// The branch that it would be merged into, without `refs/heads/`.
    pub base: String,
    /// Its head.
    pub head: CommitSha,
    /// The repository of its head; none where that was deleted.
    pub head_repository: Option<RepositoryId>,
    /// Who opened it.
    pub author: Pusher,
}

/// Reading pull requests.
pub trait PullRequests: Send + Sync {
    /// A pull request; none where there is no such.
    fn pull_request(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
    ) -> impl Future<Output = Result<Option<PullRequestInfo>, Fault>> + Send;

    /// Where two commits parted; none where they have nothing in common, or one of them is gone.
    fn merge_base(
        &self,
        repository: &RepositoryRef,
        base: &CommitSha,
        head: &CommitSha,
    ) -> impl Future<Output = Result<Option<CommitSha>, Fault>> + Send;
}

/// A note on a line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// The whole path in the repository.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// How much it weighs.
    pub level: AnnotationLevel,
    /// One line, at most 255 characters.
    pub title: String,
    /// Plain text, at most 64 KB.
    pub message: String,
}

/// How much a note weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnotationLevel {
    /// Worth knowing.
    Notice,
    /// Worth a second look.
    Warning,
    /// Wrong.
    Failure,
}

/// Notes on lines, as part of a check run.
pub trait Annotations: Send + Sync {
    /// Adds notes to those that a check run has, however many they are.
    fn annotate(
        &self,
        repository: &RepositoryRef,
        id: u64,
        check_run: &CheckRun,
        annotations: &[Annotation],
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Comments on pull requests.
pub trait Comments: Send + Sync {
    /// The oldest comment of our App's on a pull request that holds this text.
    fn find_comment(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
        marker: &str,
    ) -> impl Future<Output = Result<Option<u64>, Fault>> + Send;

    /// Makes one; answers GitHub's id.
    fn create_comment(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
        body: &str,
    ) -> impl Future<Output = Result<u64, Fault>> + Send;

    /// Gives one another text; answers whether it is still there.
    fn update_comment(
        &self,
        repository: &RepositoryRef,
        id: u64,
        body: &str,
    ) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// How fast GitHub is written to.
pub trait Paced: Send + Sync {
    /// The pace that every write of this process is counted in.
    fn pace(&self) -> &Pace;
}

/// A delivery of the App's webhook, as GitHub remembers it. One that is asked for again is another delivery with the
/// same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookDelivery {
    /// GitHub's number of it.
    pub id: u64,
    /// The name (`X-GitHub-Delivery`) that it and its repetitions have.
    pub guid: DeliveryId,
    /// When it was delivered.
    pub at: Timestamp,
    /// Whether the webhook took it.
    pub arrived: bool,
    /// The kind of event: `push`.
    pub event: String,
    /// What happened, where the event says: `requested_action`.
    pub action: Option<String>,
    /// The repository that it is about, where it is about one.
    pub repository: Option<RepositoryId>,
}

/// A part of the list of deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookPage {
    /// Newest first.
    pub deliveries: Vec<HookDelivery>,
    /// Where the older ones are, where there are any.
    pub older: Option<String>,
}

/// What became of the wish for another delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redelivered {
    /// GitHub delivers it again.
    Asked,
    /// GitHub will not: it is too old, or gone.
    Refused(String),
}

/// The deliveries of the App's webhook.
pub trait AppDeliveries: Send + Sync {
    /// The newest deliveries, or those at a place that a page named; none where this GitHub does not list them.
    fn deliveries(&self, older: Option<&str>)
    -> impl Future<Output = Result<Option<HookPage>, Fault>> + Send;

    /// Asks for a delivery again.
    fn redeliver(&self, id: u64) -> impl Future<Output = Result<Redelivered, Fault>> + Send;
}
