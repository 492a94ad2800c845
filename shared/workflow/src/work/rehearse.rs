//! Rehearsals of pull requests, by a worker that has nothing to apply. On a scratch copy alone: nothing of a pull request
//! reaches the target itself.

use super::login::Entry;
use super::{Looked, Worker};
use crate::apply::{self, Change, Foretelling};
use crate::ports::clock::{Clock, Ids};
use crate::ports::database::{Databases, Locked, Owner};
use crate::ports::ledger::{
    Commit, Committed, Fence, IssueLedger, LeaseLedger, RehearsalLedger, SettingsLedger, TargetLedger,
    TextLedger, Write,
};
use crate::ports::queue::Nudges;
use crate::ports::secrets::Secrets;
use crate::surroundings;
use model::{
    ChangeType, Checksum, Errand, Fault, Rehearsal, RehearsalOutcome, Rehearsed, Target, Task, Version,
};
use settings::Settings;

/// How often a rehearsal is begun before it is given up: one that kills its worker must not do so for ever.
const MOST_TRIES: u32 = 3;

/// What is applied before the changes of a pull request.
#[derive(Default)]
struct Earlier {
    changes: Vec<Change>,
    /// Which they are, for people.
    names: Vec<String>,
    /// What is left out, and why.
    notes: Vec<String>,
}

impl<L, Q, D, S, C> Worker<'_, L, Q, D, S, C>
where
    L: SettingsLedger + IssueLedger + TargetLedger + TextLedger + LeaseLedger + RehearsalLedger + Commit,
    Q: Nudges,
    D: Databases,
    S: Secrets,
    C: Clock + Ids,
{
    /// Answers the rehearsals that wait on a target.
    pub(super) async fn rehearse_pending(
        &self,
        settings: &Settings,
        target: &Target,
        fence: Fence,
        moved: u32,
    ) -> Result<Looked, Fault> {
        for asked in self.ledger.pending_rehearsals(target).await? {
            if self.clock.now() >= self.until {
                return Ok(Looked::Later { at_once: true });
            }
            if asked.tries >= MOST_TRIES {
                let why = format!("no worker came to an end with it, {MOST_TRIES} times in a row");
                self.answer(asked, RehearsalOutcome::Impossible { why }).await?;
                continue;
            }
            let mut locked = match self.enter(settings, target, Owner::Lease(fence.0)).await? {
                Entry::Held(locked) => locked,
                // The server is busy with a statement of ours; the sweeper asks again.
                Entry::Busy(_) => return Ok(Looked::Later { at_once: false }),
                Entry::Failed(failure) => {
                    let why = format!("{} ({})", failure.message, failure.code);
                    self.answer(asked, RehearsalOutcome::Impossible { why }).await?;
                    continue;
                }
            };
            // Boxed: a rehearsing future is large.
            let answered = Box::pin(self.under_the_lock(settings, asked, &mut locked)).await;
            locked.close().await;
            answered?;
        }
        Ok(Looked::Idle { moved })
    }

    async fn under_the_lock(
        &self,
        settings: &Settings,
        asked: Rehearsal,
        locked: &mut D::Locked,
    ) -> Result<(), Fault> {
        let begun = Rehearsal {
            tries: asked.tries + 1,
            edition: asked.edition + 1,
            ..asked
        };
        if self.ledger.commit(vec![Write::Rehearsal(begun.clone())]).await? == Committed::Conflict {
            // Another head, or none any more: the next look sees it.
            return Ok(());
        }
        let outcome = self.rehearsed(settings, &begun, locked).await?;
        self.answer(begun, outcome).await
    }

    /// Stores what came of a rehearsal, unless another one is asked for by now.
    async fn answer(&self, rehearsal: Rehearsal, outcome: RehearsalOutcome) -> Result<(), Fault> {
        tracing::info!(
            event = "rehearsed",
            project = rehearsal.project.as_str(),
            pull_request.number = rehearsal.number.0,
            target = %rehearsal.target,
            outcome = word(&outcome),
            "rehearsed pull request {} on {}: {}",
            rehearsal.number,
            rehearsal.target,
            word(&outcome)
        );
        let errand = Errand::PullRequest {
            project: rehearsal.project.clone(),
            number: rehearsal.number,
        };
        let writes = vec![
            Write::Rehearsal(rehearsal.with(outcome)),
            self.errand(errand, self.clock.now()),
        ];
        let _ = self.ledger.commit(writes).await?;
        Ok(())
    }

    async fn rehearsed(
        &self,
        settings: &Settings,
        rehearsal: &Rehearsal,
        locked: &mut D::Locked,
    ) -> Result<RehearsalOutcome, Fault> {
        let target = &rehearsal.target;
        let mut changes = Vec::with_capacity(rehearsal.changes.len());
        for change in &rehearsal.changes {
            let read = self.read(
                settings,
                target,
                &change.version,
                change.change_type,
                &change.checksum,
            );
            match read.await? {
                Ok(read) => changes.push(read),
                Err(why) => {
                    let why = format!("{}: {why}", change.path);
                    return Ok(RehearsalOutcome::Impossible { why });
                }
            }
        }
        let earlier = self.earlier(settings, rehearsal).await?;
        let path = |change: usize| {
            let change = rehearsal.changes.get(change);
            change.map(|change| change.path.clone()).unwrap_or_default()
        };
        let (before, after, told) =
            match apply::foretell(locked, &earlier.changes, &changes, self.clock).await? {
                Foretelling::Runs { before, after, told } => (before, after, told),
                Foretelling::Fails { change, failure } => {
                    let path = path(change);
                    return Ok(RehearsalOutcome::Fails { path, failure });
                }
                Foretelling::FailsBefore { change, failure } => {
                    let name = earlier.names.get(change).map_or("a task", String::as_str);
                    let why = format!("{name} comes before it, and does not run: {}", failure.message);
                    return Ok(RehearsalOutcome::Impossible { why });
                }
                Foretelling::Impossible(why) => return Ok(RehearsalOutcome::Impossible { why }),
            };
        let mut altered = Vec::new();
        for (at, (change, told)) in changes.iter().zip(&told).enumerate() {
            altered.extend(apply::altered(locked, &path(at), change, told).await?);
        }
        Ok(RehearsalOutcome::Runs(Rehearsed {
            before: self.ledger.put_text(&before).await?,
            after: self.ledger.put_text(&after).await?,
            altered,
            notes: earlier.notes,
        }))
    }

    /// What is still to be applied before the changes of a pull request: tasks of lower versions, none of which began.
    async fn earlier(&self, settings: &Settings, rehearsal: &Rehearsal) -> Result<Earlier, Fault> {
        let mut earlier = Earlier::default();
        let highest = rehearsal.changes.iter().map(|change| change.version.key()).max();
        let own = |task: &Task| {
            let mut versions = rehearsal.changes.iter().map(|change| change.version.key());
            versions.any(|version| version == task.change.version.key())
        };
        for task in self.ledger.open_tasks(&rehearsal.target).await? {
            if highest.is_none_or(|highest| task.change.version.key() > highest) || own(&task) {
                continue;
            }
            let name = format!("version {} of issue {}", task.change.version, task.issue);
            if task.has_begun() {
                let note = format!("{name} began and is not done; what is left of it was not counted in");
                earlier.notes.push(note);
                continue;
            }
            let change = &task.change;
            let read = self.read(
                settings,
                &task.target,
                &change.version,
                change.change_type,
                &change.checksum,
            );
            match read.await? {
                Ok(read) => {
                    earlier.changes.push(read);
                    let note = format!("{name} is still to be applied, and was run before it");
                    earlier.notes.push(note);
                    earlier.names.push(name);
                }
                Err(why) => earlier.notes.push(format!("{name} was not counted in: {why}")),
            }
        }
        Ok(earlier)
    }

    /// The statements of a change, or why there are none: review is asked again, by the settings as they are now, before
    /// anything of it goes to a server.
    async fn read(
        &self,
        settings: &Settings,
        target: &Target,
        version: &Version,
        change_type: ChangeType,
        checksum: &Checksum,
    ) -> Result<Result<Change, String>, Fault> {
        let Some(text) = self.ledger.text(checksum).await? else {
            return Ok(Err("its stored text is missing; push the file again".to_owned()));
        };
        let surroundings = surroundings::of_targets(settings, [target]);
        let review = review::review(change_type, &text, &surroundings);
        let mut findings = review.findings.iter();
        if let Some(wrong) = findings.find(|found| found.severity == review::Severity::Error) {
            return Ok(Err(format!("line {}: {}", wrong.line, wrong.message)));
        }
        let own = target.database.as_str();
        Ok(Ok(Change::new(version, review.statements, own)))
    }
}

fn word(outcome: &RehearsalOutcome) -> &'static str {
    match outcome {
        RehearsalOutcome::Pending => "pending",
        RehearsalOutcome::Runs(_) => "it runs",
        RehearsalOutcome::Fails { .. } => "it fails",
        RehearsalOutcome::Impossible { .. } => "it can't be rehearsed",
        RehearsalOutcome::Dropped => "dropped",
    }
}
