//! Applying: a worker looks at one target and does whatever is due there, in version order.

mod follow;
mod hold;
mod login;
mod rehearse;
mod slice;

use crate::audit;
use crate::dependencies;
use crate::gates::{self, targets_of};
use crate::ports::clock::{Clock, Ids};
use crate::ports::database::Databases;
use crate::ports::ledger::{
    Commit, Committed, Fence, IssueLedger, LeaseLedger, RehearsalLedger, SettingsLedger, TargetLedger,
    TextLedger, Write,
};
use crate::ports::queue::Nudges;
use crate::ports::secrets::Secrets;
use crate::settings_in_force;
use crate::show::tasks_of;
use jiff::{SignedDuration, Timestamp};
use model::{Errand, Fault, Issue, OutboxItem, StageStatus, Target, Task, TaskRun};
use settings::Settings;

/// What applying needs of the world.
#[derive(Debug)]
pub struct Worker<'a, L, Q, D, S, C> {
    /// The ledger.
    pub ledger: &'a L,
    /// The way to other workers.
    pub queue: &'a Q,
    /// The servers.
    pub databases: &'a D,
    /// Where their passwords are.
    pub secrets: &'a S,
    /// Time and names.
    pub clock: &'a C,
    /// When this slice ends: nothing new is begun after it.
    pub until: Timestamp,
    /// How long its lease lasts: [`LEASE`], but where a test can't wait so long.
    pub lease: SignedDuration,
}

/// How long a lease lasts. It keeps two healthy workers from getting in each other's way and tells them apart by its
/// fence; what keeps a second one out is the lock on the server. So it may run out under a long statement, and must not
/// keep a target waiting for a worker that died.
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// What a look came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// Another worker has the target's lease.
    Busy,
    /// Nothing is due, after this many tasks were brought further.
    Idle {
        /// How many.
        moved: u32,
    },
    /// Something is due, but not in this slice.
    Later {
        /// Whether to look again at once: the slice was over. If not, the server is busy with it.
        at_once: bool,
    },
}

/// How a task's slice ended.
enum Slice {
    /// Done: look for the next.
    Finished,
    /// It needs a person.
    Stopped,
    /// It goes on when the server is done with what runs there.
    Later,
    /// It goes on in the next slice.
    Again,
}

impl<L, Q, D, S, C> Worker<'_, L, Q, D, S, C>
where
    L: SettingsLedger + IssueLedger + TargetLedger + TextLedger + LeaseLedger + RehearsalLedger + Commit,
    Q: Nudges,
    D: Databases,
    S: Secrets,
    C: Clock + Ids,
{
    /// Looks at a target under its lease.
    pub async fn look_at(&self, target: &Target) -> Result<Looked, Fault> {
        let Some((_, settings)) = settings_in_force(self.ledger).await? else {
            return Ok(Looked::Idle { moved: 0 });
        };
        let now = self.clock.now();
        let owner = self.clock.next_id();
        let Some(fence) = self
            .ledger
            .acquire_lease(target, &owner, now, now + self.lease)
            .await?
        else {
            return Ok(Looked::Busy);
        };
        let looked = match self.work_off(&settings, target, fence).await {
            // What waits to be applied comes before what is only rehearsed.
            Ok(Looked::Idle { moved }) => self.rehearse_pending(&settings, target, fence, moved).await,
            other => other,
        };
        self.ledger.release_lease(target, fence).await?;
        if let Ok(Looked::Later { at_once: true }) = looked {
            // Only now: whoever takes the nudge finds lease and lock free.
            self.queue.nudge(target, &format!("next slice {owner}")).await?;
        }
        looked
    }
}

impl<L, Q, D, S, C> Worker<'_, L, Q, D, S, C>
where
    L: SettingsLedger + IssueLedger + TargetLedger + TextLedger + LeaseLedger + Commit,
    Q: Nudges,
    D: Databases,
    S: Secrets,
    C: Clock + Ids,
{
    async fn work_off(&self, settings: &Settings, target: &Target, fence: Fence) -> Result<Looked, Fault> {
        let (mut moved, mut settings) = (0, settings.clone());
        loop {
            let Some((issue, task)) = self.lowest(target).await? else {
                return Ok(Looked::Idle { moved });
            };
            if !self.may_run(&settings, &issue, &task).await? {
                return Ok(Looked::Idle { moved });
            }
            if self.clock.now() >= self.until {
                return Ok(Looked::Later { at_once: true });
            }
            // Boxed: an applying future is large.
            match Box::pin(self.run_slice(&settings, &issue, task, fence)).await? {
                Slice::Finished => {
                    moved += 1;
                    // Who freezes while others run means what has not begun.
                    settings.freezes = self.ledger.freezes().await?;
                }
                Slice::Stopped => return Ok(Looked::Idle { moved: moved + 1 }),
                Slice::Later => return Ok(Looked::Later { at_once: false }),
                Slice::Again => return Ok(Looked::Later { at_once: true }),
            }
        }
    }

    /// The target's lowest open task with its issue. One whose plan was cut short and never taken up again holds
    /// nobody.
    async fn lowest(&self, target: &Target) -> Result<Option<(Issue, Task)>, Fault> {
        for task in self.ledger.open_tasks(target).await? {
            let Some(issue) = self.ledger.issues(&[task.issue]).await?.pop() else {
                return Err(Fault::Bug(format!("{} has no issue {}", task.key(), task.issue)));
            };
            if issue.planned || issue.created_at + gates::PLANNING >= self.clock.now() {
                return Ok(Some((issue, task)));
            }
        }
        Ok(None)
    }

    /// Whether every gate of the target's lowest open task is open. A task whose run began has passed them, but for
    /// its approval: that covers the text, and is looked at before every slice.
    async fn may_run(&self, settings: &Settings, issue: &Issue, task: &Task) -> Result<bool, Fault> {
        if !issue.planned {
            return Ok(false);
        }
        if task.cancel.is_some() {
            // Somebody wants it to end: that is due whatever the gates say.
            return Ok(true);
        }
        let begun = match task.run {
            TaskRun::Queued => false,
            TaskRun::Running { .. } | TaskRun::Following { .. } | TaskRun::Resolved(_) => true,
            TaskRun::Done | TaskRun::Failed(_) | TaskRun::Ambiguous { .. } => return Ok(false),
        };
        let tasks = tasks_of(self.ledger, issue).await?;
        let decisions = self.ledger.decisions(issue.number).await?;
        let stages = gates::stages(settings, issue, &tasks, &decisions, self.clock.now());
        let mut closed = gates::closed_gates(&stages, task, None);
        if !begun {
            let unfinished = dependencies::unfinished(self.ledger, [issue]).await?;
            closed.extend(dependencies::closed(issue, &unfinished));
        }
        Ok(!closed.iter().any(|gate| !begun || gate.holds_begun()))
    }

    /// Stores a new edition of a task with what must be told of it, and its place in the audit; answers whether it was
    /// stored. Somebody else may have written first: then their word counts, and the next look sees it.
    async fn store(&self, task: &Task, more: Vec<Write>) -> Result<Committed, Fault> {
        let now = self.clock.now();
        let mut writes = vec![Write::Task(task.clone())];
        if let Some(said) = audit::of_work(task) {
            writes.push(said);
            writes.push(self.errand(Errand::Events { issue: task.issue }, now));
        }
        writes.extend(task.answered_on.iter().map(|commit| {
            self.errand(
                Errand::CheckRun {
                    project: task.project.clone(),
                    commit: commit.clone(),
                },
                now,
            )
        }));
        writes.extend(more);
        self.ledger.commit(writes).await
    }

    fn errand(&self, errand: Errand, now: Timestamp) -> Write {
        Write::Outbox(OutboxItem::new(self.clock.next_id(), errand, now))
    }

    /// A stage that is done opens the next: its targets are nudged.
    async fn open_next_stage(&self, settings: &Settings, issue: &Issue, done: &Task) -> Result<(), Fault> {
        let tasks = tasks_of(self.ledger, issue).await?;
        let decisions = self.ledger.decisions(issue.number).await?;
        let stages = gates::stages(settings, issue, &tasks, &decisions, self.clock.now());
        let mut later = stages
            .iter()
            .skip_while(|stage| stage.environment != &done.environment);
        if later.next().is_none_or(|stage| stage.status != StageStatus::Done) {
            return Ok(());
        }
        if let Some(next) = later.find(|stage| stage.status != StageStatus::Done) {
            let keys: Vec<_> = next.tasks.iter().map(|task| task.key()).collect();
            for target in targets_of(&keys) {
                self.queue
                    .nudge(&target, &format!("stage after {}", done.key()))
                    .await?;
            }
        }
        Ok(())
    }
}
