//! Where the check run of a pull request stands. It always concludes: nothing is waited for longer than a rehearsal.

use crate::CheckWord;
use jiff::Timestamp;
use model::{Answer, FileReview, PullRequestState, PullRequestView, RehearsalStatus};

/// How many files and rehearsals stand where.
#[derive(Default)]
struct Counts {
    taken: usize,
    refused: usize,
    others: usize,
    waiting: usize,
    failing: usize,
    /// What would be applied without a rehearsal.
    unknown: usize,
    without_baseline: usize,
}

/// State and title.
pub(super) fn verdict(view: &PullRequestView, now: Timestamp) -> (CheckWord, String) {
    let counts = count(view, now);
    let state = if counts.refused + counts.failing > 0 {
        CheckWord::Failure
    } else if counts.waiting > 0 {
        CheckWord::InProgress
    } else if counts.unknown + counts.without_baseline > 0 {
        CheckWord::Neutral
    } else {
        CheckWord::Success
    };
    (state, title(view, &counts))
}

fn count(view: &PullRequestView, now: Timestamp) -> Counts {
    let mut counts = Counts::default();
    for FileReview { answer, .. } in &view.pull.files {
        match answer {
            Answer::Taken { .. } => counts.taken += 1,
            Answer::Refused { .. } => counts.refused += 1,
            Answer::Waiting { .. } => counts.without_baseline += 1,
            Answer::Known { .. } | Answer::Covered { .. } | Answer::Gone { .. } | Answer::Ignored { .. } => {
                counts.others += 1;
            }
        }
    }
    for rehearsal in &view.rehearsals {
        match rehearsal.rehearsal.status(now) {
            RehearsalStatus::Waiting => counts.waiting += 1,
            RehearsalStatus::Fails { .. } => counts.failing += 1,
            RehearsalStatus::Silent | RehearsalStatus::Impossible(_) => counts.unknown += 1,
            RehearsalStatus::Runs(_) | RehearsalStatus::Dropped => {}
        }
    }
    if view.pull.fork && counts.taken > 0 {
        counts.unknown += 1;
    }
    counts
}

fn title(view: &PullRequestView, counts: &Counts) -> String {
    match view.pull.state {
        PullRequestState::Elsewhere => return "not into a branch that is read".to_owned(),
        PullRequestState::Open | PullRequestState::Merged | PullRequestState::Closed => {}
    }
    let mut parts = Vec::new();
    let mut part = |count: usize, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    part(counts.refused, "refused");
    part(counts.taken, "to apply");
    part(counts.without_baseline, "waiting for a baseline");
    part(counts.others, "with nothing to apply");
    if parts.is_empty() {
        return "no changes".to_owned();
    }
    let files = parts.join(", ");
    if counts.failing > 0 {
        format!("{files}; a rehearsal failed")
    } else if counts.waiting > 0 {
        format!("{files}; rehearsing")
    } else if counts.unknown > 0 {
        format!("{files}; not rehearsed")
    } else {
        files
    }
}
