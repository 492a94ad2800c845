//! Skipping tasks, for one or for all of an issue, and taking back that something never runs.

use super::Actor;
use super::no_member;
use super::task::{Word, edit};
use crate::ports::clock::{Clock, Ids};
use crate::ports::ledger::{Commit, IssueLedger, TargetLedger};
use crate::ports::queue::Nudges;
use crate::show::{no_issue, tasks_of};
use model::approval::{Ruling, RulingKind};
use model::{Deed, Fault, IssueNumber, Principal, Refusal, Task, TaskRun, TaskRunEvent};
use settings::{Settings, VersionOrder};

/// A person's word that a change is not to be run here: what comes after it goes on as if it had been.
#[derive(Debug, Clone)]
pub struct Skip {
    /// The issue.
    pub issue: IssueNumber,
    /// The task's position; without it everything of the issue that is not done.
    pub task: Option<u32>,
    /// Why.
    pub because: String,
    /// Who.
    pub by: Principal,
}

/// A person's wish that what was canceled or skipped waits again.
#[derive(Debug, Clone)]
pub struct Reopen {
    /// The issue.
    pub issue: IssueNumber,
    /// The task's position; without it every one that was canceled or skipped.
    pub task: Option<u32>,
    /// Why.
    pub because: String,
    /// Who.
    pub by: Principal,
}

/// Skips a task, or resolves an issue as a whole. What is under way has to be ended first.
pub async fn skip<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Skip,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    if let Some(refusal) = no_member(settings, &wish.by) {
        return Ok(Err(refusal));
    }
    let Some(issue) = actor.ledger.issues(&[wish.issue]).await?.pop() else {
        return Ok(Err(no_issue(wish.issue)));
    };
    let tasks = tasks_of(actor.ledger, &issue).await?;
    let meant = |task: &&Task| wish.task.is_none_or(|position| task.position == position);
    if let Some(task) = tasks.iter().filter(meant).find(|task| is_under_way(task)) {
        return Ok(Err(under_way(task)));
    }
    let reason = format!("skipped {}", wish.by.request_id);
    let word = Word {
        by: &wish.by,
        because: Some(&wish.because),
        reason: &reason,
    };
    let wanted = "waiting, failed, ambiguous or canceled";
    let done = edit(actor, wish.issue, wish.task, wanted, &word, |mut task, now| {
        let skipped = task.ruling.as_ref().map(|ruling| ruling.kind) == Some(RulingKind::Skipped);
        if skipped || task.run == TaskRun::Done || is_under_way(&task) {
            return None;
        }
        task.ruling = Some(Ruling {
            kind: RulingKind::Skipped,
            by: wish.by.arn.clone(),
            because: wish.because.clone(),
            at: now,
        });
        Some((task.edited(now), Deed::TaskSkipped))
    })
    .await?;
    if done.is_ok() {
        // What waited for it may begin: higher versions, and later stages.
        let rest = tasks.iter().filter(|task| !task.is_settled());
        actor.nudge(rest, &reason).await?;
    }
    Ok(done)
}

/// Lets tasks wait again that were canceled or skipped. What failed before is queued for another run; what is ambiguous still
/// needs somebody's word.
pub async fn reopen<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Reopen,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    if let Some(refusal) = no_member(settings, &wish.by) {
        return Ok(Err(refusal));
    }
    let Some(issue) = actor.ledger.issues(&[wish.issue]).await?.pop() else {
        return Ok(Err(no_issue(wish.issue)));
    };
    let tasks = tasks_of(actor.ledger, &issue).await?;
    let meant = |task: &&Task| wish.task.is_none_or(|position| task.position == position);
    for task in tasks.iter().filter(meant).filter(|task| task.ruling.is_some()) {
        if let Some(refusal) = against_reopening(actor.ledger, settings, task).await? {
            return Ok(Err(refusal));
        }
    }
    let reason = format!("reopened {}", wish.by.request_id);
    let word = Word {
        by: &wish.by,
        because: Some(&wish.because),
        reason: &reason,
    };
    edit(
        actor,
        wish.issue,
        wish.task,
        "canceled or skipped",
        &word,
        |mut task, now| {
            task.ruling.take()?;
            task.cancel = None;
            let task = match task.run {
                TaskRun::Failed(_) => task.after(TaskRunEvent::Retried, now).ok()?,
                TaskRun::Queued
                | TaskRun::Running { .. }
                | TaskRun::Following { .. }
                | TaskRun::Done
                | TaskRun::Ambiguous { .. }
                | TaskRun::Resolved(_) => task.edited(now),
            };
            Some((task, Deed::TaskReopened))
        },
    )
    .await
}

/// What stands against a task's waiting again, if anything.
async fn against_reopening(
    ledger: &impl TargetLedger,
    settings: &Settings,
    task: &Task,
) -> Result<Option<Refusal>, Fault> {
    let (position, version) = (task.position, &task.change.version);
    if task.ruling.as_ref().is_some_and(|ruling| ruling.by == SLUICE) {
        return Ok(Some(Refusal::new(
            "file-gone",
            format!(
                "the file of task {position} (version {version} of {}) is gone; push it again",
                task.target
            ),
        )));
    }
    let policy = settings.environment(&task.environment);
    if policy.is_none_or(|policy| policy.order == VersionOrder::AllowGaps) {
        return Ok(None);
    }
    let newest = ledger.revisions(&task.target, None, 1).await?.pop();
    Ok(newest
        .filter(|newest| newest.change.version > *version)
        .map(|newest| {
            Refusal::new(
                "version-late",
                format!(
                    "version {} was applied to {} since, and versions of `{}` go in order only: \
                     push what task {position} has to do as a new version",
                    newest.change.version, task.target, task.environment
                ),
            )
        }))
}

/// Who cancels a task whose file was deleted.
const SLUICE: &str = "sluice";

fn is_under_way(task: &Task) -> bool {
    let runs = matches!(task.run, TaskRun::Running { .. } | TaskRun::Following { .. });
    runs && task.ruling.is_none()
}

fn under_way(task: &Task) -> Refusal {
    let (issue, position) = (task.issue, task.position);
    Refusal::new(
        "task-running",
        format!(
            "task {position} of issue {issue} is under way; let it end, or end it first \
             (`sluice issue cancel {issue} --task {position} --because …`)"
        ),
    )
}
