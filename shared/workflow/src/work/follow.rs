//! The lock is taken: a statement of ours runs on although its client is gone. Later slices look how far it is, and end it
//! where somebody wants that.

use super::{Slice, Worker};
use crate::ports::clock::{Clock, Ids};
use crate::ports::database::{Databases, Holder, Login, OpenError};
use crate::ports::ledger::{Commit, IssueLedger, LeaseLedger, SettingsLedger, TargetLedger, TextLedger};
use crate::ports::queue::Nudges;
use crate::ports::secrets::Secrets;
use jiff::{SignedDuration, Timestamp};
use model::{Failure, Fault, Task, TaskRun, TaskRunEvent};

/// How long a worker may take between two words about a task; after that it is gone.
const HEALTHY: SignedDuration = SignedDuration::from_secs(70);

impl<L, Q, D, S, C> Worker<'_, L, Q, D, S, C>
where
    L: SettingsLedger + IssueLedger + TargetLedger + TextLedger + LeaseLedger + Commit,
    Q: Nudges,
    D: Databases,
    S: Secrets,
    C: Clock + Ids,
{
    /// Looks at what has the lock: tells how far it is, or ends it.
    pub(super) async fn follow(&self, task: Task, statements: usize, login: &Login) -> Result<Slice, Fault> {
        let healthy = task.updated_at + HEALTHY >= self.clock.now();
        let watched = match task.run {
            // Its worker may well be alive: what it says counts.
            TaskRun::Running { .. } if healthy && task.cancel.is_none() => return Ok(Slice::Later),
            TaskRun::Running { .. }
            | TaskRun::Following { .. }
            | TaskRun::Queued
            | TaskRun::Resolved(_)
            | TaskRun::Done
            | TaskRun::Failed(_)
            | TaskRun::Ambiguous { .. } => self.databases.watch(login, &task.target).await,
        };
        let holder = match watched {
            Ok(Some(holder)) => holder,
            // It ended just now: the next look goes on.
            Ok(None) => return Ok(Slice::Again),
            Err(OpenError::Fault(fault)) => return Err(fault),
            Err(error @ (OpenError::Login(_) | OpenError::NoSchema(_))) => {
                return Err(Fault::retry(format!("watching {}", task.target), error));
            }
        };
        let ours = holder.statement.as_ref().map_or_else(
            || task.has_begun(),
            |(key, _)| &key.version == task.change.version.key(),
        );
        if !ours {
            // Another change has the lock, applied by hand: it is left alone.
            return Ok(Slice::Later);
        }
        if task.cancel.is_some() {
            return self.end(&task, &holder, login).await;
        }
        let of = u32::try_from(statements).unwrap_or(u32::MAX);
        let begun = match task.run {
            TaskRun::Running { next, .. } => next,
            TaskRun::Following { at, .. } => at,
            TaskRun::Queued
            | TaskRun::Resolved(_)
            | TaskRun::Done
            | TaskRun::Failed(_)
            | TaskRun::Ambiguous { .. } => 1,
        };
        let left = TaskRunEvent::Left {
            at: holder.statement.map_or(begun, |(_, index)| index),
            of,
            work: Some(holder.work),
        };
        let task = self.after(task, left)?;
        let _ = self.store(&task, Vec::new()).await?;
        Ok(Slice::Later)
    }

    /// Ends the statement that has the lock. What came of it is seen by the look that gets the lock.
    async fn end(&self, task: &Task, holder: &Holder, login: &Login) -> Result<Slice, Fault> {
        let ended = self
            .databases
            .end_statement(login, &task.target, holder.connection)
            .await;
        tracing::info!(
            event = "statement_ended",
            issue.number = task.issue.0,
            target = %task.target,
            version = %task.change.version,
            connection = holder.connection,
            "asked the server to end a statement of version {} on {}",
            task.change.version,
            task.target
        );
        match ended {
            Ok(()) => Ok(Slice::Later),
            Err(OpenError::Fault(fault)) => Err(fault),
            Err(error @ (OpenError::Login(_) | OpenError::NoSchema(_))) => Err(Fault::retry(
                format!("ending a statement on {}", task.target),
                error,
            )),
        }
    }
}

/// The task where nothing of it runs any more and `next` is the first statement that is not applied: somebody's wish
/// becomes the ruling, with what stands.
pub(super) fn canceled(mut task: Task, next: u32, now: Timestamp) -> Option<Task> {
    let mut ruling = task.cancel.take()?;
    let stands = match next {
        0 | 1 => "none of its statements is applied".to_owned(),
        2 => "statement 1 is applied and stands, what follows is not".to_owned(),
        next => format!(
            "statements 1 to {} are applied and stand, what follows is not",
            next - 1
        ),
    };
    let failure = Failure {
        statement: Some(next),
        line: None,
        code: "canceled".to_owned(),
        message: format!("canceled before it was applied; {stands}"),
        at: now,
    };
    ruling.because = format!("{}; {stands}", ruling.because);
    task.ruling = Some(ruling);
    task.after(TaskRunEvent::Broke(failure), now).ok()
}
