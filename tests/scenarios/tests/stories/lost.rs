//! What is lost on the way is found by the sweeper.

use jiff::SignedDuration;
use model::{Fault, IssueState};
use scenarios::{Setup, World, scenario, whole_file};
use testkit::fixtures;
use workflow::ports::github::CheckState;
use workflow::ports::ledger::{Commit, Committed, OpenIssueLedger as _, OutboxLedger, Write};

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";

async fn sweep_up(t: &World) {
    t.wait(SignedDuration::from_mins(10));
    t.sweep().await;
    t.settle().await;
}

async fn end(t: &World) {
    assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
    assert_eq!(t.columns("test/db_demo", "t").await, ["id"]);
    assert_eq!((t.issues().await, t.write_backs()), (1, 1));
    let issue = t.view(1).await.issue;
    assert_eq!(t.check(&issue.commit).state, CheckState::Success);
}

#[tokio::test]
async fn a_webhook_that_never_came() {
    scenario(Setup::small(), async |t| {
        t.push_unheard(&[(&whole_file("test/db_demo", "1"), SQL)]);
        t.settle().await;
        assert_eq!(t.issues().await, 0);
        sweep_up(t).await;
        end(t).await;
        assert_eq!(t.view(1).await.issue.pusher.login, "unknown");
    })
    .await;
}

#[tokio::test]
async fn a_pointer_that_was_lost_still_has_its_pusher() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.lose_messages();
        t.settle().await;
        assert_eq!(t.issues().await, 0);
        sweep_up(t).await;
        end(t).await;
        assert_eq!(t.view(1).await.issue.pusher.login, scenarios::DEVELOPER);
    })
    .await;
}

#[tokio::test]
async fn nudges_that_were_lost() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.plan_all().await;
        t.lose_messages();
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; test/db_demo 1 Ready");
        sweep_up(t).await;
        end(t).await;
    })
    .await;
}

#[tokio::test]
async fn nudges_of_the_next_stage_that_were_lost() {
    let setup = Setup {
        environments: vec![("test", 0), ("prod", 0)],
        file_path_template: Some("{{DB_NAME}}##{{VERSION}}##{{TYPE}}.sql"),
        ..Setup::default()
    };
    scenario(setup, async |t| {
        t.push(&[("bytebase/db_demo##1##ddl.sql", SQL)]).await;
        t.plan_all().await;
        t.work_all().await;
        t.lose_messages();
        t.settle().await;
        sweep_up(t).await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Done; prod/db_demo 1 Done"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_done_leaves_the_list_of_open_issues_and_what_is_missing_comes_on_it() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.plan_all().await;
        assert_eq!(
            (t.listed_open().await, t.issues_in(IssueState::Open).await),
            (vec![1], vec![1])
        );
        sweep_up(t).await;
        // Done, and until the next sweep still on the list: people do not see that.
        assert_eq!(t.issues_in(IssueState::Open).await, Vec::<u64>::new());
        assert_eq!(t.issues_in(IssueState::Done).await, [1]);
        t.push(&[(&whole_file("test/db_demo", "2"), "CREATE TABEL t2 (id INT);")])
            .await;
        t.settle().await;
        sweep_up(t).await;
        assert_eq!(t.listed_open().await, [2]);
        assert_eq!(t.issues_in(IssueState::Failed).await, [2]);
        // Made before there was a list.
        let entries = t.ledger.inner().open_issues(None, 1).await.unwrap();
        t.ledger.inner().forget_open_issue(&entries[0]).await.unwrap();
        assert_eq!(t.issues_in(IssueState::Failed).await, Vec::<u64>::new());
        sweep_up(t).await;
        assert_eq!(t.issues_in(IssueState::Failed).await, [2]);
        t.cancel(scenarios::DBA, 2, "a mistake").await.unwrap();
        assert_eq!(t.issues_in(IssueState::Canceled).await, [2]);
        sweep_up(t).await;
        assert_eq!(t.listed_open().await, Vec::<u64>::new());
    })
    .await;
}

#[tokio::test]
async fn the_sweeper_wakes_the_reporter_for_an_outbox_that_it_missed() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.plan_all().await;
        t.work_all().await;
        t.lose_wakeups().await;
        t.settle().await;
        assert_eq!(t.write_backs(), 0);
        sweep_up(t).await;
        end(t).await;
    })
    .await;
}

#[tokio::test]
async fn the_sweeper_wakes_the_reporter_after_github_was_away() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.plan_all().await;
        t.work_all().await;
        for _ in 0..2 {
            t.github.inner().fail_next(Fault::retry("asking GitHub", "503"));
        }
        t.settle().await;
        assert_eq!(t.write_backs(), 0);
        sweep_up(t).await;
        end(t).await;
    })
    .await;
}

#[tokio::test]
async fn everything_comes_twice() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        for pointer in t.queue.inner().take_pointers() {
            t.plan(&pointer).await;
            t.plan(&pointer).await;
        }
        for nudge in t.queue.inner().take_nudges() {
            t.look_at(&nudge.target).await;
            t.look_at(&nudge.target).await;
        }
        t.tell_all().await;
        t.settle().await;
        end(t).await;
    })
    .await;
}

#[tokio::test]
async fn items_that_can_not_be_delivered_do_not_hold_up_the_others() {
    scenario(Setup::small(), async |t| {
        // Check runs of a commit that nobody planned: nothing will ever deliver them.
        let stuck: Vec<_> = (0..100)
            .map(|n| fixtures::outbox(&format!("0-stuck-{n:03}")))
            .collect();
        let written = stuck.iter().cloned().map(Write::Outbox).collect();
        assert_eq!(t.ledger.inner().commit(written).await.unwrap(), Committed::Yes);
        t.settle().await;
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.settle().await;
        end(t).await;
        for item in stuck {
            t.ledger.inner().settle_outbox(&item.id).await.unwrap();
        }
    })
    .await;
}
