//! What people see, derived from facts and from nothing else.

use crate::approval::{Decision, RulingKind, Verdict};
use crate::digest::Digest;
use crate::task::{Failure, Task, TaskRun, Work};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A condition that must hold before a task may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "gate", rename_all = "snake_case")]
pub enum Gate {
    /// Somebody has to approve, or nobody may any more.
    Approval(ApprovalStatus),
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
            Self::Order { .. } => false,
        }
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
    },
    /// Enough approved exactly this.
    Approved {
        /// Who, by ARN.
        by: Vec<String>,
    },
    /// Somebody who may approve said no to exactly this.
    Rejected {
        /// Who, by ARN.
        by: String,
        /// Why.
        because: Option<String>,
    },
}

/// Derives where a stage's approval stands, from all decisions ever taken on the stage.
pub fn approval_status(needs: u32, digest: &Digest, decisions: &[Decision]) -> ApprovalStatus {
    if needs == 0 {
        return ApprovalStatus::NotRequired;
    }
    let (current, earlier): (Vec<_>, Vec<_>) = decisions.iter().partition(|d| &d.digest == digest);
    let current = last_words(current);
    if let Some(no) = current.iter().find(|d| d.verdict == Verdict::Rejected) {
        return ApprovalStatus::Rejected {
            by: no.by.arn.clone(),
            because: no.because.clone(),
        };
    }
    let by: Vec<String> = current.iter().map(|d| d.by.arn.clone()).collect();
    let has = u32::try_from(by.len()).unwrap_or(u32::MAX);
    if has >= needs {
        ApprovalStatus::Approved { by }
    } else {
        ApprovalStatus::Waiting {
            needs,
            has,
            stale: !earlier.is_empty(),
        }
    }
}

/// Each person's last decision. A person is a member, or else a principal without its session name: whoever assumes a
/// role twice, or has two keys, is still one.
fn last_words(decisions: Vec<&Decision>) -> Vec<&Decision> {
    let mut last: Vec<&Decision> = Vec::new();
    for decision in decisions {
        let person = |d: &Decision| d.member.clone().unwrap_or_else(|| d.by.policy_arn().to_owned());
        match last
            .iter_mut()
            .find(|earlier| person(earlier) == person(decision))
        {
            Some(earlier) if decision.at >= earlier.at => *earlier = decision,
            Some(_) => {}
            None => last.push(decision),
        }
    }
    last
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{EnvironmentId, IssueNumber};
    use crate::principal::Principal;
    use jiff::Timestamp;

    fn decision(arn: &str, digest: &str, verdict: Verdict) -> Decision {
        Decision {
            issue: IssueNumber(1),
            environment: EnvironmentId::new("prod"),
            digest: Digest::claimed(digest),
            verdict,
            by: Principal {
                arn: arn.into(),
                unique_id: arn.into(),
                account: "1".into(),
                access_key: "k".into(),
                source_ip: "::1".into(),
                request_id: "r".into(),
            },
            member: None,
            because: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn approvals_count_for_one_digest_only() {
        use Verdict::{Approved, Rejected};
        let now = Digest::claimed("now");
        let cases = [
            (0, vec![], ApprovalStatus::NotRequired),
            (
                1,
                vec![],
                ApprovalStatus::Waiting {
                    needs: 1,
                    has: 0,
                    stale: false,
                },
            ),
            (
                1,
                vec![decision("a", "then", Approved)],
                ApprovalStatus::Waiting {
                    needs: 1,
                    has: 0,
                    stale: true,
                },
            ),
            (
                1,
                vec![decision("a", "now", Approved)],
                ApprovalStatus::Approved { by: vec!["a".into()] },
            ),
            (
                2,
                vec![decision("a", "now", Approved)],
                ApprovalStatus::Waiting {
                    needs: 2,
                    has: 1,
                    stale: false,
                },
            ),
            (
                1,
                vec![decision("a", "now", Approved), decision("b", "now", Rejected)],
                ApprovalStatus::Rejected {
                    by: "b".into(),
                    because: None,
                },
            ),
            (
                2,
                vec![decision("a", "now", Approved), decision("a", "now", Approved)],
                ApprovalStatus::Waiting {
                    needs: 2,
                    has: 1,
                    stale: false,
                },
            ),
            (
                1,
                vec![decision("a", "now", Rejected), decision("a", "now", Approved)],
                ApprovalStatus::Approved { by: vec!["a".into()] },
            ),
            (
                1,
                vec![decision("b", "then", Rejected)],
                ApprovalStatus::Waiting {
                    needs: 1,
                    has: 0,
                    stale: true,
                },
            ),
        ];
        for (needs, decisions, expected) in cases {
            assert_eq!(
                approval_status(needs, &now, &decisions),
                expected,
                "{needs} of {decisions:?}"
            );
        }
    }
}
