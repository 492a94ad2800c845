//! Gates: what must hold before a task may run, and the policy behind approvals.

use jiff::{SignedDuration, Timestamp};
use model::{
    ApprovalStatus, Decision, Digest, EnvironmentId, Freeze, Gate, Issue, StageStatus, Task, TaskKey, status,
};
use policy::Case;
use settings::{Environment, Settings};

/// How long planning a push may take. An issue that is not planned by then was cut short.
pub const PLANNING: SignedDuration = SignedDuration::from_mins(15);

/// One stage: the tasks of one environment of one issue, with where its approval stands.
#[derive(Debug, Clone)]
pub struct Stage<'a> {
    /// The environment.
    pub environment: &'a EnvironmentId,
    /// Its tasks, by position.
    pub tasks: Vec<&'a Task>,
    /// What an approval given now would cover.
    pub digest: Digest,
    /// Where its approval stands.
    pub approval: ApprovalStatus,
    /// The freeze that holds its environment now.
    pub frozen: Option<Freeze>,
    /// When its tasks may begin next; none where they may now.
    pub opens: Option<Timestamp>,
    /// When all this was so.
    pub now: Timestamp,
    /// Where it stands.
    pub status: StageStatus,
}

impl Stage<'_> {
    /// What keeps its tasks from beginning for a while.
    pub(crate) fn held_by_time(&self) -> Option<Gate> {
        let frozen = self.frozen.as_ref().map(|freeze| Gate::Frozen {
            until: freeze.until,
            because: format!("{} (by {})", freeze.because, freeze.member),
        });
        frozen.or(self.opens.map(|opens| Gate::Window { opens }))
    }
}

/// Derives an issue's stages as they stand now, in rollout order.
pub fn stages<'a>(
    settings: &Settings,
    issue: &'a Issue,
    tasks: &'a [Task],
    decisions: &[Decision],
    now: Timestamp,
) -> Vec<Stage<'a>> {
    issue
        .environments
        .iter()
        .map(|environment| {
            let tasks: Vec<&Task> = tasks
                .iter()
                .filter(|task| &task.environment == environment)
                .collect();
            let policy = settings.environment(environment);
            let digest = Digest::of_stage(environment, &policy_text(policy), &tasks);
            let of_stage: Vec<Decision> = decisions
                .iter()
                .filter(|decision| &decision.environment == environment)
                .cloned()
                .collect();
            let case = Case {
                settings,
                issue,
                environment,
                tasks: &tasks,
                digest: &digest,
                decisions: &of_stage,
                now,
            };
            Stage {
                environment,
                approval: case.standing(),
                frozen: settings.freezes.of(environment, now).cloned(),
                opens: policy
                    .and_then(|policy| policy.rollout.as_ref())
                    .and_then(|rollout| rollout.opens(now)),
                now,
                status: status::stage_status(tasks.iter().copied()),
                digest,
                tasks,
            }
        })
        .collect()
}

/// The gates that are closed for a task: approval of its stage, earlier stages, lower versions of its target, a person's
/// wish when it begins, a freeze of the environment or its window.
pub fn closed_gates(stages: &[Stage<'_>], task: &Task, open_before: Option<&Task>) -> Vec<Gate> {
    let mut gates = Vec::new();
    let mut time = Vec::new();
    for stage in stages {
        if stage.environment == &task.environment {
            let later = task.schedule.clone().filter(|schedule| schedule.at > stage.now);
            time.extend(later.map(|schedule| Gate::Schedule(*schedule)));
            match &stage.approval {
                ApprovalStatus::NotRequired | ApprovalStatus::Approved { .. } => {
                    time.extend(stage.held_by_time());
                }
                // In an emergency neither policy nor freeze nor window counts.
                ApprovalStatus::Bypassed { .. } => {}
                ApprovalStatus::Waiting { .. } | ApprovalStatus::Rejected { .. } => {
                    gates.push(Gate::Approval(stage.approval.clone()));
                    time.extend(stage.held_by_time());
                }
            }
            break;
        }
        match stage.status {
            StageStatus::Done => {}
            StageStatus::Open => {
                gates.push(Gate::Order {
                    after: format!("stage `{}`", stage.environment),
                });
            }
            StageStatus::Canceled => {
                gates.push(Gate::Order {
                    after: format!("stage `{}`, of which a task was canceled", stage.environment),
                });
            }
            StageStatus::Failed => {
                gates.push(Gate::Order {
                    after: format!("stage `{}`, which failed", stage.environment),
                });
            }
        }
    }
    if let Some(before) = open_before {
        gates.push(Gate::Order {
            after: format!(
                "version {} of {} (issue {})",
                before.change.version, before.target, before.issue
            ),
        });
    }
    // Last: they open by themselves.
    gates.extend(time);
    gates
}

/// The first open task of the same target below this one.
pub fn open_before<'a>(open: &'a [Task], task: &Task) -> Option<&'a Task> {
    open.iter().find(|other| {
        other.target == task.target && other.change.version < task.change.version && !other.is_settled()
    })
}

/// The targets of these tasks, each once.
pub fn targets_of<'a>(keys: impl IntoIterator<Item = &'a TaskKey>) -> Vec<model::Target> {
    let mut targets: Vec<_> = keys.into_iter().map(|key| key.target.clone()).collect();
    targets.sort();
    targets.dedup();
    targets
}

fn policy_text(policy: Option<&Environment>) -> String {
    // The stored form of an environment has only text, numbers and lists: serialising can't fail.
    policy
        .and_then(|policy| serde_json::to_string(policy).ok())
        .unwrap_or_default()
}
