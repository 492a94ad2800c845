//! How things stand before a decision: what counts as applied, what is planned, what was there before. Pure.

use super::read::{Changes, keys_of};
use model::approval::RulingKind;
use model::{Baseline, Baselines, BlobSha, IssueNumber, Target, Task, TaskKey, TaskRun, Version};
use settings::path::ChangePath;
use std::collections::HashMap;

/// How things stand.
pub(super) struct Standing<'a> {
    /// What counts as applied in each target.
    pub(super) baselines: &'a Baselines,
    /// The edition of the baselines that the head before was planned by.
    pub(super) planned_by: u64,
    /// The changes of the tree planned last.
    pub(super) before: Changes,
    /// The tasks that are stored already.
    pub(super) known: HashMap<TaskKey, Known>,
    /// What was applied to each target with the highest version, and in which issue.
    pub(super) newest: HashMap<Target, (Version, IssueNumber)>,
}

/// A task that is stored already.
pub(super) struct Known {
    pub(super) task: Task,
    /// Whether the plan that it belongs to was stored to its end.
    pub(super) planned: bool,
}

impl Known {
    /// Whether its text is this one, by git's name for it.
    fn is_of(&self, blob: &BlobSha) -> bool {
        self.planned && self.task.change.blob.as_ref() == Some(blob)
    }

    fn is_canceled(&self) -> bool {
        let ruling = self.task.ruling.as_ref();
        ruling.is_some_and(|ruling| ruling.kind == RulingKind::Canceled)
    }
}

/// What a baseline says of a version.
pub(super) enum Coverage<'a> {
    /// Nothing: it is to be applied.
    Open,
    /// It counts as applied.
    Applied(&'a Baseline),
    /// It would count as applied, but its file came, or was changed, after that was said.
    Late(&'a Baseline),
}

impl Standing<'_> {
    /// The targets of a change that wait for a baseline.
    pub(super) fn waiting<'c>(&self, change: &'c ChangePath) -> Vec<&'c Target> {
        waiting(self.baselines, change)
    }

    /// What the baseline of a target says of a change with this text.
    pub(super) fn coverage(&self, key: &TaskKey, blob: &BlobSha) -> Coverage<'_> {
        let baseline = self.baselines.of(&key.target);
        let Some(baseline) = baseline.filter(|baseline| baseline.up_to.covers(&key.version)) else {
            return Coverage::Open;
        };
        if baseline.came_after(self.planned_by) || self.before.differs(key, blob) == Some(false) {
            Coverage::Applied(baseline)
        } else {
            Coverage::Late(baseline)
        }
    }

    /// Whether a decision needs to know a change's text: not where all of it is history.
    pub(super) fn needs_text(&self, change: &ChangePath, blob: &BlobSha) -> bool {
        let settled = |key: &TaskKey| match self.known.get(key) {
            Some(known) => known.is_of(blob) && !known.is_canceled(),
            None => match self.coverage(key, blob) {
                Coverage::Applied(_) | Coverage::Late(_) => true,
                Coverage::Open => false,
            },
        };
        self.waiting(change).is_empty() && !keys_of(change).iter().all(settled)
    }
}

/// Whether a task is one that a new baseline takes back: it did not begin, and counts as applied now.
pub(super) fn is_taken_back(task: &Task) -> bool {
    match task.run {
        TaskRun::Queued | TaskRun::Failed(_) => task.ruling.is_none(),
        TaskRun::Running { .. }
        | TaskRun::Following { .. }
        | TaskRun::Resolved(_)
        | TaskRun::Ambiguous { .. }
        | TaskRun::Done => false,
    }
}

/// The targets of a change without a baseline.
pub(super) fn waiting<'c>(baselines: &Baselines, change: &'c ChangePath) -> Vec<&'c Target> {
    let targets = change.placements.iter().map(|placement| &placement.target);
    targets.filter(|target| baselines.of(target).is_none()).collect()
}

/// Whether a change has a target whose baseline came after a head was planned.
pub(super) fn is_fresh(baselines: &Baselines, planned_by: u64, change: &ChangePath) -> bool {
    let mut baseline = change
        .placements
        .iter()
        .filter_map(|placement| baselines.of(&placement.target));
    baseline.any(|baseline| baseline.came_after(planned_by))
}
