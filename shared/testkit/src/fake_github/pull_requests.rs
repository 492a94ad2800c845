//! Pull requests of GitHub in memory: read, annotated, commented on.

use super::{FakeGitHub, Repository};
use model::{CommitSha, Fault, PullRequestNumber, Pusher, RepositoryId, RepositoryRef};
use workflow::ports::github::{Annotation, Annotations, CheckRun, Comments, PullRequestInfo, PullRequests};

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakePull {
    /// The branch that it would be merged into.
    pub base: String,
    /// The branch that it comes from. A fork's is in the same repository here, as its commits are on GitHub.
    pub branch: String,
    /// Whether it comes from a fork.
    pub fork: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it is open.
    pub state: FakePullState,
    /// Who opened it.
    pub author: Pusher,
}

/// Whether a pull request is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FakePullState {
    /// It is.
    Open,
    /// It was merged.
    Merged,
    /// It was closed.
    Closed,
}

impl FakePull {
    /// One from a branch into another, open and no draft.
    pub fn new(branch: &str, base: &str, author: Pusher) -> Self {
        Self {
            base: base.to_owned(),
            branch: branch.to_owned(),
            fork: false,
            draft: false,
            state: FakePullState::Open,
            author,
        }
    }
}

impl FakeGitHub {
    /// Opens a pull request, or brings one to another state.
    pub fn put_pull(&self, repository: &RepositoryRef, number: u64, pull: FakePull) {
        self.state().repository(repository).pulls.insert(number, pull);
    }

    /// A pull request.
    pub fn pull(&self, repository: &RepositoryRef, number: u64) -> Option<FakePull> {
        self.state().repository(repository).pulls.get(&number).cloned()
    }

    /// A branch of its own at the head of another one.
    pub fn branch(&self, repository: &RepositoryRef, from: &str, branch: &str) {
        if let Some(head) = self.head_of(repository, from) {
            self.point(repository, branch, &head);
        }
    }

    /// The texts of our App's comments on a pull request, oldest first.
    pub fn comments_of(&self, repository: &RepositoryRef, number: u64) -> Vec<String> {
        let mut state = self.state();
        let comments = state.repository(repository).comments.values();
        comments
            .filter(|(of, _)| *of == number)
            .map(|(_, text)| text.clone())
            .collect()
    }

    /// Somebody deletes all of our App's comments.
    pub fn delete_comments(&self, repository: &RepositoryRef) {
        self.state().repository(repository).comments.clear();
    }

    /// The notes on lines of a commit's check runs, in order.
    pub fn annotations_of(&self, repository: &RepositoryRef, commit: &CommitSha) -> Vec<Annotation> {
        let mut state = self.state();
        let repository = state.repository(repository);
        let runs = repository
            .check_runs
            .iter()
            .filter(|(_, run)| &run.commit == commit);
        runs.filter_map(|(id, _)| repository.annotations.get(id))
            .flatten()
            .cloned()
            .collect()
    }
}

impl Repository {
    /// A commit and all before it, newest first.
    fn line_of(&self, commit: &CommitSha) -> Vec<CommitSha> {
        let mut line = Vec::new();
        let mut next = Some(commit.clone());
        while let Some(sha) = next {
            next = self
                .commits
                .get(&sha)
                .and_then(|commit| commit.parents.first().cloned());
            line.push(sha);
        }
        line
    }
}

impl PullRequests for FakeGitHub {
    async fn pull_request(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
    ) -> Result<Option<PullRequestInfo>, Fault> {
        let mut state = self.call("pull_request")?;
        let found = state.repository(repository);
        let Some(pull) = found.pulls.get(&number.0) else {
            return Ok(None);
        };
        let Some(head) = found.branches.get(&pull.branch) else {
            return Ok(None);
        };
        Ok(Some(PullRequestInfo {
            open: pull.state == FakePullState::Open,
            merged: pull.state == FakePullState::Merged,
            draft: pull.draft,
            base: pull.base.clone(),
            head: head.clone(),
            head_repository: Some(if pull.fork {
                RepositoryId(repository.id.0 + 1)
            } else {
                repository.id
            }),
            author: pull.author.clone(),
        }))
    }

    async fn merge_base(
        &self,
        repository: &RepositoryRef,
        base: &CommitSha,
        head: &CommitSha,
    ) -> Result<Option<CommitSha>, Fault> {
        let mut state = self.call("merge_base")?;
        let found = state.repository(repository);
        let known = |commit| found.commits.contains_key(commit);
        if !known(base) || !known(head) {
            return Ok(None);
        }
        let base = found.line_of(base);
        Ok(found.line_of(head).into_iter().find(|sha| base.contains(sha)))
    }
}

impl Annotations for FakeGitHub {
    async fn annotate(
        &self,
        repository: &RepositoryRef,
        id: u64,
        _check_run: &CheckRun,
        annotations: &[Annotation],
    ) -> Result<(), Fault> {
        let mut state = self.call("annotate")?;
        let repository = state.repository(repository);
        if !repository.check_runs.contains_key(&id) {
            let source = "no such check run";
            return Err(Fault::operator("annotating a check run", "make it first", source));
        }
        let there = repository.annotations.entry(id).or_default();
        there.extend_from_slice(annotations);
        Ok(())
    }
}

impl Comments for FakeGitHub {
    async fn find_comment(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
        marker: &str,
    ) -> Result<Option<u64>, Fault> {
        let mut state = self.call("find_comment")?;
        let comments = state.repository(repository).comments.iter();
        Ok(comments
            .filter(|(_, (of, text))| *of == number.0 && text.contains(marker))
            .map(|(id, _)| *id)
            .min())
    }

    async fn create_comment(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
        body: &str,
    ) -> Result<u64, Fault> {
        let mut state = self.call("create_comment")?;
        let id = state.next();
        let comments = &mut state.repository(repository).comments;
        comments.insert(id, (number.0, body.to_owned()));
        Ok(id)
    }

    async fn update_comment(&self, repository: &RepositoryRef, id: u64, body: &str) -> Result<bool, Fault> {
        let mut state = self.call("update_comment")?;
        let comments = &mut state.repository(repository).comments;
        match comments.get_mut(&id) {
            Some((_, text)) => {
                body.clone_into(text);
                Ok(true)
            }
            None => Ok(false),
        }
    }
}
