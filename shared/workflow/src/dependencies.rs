//! Issues that wait for others: nothing of one begins before the others are done.

use crate::ports::ledger::IssueLedger;
use crate::show::status_of;
use model::{Fault, Gate, Issue, IssueNumber, IssueStatus, Task, TaskKey};

/// An issue that others wait for, and that is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfinished {
    number: IssueNumber,
    status: IssueStatus,
}

/// What these issues wait for, read for all of them together. Costs nothing where none waits for another.
pub(crate) async fn unfinished<'i>(
    ledger: &impl IssueLedger,
    issues: impl IntoIterator<Item = &'i Issue> + Send,
) -> Result<Vec<Unfinished>, Fault> {
    let mut numbers: Vec<IssueNumber> = issues
        .into_iter()
        .flat_map(|issue| issue.depends_on.iter().copied())
        .collect();
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    numbers.sort();
    numbers.dedup();
    let others = ledger.issues(&numbers).await?;
    let mut keys: Vec<TaskKey> = others.iter().flat_map(|issue| issue.tasks.clone()).collect();
    keys.sort();
    keys.dedup();
    let tasks = ledger.tasks(&keys).await?;
    let status = |issue: &Issue| {
        let own = tasks.iter().filter(|task| task.issue == issue.number).cloned();
        status_of(issue, &own.collect::<Vec<Task>>())
    };
    Ok(others
        .iter()
        .map(|issue| Unfinished {
            number: issue.number,
            status: status(issue),
        })
        .filter(|other| other.status != IssueStatus::Done)
        .collect())
}

/// The gates that are closed for all tasks of an issue that have not begun.
pub(crate) fn closed<'u>(
    issue: &Issue,
    unfinished: &'u [Unfinished],
) -> impl Iterator<Item = Gate> + use<'u> {
    let depends_on = issue.depends_on.clone();
    unfinished
        .iter()
        .filter(move |other| depends_on.contains(&other.number))
        .map(|other| Gate::Order {
            after: match other.status {
                IssueStatus::Open | IssueStatus::Done => {
                    format!("issue {}, on which this one depends", other.number)
                }
                IssueStatus::Canceled => {
                    format!(
                        "issue {}, on which this one depends, and which was canceled",
                        other.number
                    )
                }
            },
        })
}
