//! What goes back to its approvers although they approved it: what nobody could show them then.

use super::slice::Run;
use super::{Slice, Worker};
use crate::comparison::drifted;
use crate::gates;
use crate::ports::clock::{Clock, Ids};
use crate::ports::database::Databases;
use crate::ports::ledger::{Commit, IssueLedger, LeaseLedger, SettingsLedger, TargetLedger, TextLedger};
use crate::ports::queue::Nudges;
use crate::ports::secrets::Secrets;
use crate::show::tasks_of;
use model::{ApprovalStatus, Blocking, Checksum, Drift, Fault, Revision, Task, TaskRun};

/// Among how many of the highest versions the one that was applied last is looked for.
const RECENT: u32 = 20;

/// The task with what it blocks, where nobody has been asked about that yet.
pub(super) fn blocking(task: &Task, blocks: Vec<Blocking>) -> Option<Task> {
    let known = |found: &Blocking| {
        let same = |other: &Blocking| (other.statement, &other.table) == (found.statement, &found.table);
        task.blocks.iter().any(same)
    };
    if task.run != TaskRun::Queued || blocks.iter().all(known) {
        return None;
    }
    Some(Task {
        blocks,
        ..task.clone()
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
    /// The task with what others changed on its target, where nobody has been asked about that yet.
    pub(super) async fn drifted(&self, task: &Task, found: &str) -> Result<Option<Task>, Fault> {
        if task.run != TaskRun::Queued {
            return Ok(None);
        }
        let schema = Checksum::of(found.as_bytes());
        let Some(last) = self.applied_last(task).await? else {
            return Ok(None);
        };
        let asked = task.drift.as_ref().is_some_and(|drift| drift.schema == schema);
        if asked || last.after == schema {
            return Ok(None);
        }
        let since = last.change.version;
        let left = self.ledger.text(&last.after).await?.unwrap_or_default();
        let changes = drifted(&since, &left, found);
        if changes.is_empty() {
            // The same schema in other words: of another server version, or of ours.
            return Ok(None);
        }
        Ok(Some(Task {
            drift: Some(Box::new(Drift::of(since, schema, changes))),
            ..task.clone()
        }))
    }

    /// Whether what was found goes to the approvers. In an emergency it does not; and drift does only where there are any.
    pub(super) async fn goes_back(&self, run: &Run<'_>, task: &Task, held: &Task) -> Result<bool, Fault> {
        Ok(match self.approval(run, task).await? {
            Some(ApprovalStatus::Bypassed { .. }) => false,
            Some(ApprovalStatus::NotRequired) => held.blocks != task.blocks,
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
            drift = task.drift.is_some(),
            "version {} for {} goes back to its approvers: it blocks writes, or others changed the schema",
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
    pub(super) async fn approval(&self, run: &Run<'_>, task: &Task) -> Result<Option<ApprovalStatus>, Fault> {
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
