//! One slice of one task: from where the journal says, statement by statement, until it ends or time is up.

use super::login::{Entry, failure};
use super::{Slice, Worker, follow};
use crate::apply::{self, Applier, Progress, Rehearsal, Start};
use crate::ports::clock::{Clock, Ids};
use crate::ports::database::{AppliedChange, Databases, Foretold, Locked, Outcome, Owner};
use crate::ports::ledger::{
    Commit, Committed, Fence, IssueLedger, LeaseLedger, SettingsLedger, TargetLedger, TextLedger, Write,
};
use crate::ports::queue::Nudges;
use crate::ports::secrets::Secrets;
use crate::surroundings;
use jiff::{Timestamp, Unit};
use model::{
    Checksum, Errand, Failure, Fault, Issue, IssueNumber, Resolution, Revision, StatementRecord, Task,
    TaskRun, TaskRunEvent, WriteBack, WriteBackState,
};
use settings::{Environment, Settings};

/// How often a failure is stored again because somebody else wrote first.
const ROUNDS: u32 = 8;

/// What a slice is about.
pub(super) struct Run<'a> {
    pub(super) settings: &'a Settings,
    pub(super) issue: &'a Issue,
    pub(super) change: apply::Change,
    started_at: Timestamp,
}

impl<L, Q, D, S, C> Worker<'_, L, Q, D, S, C>
where
    L: SettingsLedger + IssueLedger + TargetLedger + TextLedger + LeaseLedger + Commit,
    Q: Nudges,
    D: Databases,
    S: Secrets,
    C: Clock + Ids,
{
    /// Brings a task further. What it finds in the journal counts, whatever the ledger thinks.
    pub(super) async fn run_slice(
        &self,
        settings: &Settings,
        issue: &Issue,
        task: Task,
        fence: Fence,
    ) -> Result<Slice, Fault> {
        let now = self.clock.now();
        let Some(text) = self.ledger.text(&task.change.checksum).await? else {
            let message = format!(
                "the stored text of {} is missing or was altered; change the file (a comment is enough) and push it",
                task.change.path
            );
            return self.stop(task, failure("text-altered", message, now)).await;
        };
        let surroundings = surroundings::of_targets(settings, [&task.target]);
        let review = review::review(task.change.change_type, &text, &surroundings);
        if let Some(finding) = review
            .findings
            .iter()
            .find(|f| f.severity == review::Severity::Error)
        {
            let failure = Failure {
                statement: finding.statement,
                line: Some(finding.line),
                code: finding.rule.to_owned(),
                message: finding.message.clone(),
                at: now,
            };
            return self.stop(task, failure).await;
        }
        let owner = Owner::Lease(fence.0);
        let mut locked = match self.enter(settings, &task.target, owner).await? {
            Entry::Held(locked) => locked,
            Entry::Failed(failure) => return self.stop(task, failure).await,
            Entry::Busy(login) => return self.follow(task, review.statements.len(), &login).await,
        };
        let own = task.target.database.as_str();
        let run = Run {
            settings,
            issue,
            change: apply::Change::new(&task.change.version, review.statements, own),
            started_at: now,
        };
        let slice = self.under_lock(&run, task, &mut locked).await;
        locked.close().await;
        slice
    }

    async fn under_lock(&self, run: &Run<'_>, task: Task, locked: &mut D::Locked) -> Result<Slice, Fault> {
        let policy = run.settings.environment(&task.environment);
        let mut applier = Applier {
            locked,
            change: &run.change,
            clock: self.clock,
            until: self.until,
            max_rows: policy.and_then(Environment::max_rows),
        };
        if let TaskRun::Resolved(resolution) = &task.run {
            let word = format!("the word of {}: {}", resolution.by, resolution.because);
            applier
                .settle_open(resolution.at, outcome_of(resolution), &word)
                .await?;
        }
        // Whose word goes on with it, wants another run.
        let begun = task.has_begun() && !matches!(task.run, TaskRun::Resolved(_));
        let (next, base) = match applier.start(begun).await? {
            Start::At { next, .. } if task.cancel.is_some() && next <= run.change.count() => {
                // It was seen that the server undid it: that is its outcome, whatever text comes next.
                let because = "it was ended as somebody wished, and undone";
                applier.settle_open(next, Outcome::Failed, because).await?;
                let now = self.clock.now();
                return self.come_to(task, |task| follow::canceled(task, next, now)).await;
            }
            Start::At { next, base, .. } => (next, base),
            Start::Broken(failure) => return self.stop(task, advised(failure, run.issue.number)).await,
            Start::Ambiguous { at, evidence } => return self.unclear(run, task, at, evidence).await,
        };
        let next = match self.remembered(&task, next, applier.locked).await? {
            Ok(true) => run.change.count() + 1,
            Ok(false) => next,
            Err(failure) => return self.stop(task, failure).await,
        };
        let mut foretold = Vec::new();
        if next == 1 && run.change.count() > 0 {
            match apply::rehearse(applier.locked, &[(&run.change, next)], self.clock).await? {
                Rehearsal::Runs(told) => foretold = told.into_iter().next().unwrap_or_default(),
                Rehearsal::Fails { failure, .. } => return self.stop(task, failure).await,
                Rehearsal::Impossible(why) => tracing::warn!(
                    event = "not_rehearsed",
                    issue.number = task.issue.0,
                    target = %task.target,
                    version = %task.change.version,
                    "version {} is applied to {} without a rehearsal: {why}",
                    task.change.version,
                    task.target
                ),
            }
        }
        // Where nothing of it is applied, a run of before tells nothing of what is there now.
        let (base, found) = if let Some(base) = base.filter(|_| next > 1) {
            (base, None)
        } else {
            let schema = applier.locked.snapshot().await?;
            (self.ledger.put_text(&schema.text).await?, Some(schema.text))
        };
        if next == 1
            && let Some(held) = self
                .unasked(run, &task, applier.locked, &foretold, found.as_deref())
                .await?
        {
            return self.hold(held).await;
        }
        if !begun {
            applier.ask_again(next).await?;
        }
        let Some(task) = self.begin(run, task, next).await? else {
            // Canceled, or replaced: not this text any more. Look again.
            return Ok(Slice::Again);
        };
        match self.statements(&mut applier, next, &base, &foretold).await? {
            Progress::All => self.finish(run, task, base, locked).await,
            Progress::Broke(failure) => self.stop(task, failure).await,
            Progress::TimeUp { .. } => Ok(Slice::Again),
        }
    }

    /// Whether the target remembers the change as applied: by hand, or before the ledger was made. With another text it is
    /// history.
    async fn remembered(
        &self,
        task: &Task,
        next: u32,
        locked: &mut D::Locked,
    ) -> Result<Result<bool, Failure>, Fault> {
        if next > 1 {
            return Ok(Ok(false));
        }
        let change = &task.change;
        let known = locked.applied(&[change.version.key().clone()]).await?.pop();
        Ok(match known {
            None => Ok(false),
            Some(known) if known.checksum == change.checksum => Ok(true),
            Some(known) => {
                let message = format!(
                    "the target remembers version {} as applied by {}, with another text: write a new version",
                    change.version, known.applied_by
                );
                Err(failure("applied-change-edited", message, self.clock.now()))
            }
        })
    }

    /// Stores that the run began, unless somebody else wrote first.
    async fn begin(&self, run: &Run<'_>, task: Task, next: u32) -> Result<Option<Task>, Fault> {
        // At the first statement, what was approved must still be what the gates saw.
        let unchanged = match task.run {
            TaskRun::Queued => vec![Write::IssueIs {
                number: run.issue.number,
                edition: run.issue.edition,
            }],
            TaskRun::Running { .. }
            | TaskRun::Following { .. }
            | TaskRun::Done
            | TaskRun::Failed(_)
            | TaskRun::Ambiguous { .. }
            | TaskRun::Resolved(_) => Vec::new(),
        };
        let of = run.change.count();
        let task = self.after(
            task,
            TaskRunEvent::Begun {
                next: next.min(of),
                of,
            },
        )?;
        Ok(match self.store(&task, unchanged).await? {
            Committed::Yes => Some(task),
            Committed::Conflict => None,
        })
    }

    async fn statements(
        &self,
        applier: &mut Applier<'_, D::Locked, C>,
        next: u32,
        base: &Checksum,
        foretold: &[Option<Foretold>],
    ) -> Result<Progress, Fault> {
        applier.run(next, Some(base), foretold, None, |_told| {}).await
    }

    /// Whether a statement happened can't be told: a person decides.
    async fn unclear(&self, run: &Run<'_>, task: Task, at: u32, evidence: String) -> Result<Slice, Fault> {
        let of = run.change.count();
        let task = self.after(task, TaskRunEvent::Begun { next: at, of })?;
        let _ = self.store(&task, Vec::new()).await?;
        tracing::warn!(
            event = "task_failed",
            issue.number = task.issue.0,
            target = %task.target,
            version = %task.change.version,
            statement = at,
            code = "ambiguous",
            "whether statement {at} happened can't be told"
        );
        let issue = run.issue.number;
        let evidence = format!(
            "{evidence}: `sluice task resolve {issue} --applied --because …`, or the same with `--not-applied`"
        );
        let task = self.after(task, TaskRunEvent::Unclear { at, evidence })?;
        let _ = self.store(&task, Vec::new()).await?;
        Ok(Slice::Stopped)
    }

    /// Everything is applied: the revision, the task, and what GitHub must be told, in one commit.
    async fn finish(
        &self,
        run: &Run<'_>,
        task: Task,
        base: Checksum,
        locked: &mut D::Locked,
    ) -> Result<Slice, Fault> {
        let journal = locked.journal(run.change.key()).await?;
        let schema = locked.snapshot().await?;
        let after = self.ledger.put_text(&schema.text).await?;
        let now = self.clock.now();
        let statements = run
            .change
            .statements()
            .iter()
            .zip(run.change.digests())
            .map(|(statement, digest)| {
                let entry = journal.iter().find(|entry| entry.intent.index == statement.index);
                StatementRecord {
                    index: statement.index,
                    line: statement.line,
                    digest: digest.clone(),
                    duration_ms: entry
                        .and_then(|entry| entry.duration)
                        .map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)),
                    rows: entry.and_then(|entry| entry.rows),
                }
            })
            .collect();
        let changed = base != after;
        let revision = Revision {
            target: task.target.clone(),
            project: task.project.clone(),
            environment: task.environment.clone(),
            database: task.database.clone(),
            change: task.change.clone(),
            issue: task.issue,
            attempt: task.attempt,
            approved_by: self.approved_by(run, &task).await?,
            statements,
            since: self.applied_last(&task).await?.map(|last| last.change.version),
            before: base,
            after,
            started_at: run.started_at,
            finished_at: now,
        };
        locked.remember(&remembered(&revision)?).await?;
        let task = self.after(task, TaskRunEvent::Finished)?;
        let mut writes = vec![Write::Revision(revision)];
        if changed {
            writes.push(self.errand(Errand::WriteBack { task: task.key() }, now));
            writes.push(Write::WriteBack(WriteBack {
                key: task.key(),
                state: WriteBackState::Pending,
                at: now,
            }));
        }
        if self.store(&task, writes).await? == Committed::Conflict {
            // Somebody wrote the task meanwhile. The journal knows that all is applied: the next look finishes.
            return Ok(Slice::Again);
        }
        tracing::info!(
            event = "task_done",
            issue.number = task.issue.0,
            target = %task.target,
            version = %task.change.version,
            statements = run.change.count(),
            seconds = run.started_at.until((Unit::Second, now)).map(|span| span.get_seconds()).unwrap_or_default(),
            "applied version {} to {}",
            task.change.version,
            task.target
        );
        self.open_next_stage(run.settings, run.issue, &task).await?;
        Ok(Slice::Finished)
    }

    /// The task can't go on without a person.
    async fn stop(&self, task: Task, failure: Failure) -> Result<Slice, Fault> {
        tracing::warn!(
            event = "task_failed",
            issue.number = task.issue.0,
            target = %task.target,
            version = %task.change.version,
            statement = failure.statement,
            code = failure.code,
            "version {} failed on {}: {}",
            task.change.version,
            task.target,
            failure.code
        );
        let now = self.clock.now();
        self.come_to(task, |task| match (&task.cancel, failure.statement) {
            // Only whoever had the lock knows that nothing runs any more; else the wish stays.
            (Some(_), Some(next)) => follow::canceled(task, next, now),
            (Some(_) | None, _) => task.after(TaskRunEvent::Broke(failure.clone()), now).ok(),
        })
        .await
    }

    /// Stores what a task has come to, also where another worker took it for left behind meanwhile; `what` answers
    /// nothing where it came to its end otherwise.
    pub(super) async fn come_to(
        &self,
        task: Task,
        what: impl Fn(Task) -> Option<Task> + Send,
    ) -> Result<Slice, Fault> {
        let key = task.key();
        let mut task = Some(task);
        for _ in 0..ROUNDS {
            let Some(ended) = task.take().and_then(&what) else {
                return Ok(Slice::Stopped);
            };
            if self.store(&ended, Vec::new()).await? == Committed::Yes {
                return Ok(Slice::Stopped);
            }
            let stored = self.ledger.tasks(std::slice::from_ref(&key)).await?.pop();
            task = stored.filter(|stored| !stored.is_settled());
        }
        Err(Fault::retry(
            format!("storing what {key} came to"),
            "others wrote first, again and again",
        ))
    }

    pub(super) fn after(&self, task: Task, event: TaskRunEvent) -> Result<Task, Fault> {
        task.after(event, self.clock.now())
            .map_err(|error| Fault::Bug(error.to_string()))
    }
}

/// A revision as the target itself remembers it.
fn remembered(revision: &Revision) -> Result<AppliedChange, Fault> {
    let change = &revision.change;
    let stored = serde_json::to_string(revision);
    Ok(AppliedChange {
        version: change.version.clone(),
        change_type: change.change_type,
        description: change.description.clone(),
        checksum: change.checksum.clone(),
        statements: u32::try_from(revision.statements.len()).unwrap_or(u32::MAX),
        applied_by: format!("issue {}", revision.issue),
        revision: Some(stored.map_err(|error| Fault::Bug(format!("a revision is no JSON: {error}")))?),
    })
}

/// What a person says became of a statement.
fn outcome_of(resolution: &Resolution) -> Outcome {
    if resolution.applied {
        Outcome::Done
    } else {
        Outcome::Failed
    }
}

/// A failure with what a person can do about it.
fn advised(failure: Failure, issue: IssueNumber) -> Failure {
    let message = format!(
        "{}; `sluice issue show {issue} --sql` shows its statements, `sluice issue retry {issue}` goes on with it",
        failure.message
    );
    Failure { message, ..failure }
}
