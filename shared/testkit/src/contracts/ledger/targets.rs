//! What is to be applied to a target, and what was.

use super::{Ledger, commit, revision_key, write};
use crate::contracts::ok;
use crate::fixtures;
use model::approval::RulingKind;
use model::{Ruling, Target, Task, TaskRun};
use workflow::ports::ledger::{Committed, Write};

async fn open_versions<L: Ledger>(ledger: &L, target: &Target) -> Vec<String> {
    let tasks = ok(ledger.open_tasks(target).await);
    let versions = tasks.iter().map(|task| task.change.version.as_str().to_owned());
    versions.collect()
}

/// Digits as numbers; other targets' tasks are not among them.
pub async fn open_tasks_come_in_version_order<L: Ledger>(ledger: &L) {
    let (target, other) = (fixtures::target("db_demo"), fixtures::target("db_demo2"));
    let mut tasks: Vec<Task> = ["10", "9", "1.10", "1.9", "v1", "010.1"]
        .map(|version| fixtures::task(1, &target, version))
        .into();
    tasks.push(fixtures::task(1, &other, "1"));
    write(ledger, tasks.into_iter().map(Write::Task).collect()).await;
    let expected = ["1.9", "1.10", "9", "10", "010.1", "v1"];
    assert_eq!(open_versions(ledger, &target).await, expected);
    assert_eq!(open_versions(ledger, &other).await, ["1"]);
    assert!(open_versions(ledger, &fixtures::target("none")).await.is_empty());
}

/// Done, canceled or skipped it leaves the open ones; a new edition may bring it back.
pub async fn a_settled_task_is_not_open<L: Ledger>(ledger: &L) {
    let target = fixtures::target("db_demo");
    let mut tasks = ["1", "2", "3"].map(|version| fixtures::task(1, &target, version));
    write(ledger, tasks.iter().cloned().map(Write::Task).collect()).await;
    let [done, canceled, _] = &mut tasks;
    done.run = TaskRun::Done;
    canceled.ruling = Some(Ruling {
        kind: RulingKind::Canceled,
        by: "dba".to_owned(),
        because: "not needed".to_owned(),
        at: fixtures::time(1),
    });
    for task in [&mut *done, &mut *canceled] {
        task.edition += 1;
    }
    write(
        ledger,
        vec![Write::Task(done.clone()), Write::Task(canceled.clone())],
    )
    .await;
    assert_eq!(open_versions(ledger, &target).await, ["3"]);
    canceled.ruling = None;
    canceled.edition += 1;
    write(ledger, vec![Write::Task(canceled.clone())]).await;
    assert_eq!(open_versions(ledger, &target).await, ["2", "3"]);
}

/// Settled ones, rehearsals and targets without any are left out.
pub async fn the_first_open_task_of_each_target_comes_alone<L: Ledger>(ledger: &L) {
    let names = ["db_demo", "db_demo2", "db_demo3", "none"];
    let targets = names.map(fixtures::target);
    let [first, second, third, _] = &targets;
    let mut done = fixtures::task(1, first, "1");
    done.run = TaskRun::Done;
    let tasks = [
        done,
        fixtures::task(1, first, "10"),
        fixtures::task(1, first, "9"),
        fixtures::task(1, second, "3"),
    ];
    let mut writes: Vec<Write> = tasks.into_iter().map(Write::Task).collect();
    writes.push(Write::Rehearsal(fixtures::rehearsal("db_demo", 1)));
    writes.push(Write::Rehearsal(fixtures::rehearsal(third.database.as_str(), 1)));
    write(ledger, writes).await;
    let found = ok(ledger.first_open_tasks(&targets).await);
    let found: Vec<_> = found.iter().map(|task| task.change.version.as_str()).collect();
    assert_eq!(found, ["9", "3"]);
    assert!(ok(ledger.first_open_tasks(&[]).await).is_empty());
}

/// The same version again conflicts, however it is spelled.
pub async fn a_revision_is_recorded_once<L: Ledger>(ledger: &L) {
    let target = fixtures::target("db_demo");
    let revision = fixtures::revision(&target, "1.0");
    let key = revision_key(&revision);
    assert_eq!(ok(ledger.revision(&key).await), None);
    write(ledger, vec![Write::Revision(revision.clone())]).await;
    assert_eq!(ok(ledger.revision(&key).await), Some(revision));
    let again = fixtures::revision(&target, "1.00");
    assert_eq!(
        commit(ledger, vec![Write::Revision(again)]).await,
        Committed::Conflict
    );
    let elsewhere = fixtures::revision(&fixtures::target("other"), "1.0");
    write(ledger, vec![Write::Revision(elsewhere)]).await;
}

/// In version order downwards, from a version and to a limit.
pub async fn revisions_come_from_the_highest_down<L: Ledger>(ledger: &L) {
    let target = fixtures::target("db_demo");
    for version in ["9", "10", "1", "11"] {
        let writes = vec![
            Write::Revision(fixtures::revision(&target, version)),
            Write::Task(fixtures::task(1, &target, version)),
        ];
        write(ledger, writes).await;
    }
    for (before, limit, expected) in [
        (None, 10, vec!["11", "10", "9", "1"]),
        (None, 2, vec!["11", "10"]),
        (Some("10"), 10, vec!["9", "1"]),
        (Some("10"), 1, vec!["9"]),
        (Some("9.5"), 10, vec!["9", "1"]),
        (Some("1"), 10, vec![]),
        (None, 0, vec![]),
    ] {
        let before = before.map(fixtures::version);
        let key = before.as_ref().map(model::Version::key);
        let found = ok(ledger.revisions(&target, key, limit).await);
        let versions: Vec<_> = found
            .iter()
            .map(|revision| revision.change.version.as_str())
            .collect();
        assert_eq!(versions, expected, "before {before:?}, at most {limit}");
    }
}

/// 10,000 statements: more than an item of a table can hold.
pub async fn a_revision_of_thousands_of_statements_is_kept<L: Ledger>(ledger: &L) {
    let mut revision = fixtures::revision(&fixtures::target("db_demo"), "1");
    revision.statements = (1..=10_000).map(fixtures::statement).collect();
    write(ledger, vec![Write::Revision(revision.clone())]).await;
    let found = ok(ledger.revision(&revision_key(&revision)).await);
    assert!(
        found.as_ref() == Some(&revision),
        "the revision came back changed"
    );
    let listed = ok(ledger.revisions(&revision.target, None, 5).await);
    assert!(listed == [revision], "the revision was listed changed");
}
