//! Tasks: one change to be applied to one target, and the state machine of applying it.

use crate::approval::Ruling;
use crate::change::Change;
use crate::ids::{CommitSha, DatabaseName, EnvironmentId, IssueNumber, ProjectId};
use crate::target::{Target, TaskKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
            | TaskRun::Ambiguous { .. } => true,
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
            (S::Queued | S::Running { .. } | S::Following { .. }, E::Begun { next, of }) => {
                Ok(S::Running { next: *next, of: *of })
            }
            (S::Queued | S::Running { .. } | S::Following { .. }, E::Left { at, of }) => {
                Ok(S::Following { at: *at, of: *of })
            }
            (S::Running { .. }, E::Finished) => Ok(S::Done),
            (S::Queued | S::Running { .. } | S::Following { .. }, E::Broke(failure)) => {
                Ok(S::Failed(failure.clone()))
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
                | S::Ambiguous { .. },
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

    /// Every state against every event: the pairs named here are legal, and no other.
    #[test]
    fn every_pair_is_decided() {
        let states = [
            ("queued", TaskRun::Queued),
            ("running", TaskRun::Running { next: 1, of: 2 }),
            ("following", TaskRun::Following { at: 1, of: 2 }),
            ("done", TaskRun::Done),
            ("failed", TaskRun::Failed(failure())),
            (
                "ambiguous",
                TaskRun::Ambiguous {
                    at: 1,
                    evidence: "?".into(),
                },
            ),
        ];
        let events = [
            ("begun", TaskRunEvent::Begun { next: 1, of: 2 }),
            ("left", TaskRunEvent::Left { at: 1, of: 2 }),
            ("finished", TaskRunEvent::Finished),
            ("broke", TaskRunEvent::Broke(failure())),
            (
                "unclear",
                TaskRunEvent::Unclear {
                    at: 1,
                    evidence: "?".into(),
                },
            ),
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
