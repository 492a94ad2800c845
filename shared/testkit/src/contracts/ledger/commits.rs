//! Writing what belongs together.

use super::{Ledger, commit, write};
use crate::contracts::ok;
use crate::fixtures;
use futures::future::join_all;
use model::{Fault, IssueNumber};
use workflow::ports::ledger::{Committed, MAX_WRITES, Write};

/// A commit of nothing is done at once.
pub async fn nothing_to_write_is_no_conflict<L: Ledger>(ledger: &L) {
    write(ledger, Vec::new()).await;
}

/// Only the next number can be taken.
pub async fn issue_numbers_count_without_gaps<L: Ledger>(ledger: &L) {
    assert_eq!(ok(ledger.last_issue().await), IssueNumber(0));
    for (number, expected) in [
        (2, Committed::Conflict),
        (1, Committed::Yes),
        (1, Committed::Conflict),
        (3, Committed::Conflict),
        (2, Committed::Yes),
    ] {
        let taken = commit(ledger, vec![Write::IssueNumber(IssueNumber(number))]).await;
        assert_eq!(taken, expected, "taking {number}");
    }
    assert_eq!(ok(ledger.last_issue().await), IssueNumber(2));
}

/// An issue, a task and a push of edition 1 are not written twice.
pub async fn a_first_edition_must_be_new<L: Ledger>(ledger: &L) {
    let task = fixtures::task(1, &fixtures::target("db_demo"), "1");
    for first in [
        Write::Issue(fixtures::issue(1)),
        Write::Task(task),
        Write::Push(fixtures::push(2)),
    ] {
        assert_eq!(
            commit(ledger, vec![first.clone()]).await,
            Committed::Yes,
            "{first:?}"
        );
        assert_eq!(
            commit(ledger, vec![first.clone()]).await,
            Committed::Conflict,
            "{first:?}"
        );
    }
}

/// Edition 3 is written over edition 2, and over nothing else.
pub async fn a_later_edition_must_find_the_one_before<L: Ledger>(ledger: &L) {
    let editions = |edition| {
        let (mut issue, mut push) = (fixtures::issue(1), fixtures::push(2));
        let mut task = fixtures::task(1, &fixtures::target("db_demo"), "1");
        (issue.edition, task.edition, push.edition) = (edition, edition, edition);
        [Write::Issue(issue), Write::Task(task), Write::Push(push)]
    };
    for (edition, expected) in [
        (2, Committed::Conflict),
        (1, Committed::Yes),
        (3, Committed::Conflict),
        (2, Committed::Yes),
        (2, Committed::Conflict),
        (3, Committed::Yes),
    ] {
        for next in editions(edition) {
            let outcome = commit(ledger, vec![next.clone()]).await;
            assert_eq!(outcome, expected, "edition {edition} of {next:?}");
        }
    }
}

/// Where one condition fails, none of the writes happens.
pub async fn a_conflict_writes_nothing<L: Ledger>(ledger: &L) {
    write(ledger, vec![Write::Issue(fixtures::issue(1))]).await;
    let writes = vec![
        Write::IssueNumber(IssueNumber(1)),
        Write::Outbox(fixtures::outbox("1")),
        Write::Issue(fixtures::issue(1)),
        Write::Push(fixtures::push(2)),
    ];
    assert_eq!(commit(ledger, writes).await, Committed::Conflict);
    assert_eq!(ok(ledger.last_issue().await), IssueNumber(0));
    assert_eq!(ok(ledger.outbox(fixtures::time(1000), 10).await), []);
    let push = fixtures::push(2);
    assert_eq!(ok(ledger.push(&push.project, &push.commit).await), None);
}

/// Of twenty writers of the same number one wins, and its issue is the one that is stored.
pub async fn one_of_many_writers_wins<L: Ledger>(ledger: &L) {
    let attempts = (0..20).map(|writer| async move {
        let mut issue = fixtures::issue(1);
        issue.title = format!("by {writer}");
        let writes = vec![Write::IssueNumber(issue.number), Write::Issue(issue.clone())];
        (commit(ledger, writes).await, issue)
    });
    let outcomes = join_all(attempts).await;
    let winners: Vec<_> = outcomes
        .into_iter()
        .filter(|(outcome, _)| *outcome == Committed::Yes)
        .map(|(_, issue)| issue)
        .collect();
    // All of them may lose where they met each other at every try; then the next one wins.
    assert!(winners.len() <= 1, "{winners:?}");
    let stored = ok(ledger.issues(&[IssueNumber(1)]).await);
    assert_eq!(stored, winners);
}

/// A commit can depend on an issue or a task that it does not write.
pub async fn an_edition_can_be_asked_for_without_writing<L: Ledger>(ledger: &L) {
    let task = fixtures::task(1, &fixtures::target("db_demo"), "1");
    let key = task.key();
    let number = IssueNumber(1);
    let is = |edition| {
        let (number, key) = (number, key.clone());
        [Write::IssueIs { number, edition }, Write::TaskIs { key, edition }]
    };
    for guard in is(1) {
        assert_eq!(
            commit(ledger, vec![guard]).await,
            Committed::Conflict,
            "nothing is there"
        );
    }
    write(ledger, vec![Write::Issue(fixtures::issue(1)), Write::Task(task)]).await;
    for (edition, expected) in [(1, Committed::Yes), (2, Committed::Conflict)] {
        for (at, guard) in is(edition).into_iter().enumerate() {
            let item = fixtures::outbox(&format!("{edition}-{at}"));
            let outcome = commit(ledger, vec![guard, Write::Outbox(item)]).await;
            assert_eq!(outcome, expected, "edition {edition}");
        }
    }
    assert_eq!(ok(ledger.outbox(fixtures::time(1000), 10).await).len(), 2);
}

/// There is no edition 0, and no issue 0.
pub async fn editions_count_from_one<L: Ledger>(ledger: &L) {
    let mut issue = fixtures::issue(1);
    issue.edition = 0;
    for nonsense in [Write::Issue(issue), Write::IssueNumber(IssueNumber(0))] {
        let outcome = ledger.commit(vec![nonsense]).await;
        assert!(matches!(outcome, Err(Fault::Bug(_))), "{outcome:?}");
    }
}

/// Which of two would hold?
pub async fn two_writes_of_one_thing_are_a_bug<L: Ledger>(ledger: &L) {
    let guard = Write::IssueIs {
        number: IssueNumber(1),
        edition: 1,
    };
    let outcome = ledger.commit(vec![Write::Issue(fixtures::issue(1)), guard]).await;
    assert!(matches!(outcome, Err(Fault::Bug(_))), "{outcome:?}");
    assert_eq!(ok(ledger.issues(&[IssueNumber(1)]).await), []);
}

/// The most writes of one commit go through; one more is a bug.
pub async fn a_hundred_writes_fit_and_no_more<L: Ledger>(ledger: &L) {
    let target = fixtures::target("db_demo");
    let tasks = |count: usize| {
        let versions = 1..=count;
        let tasks = versions.map(|version| fixtures::task(1, &target, &version.to_string()));
        tasks.map(Write::Task).collect::<Vec<_>>()
    };
    let outcome = ledger.commit(tasks(MAX_WRITES + 1)).await;
    assert!(matches!(outcome, Err(Fault::Bug(_))), "{outcome:?}");
    assert_eq!(ok(ledger.open_tasks(&target).await), []);
    write(ledger, tasks(MAX_WRITES)).await;
    assert_eq!(ok(ledger.open_tasks(&target).await).len(), MAX_WRITES);
}
