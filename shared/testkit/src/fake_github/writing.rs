//! What the App writes: commits, branches and pull requests of its own.

use super::{FakeFile, FakeGitHub, FakePullRequest, Repository, State};
use model::{CommitSha, Fault, RepositoryRef};
use std::collections::BTreeSet;
use workflow::ports::commits::{
    Commits, Content, Landed, NewCommit, Opened, Proposals, Proposed, PullRequest, PullRequestState,
};
use workflow::ports::github::{CommitInfo, OwnAccount};

/// Who the App is.
const OURS: (&str, &str) = ("sluice[bot]", "sluice[bot]@users.noreply.github.com");

impl FakeGitHub {
    /// Somebody merges a pull request, however the branch is protected. Answers the new head.
    pub fn merge(&self, repository: &RepositoryRef, number: u64) -> Option<CommitSha> {
        let mut state = self.state();
        let found = state.repository(repository);
        let pull_request = found.pull_requests.get(&number)?.clone();
        let ours = found.branches.get(&pull_request.from)?.clone();
        let theirs = found.branches.get(&pull_request.into)?.clone();
        let before = found.history(&theirs);
        let shared = found.shared(&ours, &before);
        let mut tree = found.tree_of(&pull_request.into);
        for (path, file) in found.tree_of(&pull_request.from) {
            if shared
                .as_ref()
                .and_then(|shared| found.commits.get(shared)?.tree.get(&path))
                != Some(&file)
            {
                tree.insert(path, file);
            }
        }
        let message = format!("Merge pull request #{number} from {}", pull_request.from);
        let author = ("Dana Developer", "dana@example.com");
        let commit = state.commit(repository, author, &message, tree, vec![theirs, ours]);
        let found = state.repository(repository);
        found.branches.insert(pull_request.into, commit.clone());
        if let Some(merged) = found.pull_requests.get_mut(&number) {
            merged.shown.state = PullRequestState::Merged {
                commit: commit.clone(),
            };
        }
        Some(commit)
    }

    /// Somebody closes a pull request.
    pub fn close(&self, repository: &RepositoryRef, number: u64) {
        if let Some(closed) = self.state().repository(repository).pull_requests.get_mut(&number) {
            closed.shown.state = PullRequestState::Closed;
        }
    }

    /// Every pull request, oldest first.
    pub fn pull_requests(&self, repository: &RepositoryRef) -> Vec<PullRequest> {
        let mut state = self.state();
        let all = state.repository(repository).pull_requests.values();
        all.map(|pull_request| pull_request.shown.clone()).collect()
    }

    /// The commits of a branch from its head back, each once, a merge before what it merged.
    pub fn log(&self, repository: &RepositoryRef, branch: &str) -> Vec<(CommitSha, CommitInfo)> {
        let mut state = self.state();
        let found = state.repository(repository);
        let Some(head) = found.branches.get(branch) else {
            return Vec::new();
        };
        let history = found.history(head).into_iter();
        history
            .filter_map(|sha| Some((sha.clone(), found.commits.get(&sha)?.info.clone())))
            .collect()
    }
}

impl Repository {
    /// A commit and all its ancestors, nearest first.
    fn history(&self, head: &CommitSha) -> Vec<CommitSha> {
        let (mut seen, mut order, mut next) = (BTreeSet::new(), Vec::new(), vec![head.clone()]);
        while !next.is_empty() {
            let mut parents = Vec::new();
            for commit in next {
                if !seen.insert(commit.clone()) {
                    continue;
                }
                parents.extend(
                    self.commits
                        .get(&commit)
                        .into_iter()
                        .flat_map(|c| c.parents.clone()),
                );
                order.push(commit);
            }
            next = parents;
        }
        order
    }

    /// The nearest commit that both have.
    fn shared(&self, ours: &CommitSha, theirs: &[CommitSha]) -> Option<CommitSha> {
        self.history(ours)
            .into_iter()
            .find(|commit| theirs.contains(commit))
    }

    fn leads_to(&self, commit: &CommitSha, head: &CommitSha) -> bool {
        self.history(head).contains(commit)
    }
}

impl State {
    /// Somebody else pushes, where the test wants a race.
    fn race(&mut self, repository: &RepositoryRef, branch: &str) {
        if self.races == 0 {
            return;
        }
        self.races -= 1;
        let number = self.next();
        let found = self.repository(repository);
        let Some(head) = found.branches.get(branch).cloned() else {
            return;
        };
        let mut tree = found.tree_of(branch);
        tree.insert("README.md".to_owned(), FakeFile::text(&format!("edit {number}")));
        let commit = self.commit(
            repository,
            ("Dana Developer", "dana@example.com"),
            "Edit",
            tree,
            vec![head],
        );
        let found = self.repository(repository);
        found.branches.insert(branch.to_owned(), commit);
    }
}

impl Commits for FakeGitHub {
    async fn content(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        path: &str,
    ) -> Result<Content, Fault> {
        let mut state = self.call("content")?;
        let Some(commit) = state.repository(repository).commits.get(commit) else {
            return Ok(Content::Nothing);
        };
        if path.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
            return Ok(Content::Other);
        }
        match commit.tree.get(path) {
            Some(file) if file.mode.starts_with("100") => return Ok(Content::File(file.bytes.clone())),
            Some(_) => return Ok(Content::Other),
            None => {}
        }
        let below = format!("{path}/");
        let in_the_way = |other: &String| other.starts_with(&below) || path.starts_with(&format!("{other}/"));
        Ok(if commit.tree.keys().any(in_the_way) {
            Content::Other
        } else {
            Content::Nothing
        })
    }

    async fn make_commit(&self, repository: &RepositoryRef, commit: &NewCommit) -> Result<CommitSha, Fault> {
        let mut state = self.call("make_commit")?;
        let Some(base) = state.repository(repository).commits.get(&commit.base) else {
            return Err(Fault::retry("making a commit", "no such base"));
        };
        let mut tree = base.tree.clone();
        for file in &commit.files {
            tree.insert(file.path.clone(), FakeFile::text(&file.text));
        }
        Ok(state.commit(repository, OURS, &commit.message, tree, commit.parents.clone()))
    }

    async fn land(
        &self,
        repository: &RepositoryRef,
        branch: &str,
        seen: Option<&CommitSha>,
        commit: &CommitSha,
    ) -> Result<Landed, Fault> {
        let mut state = self.call("land")?;
        state.race(repository, branch);
        let found = state.repository(repository);
        if !found.commits.contains_key(commit) {
            return Ok(Landed::Unknown);
        }
        let forward = match (found.branches.get(branch), seen) {
            (Some(head), Some(_)) => found.leads_to(head, commit),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !forward {
            return Ok(Landed::Moved);
        }
        if found.protected.contains(branch) {
            return Ok(Landed::Refused(
                "Changes must be made through a pull request.".to_owned(),
            ));
        }
        found.branches.insert(branch.to_owned(), commit.clone());
        Ok(Landed::Yes)
    }

    async fn leads_to(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        head: &CommitSha,
    ) -> Result<bool, Fault> {
        let mut state = self.call("leads_to")?;
        Ok(state.repository(repository).leads_to(commit, head))
    }
}

impl Proposals for FakeGitHub {
    async fn find_proposal(
        &self,
        repository: &RepositoryRef,
        from: &str,
        into: &str,
    ) -> Result<Option<PullRequest>, Fault> {
        let mut state = self.call("find_proposal")?;
        let all = state.repository(repository).pull_requests.values();
        let mut found = all.filter(|one| one.from == from && one.into == into);
        Ok(found.next_back().map(|one| one.shown.clone()))
    }

    async fn propose(&self, repository: &RepositoryRef, proposed: &Proposed) -> Result<Opened, Fault> {
        let mut state = self.call("propose")?;
        let number = state.next();
        let found = state.repository(repository);
        let (Some(ours), Some(theirs)) = (
            found.branches.get(&proposed.from),
            found.branches.get(&proposed.into),
        ) else {
            return Err(Fault::operator(
                "opening a pull request",
                "make the branch first",
                "no such branch",
            ));
        };
        if found.leads_to(ours, theirs) {
            return Ok(Opened::Nothing);
        }
        let open = |one: &FakePullRequest| {
            one.from == proposed.from
                && one.into == proposed.into
                && one.shown.state == PullRequestState::Open
        };
        if found.pull_requests.values().any(open) {
            return Ok(Opened::Already);
        }
        let shown = PullRequest {
            number,
            url: format!("https://github.example/{}/pull/{number}", repository.name),
            state: PullRequestState::Open,
            title: proposed.title.clone(),
            body: proposed.body.clone(),
        };
        let made = FakePullRequest {
            from: proposed.from.clone(),
            into: proposed.into.clone(),
            shown: shown.clone(),
        };
        found.pull_requests.insert(number, made);
        Ok(Opened::Yes(shown))
    }

    async fn reword(
        &self,
        repository: &RepositoryRef,
        number: u64,
        proposed: &Proposed,
    ) -> Result<(), Fault> {
        let mut state = self.call("reword")?;
        match state.repository(repository).pull_requests.get_mut(&number) {
            Some(there) => {
                there.shown.title.clone_from(&proposed.title);
                there.shown.body.clone_from(&proposed.body);
                Ok(())
            }
            None => Err(Fault::operator(
                "updating a pull request",
                "open it first",
                "there is none",
            )),
        }
    }
}

impl OwnAccount for FakeGitHub {
    async fn own_login(&self) -> Result<String, Fault> {
        self.call("own_login").map(|_| OURS.0.to_owned())
    }
}
