//! What people see, derived from facts and from nothing else.

use crate::approval::{RulingKind, Schedule};
use crate::task::{Failure, Task, TaskRun, Work};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A condition that must hold before a task may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "gate", rename_all = "snake_case")]
pub enum Gate {
    /// Somebody has to approve, or nobody may any more.
    Approval(ApprovalStatus),
    /// Nothing begins in the environment for a while.
    Frozen {
        /// Until then.
        until: Timestamp,
        /// Why, and by whom.
        because: String,
    },
    /// Nothing begins outside the environment's rollout window.
    Window {
        /// When it opens next.
        opens: Timestamp,
    },
    /// A person wants it to begin no earlier.
    Schedule(Schedule),
    /// Something else comes first.
    Order {
        /// What, for people.
        after: String,
    },
}

impl Gate {
    /// Whether it holds a task that has begun: what is not approved any more goes no further, but order is settled.
    pub fn holds_begun(&self) -> bool {
        match self {
            Self::Approval(_) => true,
            // What has begun is brought to its end.
            Self::Frozen { .. } | Self::Window { .. } | Self::Schedule(_) | Self::Order { .. } => false,
        }
    }
}

/// Where one step of a stage's approval stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStanding {
    /// Its name; empty where the environment has no steps of its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many approvals it asks for.
    pub needs: u32,
    /// How many count for it.
    pub has: u32,
    /// Who may give them, in words.
    pub who: String,
    /// Why it is asked for, where only some changes need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl StepStanding {
    /// Whether nothing is missing.
    pub fn is_done(&self) -> bool {
        self.has >= self.needs
    }
}

/// Where a stage's approval stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "approval", rename_all = "snake_case")]
pub enum ApprovalStatus {
    /// Policy asks for nobody.
    NotRequired,
    /// Approvals are missing.
    Waiting {
        /// How many policy asks for.
        needs: u32,
        /// How many there are for this digest.
        has: u32,
        /// Whether there were decisions on an earlier digest.
        stale: bool,
        /// Whether approvals of this digest have expired.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        expired: bool,
        /// The administrator who wants to let it past its policy, by ARN: one more has to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bypass: Option<String>,
        /// The steps that policy asks for, in order; each waits for the one before it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        steps: Vec<StepStanding>,
    },
    /// Enough approved exactly this.
    Approved {
        /// Who, by ARN.
        by: Vec<String>,
    },
    /// Two administrators let exactly this past its policy.
    Bypassed {
        /// Who, by ARN.
        by: Vec<String>,
        /// Why, in the words of each.
        because: Vec<String>,
    },
    /// Somebody who may approve said no to exactly this.
    Rejected {
        /// Who, by ARN.
        by: String,
        /// Why.
        because: Option<String>,
    },
}

/// In words: `waiting: 0 of 2; step security is next (0 of 1): members with the role sec, because it changes orders`.
impl fmt::Display for ApprovalStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRequired => f.write_str("not required"),
            Self::Waiting {
                needs,
                has,
                stale,
                expired,
                bypass,
                steps,
            } => {
                write!(f, "waiting: {has} of {needs}")?;
                if *stale {
                    f.write_str("; what was decided before was on another state of the stage")?;
                } else if *expired {
                    f.write_str("; earlier approvals have expired")?;
                }
                if let Some(step) = steps.iter().find(|step| !step.is_done()) {
                    write!(f, "; {step}")?;
                }
                match bypass {
                    Some(by) => write!(
                        f,
                        "; {by} wants to let it past the policy, and one more administrator may"
                    ),
                    None => Ok(()),
                }
            }
            Self::Approved { by } => write!(f, "approved by {}", by.join(", ")),
            Self::Bypassed { by, because } => write!(
                f,
                "EMERGENCY BYPASS by {}: {}",
                by.join(" and "),
                because.join("; ")
            ),
            Self::Rejected { by, because } => match because {
                Some(because) => write!(f, "rejected by {by}: {because}"),
                None => write!(f, "rejected by {by}"),
            },
        }
    }
}

/// Whose turn it is.
impl fmt::Display for StepStanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            write!(f, "it takes {}", self.who)?;
        } else {
            let Self {
                name,
                needs,
                has,
                who,
                ..
            } = self;
            write!(f, "step `{name}` is next ({has} of {needs}) and takes {who}")?;
        }
        match &self.because {
            Some(because) => write!(f, ", because {because}"),
            None => Ok(()),
        }
    }
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum TaskStatus {
    /// A gate is closed.
    Waiting(Gate),
    /// The next look of a worker begins it.
    Ready,
    /// Under way.
    Running {
        /// The statement, from 1.
        next: u32,
        /// How many there are.
        of: u32,
    },
    /// The server is busy with a statement whose client is gone.
    Following {
        /// The statement, from 1.
        at: u32,
        /// How many there are.
        of: u32,
        /// How far the server is with it, where it tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        work: Option<Work>,
    },
    /// Somebody wants it to end, and a worker is about to.
    Ending {
        /// Why, and by whom.
        because: String,
    },
    /// Applied.
    Done,
    /// A statement did not happen.
    Failed(Failure),
    /// Whether a statement happened can't be known; a person decides.
    Ambiguous {
        /// The statement, from 1.
        at: u32,
        /// What is known.
        evidence: String,
    },
    /// Stopped before it started.
    Canceled {
        /// Why, and by whom.
        because: String,
    },
    /// Decided never to run.
    Skipped {
        /// Why, and by whom.
        because: String,
    },
}

impl TaskStatus {
    /// The word for people and programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting(_) => "Waiting",
            Self::Ready => "Ready",
            Self::Running { .. } => "Running",
            Self::Following { .. } => "Following",
            Self::Ending { .. } => "Ending",
            Self::Done => "Done",
            Self::Failed(_) => "Failed",
            Self::Ambiguous { .. } => "Ambiguous",
            Self::Canceled { .. } => "Canceled",
            Self::Skipped { .. } => "Skipped",
        }
    }
}

/// Derives where a task stands; `gates` are those that are closed for it now.
pub fn task_status(task: &Task, gates: Vec<Gate>) -> TaskStatus {
    if let Some(ruling) = &task.ruling {
        let because = format!("{} (by {})", ruling.because, ruling.by);
        return match ruling.kind {
            RulingKind::Canceled => TaskStatus::Canceled { because },
            RulingKind::Skipped => TaskStatus::Skipped { because },
        };
    }
    if let (Some(wish), TaskRun::Running { .. } | TaskRun::Following { .. } | TaskRun::Resolved(_)) =
        (&task.cancel, &task.run)
    {
        return TaskStatus::Ending {
            because: format!("{} (by {})", wish.because, wish.by),
        };
    }
    match &task.run {
        TaskRun::Queued => gates
            .into_iter()
            .next()
            .map_or(TaskStatus::Ready, TaskStatus::Waiting),
        TaskRun::Running { next, of } => match gates.into_iter().find(Gate::holds_begun) {
            Some(gate) => TaskStatus::Waiting(gate),
            None => TaskStatus::Running { next: *next, of: *of },
        },
        TaskRun::Following { at, of, work } => TaskStatus::Following {
            at: *at,
            of: *of,
            work: work.clone(),
        },
        TaskRun::Resolved(_) => gates
            .into_iter()
            .find(Gate::holds_begun)
            .map_or(TaskStatus::Ready, TaskStatus::Waiting),
        TaskRun::Done => TaskStatus::Done,
        TaskRun::Failed(failure) => TaskStatus::Failed(failure.clone()),
        TaskRun::Ambiguous { at, evidence } => TaskStatus::Ambiguous {
            at: *at,
            evidence: evidence.clone(),
        },
    }
}

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageStatus {
    /// Something is left to be done.
    Open,
    /// Something failed, or needs a person's decision; later stages wait.
    Failed,
    /// Nothing is left to be done, but something was canceled: later stages wait for a person.
    Canceled,
    /// All done or skipped: later stages may go on.
    Done,
}

/// Derives where a stage stands from its tasks.
pub fn stage_status<'a>(tasks: impl IntoIterator<Item = &'a Task>) -> StageStatus {
    let mut status = StageStatus::Done;
    for task in tasks {
        if let Some(ruling) = &task.ruling {
            if ruling.kind == RulingKind::Canceled && status == StageStatus::Done {
                status = StageStatus::Canceled;
            }
            continue;
        }
        match task.run {
            TaskRun::Done => {}
            TaskRun::Failed(_) | TaskRun::Ambiguous { .. } => return StageStatus::Failed,
            TaskRun::Queued | TaskRun::Running { .. } | TaskRun::Following { .. } | TaskRun::Resolved(_) => {
                status = StageStatus::Open;
            }
        }
    }
    status
}

/// Where an issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IssueStatus {
    /// Something is left to be done.
    Open,
    /// Every task is done or skipped.
    Done,
    /// Every task that is not done was canceled.
    Canceled,
}

impl fmt::Display for IssueStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "Open",
            Self::Done => "Done",
            Self::Canceled => "Canceled",
        })
    }
}

/// Derives where an issue stands from its tasks.
pub fn issue_status<'a>(tasks: impl IntoIterator<Item = &'a Task>) -> IssueStatus {
    let mut status = IssueStatus::Done;
    for task in tasks {
        match (&task.ruling, &task.run) {
            (Some(ruling), _) if ruling.kind == RulingKind::Canceled => status = IssueStatus::Canceled,
            (Some(_), _) | (None, TaskRun::Done) => {}
            (
                None,
                TaskRun::Queued
                | TaskRun::Running { .. }
                | TaskRun::Following { .. }
                | TaskRun::Failed(_)
                | TaskRun::Ambiguous { .. }
                | TaskRun::Resolved(_),
            ) => return IssueStatus::Open,
        }
    }
    status
}
