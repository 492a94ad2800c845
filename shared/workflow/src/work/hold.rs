//! What goes back to its approvers although they approved it: what nobody could show them then.

use super::slice::Run;
use super::{Slice, Worker};
use crate::apply;
use crate::comparison::drifted;
use crate::gates;
use crate::ports::clock::{Clock, Ids};
use crate::ports::database::{Databases, Foretold};
use crate::ports::ledger::{Commit, IssueLedger, LeaseLedger, SettingsLedger, TargetLedger, TextLedger};
use crate::ports::queue::Nudges;
use crate::ports::secrets::Secrets;
use crate::show::tasks_of;
use model::{ApprovalStatus, Blocking, Checksum, Drift, Fault, Reach, Revision, Task, TaskRun};

/// Among how many of the highest versions the one that was applied last is looked for.
const RECENT: u32 = 20;

/// Whether a statement that blocks is one of those that somebody was asked about.
fn was_asked(task: &Task, found: &Blocking) -> bool {
    let same = |other: &Blocking| (other.statement, &other.table) == (found.statement, &found.table);
    task.blocks.iter().any(same)
}

/// The same of one that looks at many rows: estimates differ from look to look, and matter where a rule's number of rows is
/// between them.
fn was_asked_for(task: &Task, found: &Reach, over: &[u64]) -> bool {
    let level = |rows: u64| over.iter().filter(|over| rows > **over).count();
    task.reaches.iter().any(|other| {
        other.statement == found.statement
            && level(found.rows) <= level(other.rows)
            && (other.without_key || !found.without_key)
    })
}

impl<L, Q, D, S, C> Worker<'_, L, Q, D, S, C>
where
    L: SettingsLedger + IssueLedger + TargetLedger + TextLedger + LeaseLedger + Commit,
    Q: Nudges,
    D: Databases,
    S: Secrets,
    C: Clock + Ids,
{
    /// The task with what was found about it that its approvers have not been asked about. `schema` is the target's, where
    /// nothing of the task is in it.
    pub(super) async fn unasked(
        &self,
        run: &Run<'_>,
        task: &Task,
        locked: &mut D::Locked,
        foretold: &[Option<Foretold>],
        schema: Option<&str>,
    ) -> Result<Option<Task>, Fault> {
        let Some(policy) = run.settings.environment(&task.environment) else {
            return Ok(None);
        };
        if task.run != TaskRun::Queued {
            return Ok(None);
        }
        let mut held = task.clone();
        if let Some(over) = policy.blocking_over() {
            let blocks = apply::blocking(locked, &run.change, foretold, over).await?;
            if !blocks.iter().all(|found| was_asked(task, found)) {
                held.blocks = blocks;
            }
        }
        let over = policy.rows_over();
        if !over.is_empty() || policy.asks_for_keys() {
            let least = over.first().copied();
            let reaches = apply::reaches(locked, &run.change, least, policy.asks_for_keys()).await?;
            if !reaches.iter().all(|found| was_asked_for(task, found, &over)) {
                held.reaches = reaches;
            }
        }
        if policy.asks_anybody()
            && policy.drift == settings::Drift::Ask
            && let Some(drift) = self.drift(task, schema).await?
        {
            held.drift = Some(Box::new(drift));
        }
        if held == *task || !self.goes_back(run, task, &held).await? {
            return Ok(None);
        }
        Ok(Some(held))
    }

    /// What others changed on the target, where nobody has been asked about that yet.
    async fn drift(&self, task: &Task, schema: Option<&str>) -> Result<Option<Drift>, Fault> {
        let (Some(found), Some(last)) = (schema, self.applied_last(task).await?) else {
            return Ok(None);
        };
        let schema = Checksum::of(found.as_bytes());
        let asked = task.drift.as_ref().is_some_and(|drift| drift.schema == schema);
        if asked || last.after == schema {
            return Ok(None);
        }
        let since = last.change.version;
        let left = self.ledger.text(&last.after).await?.unwrap_or_default();
        let changes = drifted(&since, &left, found);
        // None: the same schema in other words, of another server version, or of ours.
        Ok((!changes.is_empty()).then(|| Drift::of(since, schema, changes)))
    }

    /// Whether what was found goes to the approvers. In an emergency it does not; and drift does only where there are any.
    async fn goes_back(&self, run: &Run<'_>, task: &Task, held: &Task) -> Result<bool, Fault> {
        Ok(match self.approval(run, task).await? {
            Some(ApprovalStatus::Bypassed { .. }) => false,
            Some(ApprovalStatus::NotRequired) => {
                (&held.blocks, &held.reaches) != (&task.blocks, &task.reaches)
            }
            Some(
                ApprovalStatus::Waiting { .. }
                | ApprovalStatus::Approved { .. }
                | ApprovalStatus::Rejected { .. },
            )
            | None => true,
        })
    }

    /// The task waits for an approval that covers what was found.
    pub(super) async fn hold(&self, task: Task) -> Result<Slice, Fault> {
        tracing::info!(
            event = "task_held",
            issue.number = task.issue.0,
            target = %task.target,
            version = %task.change.version,
            blocks = task.blocks.len(),
            reaches = task.reaches.len(),
            drift = task.drift.is_some(),
            "version {} for {} goes back to its approvers, with what was found about it",
            task.change.version,
            task.target
        );
        let _ = self.store(&task.edited(self.clock.now()), Vec::new()).await?;
        Ok(Slice::Stopped)
    }

    /// The revision that was applied to a task's target last, in time and not in order.
    pub(super) async fn applied_last(&self, task: &Task) -> Result<Option<Revision>, Fault> {
        let revisions = self.ledger.revisions(&task.target, None, RECENT).await?;
        Ok(revisions
            .into_iter()
            .filter(|revision| revision.change.version != task.change.version)
            .max_by_key(|revision| (revision.finished_at, revision.change.version.key().clone())))
    }

    /// Where the approval of a task's stage stands now.
    async fn approval(&self, run: &Run<'_>, task: &Task) -> Result<Option<ApprovalStatus>, Fault> {
        let tasks = tasks_of(self.ledger, run.issue).await?;
        let decisions = self.ledger.decisions(run.issue.number).await?;
        let stages = gates::stages(run.settings, run.issue, &tasks, &decisions, self.clock.now());
        let mut stages = stages.into_iter();
        let stage = stages.find(|stage| stage.environment == &task.environment);
        Ok(stage.map(|stage| stage.approval))
    }

    /// Who let a task through, by ARN.
    pub(super) async fn approved_by(&self, run: &Run<'_>, task: &Task) -> Result<Vec<String>, Fault> {
        Ok(match self.approval(run, task).await? {
            Some(ApprovalStatus::Approved { by } | ApprovalStatus::Bypassed { by, .. }) => by,
            Some(
                ApprovalStatus::NotRequired
                | ApprovalStatus::Waiting { .. }
                | ApprovalStatus::Rejected { .. },
            )
            | None => Vec::new(),
        })
    }
}
