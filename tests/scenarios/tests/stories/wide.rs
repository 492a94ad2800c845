//! Many files in one push.

use scenarios::{Afterwards, Blow, DBA, Mishap, Setup, World, in_order, scenario, whole_file};

/// So many files: versions from 1 for each of so many databases, each a table of its own.
fn files(databases: usize, versions: usize) -> Vec<(String, String)> {
    let file = |database: usize, version: usize| {
        let path = whole_file(&format!("test/db_{database}"), &version.to_string());
        (
            path,
            format!("CREATE TABLE t_{version} (id INT NOT NULL PRIMARY KEY);\n"),
        )
    };
    (0..databases)
        .flat_map(|database| (1..=versions).map(move |version| file(database, version)))
        .collect()
}

async fn push(t: &World, databases: usize, versions: usize) {
    let files = files(databases, versions);
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    t.push(&files).await;
}

#[tokio::test]
async fn fifty_files_over_ten_databases_are_one_issue() {
    scenario(Setup::wide(10), async |t| {
        push(t, 10, 5).await;
        t.settle().await;
        assert_eq!(t.issues().await, 1);
        let status = t.status(1).await;
        assert!(status.starts_with("Done;"), "{status}");
        assert_eq!(status.matches(" Done").count(), 50);
        for database in 0..10 {
            let applied = t.applied(&format!("test/db_{database}")).await;
            assert!(in_order(&applied, &["1", "2", "3", "4", "5"]), "{applied:?}");
        }
        assert_eq!(t.check(&t.view(1).await.issue.commit).title, "Issue 1: 50 done");
    })
    .await;
}

#[tokio::test]
async fn a_hundred_and_fifty_files_take_several_commits_and_are_one_issue() {
    scenario(Setup::wide(10), async |t| {
        push(t, 10, 15).await;
        t.settle().await;
        assert_eq!(t.issues().await, 1);
        assert_eq!(t.status(1).await.matches(" Done").count(), 150);
    })
    .await;
}

/// The ledger commits of planning so many files.
async fn commits() -> usize {
    let mut commits = 0;
    scenario(Setup::wide(2), async |t| {
        push(t, 2, 75).await;
        t.fate.heal();
        t.plan_all().await;
        commits = t
            .fate
            .calls()
            .iter()
            .filter(|call| **call == "Commit::commit")
            .count();
        let canceled = t.cancel(DBA, 1, "only the plan counts").await;
        assert_eq!(canceled, Ok(()));
        t.settle().await;
    })
    .await;
    commits
}

#[tokio::test]
async fn the_planner_dies_between_any_two_commits_of_a_large_plan() {
    let commits = commits().await;
    assert!(commits > 2, "the plan should take several commits");
    for nth in 1..=commits {
        for mishap in [Mishap::RequestLost, Mishap::ReplyLost] {
            scenario(Setup::wide(2), async |t| {
                push(t, 2, 75).await;
                t.fate.deal(Blow {
                    nth,
                    of: Some("Commit::commit"),
                    mishap,
                    afterwards: Afterwards::Dead,
                });
                t.plan_all().await;
                assert!(t.died());
                // Nothing of half a plan may run.
                for database in ["test/db_0", "test/db_1"] {
                    assert_eq!(t.applied(database).await.len(), 0);
                }
                // The last commit may have been heard of by nobody; whoever plans next knows.
                t.fate.heal();
                t.revive();
                t.sweep().await;
                t.plan_all().await;
                let last = t.issues().await;
                let status = t.status(last).await;
                assert_eq!(
                    status.matches("; ").count(),
                    150,
                    "commit {nth}, {mishap:?}: {status}"
                );
                t.cancel(DBA, last, "only the plan counts").await.unwrap();
                t.settle().await;
                t.recover().await;
                assert!(last <= 2, "a number is lost at most");
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_plan_that_was_cut_short_is_not_shown_as_done() {
    scenario(Setup::wide(2), async |t| {
        push(t, 2, 75).await;
        t.fate.deal(Blow {
            nth: 2,
            of: Some("Commit::commit"),
            mishap: Mishap::RequestLost,
            afterwards: Afterwards::Dead,
        });
        t.plan_all().await;
        t.revive();
        t.sweep().await;
        t.plan_all().await;
        t.cancel(DBA, 2, "only the plan counts").await.unwrap();
        t.settle().await;
        // The number is lost; nothing was ever done under it.
        let status = t.status(1).await;
        assert!(!status.starts_with("Done"), "issue 1: {status}");
    })
    .await;
}
