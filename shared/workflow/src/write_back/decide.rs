//! What is written next, and where: decided from facts alone.

use jiff::{SignedDuration, Timestamp};
use model::write_back::{Attempt, Newest, Written};
use model::{CommitSha, IssueNumber, Revision, TaskKey, VersionKey, WriteBackBranch};
use settings::WriteBack;

/// After the branch's rules refused a commit, so long no other is tried.
const REFUSED: SignedDuration = SignedDuration::from_mins(10);
/// The most files of one commit.
pub(super) const MOST_FILES: usize = 40;

/// A version that is still to be written, to one branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    /// What is written.
    pub(super) file: Written,
    /// What was applied.
    pub(super) revision: Revision,
}

impl Waiting {
    pub(super) fn key(&self) -> TaskKey {
        self.file.key()
    }

    fn issue(&self) -> IssueNumber {
        self.revision.issue
    }

    /// Its place in the order in which versions were applied. A clock may have stood still in between.
    fn place(&self) -> (Timestamp, &VersionKey) {
        (self.file.finished_at, self.file.version.key())
    }
}

/// What is to be done about the versions that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// These come too late: a newer version of their target was written.
    Supersede(Vec<TaskKey>),
    /// This is the oldest that still waits: it comes first.
    Write(Box<Waiting>),
    /// Nothing.
    Nothing,
}

/// What comes next of one target.
pub(super) fn next(mut waiting: Vec<Waiting>, branch: &WriteBackBranch) -> Next {
    let late: Vec<TaskKey> = waiting
        .iter()
        .filter(|waiting| is_late(waiting, branch))
        .map(Waiting::key)
        .collect();
    if !late.is_empty() {
        return Next::Supersede(late);
    }
    waiting.sort_by(|a, b| a.place().cmp(&b.place()));
    waiting
        .into_iter()
        .next()
        .map_or(Next::Nothing, |first| Next::Write(Box::new(first)))
}

fn is_late(waiting: &Waiting, branch: &WriteBackBranch) -> bool {
    let newest = branch
        .newest
        .iter()
        .find(|newest| newest.target == waiting.file.target);
    newest.is_some_and(|newest| waiting.place() < (newest.finished_at, newest.version.key()))
}

/// The version together with those of other targets that go into the same commit: of the same issue, each the first of
/// its target. `others` are what waits of each other target.
pub(super) fn together(first: Waiting, others: Vec<Vec<Waiting>>, branch: &WriteBackBranch) -> Vec<Waiting> {
    let mut batch = vec![first];
    for waiting in others {
        let Next::Write(other) = next(waiting, branch) else {
            continue;
        };
        let fits = batch
            .iter()
            .all(|one| one.issue() == other.issue() && one.file.path != other.file.path);
        if fits && batch.len() < MOST_FILES {
            batch.push(*other);
        }
    }
    batch.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    batch
}

/// Which way a commit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Onto the branch.
    Commit,
    /// Onto our own branch, and into a pull request.
    PullRequest,
    /// Nowhere.
    Off,
}

/// Which way commits go now. While a pull request is open, all goes into it: else it would be out of date.
pub(super) fn way(setting: WriteBack, branch: &WriteBackBranch, now: Timestamp) -> Way {
    match setting {
        WriteBack::Off => Way::Off,
        WriteBack::PullRequest => Way::PullRequest,
        WriteBack::Commit if branch.proposal.is_some() => Way::PullRequest,
        WriteBack::Commit => match branch.refused_at {
            Some(refused) if now < refused + REFUSED => Way::PullRequest,
            Some(_) | None => Way::Commit,
        },
    }
}

/// What can be told of a commit that was made, from the head of the branch that it was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It is there.
    Landed,
    /// It is not there, and may still come.
    Waiting,
    /// The branch went on: only its history tells.
    AskHistory,
    /// The branch is gone.
    Lost,
}

/// What the head of its branch tells of an attempt.
pub(super) fn told(attempt: &Attempt, head: Option<&CommitSha>) -> Told {
    match head {
        Some(head) if head == &attempt.commit => Told::Landed,
        head if head == attempt.seen.as_ref() => Told::Waiting,
        Some(_) => Told::AskHistory,
        None => Told::Lost,
    }
}

/// The newest versions, with these among them.
pub(super) fn newest(mut newest: Vec<Newest>, files: &[Written]) -> Vec<Newest> {
    for file in files {
        let this = Newest {
            target: file.target.clone(),
            version: file.version.clone(),
            finished_at: file.finished_at,
        };
        match newest.iter_mut().find(|known| known.target == this.target) {
            Some(known)
                if (known.finished_at, known.version.key()) < (this.finished_at, this.version.key()) =>
            {
                *known = this;
            }
            Some(_) => {}
            None => newest.push(this),
        }
    }
    newest
}

/// Why nothing is ever written to a path, whatever the branch has there.
pub(super) fn forbidden(path: &str) -> Option<String> {
    let mut segments = path.split('/');
    let first = segments.next().unwrap_or_default();
    if first.eq_ignore_ascii_case(".github") || first.eq_ignore_ascii_case(".git") {
        return Some(format!(
            "`{path}` is under `{first}`, where Sluice writes nothing: choose another `schema_path_template`"
        ));
    }
    path.split('/')
        .any(|segment| matches!(segment, "" | "." | ".."))
        .then(|| format!("`{path}` is no path in a repository: choose another `schema_path_template`"))
}

#[cfg(test)]
mod tests;
