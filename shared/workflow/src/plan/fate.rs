//! What becomes of a change at each of its places: the cases, one by one. Pure.

use super::decide::Input;
use super::read::{File, keys_of};
use super::standing::{Coverage, Known, is_taken_back};
use model::approval::RulingKind;
use model::{Baseline, Change, IssueNumber, Refusal, Target, Task, TaskKey, TaskRun, Version};
use settings::path::ChangePath;
use settings::{Placement, VersionOrder};

/// What becomes of a change at one place.
pub(super) enum Fate {
    New { edition: u64 },
    Replace(Box<Task>),
    Follow(Box<Task>),
    Known(IssueNumber, String),
    Covered(String),
    TakeBack(Box<Task>, String),
    Refuse(Refusal),
}

/// What becomes of a change at each of its places.
pub(super) fn fates<'c>(
    input: &Input<'_>,
    file: &File,
    change: &'c ChangePath,
    stored: &Change,
) -> Vec<(&'c Placement, Fate)> {
    let fate_at = |(placement, key): (&'c Placement, TaskKey)| {
        let known = input.standing.known.get(&key);
        let fate = match coverage_fate(input, &key, known, stored) {
            Some(fate) => fate,
            None => match fate(known, stored) {
                Fate::New { edition } => late(input, placement, stored).unwrap_or(Fate::New { edition }),
                // What is planned already is not touched by a file that did not change.
                Fate::Replace(task) | Fate::Follow(task) if !file.changed => {
                    Fate::Known(task.issue, format!("already planned in issue {}", task.issue))
                }
                fate @ (Fate::Replace(_)
                | Fate::Follow(_)
                | Fate::Known(..)
                | Fate::Covered(_)
                | Fate::TakeBack(..)
                | Fate::Refuse(_)) => fate,
            },
        };
        (placement, fate)
    };
    change
        .placements
        .iter()
        .zip(keys_of(change))
        .map(fate_at)
        .collect()
}

/// What a baseline makes of a change; none where it says nothing of it, or Sluice knows better.
fn coverage_fate(input: &Input<'_>, key: &TaskKey, known: Option<&Known>, stored: &Change) -> Option<Fate> {
    let blob = stored.blob.as_ref()?;
    let (baseline, is_late) = match input.standing.coverage(key, blob) {
        Coverage::Open => return None,
        Coverage::Applied(baseline) => (baseline, false),
        Coverage::Late(baseline) => (baseline, true),
    };
    let note = covered(baseline);
    match known.map(|known| &known.task) {
        Some(task) if is_taken_back(task) => Some(Fate::TakeBack(Box::new(task.clone()), note)),
        Some(task) if task.ruling.is_some() => Some(Fate::Covered(note)),
        Some(_) => None,
        None if is_late => Some(Fate::Refuse(Refusal::new(
            "below-baseline",
            format!(
                "version {} counts as applied in {} ({note}), and this file came or changed after that was said; it does not run: \
                 give it a version above {}",
                stored.version,
                key.target,
                baseline.up_to.last().map_or("", Version::as_str),
            ),
        ))),
        None => Some(Fate::Covered(note)),
    }
}

pub(super) fn covered(baseline: &Baseline) -> String {
    let last = baseline.up_to.last().map_or("", Version::as_str);
    format!(
        "the baseline of {} covers everything up to {last}",
        baseline.target
    )
}

/// What a strict order makes of a version that comes after a higher one was applied.
fn late(input: &Input<'_>, placement: &Placement, stored: &Change) -> Option<Fate> {
    match input.settings.environment(&placement.environment)?.order {
        VersionOrder::AllowGaps => None,
        VersionOrder::Strict => {
            let (newest, issue) = higher(input, &placement.target, &stored.version)?;
            Some(Fate::Refuse(Refusal::new(
                "version-late",
                format!(
                    "version {} is lower than {newest}, which was applied to {} in issue {issue}, and the order of {} is strict: \
                     give it a higher version",
                    stored.version, placement.target, placement.environment
                ),
            )))
        }
    }
}

/// What becomes of a change where a task of its version may be stored already.
fn fate(known: Option<&Known>, change: &Change) -> Fate {
    let Some(Known { task, planned }) = known else {
        return Fate::New { edition: 1 };
    };
    if !planned {
        return Fate::New {
            edition: task.edition + 1,
        };
    }
    let issue = task.issue;
    let ruling = task.ruling.as_ref().map(|ruling| ruling.kind);
    let same =
        task.change.checksum == change.checksum || (change.blob.is_some() && task.change.blob == change.blob);
    match (&task.run, ruling, same) {
        (TaskRun::Done, _, true) => Fate::Known(issue, format!("already applied in issue {issue}")),
        (TaskRun::Done, _, false) => Fate::Refuse(Refusal::new(
            "change-applied",
            format!(
                "version {} was applied in issue {issue} with another text; applied changes are history: \
                 restore the file and write a new version",
                change.version
            ),
        )),
        (_, Some(RulingKind::Skipped), _) => Fate::Refuse(Refusal::new(
            "change-skipped",
            format!(
                "version {} was skipped in issue {issue}; write a new version",
                change.version
            ),
        )),
        (TaskRun::Ambiguous { .. }, _, false) => Fate::Refuse(Refusal::new(
            "change-ambiguous",
            format!(
                "whether a statement of version {} happened can't be told; look at issue {issue}, and say which it is \
                 (`sluice task resolve {issue}`), or cancel its task there (`sluice issue cancel {issue}`) and write a new \
                 version with what is left to do",
                change.version
            ),
        )),
        (TaskRun::Running { .. } | TaskRun::Following { .. } | TaskRun::Resolved(_), _, false) => {
            Fate::Refuse(Refusal::new(
                "change-running",
                format!(
                    "version {} is being applied in issue {issue}; wait for it, then write a new version",
                    change.version
                ),
            ))
        }
        (TaskRun::Queued | TaskRun::Failed(_), Some(RulingKind::Canceled), _)
        | (TaskRun::Queued | TaskRun::Failed(_), None, false) => Fate::Replace(Box::new(task.clone())),
        (TaskRun::Failed(_), None, true) => Fate::Known(
            issue,
            format!("it failed in issue {issue}; `sluice issue retry {issue}` runs it again"),
        ),
        (TaskRun::Queued, None, true) if task.change.path != change.path => {
            Fate::Follow(Box::new(task.clone()))
        }
        (
            TaskRun::Queued
            | TaskRun::Running { .. }
            | TaskRun::Following { .. }
            | TaskRun::Resolved(_)
            | TaskRun::Ambiguous { .. },
            _,
            true,
        ) => Fate::Known(issue, format!("already planned in issue {issue}")),
    }
}

pub(super) fn higher<'i>(
    input: &'i Input<'_>,
    target: &Target,
    version: &Version,
) -> Option<&'i (Version, IssueNumber)> {
    let newest = input.standing.newest.get(target)?;
    (newest.0.key() > version.key()).then_some(newest)
}

pub(super) fn refusal_of<'f>(fates: &'f [(&Placement, Fate)]) -> Option<&'f Refusal> {
    fates.iter().find_map(|(_, fate)| match fate {
        Fate::Refuse(refusal) => Some(refusal),
        Fate::New { .. }
        | Fate::Replace(_)
        | Fate::Follow(_)
        | Fate::Known(..)
        | Fate::Covered(_)
        | Fate::TakeBack(..) => None,
    })
}
