//! Reviews of pull requests, and their rehearsals.

use super::{Ledger, commit, write};
use crate::contracts::ok;
use crate::fixtures;
use model::{
    Alteration, Altered, Answer, Checksum, Failure, FileReview, Noticed, ProjectId, PullRequestNumber,
    PullRequestState, RehearsalOutcome, Rehearsed, Weight,
};
use workflow::ports::ledger::{Committed, Shown, ShownCheckRun, ShownComment, Write};

/// The next edition only, and each by project and number.
pub async fn the_review_of_a_pull_request_is_kept_by_editions<L: Ledger>(ledger: &L) {
    let mut pull = fixtures::pull_request(7);
    pull.files = vec![FileReview {
        risk: model::Risk::of(["destructive".to_owned()], ["orders".to_owned()]),
        path: "bytebase/test/a.sql".to_owned(),
        answer: Answer::Refused {
            code: "version-twice".to_owned(),
            reason: "a reason".to_owned(),
        },
        noticed: vec![Noticed {
            rule: "destructive".to_owned(),
            weight: Weight::Warning,
            line: 3,
            column: 1,
            message: "it drops a table".to_owned(),
        }],
    }];
    pull.targets = vec![fixtures::target("db_demo")];
    write(ledger, vec![Write::PullRequest(pull.clone())]).await;
    let again = commit(ledger, vec![Write::PullRequest(pull.clone())]).await;
    assert_eq!(again, Committed::Conflict);
    let mut next = pull.clone().edited(fixtures::time(5));
    (next.state, next.merge_base) = (PullRequestState::Merged, None);
    write(ledger, vec![Write::PullRequest(next.clone())]).await;
    let found = ok(ledger.pull_request(&pull.project, pull.number).await);
    assert_eq!(found, Some(next));
    for (project, number) in [
        (pull.project.clone(), PullRequestNumber(8)),
        (ProjectId::new("demo#7"), pull.number),
    ] {
        assert_eq!(ok(ledger.pull_request(&project, number).await), None);
    }
}

/// Nothing before the first time, and what was kept last.
pub async fn what_github_shows_of_a_pull_request_is_kept<L: Ledger>(ledger: &L) {
    let (project, number) = (fixtures::project(), PullRequestNumber(7));
    assert_eq!(ok(ledger.shown(&project, number).await), Shown::default());
    let commented = Shown {
        check_run: None,
        comment: Some(ShownComment { id: 9, text: None }),
    };
    let both = Shown {
        check_run: Some(ShownCheckRun {
            commit: fixtures::commit(3),
            id: u64::from(u32::MAX) + 1,
            text: Some(Checksum::of(b"text")),
            annotated: 51,
            annotations: Some(Checksum::of(b"annotations")),
        }),
        ..commented.clone()
    };
    for shown in [commented, both] {
        ok(ledger.keep_shown(&project, number, &shown).await);
        assert_eq!(ok(ledger.shown(&project, number).await), shown);
    }
}

/// Each in its turn, in the place of the one before.
pub async fn every_outcome_of_a_rehearsal_is_read_back<L: Ledger>(ledger: &L) {
    let altered = |how, bytes| Altered {
        path: "bytebase/test/a.sql".to_owned(),
        statement: 2,
        line: 4,
        table: "größe".to_owned(),
        how,
        bytes,
    };
    let outcomes = [
        RehearsalOutcome::Pending,
        RehearsalOutcome::Runs(Rehearsed {
            before: Checksum::of(b"before"),
            after: Checksum::of(b"after"),
            altered: vec![
                altered(Some(Alteration::Instant), Some(0)),
                altered(Some(Alteration::InplaceBlocking), Some(u64::from(u32::MAX) + 1)),
                altered(None, None),
            ],
            notes: vec!["a note".to_owned()],
        }),
        RehearsalOutcome::Fails {
            path: "bytebase/test/a.sql".to_owned(),
            failure: Failure {
                statement: Some(1),
                line: Some(1),
                code: "mysql-1064".to_owned(),
                message: "no".to_owned(),
                at: fixtures::time(3),
            },
        },
        RehearsalOutcome::Impossible {
            why: "no scratch schema".to_owned(),
        },
        RehearsalOutcome::Dropped,
    ];
    let mut rehearsal = fixtures::rehearsal("db_demo", 7);
    for outcome in outcomes {
        rehearsal.outcome = outcome;
        write(ledger, vec![Write::Rehearsal(rehearsal.clone())]).await;
        let again = commit(ledger, vec![Write::Rehearsal(rehearsal.clone())]).await;
        assert_eq!(again, Committed::Conflict);
        let found = ok(ledger.rehearsals(&[rehearsal.key()]).await);
        assert_eq!(found, [rehearsal.clone()]);
        rehearsal.edition += 1;
    }
}

/// Those of the target, by project and number, and none that was answered. They are no tasks, and tasks are none of them.
pub async fn only_unanswered_rehearsals_are_pending<L: Ledger>(ledger: &L) {
    let target = fixtures::target("db_demo");
    let task = fixtures::task(1, &target, "1");
    let mut pulls: Vec<_> = [3, 12, 7]
        .map(|number| fixtures::rehearsal("db_demo", number))
        .into();
    pulls.push(fixtures::rehearsal("other", 3));
    let mut writes: Vec<_> = pulls.iter().cloned().map(Write::Rehearsal).collect();
    writes.push(Write::Task(task.clone()));
    write(ledger, writes).await;
    let numbers = async || {
        let pending = ok(ledger.pending_rehearsals(&target).await);
        pending
            .into_iter()
            .map(|rehearsal| rehearsal.number.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers().await, [3, 7, 12]);
    assert_eq!(ok(ledger.open_tasks(&target).await), [task]);
    let dropped = pulls.remove(0).with(RehearsalOutcome::Dropped);
    write(ledger, vec![Write::Rehearsal(dropped)]).await;
    assert_eq!(numbers().await, [7, 12]);
}
