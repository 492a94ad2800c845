//! Beginning a commit: what it is built on, which files it has, and the note of it.

use super::decide::{self, Waiting, Way};
use super::names::own_branch;
use super::{Place, WritingBack};
use crate::ports::clock::{Clock, Ids};
use crate::ports::commits::{Commits, Content, NewCommit, NewFile, Proposals, PullRequest, PullRequestState};
use crate::ports::github::Repositories;
use crate::ports::ledger::{Commit, IssueLedger, TargetLedger, TextLedger, WriteBackLedger};
use model::write_back::Attempt;
use model::{CommitSha, Fault, RepositoryRef, Revision, TaskKey, WriteBackBranch, WriteBackState};

/// What a commit is built on.
struct Ground {
    /// The branch that is to move to it.
    onto: String,
    /// That branch's head; none where it is to be made.
    seen: Option<CommitSha>,
    parents: Vec<CommitSha>,
    /// The commit whose files it has.
    base: CommitSha,
    /// The pull request that it becomes part of, where one is open.
    open: Option<PullRequest>,
}

/// What is to be done with a file.
enum Sort {
    /// It is written.
    Write,
    /// It is there already.
    There,
    /// Settings have no path for it.
    Nowhere,
    /// It can't be written, and why.
    Never(String),
}

impl<L, G, C> WritingBack<'_, L, G, C>
where
    L: IssueLedger + TargetLedger + TextLedger + WriteBackLedger + Commit,
    G: Repositories + Commits + Proposals,
    C: Clock + Ids,
{
    /// Makes the next commit and notes it; the next look brings it to its branch. Answers what was parked instead.
    pub(super) async fn begin(
        &self,
        place: &Place<'_>,
        repository: &RepositoryRef,
        mut branch: WriteBackBranch,
        way: Way,
        front: Waiting,
        due: &[TaskKey],
    ) -> Result<Vec<TaskKey>, Fault> {
        let Some(head) = self.github.head(repository, &place.branch).await? else {
            let reason = format!("the branch `{}` is gone", place.branch);
            let key = front.key();
            self.note_all(branch, &[front], &WriteBackState::Parked { reason })
                .await?;
            return Ok(vec![key]);
        };
        let ground = match way {
            Way::Commit | Way::Off => Ground {
                onto: place.branch.clone(),
                seen: Some(head.clone()),
                parents: vec![head.clone()],
                base: head.clone(),
                open: None,
            },
            Way::PullRequest => match self.follow(place, repository, &branch).await? {
                Some(open) => self.own_ground(place, repository, head.clone(), open).await?,
                None => return Ok(Vec::new()),
            },
        };
        let others = self.others(place, &front, due).await?;
        let batch = decide::together(front, others, &branch);
        let mut states = Vec::new();
        let mut files = Vec::new();
        let mut written = Vec::new();
        let mut parked = Vec::new();
        for waiting in &batch {
            let file = &waiting.file;
            let Some(text) = self.ledger.text(&waiting.revision.after).await? else {
                return Err(Fault::Bug(format!(
                    "the schema after {} is not stored",
                    file.key()
                )));
            };
            match self.sort(repository, &ground, &file.path, &text).await? {
                Sort::Write => {}
                Sort::There => {
                    branch.newest = decide::newest(branch.newest, std::slice::from_ref(file));
                    states.push((file.key(), unchanged(&ground)));
                    continue;
                }
                Sort::Nowhere => {
                    states.push((file.key(), WriteBackState::Off));
                    continue;
                }
                Sort::Never(reason) => {
                    parked.push(file.key());
                    states.push((file.key(), WriteBackState::Parked { reason }));
                    continue;
                }
            }
            files.push(NewFile {
                path: file.path.clone(),
                text,
            });
            written.push(waiting);
        }
        if !files.is_empty() {
            let revisions: Vec<&Revision> = written.iter().map(|waiting| &waiting.revision).collect();
            let commit = NewCommit {
                parents: ground.parents,
                base: ground.base,
                files,
                message: report::write_back_message(&revisions, &self.commit_url(&revisions).await?),
            };
            branch.attempt = Some(Attempt {
                commit: self.github.make_commit(repository, &commit).await?,
                onto: ground.onto,
                seen: ground.seen,
                files: written.iter().map(|waiting| waiting.file.clone()).collect(),
            });
        }
        let _ = self.note(branch, states).await?;
        Ok(parked)
    }

    /// What is to be done with a file, from its path and from what is there.
    async fn sort(
        &self,
        repository: &RepositoryRef,
        ground: &Ground,
        path: &str,
        text: &str,
    ) -> Result<Sort, Fault> {
        if path.is_empty() {
            return Ok(Sort::Nowhere);
        }
        if let Some(reason) = decide::forbidden(path) {
            return Ok(Sort::Never(reason));
        }
        Ok(match self.github.content(repository, &ground.base, path).await? {
            Content::File(bytes) if bytes == text.as_bytes() => Sort::There,
            Content::File(_) | Content::Nothing => Sort::Write,
            Content::Other => Sort::Never(format!(
                "`{path}` is a directory, a symlink or a submodule on `{}`, or below one: move it away",
                ground.onto
            )),
        })
    }

    /// Our own branch as it is to go on: where its pull request is open, from its head; else anew from the branch,
    /// without losing what it has.
    async fn own_ground(
        &self,
        place: &Place<'_>,
        repository: &RepositoryRef,
        head: CommitSha,
        open: Option<PullRequest>,
    ) -> Result<Ground, Fault> {
        let onto = own_branch(&place.project, &place.branch);
        let own = self.github.head(repository, &onto).await?;
        let (parents, base) = match &own {
            Some(own) if open.is_some() => (vec![own.clone()], own.clone()),
            Some(own) if !self.github.leads_to(repository, own, &head).await? => {
                (vec![own.clone(), head.clone()], head)
            }
            Some(_) | None => (vec![head.clone()], head),
        };
        Ok(Ground {
            onto,
            seen: own,
            parents,
            base,
            open,
        })
    }

    async fn commit_url(&self, revisions: &[&Revision]) -> Result<String, Fault> {
        let Some(first) = revisions.first() else {
            return Ok(String::new());
        };
        let issue = self.ledger.issues(&[first.issue]).await?.pop();
        Ok(issue.map(|issue| issue.url).unwrap_or_default())
    }
}

fn unchanged(ground: &Ground) -> WriteBackState {
    match &ground.open {
        Some(open) if open.state == PullRequestState::Open => WriteBackState::Proposed {
            number: open.number,
            url: open.url.clone(),
        },
        Some(_) | None => WriteBackState::Unchanged,
    }
}
