//! GitHub in memory: repositories with branches, commits and trees, check runs, and answers that fail on order.

mod hooks;
mod pull_requests;

pub use pull_requests::{FakePull, FakePullState};

use model::{BlobSha, Checksum, CommitSha, Fault, RepositoryRef};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
mod writing;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use workflow::pace::Pace;
use workflow::ports::clock::Clock;
use workflow::ports::commits::PullRequest;
use workflow::ports::github::{Annotation, CheckRun, CheckRuns, CommitInfo, Paced, Repositories, TreeEntry};

/// A file in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeFile {
    /// The git mode: `100644`, `120000`, …
    pub mode: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl FakeFile {
    /// A regular file.
    pub fn text(text: &str) -> Self {
        Self {
            mode: "100644".to_owned(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    /// Anything else: a symlink, a submodule, bytes that are no text.
    pub fn of_mode(mode: &str, bytes: &[u8]) -> Self {
        Self {
            mode: mode.to_owned(),
            bytes: bytes.to_vec(),
        }
    }
}

type Tree = BTreeMap<String, FakeFile>;

#[derive(Debug, Clone)]
struct FakeCommit {
    info: CommitInfo,
    tree: Tree,
    parents: Vec<CommitSha>,
}

#[derive(Debug, Default)]
struct Repository {
    branches: BTreeMap<String, CommitSha>,
    commits: HashMap<CommitSha, FakeCommit>,
    blobs: HashMap<BlobSha, Vec<u8>>,
    check_runs: BTreeMap<u64, CheckRun>,
    protected: BTreeSet<String>,
    pulls: BTreeMap<u64, FakePull>,
    /// By check run.
    annotations: BTreeMap<u64, Vec<Annotation>>,
    /// By id: the pull request and the text.
    comments: BTreeMap<u64, (u64, String)>,
    pull_requests: BTreeMap<u64, FakePullRequest>,
}

#[derive(Debug, Clone)]
struct FakePullRequest {
    from: String,
    into: String,
    shown: PullRequest,
}

#[derive(Debug, Default)]
struct State {
    repositories: HashMap<u64, Repository>,
    made: u64,
    failures: VecDeque<Fault>,
    down: bool,
    races: u32,
    calls: Vec<&'static str>,
    hooks: hooks::Hooks,
}

/// GitHub in memory. Every repository that is asked for exists, and is empty until something is committed to it.
pub struct FakeGitHub {
    state: Mutex<State>,
    pace: Pace,
    /// By which writes are counted.
    clock: Option<Arc<dyn Clock>>,
}

impl Default for FakeGitHub {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            pace: Pace::boundless(),
            clock: None,
        }
    }
}

impl fmt::Debug for FakeGitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeGitHub")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl FakeGitHub {
    /// An empty one, which may be written to as fast as anybody likes.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty one that is written to at a pace.
    pub fn at_pace(pace: Pace, clock: Arc<dyn Clock>) -> Self {
        Self {
            pace,
            clock: Some(clock),
            ..Self::default()
        }
    }

    /// Commits to a branch, making it where it does not exist; none deletes a file. Answers the new head.
    pub fn commit_as(
        &self,
        repository: &RepositoryRef,
        branch: &str,
        author: (&str, &str),
        message: &str,
        files: &[(&str, Option<FakeFile>)],
    ) -> CommitSha {
        let mut state = self.state();
        let mut tree = state.repository(repository).tree_of(branch);
        for (path, file) in files {
            match file {
                Some(file) => tree.insert((*path).to_owned(), file.clone()),
                None => tree.remove(*path),
            };
        }
        let parents = state.repository(repository).branches.get(branch).cloned();
        let commit = state.commit(repository, author, message, tree, parents.into_iter().collect());
        state
            .repository(repository)
            .branches
            .insert(branch.to_owned(), commit.clone());
        commit
    }

    /// Commits texts to a branch as "Dana Developer"; none deletes a file. Answers the new head.
    pub fn push(
        &self,
        repository: &RepositoryRef,
        branch: &str,
        message: &str,
        files: &[(&str, Option<&str>)],
    ) -> CommitSha {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (*path, text.map(FakeFile::text)))
            .collect();
        self.commit_as(
            repository,
            branch,
            ("Dana Developer", "dana@example.com"),
            message,
            &files,
        )
    }

    /// Makes a branch point at a commit, wherever it pointed before.
    pub fn point(&self, repository: &RepositoryRef, branch: &str, commit: &CommitSha) {
        let mut state = self.state();
        let branches = &mut state.repository(repository).branches;
        branches.insert(branch.to_owned(), commit.clone());
    }

    /// Deletes a branch.
    pub fn delete_branch(&self, repository: &RepositoryRef, branch: &str) {
        self.state().repository(repository).branches.remove(branch);
    }

    /// From now on the App may not write to a branch.
    pub fn protect(&self, repository: &RepositoryRef, branch: &str) {
        self.state()
            .repository(repository)
            .protected
            .insert(branch.to_owned());
    }

    /// From now on the App may write to a branch again.
    pub fn unprotect(&self, repository: &RepositoryRef, branch: &str) {
        self.state().repository(repository).protected.remove(branch);
    }

    /// Every call fails until [`FakeGitHub::come_back`].
    pub fn go_down(&self) {
        self.state().down = true;
    }

    /// Calls go well again.
    pub fn come_back(&self) {
        self.state().down = false;
    }

    /// So many times, somebody else moves the branch just before it is moved to a commit of ours.
    pub fn race_next(&self, times: u32) {
        self.state().races = times;
    }

    /// The next call of any kind ends with this fault; several are used up in order.
    pub fn fail_next(&self, fault: Fault) {
        self.state().failures.push_back(fault);
    }

    /// The names of the calls so far.
    pub fn calls(&self) -> Vec<&'static str> {
        self.state().calls.clone()
    }

    /// The head of a branch.
    pub fn head_of(&self, repository: &RepositoryRef, branch: &str) -> Option<CommitSha> {
        self.state().repository(repository).branches.get(branch).cloned()
    }

    /// The text of a file at the head of a branch.
    pub fn text_of(&self, repository: &RepositoryRef, branch: &str, path: &str) -> Option<String> {
        let tree = self.state().repository(repository).tree_of(branch);
        tree.get(path)
            .map(|file| String::from_utf8_lossy(&file.bytes).into_owned())
    }

    /// The check runs of a commit, oldest first.
    pub fn check_runs_of(&self, repository: &RepositoryRef, commit: &CommitSha) -> Vec<CheckRun> {
        let mut state = self.state();
        let runs = state.repository(repository).check_runs.values();
        runs.filter(|run| &run.commit == commit).cloned().collect()
    }

    /// A check run by its id.
    pub fn check_run(&self, repository: &RepositoryRef, id: u64) -> Option<CheckRun> {
        self.state().repository(repository).check_runs.get(&id).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, for one call of a port that writes.
    fn write(&self, name: &'static str) -> Result<MutexGuard<'_, State>, Fault> {
        if let Some(clock) = &self.clock {
            self.pace.sent(clock.now());
        }
        self.call(name)
    }

    /// The state, for one call of a port: noted, and failed if that was ordered.
    fn call(&self, name: &'static str) -> Result<MutexGuard<'_, State>, Fault> {
        let mut state = self.state();
        state.calls.push(name);
        if state.down {
            return Err(Fault::retry(
                name,
                "GitHub answered 503: down, as the test wanted",
            ));
        }
        match state.failures.pop_front() {
            Some(fault) => Err(fault),
            None => Ok(state),
        }
    }
}

impl State {
    fn repository(&mut self, repository: &RepositoryRef) -> &mut Repository {
        self.repositories.entry(repository.id.0).or_default()
    }

    /// A number that was never given before.
    fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    fn commit(
        &mut self,
        repository: &RepositoryRef,
        (name, email): (&str, &str),
        message: &str,
        tree: Tree,
        parents: Vec<CommitSha>,
    ) -> CommitSha {
        let sha = CommitSha::new(forty_digits(
            format!("commit {} {message}", self.next()).as_bytes(),
        ));
        let info = CommitInfo {
            title: message.lines().next().unwrap_or_default().to_owned(),
            message: message.to_owned(),
            author_name: name.to_owned(),
            author_email: email.to_owned(),
            url: format!("https://github.example/{}/commit/{sha}", repository.name),
        };
        let repository = self.repository(repository);
        for file in tree.values() {
            repository.blobs.insert(blob_of(file), file.bytes.clone());
        }
        let commit = FakeCommit { info, tree, parents };
        repository.commits.insert(sha.clone(), commit);
        sha
    }
}

impl Repository {
    fn tree_of(&self, branch: &str) -> Tree {
        let head = self.branches.get(branch);
        head.and_then(|head| self.commits.get(head))
            .map(|commit| commit.tree.clone())
            .unwrap_or_default()
    }
}

fn forty_digits(bytes: &[u8]) -> String {
    Checksum::of(bytes).as_str().chars().take(40).collect()
}

fn blob_of(file: &FakeFile) -> BlobSha {
    BlobSha::new(forty_digits(&[b"blob ", file.bytes.as_slice()].concat()))
}

impl Repositories for FakeGitHub {
    async fn head(&self, repository: &RepositoryRef, branch: &str) -> Result<Option<CommitSha>, Fault> {
        let mut state = self.call("head")?;
        Ok(state.repository(repository).branches.get(branch).cloned())
    }

    async fn branches(
        &self,
        repository: &RepositoryRef,
        prefix: &str,
    ) -> Result<Vec<(String, CommitSha)>, Fault> {
        let mut state = self.call("branches")?;
        let branches = state.repository(repository).branches.iter();
        Ok(branches
            .filter(|(branch, _)| branch.starts_with(prefix))
            .map(|(branch, head)| (branch.clone(), head.clone()))
            .collect())
    }

    async fn tree(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        directory: &str,
    ) -> Result<Vec<TreeEntry>, Fault> {
        let mut state = self.call("tree")?;
        let Some(commit) = state.repository(repository).commits.get(commit) else {
            return Err(Fault::retry("listing the files of a commit", "no such commit"));
        };
        let prefix = match directory.trim_matches('/') {
            "" => String::new(),
            directory => format!("{directory}/"),
        };
        let below = commit.tree.iter().filter(|(path, _)| path.starts_with(&prefix));
        Ok(below
            .map(|(path, file)| TreeEntry {
                path: path.clone(),
                mode: file.mode.clone(),
                blob: blob_of(file),
                size: u64::try_from(file.bytes.len()).ok(),
            })
            .collect())
    }

    async fn blob(&self, repository: &RepositoryRef, blob: &BlobSha) -> Result<Vec<u8>, Fault> {
        let mut state = self.call("blob")?;
        let found = state.repository(repository).blobs.get(blob).cloned();
        found.ok_or_else(|| Fault::retry("reading a blob", format!("no blob {blob}")))
    }

    async fn commit(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
    ) -> Result<Option<CommitInfo>, Fault> {
        let mut state = self.call("commit")?;
        let found = state.repository(repository).commits.get(commit);
        Ok(found.map(|commit| commit.info.clone()))
    }
}

impl CheckRuns for FakeGitHub {
    async fn find_check_run(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        external_id: &str,
    ) -> Result<Option<u64>, Fault> {
        let mut state = self.call("find_check_run")?;
        let runs = state.repository(repository).check_runs.iter();
        Ok(runs
            .filter(|(_, run)| &run.commit == commit && run.external_id == external_id)
            .map(|(id, _)| *id)
            .max())
    }

    async fn create_check_run(&self, repository: &RepositoryRef, check_run: &CheckRun) -> Result<u64, Fault> {
        let mut state = self.write("create_check_run")?;
        let id = state.next();
        state
            .repository(repository)
            .check_runs
            .insert(id, check_run.clone());
        Ok(id)
    }

    async fn update_check_run(
        &self,
        repository: &RepositoryRef,
        id: u64,
        check_run: &CheckRun,
    ) -> Result<(), Fault> {
        let mut state = self.write("update_check_run")?;
        match state.repository(repository).check_runs.get_mut(&id) {
            Some(run) => {
                *run = check_run.clone();
                Ok(())
            }
            None => Err(Fault::operator(
                "updating a check run",
                "make it first",
                "no such check run",
            )),
        }
    }
}

impl Paced for FakeGitHub {
    fn pace(&self) -> &Pace {
        &self.pace
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::github::{AUTHOR, Stage};
    use model::{PullRequestNumber, Pusher, RepositoryId};
    use std::future::{Ready, ready};
    use workflow::ports::github::CheckState;

    struct FakeStage(FakeGitHub);

    fn stage(_statement: &str) -> Ready<FakeStage> {
        let stage = FakeStage(FakeGitHub::new());
        stage.0.push(
            &stage.repository(),
            &stage.branch(),
            "Initial commit",
            &[("README.md", Some("# shop"))],
        );
        ready(stage)
    }

    impl Stage for FakeStage {
        type GitHub = FakeGitHub;

        fn github(&self) -> &FakeGitHub {
            &self.0
        }

        fn repository(&self) -> RepositoryRef {
            RepositoryRef {
                id: RepositoryId(1),
                installation_id: 5001,
                name: "sluice-demo/shop".to_owned(),
            }
        }

        fn branch(&self) -> String {
            "contract/main".to_owned()
        }

        async fn commit(&self, message: &str, files: &[(&str, Option<&str>)]) -> Result<CommitSha, Fault> {
            let files: Vec<_> = files
                .iter()
                .map(|(path, text)| (*path, text.map(FakeFile::text)))
                .collect();
            Ok(self
                .0
                .commit_as(&self.repository(), &self.branch(), AUTHOR, message, &files))
        }

        async fn open_pull(&self) -> Result<(PullRequestNumber, CommitSha), Fault> {
            let author = Pusher {
                id: 7,
                login: "dana".to_owned(),
            };
            self.0.branch(&self.repository(), &self.branch(), "contract/pull");
            let files = [("pull.sql", Some("SELECT 1;"))];
            let head = self.0.push(&self.repository(), "contract/pull", "Pull", &files);
            let pull = FakePull::new("contract/pull", &self.branch(), author);
            self.0.put_pull(&self.repository(), 1, pull);
            Ok((PullRequestNumber(1), head))
        }

        async fn shown(&self, check_run: u64) -> Result<(String, Option<String>, String), Fault> {
            let run = self.0.check_run(&self.repository(), check_run).unwrap();
            let (status, conclusion) = match run.state {
                CheckState::Queued => ("queued", None),
                CheckState::InProgress => ("in_progress", None),
                CheckState::ActionRequired => ("completed", Some("action_required")),
                CheckState::Success => ("completed", Some("success")),
                CheckState::Failure => ("completed", Some("failure")),
                CheckState::Neutral => ("completed", Some("neutral")),
            };
            Ok((status.to_owned(), conclusion.map(str::to_owned), run.title))
        }
    }

    crate::github_contract!(stage);

    #[tokio::test]
    async fn ordered_failures_come_in_order_and_once() {
        let stage = stage("").await;
        stage.0.fail_next(Fault::retry("asking", "timeout"));
        assert!(stage.0.head(&stage.repository(), "contract/main").await.is_err());
        assert!(stage.0.head(&stage.repository(), "contract/main").await.is_ok());
        assert_eq!(stage.0.calls(), ["head", "head"]);
    }
}
