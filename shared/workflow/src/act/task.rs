//! Retrying, canceling and resolving tasks.

use super::{Actor, ROUNDS, no_member};
use crate::audit;
use crate::ports::clock::{Clock, Ids};
use crate::ports::ledger::{Commit, Committed, IssueLedger, MAX_WRITES, OpenIssue, TargetLedger, Write};
use crate::ports::queue::Nudges;
use crate::show::{no_issue, tasks_of};
use jiff::Timestamp;
use model::approval::{Ruling, RulingKind};
use model::{
    AuditEntry, Deed, Fault, IssueNumber, Principal, Refusal, Resolution, Task, TaskRun, TaskRunEvent,
};
use settings::Settings;

/// A person's wish for another run.
#[derive(Debug, Clone)]
pub struct Retry {
    /// The issue.
    pub issue: IssueNumber,
    /// The task's position; without it every failed one.
    pub task: Option<u32>,
    /// Who.
    pub by: Principal,
}

/// A person's word on statements of which nothing tells whether they happened.
#[derive(Debug, Clone)]
pub struct Resolve {
    /// The issue.
    pub issue: IssueNumber,
    /// The task's position; without it the only ambiguous one.
    pub task: Option<u32>,
    /// Whether it happened.
    pub applied: bool,
    /// Why that person believes it.
    pub because: String,
    /// Who.
    pub by: Principal,
}

/// A person's wish that something never runs.
#[derive(Debug, Clone)]
pub struct Cancel {
    /// The issue.
    pub issue: IssueNumber,
    /// The task's position; without it every one that has not begun, failed, or is ambiguous. One that runs is ended only
    /// where it is named.
    pub task: Option<u32>,
    /// Why.
    pub because: String,
    /// Who.
    pub by: Principal,
}

/// Queues failed tasks for another run, which goes on at the statement that failed.
pub async fn retry<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Retry,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    if let Some(refusal) = no_member(settings, &wish.by) {
        return Ok(Err(refusal));
    }
    let reason = format!("retried {}", wish.by.request_id);
    edit(
        actor,
        wish.issue,
        wish.task,
        "failed",
        &Word {
            by: &wish.by,
            because: None,
            reason: &reason,
        },
        |task, now| match (&task.ruling, &task.run) {
            (None, TaskRun::Failed(_)) => {
                let task = task.after(TaskRunEvent::Retried, now).ok()?;
                Some((task, Deed::TaskRetried))
            }
            (
                _,
                TaskRun::Queued
                | TaskRun::Running { .. }
                | TaskRun::Following { .. }
                | TaskRun::Done
                | TaskRun::Failed(_)
                | TaskRun::Ambiguous { .. }
                | TaskRun::Resolved(_),
            ) => None,
        },
    )
    .await
}

/// Takes a person's word for whether a statement happened; the worker goes on from there.
pub async fn resolve<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Resolve,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    if let Some(refusal) = no_member(settings, &wish.by) {
        return Ok(Err(refusal));
    }
    if wish.task.is_none() {
        // One word is about one statement.
        let Some(issue) = actor.ledger.issues(&[wish.issue]).await?.pop() else {
            return Ok(Err(no_issue(wish.issue)));
        };
        let tasks = tasks_of(actor.ledger, &issue).await?;
        let ambiguous = tasks.iter().filter(|task| is_ambiguous(task)).count();
        if ambiguous > 1 {
            return Ok(Err(Refusal::new(
                "which-task",
                format!(
                    "issue {} has {ambiguous} ambiguous tasks; name the one that is meant: `--task POSITION`",
                    wish.issue
                ),
            )));
        }
    }
    let reason = format!("resolved {}", wish.by.request_id);
    let word = Word {
        by: &wish.by,
        because: Some(&wish.because),
        reason: &reason,
    };
    edit(actor, wish.issue, wish.task, "ambiguous", &word, |task, now| {
        let TaskRun::Ambiguous { at, .. } = task.run else {
            return None;
        };
        let resolution = Resolution {
            at,
            applied: wish.applied,
            by: wish.by.arn.clone(),
            because: wish.because.clone(),
        };
        is_ambiguous(&task)
            .then(|| task.after(TaskRunEvent::Resolved(resolution), now).ok())
            .flatten()
            .map(|task| (task, Deed::TaskResolved))
    })
    .await
}

fn is_ambiguous(task: &Task) -> bool {
    task.ruling.is_none() && matches!(task.run, TaskRun::Ambiguous { .. })
}

/// Decides that tasks never run. One that runs is ended by the worker, which says what came of it.
pub async fn cancel<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Cancel,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    if let Some(refusal) = no_member(settings, &wish.by) {
        return Ok(Err(refusal));
    }
    let reason = format!("canceled {}", wish.by.request_id);
    edit(
        actor,
        wish.issue,
        wish.task,
        "waiting, failed or ambiguous (or runs, where it is named)",
        &Word {
            by: &wish.by,
            because: Some(&wish.because),
            reason: &reason,
        },
        |mut task, now| {
            let ruling = Ruling {
                kind: RulingKind::Canceled,
                by: wish.by.arn.clone(),
                because: wish.because.clone(),
                at: now,
            };
            match (&task.ruling, &task.cancel, &task.run) {
                (
                    None,
                    _,
                    TaskRun::Queued | TaskRun::Failed(_) | TaskRun::Ambiguous { .. } | TaskRun::Resolved(_),
                ) => {
                    let deed = audit::ruled(&ruling);
                    task.ruling = Some(ruling);
                    Some((task.edited(now), deed))
                }
                (None, None, TaskRun::Running { .. } | TaskRun::Following { .. }) if wish.task.is_some() => {
                    task.cancel = Some(ruling);
                    Some((task.edited(now), Deed::TaskCancelAsked))
                }
                (
                    _,
                    _,
                    TaskRun::Queued
                    | TaskRun::Running { .. }
                    | TaskRun::Following { .. }
                    | TaskRun::Done
                    | TaskRun::Failed(_)
                    | TaskRun::Ambiguous { .. }
                    | TaskRun::Resolved(_),
                ) => None,
            }
        },
    )
    .await
}

/// Who wants something, and why.
pub(super) struct Word<'w> {
    pub(super) by: &'w Principal,
    pub(super) because: Option<&'w str>,
    /// What workers are nudged with.
    pub(super) reason: &'w str,
}

/// Writes a new edition of each task that `change` has one for, and what it is called; none at all is refused.
pub(super) async fn edit<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    number: IssueNumber,
    position: Option<u32>,
    wanted: &str,
    word: &Word<'_>,
    change: impl Fn(Task, Timestamp) -> Option<(Task, Deed)>,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    let mut edited: Vec<Task> = Vec::new();
    for _ in 0..ROUNDS {
        let Some(issue) = actor.ledger.issues(&[number]).await?.pop() else {
            return Ok(Err(no_issue(number)));
        };
        let now = actor.clock.now();
        let tasks: Vec<(Task, Deed)> = tasks_of(actor.ledger, &issue)
            .await?
            .into_iter()
            .filter(|task| position.is_none_or(|position| task.position == position))
            .filter_map(|task| change(task, now))
            .collect();
        if tasks.is_empty() && edited.is_empty() {
            let which = position.map_or("no task".to_owned(), |position| format!("no task {position}"));
            return Ok(Err(Refusal::new(
                "no-such-task",
                format!(
                    "issue {number} has {which} that is {wanted}; `sluice issue show {number}` shows them"
                ),
            )));
        }
        // Many tasks take several commits; each stands for itself, and what is left is found again.
        let Some(chunk) = tasks.chunks(MAX_WRITES / 4).next() else {
            break;
        };
        let mut writes: Vec<Write> = Vec::new();
        for (task, deed) in chunk {
            writes.push(Write::Audit(AuditEntry {
                because: word.because.map(ToOwned::to_owned),
                ..audit::of_task(task, *deed, audit::caller(word.by))
            }));
            writes.push(Write::Task(task.clone()));
        }
        writes.extend(actor.errands(chunk.iter().map(|(task, _)| task), now));
        if chunk.iter().any(|(_, deed)| *deed == Deed::TaskReopened) {
            writes.push(Write::OpenIssue(OpenIssue { number, since: now }));
        }
        if actor.ledger.commit(writes).await? == Committed::Yes {
            edited.extend(chunk.iter().map(|(task, _)| task.clone()));
        }
        if tasks.len() <= chunk.len() && !edited.is_empty() {
            break;
        }
    }
    if edited.is_empty() {
        return Err(Fault::retry(
            format!("editing issue {number}"),
            "others wrote first, again and again",
        ));
    }
    actor.nudge(&edited, word.reason).await?;
    Ok(Ok(()))
}
