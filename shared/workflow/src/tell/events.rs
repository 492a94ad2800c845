//! Telling whoever listens what happened: an event for each item of an issue's audit, and for what nobody wrote down because it
//! is derived: that a stage waits for an approval, that an issue is done, that others changed a schema.
//!
//! How far others were told is stored and moved after the telling: what is told twice has the same id both times.

use super::Teller;
use super::words;
use crate::gates::{self, Stage};
use crate::ports::clock::{Clock, Ids};
use crate::ports::events::Events;
use crate::ports::ledger::{
    AuditLedger, AuditPart, Commit, Committed, EventLedger, IssueLedger, TargetLedger, Write,
};
use crate::show::{status_of, tasks_of};
use model::{
    Announced, ApprovalStatus, AuditChain, AuditItem, AuditRecord, Awaited, Deed, Event, EventKind, Fault,
    Issue, IssueNumber, IssueStatus, StageStatus, StepStanding, Task, TaskRun, Version,
};
use settings::Settings;

/// How many items of the audit are told at once.
const PART: u32 = 100;
/// How often it is tried again because somebody else told meanwhile.
const ROUNDS: u32 = 8;

/// An issue as it stands.
struct Now {
    issue: Issue,
    tasks: Vec<Task>,
    status: IssueStatus,
    waiting: Vec<(Awaited, StepStanding)>,
}

impl<L, G, E, C> Teller<'_, L, G, E, C>
where
    L: IssueLedger + TargetLedger + AuditLedger + EventLedger + Commit,
    E: Events,
    C: Clock + Ids,
{
    /// Tells what happened to an issue since others were told last.
    pub(super) async fn events(&self, settings: &Settings, number: IssueNumber) -> Result<(), Fault> {
        let chain = AuditChain::Issue(number);
        let mut lost = 0;
        while lost < ROUNDS {
            let told = self.ledger.announced(number).await?;
            let told = told.unwrap_or_else(|| Announced::nothing(number));
            let part = self.ledger.audit_items(chain, told.number, PART).await?;
            let now = self.now(settings, number).await?;
            let last = part.last.unwrap_or(told.number);
            // What is derived has to be of the state that the items lead to.
            let all = self.ledger.audit_items(chain, last, 1).await?.last.is_none();
            let mut next = Announced {
                edition: told.edition + 1,
                number: last,
                ..told.clone()
            };
            let mut events = self.of_items(&now, part).await?;
            if all {
                events.extend(self.of_state(&now, &mut next));
            }
            if !events.is_empty() {
                self.events.tell(&events).await?;
            }
            let unmoved = Announced {
                edition: next.edition,
                ..told
            };
            if next != unmoved {
                match self.ledger.commit(vec![Write::Announced(next)]).await? {
                    Committed::Yes => {}
                    Committed::Conflict => {
                        lost += 1;
                        continue;
                    }
                }
            }
            if all {
                return Ok(());
            }
            if self.clock.now() >= self.until {
                return Err(Fault::retry(
                    format!("telling of issue {number}"),
                    "there is more to tell than time",
                ));
            }
        }
        Err(Fault::retry(
            format!("telling of issue {number}"),
            "others told first, again and again",
        ))
    }

    async fn now(&self, settings: &Settings, number: IssueNumber) -> Result<Now, Fault> {
        let Some(issue) = self.ledger.issues(&[number]).await?.pop() else {
            return Err(Fault::Bug(format!("there is no issue {number} to tell of")));
        };
        let tasks = tasks_of(self.ledger, &issue).await?;
        let decisions = self.ledger.decisions(number).await?;
        let stages = gates::stages(settings, &issue, &tasks, &decisions, self.clock.now());
        Ok(Now {
            // A plan that is still being stored is as open as it was.
            status: if issue.planned {
                status_of(&issue, &tasks)
            } else {
                IssueStatus::Open
            },
            waiting: waiting(&issue, &stages),
            issue,
            tasks,
        })
    }

    /// An event for each item, and one more where a task met a schema that others had changed.
    async fn of_items(&self, now: &Now, part: AuditPart) -> Result<Vec<Event>, Fault> {
        let mut events = Vec::new();
        for record in part.records {
            let item = match record {
                AuditRecord::Item(item) => item,
                AuditRecord::Unreadable {
                    chain,
                    place,
                    unreadable,
                } => {
                    tracing::error!(
                        event = "audit_unreadable",
                        "item {place} of {chain} can't be told of; `sluice audit verify` says more: {unreadable}"
                    );
                    continue;
                }
            };
            let Some(kind) = EventKind::of(item.deed) else {
                continue;
            };
            let task = now
                .tasks
                .iter()
                .find(|task| item.about == Some(crate::audit::about(task)));
            events.push(words::of_item(&now.issue, kind, &item, task));
            if let Some(task) = task.filter(|_| item.deed == Deed::TaskDone) {
                events.extend(self.drift(&now.issue, &item, task).await?);
            }
        }
        Ok(events)
    }

    /// Whether the schema was another one than the change before had left.
    async fn drift(&self, issue: &Issue, item: &AuditItem, task: &Task) -> Result<Option<Event>, Fault> {
        let Some(since) = self.drifted_since(task).await? else {
            return Ok(None);
        };
        Ok(Some(words::of_drift(issue, item, task, &since)))
    }

    async fn drifted_since(&self, task: &Task) -> Result<Option<Version>, Fault> {
        let mut key = task.key();
        let Some(revision) = self.ledger.revision(&key).await? else {
            return Ok(None);
        };
        let Some(since) = revision.since else {
            return Ok(None);
        };
        key.version = since.key().clone();
        let earlier = self.ledger.revision(&key).await?;
        Ok(earlier
            .is_some_and(|earlier| earlier.after != revision.before)
            .then_some(since))
    }

    /// What others do not know of how an issue stands; `told` is what they know afterwards.
    fn of_state(&self, now: &Now, told: &mut Announced) -> Vec<Event> {
        let mut events = Vec::new();
        let at = self.clock.now();
        for (awaited, step) in &now.waiting {
            if !told.waiting.contains(awaited) {
                told.found += 1;
                events.push(words::of_waiting(&now.issue, told, at, awaited, step));
            }
        }
        told.waiting = now.waiting.iter().map(|(awaited, _)| awaited.clone()).collect();
        if now.status != told.status {
            told.found += 1;
            told.status = now.status;
            events.push(words::of_status(&now.issue, told, at));
        }
        events
    }
}

/// The approvals that something of an issue waits for.
pub(crate) fn waiting(issue: &Issue, stages: &[Stage<'_>]) -> Vec<(Awaited, StepStanding)> {
    let asks = |stage: &&Stage<'_>| match stage.status {
        StageStatus::Open | StageStatus::Failed => stage.tasks.iter().any(|task| would_go_on(task)),
        StageStatus::Canceled | StageStatus::Done => false,
    };
    let open = stages.iter().filter(|_| issue.planned).filter(asks);
    open.filter_map(|stage| {
        let ApprovalStatus::Waiting { steps, .. } = &stage.approval else {
            return None;
        };
        let step = steps.iter().position(|step| !step.is_done())?;
        let awaited = Awaited {
            environment: stage.environment.clone(),
            digest: stage.digest.clone(),
            step,
        };
        Some((awaited, steps.get(step)?.clone()))
    })
    .collect()
}

/// Whether a task would run if it might.
fn would_go_on(task: &Task) -> bool {
    let open = match task.run {
        TaskRun::Queued | TaskRun::Running { .. } | TaskRun::Following { .. } | TaskRun::Resolved(_) => true,
        TaskRun::Done | TaskRun::Failed(_) | TaskRun::Ambiguous { .. } => false,
    };
    open && task.ruling.is_none()
}
