//! The title of a check run: which issue, and how many files or tasks stand where.

use crate::row::Row;
use model::Push;

/// One line: `Issue 7: 1 failed, 2 done`.
pub(crate) fn title(push: &Push, rows: &[Row]) -> String {
    let what = if rows.is_empty() {
        "no changes".to_owned()
    } else {
        counts(rows)
    };
    match push.shown_issue() {
        Some(issue) => format!("Issue {issue}: {what}"),
        None => what,
    }
}

fn counts(rows: &[Row]) -> String {
    const ORDER: [&str; 17] = [
        "Failed",
        "Ambiguous",
        "Refused",
        "Rejected",
        "Running",
        "Following",
        "Waiting",
        "Ready",
        "Planned",
        "Done",
        "Known",
        "Covered",
        "Replaced",
        "Skipped",
        "Canceled",
        "Gone",
        "Ignored",
    ];
    let count = |status: &str| rows.iter().filter(|row| row.status == status).count();
    let counted: Vec<String> = ORDER
        .iter()
        .map(|status| (count(status), status.to_lowercase()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, status)| format!("{count} {status}"))
        .collect();
    counted.join(", ")
}
