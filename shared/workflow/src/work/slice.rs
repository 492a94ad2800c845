//! One slice of one task: from where the journal says, statement by statement, until it ends or time is up.

use super::login::{Entry, failure};
use super::resume::{self, Resume, Verdict};
use super::{Slice, Worker};
use crate::ports::clock::{Clock, Ids};
use crate::ports::database::{
    Databases, ExecuteError, Executed, Execution, Intent, JournalKey, Locked, Outcome, Snapshot,
};
use crate::ports::ledger::{
    Commit, Committed, Fence, IssueLedger, LeaseLedger, SettingsLedger, TargetLedger, TextLedger, Write,
};
use crate::ports::queue::Nudges;
use crate::ports::secrets::Secrets;
use crate::surroundings;
use jiff::{SignedDuration, Timestamp, Unit};
use model::{
    ApprovalStatus, Checksum, Errand, Failure, Fault, Issue, Revision, StatementRecord, Task, TaskRun,
    TaskRunEvent, Version,
};
use settings::Settings;
use sql::{Signal, Statement};

/// How long a worker may take between two words about a task; after that it is gone.
const HEALTHY: SignedDuration = SignedDuration::from_secs(100);
/// How often a failure is stored again because somebody else wrote first.
const ROUNDS: u32 = 8;
/// Among how many of the highest versions the one that was applied last is looked for.
const RECENT: u32 = 20;

/// What a slice is about.
struct Run<'a> {
    settings: &'a Settings,
    issue: &'a Issue,
    statements: Vec<Statement>,
    digests: Vec<Checksum>,
    key: JournalKey,
    fence: Fence,
    started_at: Timestamp,
}

impl Run<'_> {
    fn count(&self) -> u32 {
        u32::try_from(self.statements.len()).unwrap_or(u32::MAX)
    }
}

/// How far the statements came.
enum Progress {
    /// All of them are applied.
    All,
    /// Time is up before this one.
    TimeUp,
    /// A statement did not happen.
    Broke(Failure),
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
                "the stored text of {} is missing or was altered; push the file again",
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
        let mut locked = match self.enter(settings, &task.target).await? {
            Entry::Held(locked) => locked,
            Entry::Failed(failure) => return self.stop(task, failure).await,
            Entry::Busy => return self.follow(task, review.statements.len()).await,
        };
        let run = Run {
            settings,
            issue,
            digests: review
                .statements
                .iter()
                .map(|s| Checksum::of(s.text.as_bytes()))
                .collect(),
            statements: review.statements,
            key: JournalKey {
                version: task.change.version.key().clone(),
            },
            fence,
            started_at: now,
        };
        let slice = self.under_lock(&run, task, &mut locked).await;
        locked.close().await;
        slice
    }

    async fn under_lock(&self, run: &Run<'_>, task: Task, locked: &mut D::Locked) -> Result<Slice, Fault> {
        let journal = locked.journal(&run.key).await?;
        let now = locked.snapshot().await?;
        let (next, base) = match resume::resume(&run.digests, &journal, task.has_begun()) {
            Resume::At { next, base } => (next, base),
            Resume::Changed { index } => {
                let message = format!(
                    "statement {index} was applied with another text; put back the statements that were \
                     applied as they were (see `sluice issue show {} --sql`), and change only what follows",
                    task.issue
                );
                return self
                    .stop(task, failure("applied-part-changed", message, self.clock.now()))
                    .await;
            }
            Resume::Failed { index } => {
                let message = format!(
                    "statement {index} failed, and its worker died before it could say why; `sluice issue retry {}` \
                     runs it again",
                    task.issue
                );
                let statement = run.statements.iter().find(|statement| statement.index == index);
                let failure = Failure {
                    statement: Some(index),
                    line: statement.map(|statement| statement.line),
                    ..failure("statement-failed", message, self.clock.now())
                };
                return self.stop(task, failure).await;
            }
            Resume::Unsettled(intent) => match self.settle(run, &intent, &now, locked).await? {
                Settled::Next(next) => (next, Some(intent.base)),
                Settled::Ambiguous(evidence) => {
                    let (at, of) = (intent.index, run.count());
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
                    let task = self.after(task, TaskRunEvent::Unclear { at, evidence })?;
                    let _ = self.store(&task, Vec::new()).await?;
                    return Ok(Slice::Stopped);
                }
            },
        };
        let base = match base {
            Some(base) => base,
            None => self.ledger.put_text(&now.text).await?,
        };
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
            | TaskRun::Ambiguous { .. } => Vec::new(),
        };
        let begun = TaskRunEvent::Begun {
            next: next.min(run.count()),
            of: run.count(),
        };
        let task = self.after(task, begun)?;
        if self.store(&task, unchanged).await? == Committed::Conflict {
            // Canceled, or replaced: not this text any more. Look again.
            return Ok(Slice::Again);
        }
        match self.statements(run, next, &base, now, locked).await? {
            Progress::All => self.finish(run, task, base, locked).await,
            Progress::Broke(failure) => self.stop(task, failure).await,
            Progress::TimeUp => Ok(Slice::Again),
        }
    }

    async fn statements(
        &self,
        run: &Run<'_>,
        next: u32,
        base: &Checksum,
        mut schema: Snapshot,
        locked: &mut D::Locked,
    ) -> Result<Progress, Fault> {
        if let Some(failure) = self.restore_session(run, next, locked).await? {
            return Ok(Progress::Broke(failure));
        }
        for (statement, digest) in run.statements.iter().zip(&run.digests) {
            if statement.index < next {
                continue;
            }
            if self.clock.now() >= self.until {
                return Ok(Progress::TimeUp);
            }
            let intent = Intent {
                index: statement.index,
                digest: digest.clone(),
                before: schema.fingerprint(),
                base: base.clone(),
                fence: run.fence.0,
            };
            locked.intend(&run.key, &intent).await?;
            match self.execute(run, statement, locked).await {
                Ok(()) => {}
                Err(ExecuteError::Refused {
                    code,
                    sqlstate,
                    message,
                }) => {
                    locked
                        .settle(&run.key, statement.index, Outcome::Failed, None)
                        .await?;
                    return Ok(Progress::Broke(Failure {
                        statement: Some(statement.index),
                        line: Some(statement.line),
                        code: format!("mysql-{code}"),
                        message: format!("MySQL error {code} ({sqlstate}): {message}"),
                        at: self.clock.now(),
                    }));
                }
                Err(ExecuteError::Lost(fault)) => return Err(fault),
            }
            if execution(statement) == Execution::Alone {
                schema = locked.snapshot().await?;
            }
        }
        Ok(Progress::All)
    }

    /// What earlier statements left in their session alone is gone with it. A variable that was set to a literal is set
    /// again; anything else (a temporary table, a value that was read) would not be what it was, so nothing goes on.
    async fn restore_session(
        &self,
        run: &Run<'_>,
        next: u32,
        locked: &mut D::Locked,
    ) -> Result<Option<Failure>, Fault> {
        if next > run.count() {
            return Ok(None);
        }
        for statement in run
            .statements
            .iter()
            .filter(|s| s.index < next && s.facts.session_state)
        {
            if !resume::sets_a_literal(&statement.text) {
                let message = format!(
                    "statements 1 to {} are applied, but what statement {} left in its session (a temporary table, a \
                     variable) went with its connection; cancel this task and write a new version with the rest",
                    next - 1,
                    statement.index
                );
                return Ok(Some(Failure {
                    statement: Some(next),
                    line: Some(statement.line),
                    ..failure("session-lost", message, self.clock.now())
                }));
            }
            match locked
                .execute(&run.key, statement.index, &statement.text, Execution::Alone)
                .await
            {
                Ok(_) => {}
                Err(ExecuteError::Lost(fault)) => return Err(fault),
                Err(error @ ExecuteError::Refused { .. }) => {
                    return Ok(Some(refused(statement, &error, self.clock.now())));
                }
            }
        }
        Ok(None)
    }

    async fn execute(
        &self,
        run: &Run<'_>,
        statement: &Statement,
        locked: &mut D::Locked,
    ) -> Result<(), ExecuteError> {
        let execution = execution(statement);
        let executed = locked
            .execute(&run.key, statement.index, &statement.text, execution)
            .await?;
        match execution {
            Execution::WithOutcome => Ok(()),
            Execution::Alone => written(locked, run, statement.index, executed).await,
        }
    }

    /// Decides about a statement whose outcome nobody wrote down.
    async fn settle(
        &self,
        run: &Run<'_>,
        intent: &Intent,
        now: &Snapshot,
        locked: &mut D::Locked,
    ) -> Result<Settled, Fault> {
        let index = intent.index;
        let position = usize::try_from(index).unwrap_or_default().saturating_sub(1);
        let (Some(statement), Some(digest)) = (run.statements.get(position), run.digests.get(position))
        else {
            return Ok(Settled::Ambiguous(format!(
                "statement {index} is not in the file any more"
            )));
        };
        if digest != &intent.digest {
            return Ok(Settled::Ambiguous(format!(
                "statement {index} was under way with another text when its worker died"
            )));
        }
        let verdict = match statement.facts.signal {
            // The outcome is in the statement's own transaction: none written means that it did not happen.
            Signal::Transactional | Signal::Idempotent => Verdict::Run,
            Signal::None => Verdict::Ambiguous,
            Signal::Schema => {
                let rehearsed = self.rehearse(run, intent, position, locked).await?;
                let pair = rehearsed.as_ref().map(|(from, to)| (from, to));
                resume::three_way(&intent.before, &now.fingerprint(), pair)
            }
        };
        match verdict {
            Verdict::Run => Ok(Settled::Next(index)),
            Verdict::Adopt => {
                locked.settle(&run.key, index, Outcome::Done, None).await?;
                Ok(Settled::Next(index + 1))
            }
            Verdict::Ambiguous => Ok(Settled::Ambiguous(format!(
                "the worker died while statement {index} (line {}) ran, and the schema does not tell whether it \
                 happened: its fingerprint was {} before and is {} now. Look at the server; then cancel this task \
                 (`sluice issue cancel {}`) and write a new version with what is left to do",
                statement.line,
                intent.before.short(),
                now.fingerprint().short(),
                run.issue.number
            ))),
        }
    }

    /// The fingerprints before and after a statement, on a scratch schema brought to the same point; none where the
    /// stored schema is missing or a statement does not run there.
    async fn rehearse(
        &self,
        run: &Run<'_>,
        intent: &Intent,
        position: usize,
        locked: &mut D::Locked,
    ) -> Result<Option<(Checksum, Checksum)>, Fault> {
        let Some(text) = self.ledger.text(&intent.base).await? else {
            return Ok(None);
        };
        let statements: Vec<String> = run.statements[..=position]
            .iter()
            .filter(|statement| execution(statement) == Execution::Alone)
            .map(|statement| statement.text.clone())
            .collect();
        match locked.rehearse(&Snapshot::of(text), &statements).await {
            Ok(fingerprints) => Ok(match fingerprints.as_slice() {
                [.., from, to] => Some((from.clone(), to.clone())),
                [] | [_] => None,
            }),
            Err(ExecuteError::Refused { .. }) => Ok(None),
            Err(ExecuteError::Lost(fault)) => Err(fault),
        }
    }

    /// Everything is applied: the revision, the task, and what GitHub must be told, in one commit.
    async fn finish(
        &self,
        run: &Run<'_>,
        task: Task,
        base: Checksum,
        locked: &mut D::Locked,
    ) -> Result<Slice, Fault> {
        let journal = locked.journal(&run.key).await?;
        let schema = locked.snapshot().await?;
        let after = self.ledger.put_text(&schema.text).await?;
        let now = self.clock.now();
        let statements = run
            .statements
            .iter()
            .zip(&run.digests)
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
            since: self.applied_last(&task).await?,
            before: base,
            after,
            started_at: run.started_at,
            finished_at: now,
        };
        let task = self.after(task, TaskRunEvent::Finished)?;
        let mut writes = vec![Write::Revision(revision)];
        if changed {
            writes.push(self.errand(Errand::WriteBack { task: task.key() }, now));
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
            statements = run.count(),
            seconds = run.started_at.until((Unit::Second, now)).map(|span| span.get_seconds()).unwrap_or_default(),
            "applied version {} to {}",
            task.change.version,
            task.target
        );
        self.open_next_stage(run.settings, run.issue, &task).await?;
        Ok(Slice::Finished)
    }

    /// The version that was applied to a task's target last, in time and not in order.
    async fn applied_last(&self, task: &Task) -> Result<Option<Version>, Fault> {
        let revisions = self.ledger.revisions(&task.target, None, RECENT).await?;
        Ok(revisions
            .into_iter()
            .filter(|revision| revision.change.version != task.change.version)
            .max_by_key(|revision| revision.finished_at)
            .map(|revision| revision.change.version))
    }

    async fn approved_by(&self, run: &Run<'_>, task: &Task) -> Result<Vec<String>, Fault> {
        let tasks = self.ledger.tasks(&run.issue.tasks).await?;
        let decisions = self.ledger.decisions(run.issue.number).await?;
        let stages = crate::gates::stages(run.settings, run.issue, &tasks, &decisions);
        let stage = stages
            .into_iter()
            .find(|stage| stage.environment == &task.environment);
        Ok(match stage.map(|stage| stage.approval) {
            Some(ApprovalStatus::Approved { by }) => by,
            Some(
                ApprovalStatus::NotRequired
                | ApprovalStatus::Waiting { .. }
                | ApprovalStatus::Rejected { .. },
            )
            | None => Vec::new(),
        })
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
        let key = task.key();
        let mut task = task;
        for _ in 0..ROUNDS {
            let broke = TaskRunEvent::Broke(failure.clone());
            let Ok(broken) = task.after(broke, self.clock.now()) else {
                return Ok(Slice::Stopped);
            };
            if self.store(&broken, Vec::new()).await? == Committed::Yes {
                return Ok(Slice::Stopped);
            }
            // Another worker took it for left behind meanwhile; the failure is what happened.
            let Some(stored) = self.ledger.tasks(std::slice::from_ref(&key)).await?.pop() else {
                break;
            };
            if stored.is_settled() {
                return Ok(Slice::Stopped);
            }
            task = stored;
        }
        Err(Fault::retry(
            format!("storing the failure of {key}"),
            "others wrote first, again and again",
        ))
    }

    /// The lock is taken: a statement of ours runs on although its client is gone. Later slices look again.
    async fn follow(&self, task: Task, statements: usize) -> Result<Slice, Fault> {
        if task.updated_at + HEALTHY >= self.clock.now() {
            // Its worker may well be alive: what it says counts.
            return Ok(Slice::Later);
        }
        let of = u32::try_from(statements).unwrap_or(u32::MAX);
        let at = match task.run {
            TaskRun::Running { next, .. } => next,
            TaskRun::Following { .. } => return Ok(Slice::Later),
            TaskRun::Queued | TaskRun::Done | TaskRun::Failed(_) | TaskRun::Ambiguous { .. } => 1,
        };
        let task = self.after(task, TaskRunEvent::Left { at, of })?;
        let _ = self.store(&task, Vec::new()).await?;
        Ok(Slice::Later)
    }

    fn after(&self, task: Task, event: TaskRunEvent) -> Result<Task, Fault> {
        task.after(event, self.clock.now())
            .map_err(|error| Fault::Bug(error.to_string()))
    }
}

/// What the evidence said.
enum Settled {
    /// Go on at this statement.
    Next(u32),
    /// A person decides.
    Ambiguous(String),
}

/// How a statement is executed: rows with their outcome in one transaction, anything else by itself.
fn execution(statement: &Statement) -> Execution {
    match statement.facts.signal {
        Signal::Transactional => Execution::WithOutcome,
        Signal::Schema | Signal::Idempotent | Signal::None => Execution::Alone,
    }
}

/// The failure of a statement that the server refused.
fn refused(statement: &Statement, error: &ExecuteError, at: Timestamp) -> Failure {
    let code = match error {
        ExecuteError::Refused { code, .. } => format!("mysql-{code}"),
        ExecuteError::Lost(_) => "connection-lost".to_owned(),
    };
    Failure {
        statement: Some(statement.index),
        line: Some(statement.line),
        code,
        message: error.to_string(),
        at,
    }
}

async fn written(
    locked: &mut impl Locked,
    run: &Run<'_>,
    index: u32,
    executed: Executed,
) -> Result<(), ExecuteError> {
    locked
        .settle(&run.key, index, Outcome::Done, Some(executed))
        .await
        .map_err(ExecuteError::Lost)
}
