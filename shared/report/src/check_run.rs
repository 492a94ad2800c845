//! Check runs: the answer that every changed file got, on the commit that changed it.

use crate::answer::{MARKDOWN, explained};
use crate::fitted::fitted;
use crate::row::{Row, rows};
use crate::text::{code_span, prose};
use crate::title::title;
use model::{Offer, Push, RefusedClick, TaskView, Verdict};

/// A check run's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRunText {
    /// Where it stands.
    pub state: CheckWord,
    /// One line.
    pub title: String,
    /// Markdown, at most [`MOST`](crate::MOST) bytes.
    pub summary: String,
}

/// What people can do on a check run, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clicks {
    /// What its buttons are for, and how many changes that is; none where it has no buttons.
    pub offer: Option<(Offer, usize)>,
    /// The last click, where it was refused.
    pub refused: Option<RefusedClick>,
}

/// Where a check run stands, or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckWord {
    /// Nothing began.
    Queued,
    /// Something began.
    InProgress,
    /// A person has to act.
    ActionRequired,
    /// All is well.
    Success,
    /// Something failed or was refused.
    Failure,
    /// Nothing to do.
    Neutral,
}

/// Renders the check run of a push from its answers and from its tasks as they are now.
///
/// A task that took another text since is shown as replaced; a task that is not among `tasks` as not known.
pub fn check_run(push: &Push, tasks: &[TaskView], clicks: &Clicks) -> CheckRunText {
    let mut rows = rows(push, tasks);
    let state = conclusion(&rows);
    let title = title(push, &rows);
    // What needs a person comes first, so that it is the last to be dropped.
    rows.sort_by_key(|row| urgency(row.word));
    CheckRunText {
        state,
        title,
        summary: summary(push, &rows, clicks),
    }
}

/// Failed or refused beats under way beats waiting for a person beats not begun.
fn conclusion(rows: &[Row]) -> CheckWord {
    let any = |word| rows.iter().any(|row| row.word == word);
    if any(CheckWord::Failure) {
        CheckWord::Failure
    } else if any(CheckWord::InProgress) {
        CheckWord::InProgress
    } else if any(CheckWord::ActionRequired) {
        CheckWord::ActionRequired
    } else if any(CheckWord::Queued) {
        if rows.iter().any(|row| row.ran) {
            CheckWord::InProgress
        } else {
            CheckWord::Queued
        }
    } else if any(CheckWord::Success) {
        CheckWord::Success
    } else {
        CheckWord::Neutral
    }
}

fn urgency(word: CheckWord) -> u8 {
    match word {
        CheckWord::Failure => 0,
        CheckWord::ActionRequired => 1,
        CheckWord::InProgress => 2,
        CheckWord::Queued => 3,
        CheckWord::Success => 4,
        CheckWord::Neutral => 5,
    }
}

fn summary(push: &Push, rows: &[Row], clicks: &Clicks) -> String {
    let mut text = heading(push);
    text.push_str(&buttons(clicks));
    if rows.is_empty() {
        text.push_str("\nNo file under the base directory changed.\n");
        return text;
    }
    text.push_str("\n| File | Target | Status | What became of it |\n|---|---|---|---|\n");
    let lines: Vec<String> = rows.iter().map(Row::line).collect();
    let rest = match push.issue {
        Some(issue) => format!("`sluice issue show {issue}` has those that became tasks."),
        None => "`sluice explain PATH` says of any file how it is read.".to_owned(),
    };
    fitted(text, &lines, |dropped| format!("\nand {dropped} more. {rest}\n"))
}

/// What the buttons are for, and whoever clicked in vain learns why.
fn buttons(clicks: &Clicks) -> String {
    let offer = clicks.offer.as_ref().map(|(offer, changes)| {
        let of = if *changes == 1 { "its one change" } else { "all its changes" };
        format!(
            "\nThe buttons **Approve** and **Reject** are for stage {} of issue {}, {of}, exactly as they are here (digest \
             {}). Nobody approves what they pushed.\n",
            code_span(offer.environment.as_str()),
            offer.issue,
            code_span(&offer.name())
        )
    });
    let refused = clicks.refused.as_ref().map(|click| {
        let verb = match click.verdict {
            Verdict::Approved => "approve",
            Verdict::Rejected => "reject",
            Verdict::Bypassed => "bypass",
        };
        format!(
            "\nNothing came of the last click, with which {} (GitHub account {}) would {verb} at {}: {} ({})\n",
            prose(&click.by.login),
            click.by.github_id,
            click.when(),
            prose(&click.refusal.message),
            explained(&click.refusal.code, MARKDOWN)
        )
    });
    offer.into_iter().chain(refused).collect()
}

fn heading(push: &Push) -> String {
    let compared = match &push.base {
        Some(base) => format!("compared with {}", code_span(base.short())),
        None => "seen for the first time".to_owned(),
    };
    let issue = match push.issue {
        Some(issue) => format!(" See it with `sluice issue show {issue}`."),
        None => String::new(),
    };
    format!(
        "Commit {} of {}, {compared}, pushed by {}.{issue}\n",
        code_span(push.commit.short()),
        code_span(&push.branch),
        prose(&push.pusher.login),
    )
}
