//! Sweeping: whatever was lost, stuck or is due is picked up again, every minute.

use crate::gates;
use crate::ports::clock::{Clock, Ids};
use crate::ports::github::Repositories;
use crate::ports::ledger::{
    IssueLedger, OutboxLedger, PlanLedger, PlannedHead, RehearsalLedger, SettingsLedger, TargetLedger,
};
use crate::ports::queue::{Deliveries, Nudges, Pointer};
use crate::settings_in_force;
use crate::show::tasks_of;
use jiff::SignedDuration;
use model::{Baselines, CommitSha, DeliveryId, Fault, OutboxItem, Target, TaskRun};
use settings::{Project, Settings, branch};
use std::time::Duration;

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
    L: SettingsLedger + PlanLedger + IssueLedger + TargetLedger + RehearsalLedger + OutboxLedger,
    N: Nudges,
    D: Deliveries,
    G: Repositories,
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
        for target in settings.targets() {
            let nudged = match self.nudge_due(&settings, &target).await {
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
        for project in &settings.projects {
            let moved = self.find_missed(project).await;
            count(
                &mut swept.branches,
                &mut swept.failed,
                project.name.as_str(),
                moved.map(u32::from),
            );
        }
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
    /// that was cut short hold nobody.
    async fn nudge_due(&self, settings: &Settings, target: &Target) -> Result<bool, Fault> {
        for task in self.ledger.open_tasks(target).await? {
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
                    let stages = gates::stages(settings, &issue, &tasks, &decisions);
                    issue.planned && gates::closed_gates(&stages, &task, None).is_empty()
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

    /// Nudges a target on which a pull request waits for a rehearsal: its nudge was lost, or its worker died.
    async fn nudge_unanswered(&self, target: &Target) -> Result<bool, Fault> {
        if self.ledger.pending_rehearsals(target).await?.is_empty() {
            return Ok(false);
        }
        let reason = format!("swept {}", self.clock.next_id());
        self.nudges.nudge(target, &reason).await?;
        Ok(true)
    }

    /// Sends a pointer for a branch whose head is not the one planned last: its webhook never came. Filters with
    /// wildcards name no branch to ask for.
    async fn find_missed(&self, project: &Project) -> Result<bool, Fault> {
        if !branch::is_exact(&project.branch) {
            return Ok(false);
        }
        let planned = self.ledger.head(&project.name, &project.branch).await?;
        let baselines = self.ledger.baselines(&project.name).await?;
        let missed = |head: &CommitSha| {
            planned
                .as_ref()
                .is_none_or(|planned| &planned.commit != head || is_behind(planned, baselines.as_ref()))
        };
        match self.github.head(&project.repository, &project.branch).await? {
            Some(head) if missed(&head) => {
                // A branch never planned begins where it is, unless deliveries tell of pushes before.
                let planned = planned
                    .as_ref()
                    .map_or_else(|| head.clone(), |planned| planned.commit.clone());
                self.deliveries
                    .send(&self.pointer(project, planned, head), UNDER_WAY)
                    .await?;
                Ok(true)
            }
            Some(_) | None => Ok(false),
        }
    }

    fn pointer(&self, project: &Project, before: CommitSha, after: CommitSha) -> Pointer {
        Pointer {
            delivery: DeliveryId::new(format!("sweep-{}", self.clock.next_id())),
            repository_id: project.repository.id,
            git_ref: format!("refs/heads/{}", project.branch),
            before,
            after,
            sender: None,
        }
    }
}

/// Whether a branch was planned before the baseline of one of its targets was set: files may wait for it.
fn is_behind(planned: &PlannedHead, baselines: Option<&Baselines>) -> bool {
    let targets = baselines.map(|baselines| baselines.targets.as_slice());
    let mut targets = targets.unwrap_or_default().iter();
    targets.any(|baseline| baseline.edition > planned.baselines)
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
