//! GitHub: bringing the latest schema into a repository.
//!
//! A commit is made first, and no branch knows of it; then a branch is moved to it, if that only goes forward. So what
//! is about to happen can be noted in between.

use model::{CommitSha, Fault, RepositoryRef};
use std::future::Future;

/// What a commit has at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing, and a file can be made there.
    Nothing,
    /// A file with these bytes.
    File(Vec<u8>),
    /// Something that a file would have to replace: a directory, a symlink, a submodule, or one of them above it.
    Other,
}

/// A file of a commit to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The whole path in the repository.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A commit to be made. The author is whoever the App is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommit {
    /// Its parents, at least one.
    pub parents: Vec<CommitSha>,
    /// The commit whose files it has.
    pub base: CommitSha,
    /// The files in which it differs.
    pub files: Vec<NewFile>,
    /// The message.
    pub message: String,
}

/// What became of moving a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landed {
    /// The branch has the commit as its head.
    Yes,
    /// It does not: the branch moved meanwhile, was made or is gone. Look again.
    Moved,
    /// It does not: GitHub has no such commit, not yet or not any more.
    Unknown,
    /// The rules of the branch refuse, in GitHub's words: it is protected, or wants a pull request or checks.
    Refused(String),
}

/// Commits of ours.
pub trait Commits: Send + Sync {
    /// What a commit has at a path.
    fn content(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        path: &str,
    ) -> impl Future<Output = Result<Content, Fault>> + Send;

    /// Makes a commit. No branch moves.
    fn make_commit(
        &self,
        repository: &RepositoryRef,
        commit: &NewCommit,
    ) -> impl Future<Output = Result<CommitSha, Fault>> + Send;

    /// Moves a branch forward to a commit, never by force; where none was `seen`, makes the branch.
    fn land(
        &self,
        repository: &RepositoryRef,
        branch: &str,
        seen: Option<&CommitSha>,
        commit: &CommitSha,
    ) -> impl Future<Output = Result<Landed, Fault>> + Send;

    /// Whether a commit is another one, or one of its ancestors.
    fn leads_to(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        head: &CommitSha,
    ) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// What a pull request of ours says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Our own branch.
    pub from: String,
    /// The branch that it is to be merged into.
    pub into: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: String,
}

/// A pull request of ours, as GitHub has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// Where GitHub shows it.
    pub url: String,
    /// Where it stands.
    pub state: PullRequestState,
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: String,
}

/// Where a pull request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullRequestState {
    /// Somebody may merge it.
    Open,
    /// Somebody did.
    Merged {
        /// The commit that GitHub made of it.
        commit: CommitSha,
    },
    /// Somebody closed it.
    Closed,
}

/// What became of opening a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// It is open.
    Yes(PullRequest),
    /// There is one from this branch into that one already.
    Already,
    /// The branch has all of it.
    Nothing,
}

/// Pull requests of ours.
pub trait Proposals: Send + Sync {
    /// The newest pull request from a branch of this repository into another, whatever became of it.
    fn find_proposal(
        &self,
        repository: &RepositoryRef,
        from: &str,
        into: &str,
    ) -> impl Future<Output = Result<Option<PullRequest>, Fault>> + Send;

    /// Opens one.
    fn propose(
        &self,
        repository: &RepositoryRef,
        proposed: &Proposed,
    ) -> impl Future<Output = Result<Opened, Fault>> + Send;

    /// Changes what one says.
    fn reword(
        &self,
        repository: &RepositoryRef,
        number: u64,
        proposed: &Proposed,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}
