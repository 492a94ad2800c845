//! Write-back: the latest schema of each target goes into the repository, one commit for each version, in the order in
//! which they were applied.
//!
//! Any number of reporters may do this at once, and any may die between two lines. What keeps them apart is the
//! branch's record in the ledger: a commit is made, which no branch knows of yet; the record notes it, under the
//! condition that nobody wrote the record meanwhile; then the branch moves to it, if that only goes forward. Whoever
//! finds a noted commit first sees it through: it is on its branch, or is brought there, or the branch went another
//! way, and another commit is made in its stead.

mod begin;
mod decide;
mod names;
mod proposal;
mod waiting;

use crate::ports::clock::{Clock, Ids};
use crate::ports::commits::{Commits, Landed, Proposals};
use crate::ports::github::Repositories;
use crate::ports::ledger::{
    Commit, Committed, IssueLedger, TargetLedger, TextLedger, Write, WriteBackLedger,
};
use decide::{Next, Told, Waiting, Way};
use jiff::Timestamp;
use model::write_back::{Attempt, Written};
use model::{
    CommitSha, Errand, Fault, OutboxItem, ProjectId, RepositoryRef, TaskKey, WriteBack, WriteBackBranch,
    WriteBackState,
};
use settings::{Project, Settings};

/// How often one errand looks again because somebody else wrote first, or because more is to be written.
const ROUNDS: u32 = 200;
/// The most check runs that one note brings up to date.
const MOST_CHECK_RUNS: usize = 40;

/// What write-back needs of the world.
pub(crate) struct WritingBack<'a, L, G, C> {
    pub(crate) ledger: &'a L,
    pub(crate) github: &'a G,
    pub(crate) clock: &'a C,
    pub(crate) settings: &'a Settings,
    /// When no further commit is begun.
    pub(crate) until: Timestamp,
}

/// Where the errand's version is written to.
struct Place<'a> {
    /// None where settings have it no longer.
    settings: Option<&'a Project>,
    project: ProjectId,
    branch: String,
}

/// How a step ended that leads to the next look.
enum Step {
    /// Look again.
    Again,
    /// Go on with this look.
    On,
}

impl<L, G, C> WritingBack<'_, L, G, C>
where
    L: IssueLedger + TargetLedger + TextLedger + WriteBackLedger + Commit,
    G: Repositories + Commits + Proposals,
    C: Clock + Ids,
{
    /// Writes a version back, after those of its target that were applied before it and still wait. Versions of other
    /// targets that are due as well go into the same commits where they belong to the same issue.
    pub(crate) async fn write_back(&self, first: &TaskKey, due: &[TaskKey]) -> Result<(), Fault> {
        let place = self.place(first).await?;
        // What can't be written at all is parked, and not looked at again by this errand.
        let mut aside: Vec<TaskKey> = Vec::new();
        for _ in 0..ROUNDS {
            // First the branch's record, then everything else: what was read before a record is older than it.
            let mut branch = self.branch(&place).await?;
            let mut waiting = self.waiting(&place, first).await?;
            waiting.retain(|waiting| !aside.contains(&waiting.key()));
            if !waiting.iter().any(|waiting| &waiting.key() == first) {
                return Ok(());
            }
            let setting = place.settings.map(|project| project.write_back);
            let now = self.clock.now();
            let way = setting.map_or(Way::Off, |setting| decide::way(setting, &branch, now));
            let (Some(project), false) = (place.settings, way == Way::Off) else {
                self.note_all(branch, &waiting, &WriteBackState::Off).await?;
                continue;
            };
            let repository = &project.repository;
            if let Some(attempt) = branch.attempt.take() {
                match self.see_through(&place, repository, &branch, &attempt).await? {
                    Step::Again => continue,
                    Step::On => {}
                }
            }
            if now >= self.until {
                return Err(Fault::retry("writing back", "the time is up; the rest follows"));
            }
            match decide::next(waiting, &branch) {
                Next::Nothing => return Ok(()),
                Next::Supersede(keys) => {
                    let states = keys.into_iter().map(|key| (key, WriteBackState::Superseded));
                    let _ = self.note(branch, states.collect()).await?;
                }
                Next::Write(front) => {
                    let parked = self.begin(&place, repository, branch, way, *front, due).await?;
                    aside.extend(parked);
                }
            }
        }
        Err(Fault::retry(
            "writing back",
            format!("others wrote first {ROUNDS} times in a row"),
        ))
    }

    /// The version is given up until the next change of its target.
    pub(crate) async fn park(&self, key: &TaskKey, reason: String) -> Result<(), Fault> {
        let place = self.place(key).await?;
        for _ in 0..ROUNDS {
            let branch = self.branch(&place).await?;
            let waiting = self.waiting(&place, key).await?;
            if !waiting.iter().any(|waiting| &waiting.key() == key) {
                return Ok(());
            }
            let parked = WriteBackState::Parked {
                reason: reason.clone(),
            };
            if self.note(branch, vec![(key.clone(), parked)]).await? == Committed::Yes {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn place(&self, key: &TaskKey) -> Result<Place<'_>, Fault> {
        let Some(revision) = self.ledger.revision(key).await? else {
            return Err(Fault::Bug(format!("there is no revision {key}")));
        };
        let Some(issue) = self.ledger.issues(&[revision.issue]).await?.pop() else {
            return Err(Fault::Bug(format!("there is no issue {}", revision.issue)));
        };
        Ok(Place {
            settings: self.settings.project(&revision.project),
            project: revision.project,
            branch: issue.branch,
        })
    }

    async fn branch(&self, place: &Place<'_>) -> Result<WriteBackBranch, Fault> {
        let found = self
            .ledger
            .write_back_branch(&place.project, &place.branch)
            .await?;
        Ok(found.unwrap_or_else(|| WriteBackBranch::new(place.project.clone(), &place.branch)))
    }

    /// Sees a noted commit through. It is taken out of the record that is handed in; where it never lands, the look goes
    /// on as if it had not been.
    async fn see_through(
        &self,
        place: &Place<'_>,
        repository: &RepositoryRef,
        branch: &WriteBackBranch,
        attempt: &Attempt,
    ) -> Result<Step, Fault> {
        let head = self.github.head(repository, &attempt.onto).await?;
        let landed = match decide::told(attempt, head.as_ref()) {
            Told::Landed => true,
            Told::Lost => false,
            Told::AskHistory => match &head {
                Some(head) => self.github.leads_to(repository, &attempt.commit, head).await?,
                None => false,
            },
            Told::Waiting => {
                let landed = self
                    .github
                    .land(repository, &attempt.onto, attempt.seen.as_ref(), &attempt.commit)
                    .await?;
                match landed {
                    Landed::Yes => true,
                    Landed::Moved => return Ok(Step::Again),
                    Landed::Unknown => false,
                    Landed::Refused(words) => return self.refused(place, branch, attempt, words).await,
                }
            }
        };
        if !landed {
            return Ok(Step::On);
        }
        if attempt.onto == place.branch {
            self.note_written(branch, attempt, &attempt.commit).await?;
        } else {
            self.note_proposed(place, repository, branch, attempt).await?;
        }
        Ok(Step::Again)
    }

    /// The rules of a branch refuse our commit: from now on it is proposed.
    async fn refused(
        &self,
        place: &Place<'_>,
        branch: &WriteBackBranch,
        attempt: &Attempt,
        words: String,
    ) -> Result<Step, Fault> {
        let mut branch = branch.clone();
        if attempt.onto == place.branch {
            tracing::info!(
                event = "write_back_refused",
                branch = place.branch,
                "the branch takes no commit of ours, so it is proposed: {words}"
            );
            branch.refused_at = Some(self.clock.now());
            let _ = self.note(branch, Vec::new()).await?;
            return Ok(Step::Again);
        }
        let _ = self.note(branch, Vec::new()).await?;
        Err(Fault::operator(
            format!("writing to our own branch {}", attempt.onto),
            "let the App create and update branches under `sluice/write-back/`",
            words,
        ))
    }

    async fn note_written(
        &self,
        branch: &WriteBackBranch,
        attempt: &Attempt,
        commit: &CommitSha,
    ) -> Result<(), Fault> {
        let mut branch = branch.clone();
        branch.newest = decide::newest(branch.newest, &attempt.files);
        branch.refused_at = None;
        let written = WriteBackState::Written {
            commit: commit.clone(),
        };
        if self.note(branch, states(&attempt.files, &written)).await? == Committed::Yes {
            for file in &attempt.files {
                tracing::info!(
                    event = "written_back",
                    target = %file.target,
                    version = %file.version,
                    commit = commit.as_str(),
                    "the schema after version {} of {} is in the repository",
                    file.version,
                    file.target
                );
            }
        }
        Ok(())
    }

    async fn note_all(
        &self,
        branch: WriteBackBranch,
        waiting: &[Waiting],
        state: &WriteBackState,
    ) -> Result<(), Fault> {
        let states = waiting.iter().map(|waiting| (waiting.key(), state.clone()));
        let _ = self.note(branch, states.collect()).await?;
        Ok(())
    }

    /// Stores what became of versions together with the branch's record, and lets check runs say so.
    async fn note(
        &self,
        mut branch: WriteBackBranch,
        states: Vec<(TaskKey, WriteBackState)>,
    ) -> Result<Committed, Fault> {
        let now = self.clock.now();
        branch.edition += 1;
        let told: Vec<TaskKey> = states
            .iter()
            .filter(|(_, state)| is_told(state))
            .map(|(key, _)| key.clone())
            .collect();
        let mut commits: Vec<(ProjectId, CommitSha)> = Vec::new();
        for task in self.ledger.tasks(&told).await? {
            for commit in &task.answered_on {
                let told = (task.project.clone(), commit.clone());
                if !commits.contains(&told) {
                    commits.push(told);
                }
            }
        }
        let mut writes = vec![Write::WriteBackBranch(branch)];
        writes.extend(
            states
                .into_iter()
                .map(|(key, state)| Write::WriteBack(WriteBack { key, state, at: now })),
        );
        writes.extend(
            commits
                .into_iter()
                .take(MOST_CHECK_RUNS)
                .map(|(project, commit)| {
                    Write::Outbox(OutboxItem {
                        id: self.clock.next_id(),
                        errand: Errand::CheckRun { project, commit },
                        attempt: 0,
                        created_at: now,
                        due_at: now,
                    })
                }),
        );
        self.ledger.commit(writes).await
    }
}

fn states(files: &[Written], state: &WriteBackState) -> Vec<(TaskKey, WriteBackState)> {
    files.iter().map(|file| (file.key(), state.clone())).collect()
}

/// Whether a check run has something to say of it.
fn is_told(state: &WriteBackState) -> bool {
    match state {
        WriteBackState::Written { .. } | WriteBackState::Proposed { .. } | WriteBackState::Parked { .. } => {
            true
        }
        WriteBackState::Pending
        | WriteBackState::Unchanged
        | WriteBackState::Superseded
        | WriteBackState::Off => false,
    }
}
