//! Sweeping: whatever was lost, stuck or is due is picked up again, every minute.

mod missed;
mod open_issues;
mod redeliver;
mod watch;

use crate::dependencies;
use crate::gates::{self, Stage};
use crate::ports::clock::{Clock, Ids};
use crate::ports::github::{AppDeliveries, Repositories};
use crate::ports::ledger::{
    Commit, EventLedger, HookLedger, IssueLedger, OpenIssueLedger, OutboxLedger, PlanLedger, RehearsalLedger,
    SettingsLedger, TargetLedger, Write,
};
use crate::ports::queue::{Deliveries, Nudges, Pointer};
use crate::settings_in_force;
use crate::show::tasks_of;
use crate::tell::events::waiting;
use jiff::SignedDuration;

use model::{Errand, Fault, Issue, IssueNumber, OutboxItem, Target, TaskRun};
use redeliver::Redeliverer;
use settings::Settings;
use std::collections::BTreeSet;
use std::time::Duration;

pub use watch::{FailedDelivery, Gap, HookWatch};

/// What sweeping needs of the world.
#[derive(Debug)]
pub struct Sweeper<'a, L, N, D, G, C> {
    /// The ledger.
    pub ledger: &'a L,
    /// The way to the worker.
    pub nudges: &'a N,
    /// The way to the planner.
    pub deliveries: &'a D,
    /// The repository.
    pub github: &'a G,
    /// Time and names.
    pub clock: &'a C,
}

/// What a sweep found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Targets nudged.
    pub targets: u32,
    /// Outbox items woken.
    pub items: u32,
    /// Branches whose head was never planned.
    pub branches: u32,
    /// Failed deliveries that GitHub was asked for again.
    pub redelivered: u32,
    /// Entries of the list of open issues that were put right.
    pub issues: u32,
    /// Parts of the sweep that failed; the next one tries again.
    pub failed: u32,
}

/// An outbox item younger than this may be under way.
const GRACE: SignedDuration = SignedDuration::from_secs(30);
/// How long a delivery may be under way before a head that nobody planned counts as missed: the delivery knows who
/// pushed, the sweeper does not.
const UNDER_WAY: Duration = Duration::from_secs(30);
/// How many outbox items one sweep looks at.
const ITEMS: u32 = 100;

impl<L, N, D, G, C> Sweeper<'_, L, N, D, G, C>
where
    L: SettingsLedger
        + PlanLedger
        + IssueLedger
        + OpenIssueLedger
        + TargetLedger
        + RehearsalLedger
        + OutboxLedger
        + HookLedger
        + EventLedger
        + Commit,
    N: Nudges,
    D: Deliveries,
    G: Repositories + AppDeliveries,
    C: Clock + Ids,
{
    /// Sweeps once. One thing that fails does not keep the others from being swept.
    pub async fn sweep(&self) -> Result<Swept, Fault> {
        let mut swept = Swept::default();
        let items = self.wake_items().await;
        count(&mut swept.items, &mut swept.failed, "outbox", items);
        let Some((_, settings)) = settings_in_force(self.ledger).await? else {
            return Ok(swept);
        };
        // Read before the tasks are: what is opened in between is listed anew, and not forgotten.
        let listed = self.ledger.open_issues(None, u32::MAX).await;
        let mut open = BTreeSet::new();
        for target in settings.targets() {
            let nudged = match self.nudge_due(&settings, &target, &mut open).await {
                Ok(false) => self.nudge_unanswered(&target).await,
                other => other,
            };
            count(
                &mut swept.targets,
                &mut swept.failed,
                &target.to_string(),
                nudged.map(u32::from),
            );
        }
        let listed = match listed {
            Ok(listed) => open_issues::put_right(self.ledger, self.clock, listed, &open).await,
            Err(fault) => Err(fault),
        };
        count(&mut swept.issues, &mut swept.failed, "open issues", listed);
        self.sweep_deliveries(&settings, &mut swept).await;
        Ok(swept)
    }

    async fn wake_items(&self) -> Result<u32, Fault> {
        let now = self.clock.now();
        let items = self.ledger.outbox(now, ITEMS).await?;
        let mut woken = 0;
        for item in items.iter().filter(|item| item.due_at + GRACE <= now) {
            // A put that changes nothing would leave no record in the stream, and wake nobody.
            let item = OutboxItem {
                due_at: now,
                ..item.clone()
            };
            self.ledger.postpone_outbox(&item).await?;
            woken += 1;
        }
        Ok(woken)
    }

    /// Nudges a target whose lowest open task may run: its nudge was lost, or its worker died or left. Tasks of a plan
    /// that was cut short hold nobody. The issues of all open tasks are added to `open`.
    async fn nudge_due(
        &self,
        settings: &Settings,
        target: &Target,
        open: &mut BTreeSet<IssueNumber>,
    ) -> Result<bool, Fault> {
        let tasks = self.ledger.open_tasks(target).await?;
        open.extend(tasks.iter().map(|task| task.issue));
        for task in tasks {
            let Some(issue) = self.ledger.issues(&[task.issue]).await?.pop() else {
                continue;
            };
            if !issue.planned && issue.created_at + gates::PLANNING < self.clock.now() {
                continue;
            }
            let due = match task.run {
                TaskRun::Queued => {
                    let tasks = tasks_of(self.ledger, &issue).await?;
                    let decisions = self.ledger.decisions(issue.number).await?;
                    let stages = gates::stages(settings, &issue, &tasks, &decisions, self.clock.now());
                    self.announce(&issue, &stages).await?;
                    let unfinished = dependencies::unfinished(self.ledger, [&issue]).await?;
                    issue.planned
                        && gates::closed_gates(&stages, &task, None).is_empty()
                        && dependencies::closed(&issue, &unfinished).next().is_none()
                }
                TaskRun::Running { .. } | TaskRun::Following { .. } | TaskRun::Resolved(_) => true,
                TaskRun::Done | TaskRun::Failed(_) | TaskRun::Ambiguous { .. } => false,
            };
            if due {
                self.nudges
                    .nudge(target, &format!("swept {}", self.clock.next_id()))
                    .await?;
            }
            return Ok(due);
        }
        Ok(false)
    }

    /// Has others told that an issue waits for an approval, where they do not know: settings changed, or an approval expired,
    /// and nobody wrote that down.
    async fn announce(&self, issue: &Issue, stages: &[Stage<'_>]) -> Result<(), Fault> {
        let waiting = waiting(issue, stages);
        if waiting.is_empty() {
            return Ok(());
        }
        let told = self.ledger.announced(issue.number).await?;
        let known = told.map(|told| told.waiting).unwrap_or_default();
        if waiting.iter().all(|(awaited, _)| known.contains(awaited)) {
            return Ok(());
        }
        // One item, however often it is found.
        let id = format!("events-{}", issue.number);
        let item = OutboxItem::new(id, Errand::Events { issue: issue.number }, self.clock.now());
        // Written whatever stands there: there is no conflict.
        let _ = self.ledger.commit(vec![Write::Outbox(item)]).await?;
        Ok(())
    }

    /// Nudges a target on which a pull request waits for a rehearsal: its nudge was lost, or its worker died.
    async fn nudge_unanswered(&self, target: &Target) -> Result<bool, Fault> {
        if self.ledger.pending_rehearsals(target).await?.is_empty() {
            return Ok(false);
        }
        let reason = format!("swept {}", self.clock.next_id());
        self.nudges.nudge(target, &reason).await?;
        Ok(true)
    }

    /// Failed deliveries are asked for again before heads that nobody told of are planned: a delivery knows who pushed.
    async fn sweep_deliveries(&self, settings: &Settings, swept: &mut Swept) {
        let mut missed: Vec<Pointer> = Vec::new();
        for project in &settings.projects {
            match missed::missed(self.ledger, self.github, self.clock, project).await {
                Ok(pointers) => missed.extend(pointers),
                Err(fault) => count(&mut 0, &mut swept.failed, project.name.as_str(), Err(fault)),
            }
        }
        let redeliverer = Redeliverer {
            ledger: self.ledger,
            github: self.github,
            clock: self.clock,
        };
        let redelivered = redeliverer.redeliver(settings, !missed.is_empty()).await;
        count(
            &mut swept.redelivered,
            &mut swept.failed,
            "deliveries",
            redelivered,
        );
        for pointer in &missed {
            let sent = self.deliveries.send(pointer, UNDER_WAY).await.map(|()| 1);
            count(&mut swept.branches, &mut swept.failed, &pointer.git_ref, sent);
        }
    }
}

fn count(found: &mut u32, failed: &mut u32, what: &str, result: Result<u32, Fault>) {
    match result {
        Ok(number) => *found += number,
        Err(fault) => {
            *failed += 1;
            tracing::warn!(
                event = "sweep_failed",
                what,
                error.class = fault.class(),
                "sweeping {what} failed: {}",
                fault.chain()
            );
        }
    }
}
