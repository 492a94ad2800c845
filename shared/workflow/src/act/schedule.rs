//! Saying when a task may begin.

use super::Actor;
use super::no_member;
use super::task::{Word, edit};
use crate::ports::clock::{Clock, Ids};
use crate::ports::ledger::{Commit, IssueLedger, TargetLedger};
use crate::ports::queue::Nudges;
use jiff::Timestamp;
use model::{Deed, Fault, IssueNumber, Principal, Refusal, Schedule, TaskRun};
use settings::Settings;

/// A person's wish when a task begins.
#[derive(Debug, Clone)]
pub struct RunAt {
    /// The issue.
    pub issue: IssueNumber,
    /// The task's position; without it every one that waits.
    pub task: Option<u32>,
    /// When it may begin; none for as soon as everything else lets it.
    pub at: Option<Timestamp>,
    /// Who.
    pub by: Principal,
}

/// Lets tasks that wait begin no earlier than at a time. Everything else that they wait for still has to hold then.
pub async fn run_at<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &RunAt,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    if let Some(refusal) = no_member(settings, &wish.by) {
        return Ok(Err(refusal));
    }
    let reason = format!("scheduled {}", wish.by.request_id);
    let because = wish.at.map_or_else(
        || "not before: any time".to_owned(),
        |at| format!("not before {at}"),
    );
    let word = Word {
        by: &wish.by,
        because: Some(&because),
        reason: &reason,
    };
    edit(actor, wish.issue, wish.task, "waiting", &word, |mut task, now| {
        if task.ruling.is_some() || task.run != TaskRun::Queued {
            return None;
        }
        task.schedule = wish.at.map(|at| {
            Box::new(Schedule {
                at,
                by: wish.by.arn.clone(),
            })
        });
        Some((task.edited(now), Deed::TaskScheduled))
    })
    .await
}
