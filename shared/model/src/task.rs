//! Tasks: one change to be applied to one target, and the state machine of applying it.

use crate::approval::{Ruling, Schedule};
use crate::change::Change;
use crate::checksum::Checksum;
use crate::ids::{CommitSha, DatabaseName, EnvironmentId, IssueNumber, ProjectId};
use crate::risk::Risk;
use crate::target::{Target, TaskKey};
use crate::version::Version;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The facts of a task. What people see is derived by [`crate::status::task_status`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The issue that owns it.
    pub issue: IssueNumber,
    /// Its place in the issue, from 1.
    pub position: u32,
    /// The project.
    pub project: ProjectId,
    /// The environment, whose tasks form a stage.
    pub environment: EnvironmentId,
    /// Where it is applied.
    pub target: Target,
    /// The database's name as in the path; the schema is in the target.
    pub database: DatabaseName,
    /// What is applied.
    pub change: Change,
    /// Runs begun so far.
    pub attempt: u32,
    /// How far the newest run got.
    pub run: TaskRun,
    /// A person's decision never to run it.
    pub ruling: Option<Ruling>,
    /// A person's wish that it ends although it has begun: the worker ends it, and makes it the ruling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<Ruling>,
    /// A person's wish that it begins no earlier. What has begun goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Box<Schedule>>,
    /// What of it keeps others from writing to a large table for long: found by a rehearsal, and part of what an approval
    /// covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Blocking>,
    /// Which of its statements look at many rows, as far as policy asks for that: found by the worker when the task was
    /// about to begin, and part of what an approval covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reaches: Vec<Reach>,
    /// What others changed on its target since Sluice applied something there last: found by the worker when the task was
    /// about to begin, and part of what an approval covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Box<Drift>>,
    /// What of its text policy may ask more approvals for.
    #[serde(default, skip_serializing_if = "Risk::is_none")]
    pub risk: Risk,
    /// Commits whose check run tells of this task, newest last.
    pub answered_on: Vec<CommitSha>,
    /// Counts writes; a write names the edition that it read.
    pub edition: u64,
    /// When it was planned.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Task {
    /// What the worker found when it was about to begin, in words.
    pub fn found(&self) -> Vec<String> {
        let blocks = self.blocks.iter().map(ToString::to_string);
        let reaches = self.reaches.iter().map(ToString::to_string);
        let drift = self.drift.iter().map(ToString::to_string);
        blocks.chain(reaches).chain(drift).collect()
    }

    /// Its key.
    pub fn key(&self) -> TaskKey {
        TaskKey {
            target: self.target.clone(),
            version: self.change.version.key().clone(),
        }
    }

    /// Whether nothing will ever run for it again, unless a person says so.
    pub fn is_settled(&self) -> bool {
        self.ruling.is_some() || self.run == TaskRun::Done
    }

    /// Whether a server may hold statements of it: begun, or ended halfway.
    pub fn has_begun(&self) -> bool {
        match self.run {
            TaskRun::Queued => false,
            TaskRun::Running { .. }
            | TaskRun::Following { .. }
            | TaskRun::Done
            | TaskRun::Failed(_)
            | TaskRun::Ambiguous { .. }
            | TaskRun::Resolved(_) => true,
        }
    }

    /// The task after an event of its run, as the next edition.
    pub fn after(mut self, event: TaskRunEvent, now: Timestamp) -> Result<Self, IllegalTransition> {
        if let TaskRunEvent::Begun { .. } = event {
            self.attempt += 1;
        }
        self.run = self.run.on(event)?;
        Ok(self.edited(now))
    }

    /// The same facts as the next edition.
    #[must_use]
    pub fn edited(mut self, now: Timestamp) -> Self {
        self.edition += 1;
        self.updated_at = now;
        self
    }
}

/// A statement during which nobody else can write to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocking {
    /// The statement, from 1.
    pub statement: u32,
    /// The table.
    pub table: String,
    /// How the server alters it: `COPY`, `INPLACE`.
    pub algorithm: String,
    /// How large the table was when that was found.
    pub bytes: u64,
}

/// In words: `statement 2 blocks writes to orders (3.2 GiB) while it runs (COPY)`.
impl fmt::Display for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB: u64 = 1 << 20;
        let mib = self.bytes / MIB;
        let size = if mib >= 1024 {
            format!("{}.{} GiB", mib / 1024, mib % 1024 * 10 / 1024)
        } else {
            format!("{mib} MiB")
        };
        write!(
            f,
            "statement {} blocks writes to {} ({size}) while it runs ({})",
            self.statement, self.table, self.algorithm
        )
    }
}

/// How many rows a statement that changes rows looks at, as the server estimates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The statement, from 1.
    pub statement: u32,
    /// So many rows.
    pub rows: u64,
    /// Whether it goes through a table from end to end, for no key leads to the rows.
    pub without_key: bool,
}

impl Reach {
    /// As many as there may be: the server can't tell.
    pub const UNKNOWN: u64 = u64::MAX;
}

/// In words: `statement 2 looks at some 50000 rows, and no key leads to them`.
impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rows == Self::UNKNOWN {
            let statement = self.statement;
            return write!(
                f,
                "how many rows statement {statement} looks at can't be told before those above it ran"
            );
        }
        write!(f, "statement {} looks at some {} rows", self.statement, self.rows)?;
        if self.without_key {
            f.write_str(", and no key leads to them")?;
        }
        Ok(())
    }
}

/// What others changed on a target since Sluice applied something there last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The version that was applied last.
    pub since: Version,
    /// The schema as it was found.
    pub schema: Checksum,
    /// The changes, in words: the first of them.
    pub changes: Vec<String>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: usize,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes what it asks about by reference"
)]
fn is_none(more: &usize) -> bool {
    *more == 0
}

/// How many changes of a drift are told.
const TOLD: usize = 20;

impl Drift {
    /// What was found, with as many of the changes as are told.
    pub fn of(since: Version, schema: Checksum, mut changes: Vec<String>) -> Self {
        let more = changes.len().saturating_sub(TOLD);
        changes.truncate(TOLD);
        Self {
            since,
            schema,
            changes,
            more,
        }
    }
}

/// In words: `the schema is not as version 3 left it: column x was added to table t; and 2 more`.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = self.changes.join("; ");
        write!(
            f,
            "the schema is not as version {} left it: {changes}",
            self.since
        )?;
        match self.more {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

/// How far the newest run of a task got. Statements count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskRun {
    /// Nothing sent yet in this run.
    Queued,
    /// Statement `next` of `of` is next, or under way.
    Running {
        /// The statement.
        next: u32,
        /// How many there are.
        of: u32,
    },
    /// The server is still busy with a statement whose client is gone.
    Following {
        /// The statement.
        at: u32,
        /// How many there are.
        of: u32,
        /// How far the server is with it, where it tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        work: Option<Work>,
    },
    /// Every statement was applied.
    Done,
    /// A statement did not happen, and will not without a person.
    Failed(Failure),
    /// Whether a statement happened can't be known; a person decides.
    Ambiguous {
        /// The statement.
        at: u32,
        /// What is known, for that person.
        evidence: String,
    },
    /// A person has said whether a statement happened; the next look goes on from there.
    Resolved(Resolution),
}

/// How far a server is with a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// For how many seconds it has been at it.
    pub seconds: u64,
    /// What it does, in its own words: `copy to tmp table`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// How much of the stage's work is done, in units of the server's.
    #[serde(default)]
    pub completed: u64,
    /// How much there is, as the server estimates it; 0 where it does not.
    #[serde(default)]
    pub estimated: u64,
}

impl Work {
    /// How much of it is done, in percent; none where the server does not estimate.
    pub fn percent(&self) -> Option<u64> {
        let percent = self.completed.saturating_mul(100).checked_div(self.estimated)?;
        Some(percent.min(100))
    }

    /// How many seconds are left at the rate so far; none where that can't be told.
    pub fn seconds_left(&self) -> Option<u64> {
        let left = self.estimated.saturating_sub(self.completed);
        self.seconds.saturating_mul(left).checked_div(self.completed)
    }
}

/// In words: `copy to tmp table, 34 %, 80 s so far, about 155 s left`.
impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(stage) = &self.stage {
            write!(f, "{stage}, ")?;
        }
        if let Some(percent) = self.percent() {
            write!(f, "{percent} %, ")?;
        }
        write!(f, "{} s so far", self.seconds)?;
        match self.seconds_left() {
            Some(left) if self.percent().is_some() => write!(f, ", about {left} s left"),
            Some(_) | None => Ok(()),
        }
    }
}

/// A person's word on a statement of which nothing tells whether it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The statement.
    pub at: u32,
    /// Whether it happened.
    pub applied: bool,
    /// Who: a principal's ARN.
    pub by: String,
    /// Why that person believes it.
    pub because: String,
}

/// Why a run ended without success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The statement, from 1; none where the failure came before the first.
    pub statement: Option<u32>,
    /// Line of the statement in the file, from 1.
    pub line: Option<u32>,
    /// Stable code: `mysql-1064`, `sql-refused`, …
    pub code: String,
    /// What happened, and what to do.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

/// What can happen to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskRunEvent {
    /// A worker began, or went on after a death, at statement `next`.
    Begun {
        /// The statement.
        next: u32,
        /// How many there are.
        of: u32,
    },
    /// The worker left while the server is busy with statement `at`.
    Left {
        /// The statement.
        at: u32,
        /// How many there are.
        of: u32,
        /// How far the server is with it, where it tells.
        work: Option<Work>,
    },
    /// The last statement was applied, and the revision recorded.
    Finished,
    /// A statement did not happen.
    Broke(Failure),
    /// Whether a statement happened can't be known.
    Unclear {
        /// The statement.
        at: u32,
        /// What is known.
        evidence: String,
    },
    /// A person says whether the statement happened of which nothing tells.
    Resolved(Resolution),
    /// A person wants another run.
    Retried,
    /// The file has a new text.
    Replaced,
}

/// An event that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a task run that is {state:?} can't take {event:?}")]
pub struct IllegalTransition {
    /// The state.
    pub state: Box<TaskRun>,
    /// The event.
    pub event: Box<TaskRunEvent>,
}

impl TaskRun {
    /// The only way a task run changes state.
    pub fn on(self, event: TaskRunEvent) -> Result<Self, IllegalTransition> {
        use TaskRun as S;
        use TaskRunEvent as E;
        match (&self, &event) {
            (S::Queued | S::Running { .. } | S::Following { .. } | S::Resolved(_), E::Begun { next, of }) => {
                Ok(S::Running { next: *next, of: *of })
            }
            (
                S::Queued | S::Running { .. } | S::Following { .. } | S::Resolved(_),
                E::Left { at, of, work },
            ) => Ok(S::Following {
                at: *at,
                of: *of,
                work: work.clone(),
            }),
            (S::Running { .. }, E::Finished) => Ok(S::Done),
            (S::Queued | S::Running { .. } | S::Following { .. } | S::Resolved(_), E::Broke(failure)) => {
                Ok(S::Failed(failure.clone()))
            }
            (S::Ambiguous { at, .. }, E::Resolved(resolution)) if *at == resolution.at => {
                Ok(S::Resolved(resolution.clone()))
            }
            (S::Running { .. } | S::Following { .. }, E::Unclear { at, evidence }) => Ok(S::Ambiguous {
                at: *at,
                evidence: evidence.clone(),
            }),
            (S::Failed(_), E::Retried) | (S::Queued | S::Failed(_), E::Replaced) => Ok(S::Queued),
            (
                S::Queued
                | S::Running { .. }
                | S::Following { .. }
                | S::Done
                | S::Failed(_)
                | S::Ambiguous { .. }
                | S::Resolved(_),
                _,
            ) => Err(IllegalTransition {
                state: Box::new(self),
                event: Box::new(event),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure() -> Failure {
        Failure {
            statement: Some(1),
            line: Some(1),
            code: "mysql-1064".into(),
            message: "no".into(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn work(completed: u64, estimated: u64) -> Work {
        Work {
            seconds: 30,
            stage: Some("copy to tmp table".into()),
            completed,
            estimated,
        }
    }

    fn resolution(at: u32) -> Resolution {
        Resolution {
            at,
            applied: true,
            by: "somebody".into(),
            because: "looked".into(),
        }
    }

    #[test]
    fn what_blocks_is_told_with_its_size() {
        let blocking = |bytes| Blocking {
            statement: 2,
            table: "orders".into(),
            algorithm: "COPY".into(),
            bytes,
        };
        for (bytes, expected) in [
            (5 << 20, "5 MiB"),
            (3_435_973_837, "3.1 GiB"),
            (1 << 30, "1.0 GiB"),
        ] {
            assert_eq!(
                blocking(bytes).to_string(),
                format!("statement 2 blocks writes to orders ({expected}) while it runs (COPY)")
            );
        }
    }

    #[test]
    fn work_is_told_as_far_as_the_server_tells() {
        for (work, expected) in [
            (
                work(3, 10),
                "copy to tmp table, 30 %, 30 s so far, about 70 s left",
            ),
            (work(0, 10), "copy to tmp table, 0 %, 30 s so far"),
            (
                work(12, 10),
                "copy to tmp table, 100 %, 30 s so far, about 0 s left",
            ),
            (work(5, 0), "copy to tmp table, 30 s so far"),
            (
                Work {
                    stage: None,
                    ..work(0, 0)
                },
                "30 s so far",
            ),
        ] {
            assert_eq!(work.to_string(), expected);
        }
    }

    /// Every state against every event: the pairs named here are legal, and no other.
    #[test]
    fn every_pair_is_decided() {
        let states = [
            ("queued", TaskRun::Queued),
            ("running", TaskRun::Running { next: 1, of: 2 }),
            (
                "following",
                TaskRun::Following {
                    at: 1,
                    of: 2,
                    work: Some(work(3, 10)),
                },
            ),
            ("done", TaskRun::Done),
            ("failed", TaskRun::Failed(failure())),
            (
                "ambiguous",
                TaskRun::Ambiguous {
                    at: 1,
                    evidence: "?".into(),
                },
            ),
            ("resolved", TaskRun::Resolved(resolution(1))),
        ];
        let events = [
            ("begun", TaskRunEvent::Begun { next: 1, of: 2 }),
            (
                "left",
                TaskRunEvent::Left {
                    at: 1,
                    of: 2,
                    work: Some(work(3, 10)),
                },
            ),
            ("finished", TaskRunEvent::Finished),
            ("broke", TaskRunEvent::Broke(failure())),
            (
                "unclear",
                TaskRunEvent::Unclear {
                    at: 1,
                    evidence: "?".into(),
                },
            ),
            ("resolved", TaskRunEvent::Resolved(resolution(1))),
            ("resolved another", TaskRunEvent::Resolved(resolution(2))),
            ("retried", TaskRunEvent::Retried),
            ("replaced", TaskRunEvent::Replaced),
        ];
        let legal = [
            ("queued", "begun", "running"),
            ("queued", "left", "following"),
            ("queued", "broke", "failed"),
            ("queued", "replaced", "queued"),
            ("running", "begun", "running"),
            ("running", "left", "following"),
            ("running", "finished", "done"),
            ("running", "broke", "failed"),
            ("running", "unclear", "ambiguous"),
            ("following", "begun", "running"),
            ("following", "left", "following"),
            ("following", "broke", "failed"),
            ("following", "unclear", "ambiguous"),
            ("ambiguous", "resolved", "resolved"),
            ("resolved", "begun", "running"),
            ("resolved", "left", "following"),
            ("resolved", "broke", "failed"),
            ("failed", "retried", "queued"),
            ("failed", "replaced", "queued"),
        ];
        for (state_name, state) in &states {
            for (event_name, event) in &events {
                let expected = legal.iter().find(|(s, e, _)| s == state_name && e == event_name);
                let got = state.clone().on(event.clone());
                match expected {
                    Some((_, _, after)) => {
                        let after = states.iter().find(|(name, _)| name == after).unwrap();
                        assert_eq!(got.as_ref(), Ok(&after.1), "{state_name} on {event_name}");
                    }
                    None => assert!(got.is_err(), "{state_name} on {event_name} must be illegal"),
                }
            }
        }
    }

    #[test]
    fn an_unknown_stored_state_is_an_error_not_a_default() {
        assert!(serde_json::from_str::<TaskRun>(r#"{"state":"paused"}"#).is_err());
    }
}
