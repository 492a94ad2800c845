//! The list of open issues is a hint, which planning writes and the sweeper puts right.

use crate::gates;
use crate::ports::clock::Clock;
use crate::ports::ledger::{IssueLedger, OpenIssue, OpenIssueLedger};
use crate::show::status_of;
use model::{Fault, Issue, IssueNumber, IssueStatus, Task, TaskKey};
use std::collections::{BTreeSet, HashMap};

/// How many entries are looked into at once.
const AT_ONCE: usize = 100;

/// Takes settled issues off the list, and lists open ones that are missing: those made before there was a list. Answers
/// how many entries were wrong. `open` are issues with open tasks; what is listed beside them is looked into.
pub(super) async fn put_right<L: IssueLedger + OpenIssueLedger>(
    ledger: &L,
    clock: &impl Clock,
    mut listed: Vec<OpenIssue>,
    open: &BTreeSet<IssueNumber>,
) -> Result<u32, Fault> {
    let mut wrong = 0;
    let there: BTreeSet<IssueNumber> = listed.iter().map(|entry| entry.number).collect();
    for number in open.difference(&there) {
        let entry = OpenIssue {
            number: *number,
            since: clock.now(),
        };
        ledger.list_open_issue(&entry).await?;
        wrong += 1;
    }
    listed.retain(|entry| !open.contains(&entry.number));
    for entries in listed.chunks(AT_ONCE) {
        let still_open = still_open(ledger, clock, entries).await?;
        for entry in entries {
            if !still_open.contains(&entry.number) {
                ledger.forget_open_issue(entry).await?;
                wrong += 1;
            }
        }
    }
    Ok(wrong)
}

/// Which of these issues are open, by their tasks: those on targets that settings no longer know, and those whose tasks
/// are still being stored.
async fn still_open<L: IssueLedger>(
    ledger: &L,
    clock: &impl Clock,
    entries: &[OpenIssue],
) -> Result<BTreeSet<IssueNumber>, Fault> {
    let numbers: Vec<IssueNumber> = entries.iter().map(|entry| entry.number).collect();
    let issues = ledger.issues(&numbers).await?;
    let mut keys: Vec<TaskKey> = issues.iter().flat_map(|issue| issue.tasks.clone()).collect();
    keys.sort();
    keys.dedup();
    let mut tasks: HashMap<IssueNumber, Vec<Task>> = HashMap::new();
    for task in ledger.tasks(&keys).await? {
        tasks.entry(task.issue).or_default().push(task);
    }
    let is_open = |issue: &&Issue| {
        let being_planned = !issue.planned && issue.created_at + gates::PLANNING >= clock.now();
        let tasks = tasks.get(&issue.number).map(Vec::as_slice).unwrap_or_default();
        being_planned || status_of(issue, tasks) == IssueStatus::Open
    };
    Ok(issues.iter().filter(is_open).map(|issue| issue.number).collect())
}
