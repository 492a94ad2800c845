//! The list of open issues.

use super::{Ledger, commit, write};
use crate::contracts::ok;
use crate::fixtures;
use model::{Fault, IssueNumber};
use workflow::ports::ledger::{Committed, OpenIssue, Write};

fn entry(number: u64, seconds: i64) -> OpenIssue {
    OpenIssue {
        number: IssueNumber(number),
        since: fixtures::time(seconds),
    }
}

fn numbers(entries: Result<Vec<OpenIssue>, Fault>) -> Vec<u64> {
    ok(entries).iter().map(|entry| entry.number.0).collect()
}

/// Numbers as numbers, in pages.
pub async fn open_issues_come_newest_first<L: Ledger>(ledger: &L) {
    assert!(ok(ledger.open_issues(None, 10).await).is_empty());
    let entries = [9, 100_000, 10, 1].map(|number| Write::OpenIssue(entry(number, 0)));
    write(ledger, entries.into()).await;
    assert_eq!(numbers(ledger.open_issues(None, 10).await), [100_000, 10, 9, 1]);
    assert_eq!(numbers(ledger.open_issues(None, 2).await), [100_000, 10]);
    let before = |number| Some(IssueNumber(number));
    assert_eq!(numbers(ledger.open_issues(before(10), 2).await), [9, 1]);
    assert_eq!(numbers(ledger.open_issues(before(11), 1).await), [10]);
    assert!(numbers(ledger.open_issues(before(1), 2).await).is_empty());
    assert!(numbers(ledger.open_issues(before(0), 2).await).is_empty());
}

/// Together with the issue, or not at all.
pub async fn an_open_issue_is_listed_with_what_opens_it<L: Ledger>(ledger: &L) {
    let made = || vec![Write::Issue(fixtures::issue(1)), Write::OpenIssue(entry(1, 0))];
    write(ledger, made()).await;
    let again = vec![Write::Issue(fixtures::issue(1)), Write::OpenIssue(entry(1, 5))];
    assert_eq!(commit(ledger, again).await, Committed::Conflict);
    assert_eq!(ok(ledger.open_issues(None, 10).await), [entry(1, 0)]);
}

/// Who found an issue settled does not take it off the list after somebody opened it again.
pub async fn an_open_issue_that_was_listed_anew_is_not_forgotten<L: Ledger>(ledger: &L) {
    let found = entry(1, 0);
    ok(ledger.list_open_issue(&found).await);
    ok(ledger.list_open_issue(&entry(1, 3)).await);
    assert_eq!(
        ok(ledger.open_issues(None, 10).await),
        std::slice::from_ref(&found)
    );
    write(ledger, vec![Write::OpenIssue(entry(1, 5))]).await;
    ok(ledger.forget_open_issue(&found).await);
    assert_eq!(ok(ledger.open_issues(None, 10).await), [entry(1, 5)]);
    ok(ledger.forget_open_issue(&entry(1, 5)).await);
    ok(ledger.forget_open_issue(&entry(1, 5)).await);
    assert!(ok(ledger.open_issues(None, 10).await).is_empty());
}
