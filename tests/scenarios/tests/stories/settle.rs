//! Tasks in people's hands: skipped, resolved with their issue, reopened, and begun at a time.

use jiff::SignedDuration;
use model::{AuditChain, Gate, IssueNumber, TaskStatus};
use scenarios::{DBA, DEVELOPER, Setup, World, scenario, whole_file};
use settings::VersionOrder;
use workflow::ports::clock::Clock;
use workflow::ports::ledger::OpenIssueLedger;

const BAD: &str = "ALTER TABLE missing ADD COLUMN n INT;\n";

fn table(name: &str) -> String {
    format!("CREATE TABLE {name} (id INT NOT NULL PRIMARY KEY);\n")
}

/// How many issues are on the list of open ones.
async fn listed(t: &World) -> usize {
    t.ledger.inner().open_issues(None, u32::MAX).await.unwrap().len()
}

#[tokio::test]
async fn what_is_skipped_lets_higher_versions_and_later_stages_go_on() {
    scenario(Setup::default(), async |t| {
        let (test, later) = (whole_file("test/db_demo", "1"), whole_file("test/db_demo", "2"));
        let prod = whole_file("prod/db_demo", "3");
        t.push(&[(&test, BAD), (&later, &table("second")), (&prod, &table("third"))])
            .await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Failed; test/db_demo 2 Waiting; prod/db_demo 3 Waiting"
        );
        assert_eq!(
            t.skip("mallory", 1, Some(1)).await.unwrap_err().code,
            "not-a-member"
        );
        t.skip(DEVELOPER, 1, Some(1)).await.unwrap();
        assert_eq!(
            t.skip(DEVELOPER, 1, Some(1)).await.unwrap_err().code,
            "no-such-task"
        );
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Skipped; test/db_demo 2 Done; prod/db_demo 3 Done"
        );
        let view = t.view(1).await;
        let TaskStatus::Skipped { because } = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert!(because.starts_with("done by hand (by "), "{because}");
        // What is written back is what is there, and the next change finds no drift in it.
        let written = t
            .written_back("bytebase/test/.db_demo##LATEST.sql")
            .unwrap_or_default();
        assert!(written.contains("second"), "{written}");
        t.push(&[(&whole_file("test/db_demo", "4"), &table("fourth"))])
            .await;
        t.settle().await;
        assert_eq!(t.status(2).await, "Done; test/db_demo 4 Done");
        assert!(t.heard_kinds(2).iter().all(|kind| *kind != "sluice.task.drift"));
    })
    .await;
}

#[tokio::test]
async fn what_was_canceled_is_skipped_for_what_comes_after_it() {
    scenario(Setup::default(), async |t| {
        let (test, prod) = (whole_file("test/db_demo", "1"), whole_file("prod/db_demo", "1"));
        t.push(&[(&test, BAD), (&prod, &table("one"))]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.end_task(DBA, 1, 1, "not here").await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Canceled; prod/db_demo 1 Waiting"
        );
        t.skip(DBA, 1, Some(1)).await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Skipped; prod/db_demo 1 Done"
        );
    })
    .await;
}

#[tokio::test]
async fn a_resolved_issue_is_done_and_reopened_it_waits_and_is_listed_again() {
    scenario(Setup::default(), async |t| {
        let schema = t.target("test/db_demo").database.clone();
        let by_hand = format!("CREATE TABLE `{schema}`.taken (n INT)");
        t.sql("test/db_demo", &by_hand).await;
        let (test, prod) = (whole_file("test/db_demo", "1"), whole_file("prod/db_demo", "1"));
        t.push(&[(&test, &table("taken")), (&prod, &table("one"))]).await;
        t.settle().await;
        t.skip(DBA, 1, None).await.unwrap();
        t.recover().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Skipped; prod/db_demo 1 Skipped"
        );
        assert_eq!(listed(t).await, 0, "what is done leaves the list");
        assert_eq!(
            t.reopen("mallory", 1, None).await.unwrap_err().code,
            "not-a-member"
        );
        t.reopen(DBA, 1, Some(2)).await.unwrap();
        assert_eq!(
            listed(t).await,
            1,
            "what is open is listed by the commit that opens it"
        );
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Skipped; prod/db_demo 1 Waiting"
        );
        t.recover().await;
        assert_eq!(listed(t).await, 1);
        // What failed is tried again: what stood in its way is gone.
        t.sql("test/db_demo", &format!("DROP TABLE `{schema}`.taken"))
            .await;
        t.reopen(DBA, 1, None).await.unwrap();
        assert_eq!(t.reopen(DBA, 1, None).await.unwrap_err().code, "no-such-task");
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Done; prod/db_demo 1 Waiting"
        );
        t.approve(DBA, 1, "prod").await.unwrap();
        t.recover().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Done; prod/db_demo 1 Done"
        );
        assert_eq!(listed(t).await, 0);
        let told = t.heard_kinds(1);
        let of = |kind: &str| told.iter().filter(|told| **told == kind).count();
        assert_eq!(
            (of("sluice.issue.done"), of("sluice.issue.reopened")),
            (2, 1),
            "{told:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_may_not_wait_again_is_refused_with_what_to_do() {
    let strict = Setup {
        order: VersionOrder::Strict,
        ..Setup::small()
    };
    scenario(strict, async |t| {
        let (one, three) = (whole_file("test/db_demo", "1"), whole_file("test/db_demo", "3"));
        t.push(&[(&one, BAD), (&three, BAD)]).await;
        t.settle().await;
        t.skip(DBA, 1, Some(1)).await.unwrap();
        t.settle().await;
        t.push(&[(&three, &table("three"))]).await;
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Skipped; test/db_demo 3 Done"
        );
        let refused = t.reopen(DBA, 1, Some(1)).await.unwrap_err();
        assert_eq!(refused.code, "version-late", "{refused}");
        let four = whole_file("test/db_demo", "4");
        t.push(&[(&four, BAD)]).await;
        t.settle().await;
        t.push_files(&[(&four, None)]).await;
        t.settle().await;
        assert_eq!(t.status(2).await, "Canceled; test/db_demo 4 Canceled");
        let refused = t.reopen(DBA, 2, None).await.unwrap_err();
        assert_eq!(refused.code, "file-gone", "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_task_begins_at_its_time_and_not_before() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), &table("one"))]).await;
        t.plan_all().await;
        let at = t.clock.now() + SignedDuration::from_hours(3);
        assert_eq!(
            t.run_at("mallory", 1, Some(at)).await.unwrap_err().code,
            "not-a-member"
        );
        t.run_at(DEVELOPER, 1, Some(at)).await.unwrap();
        t.recover().await;
        let view = t.view(1).await;
        let TaskStatus::Waiting(Gate::Schedule(schedule)) = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert_eq!(
            (schedule.at, schedule.by.as_str()),
            (at, "arn:aws:iam::000000000000:user/developer")
        );
        t.wait(SignedDuration::from_hours(3));
        t.sweep().await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
        assert_eq!(t.run_at(DBA, 1, None).await.unwrap_err().code, "no-such-task");
    })
    .await;
}

#[tokio::test]
async fn a_time_is_taken_back() {
    scenario(Setup::small(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), &table("one"))]).await;
        t.plan_all().await;
        let at = t.clock.now() + SignedDuration::from_hours(3);
        t.run_at(DBA, 1, Some(at)).await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; test/db_demo 1 Waiting");
        t.run_at(DBA, 1, None).await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
    })
    .await;
}

#[tokio::test]
async fn an_issue_begins_once_those_are_done_on_which_it_depends() {
    let setup = Setup {
        databases: vec![
            ("test", "one".to_owned()),
            ("test", "two".to_owned()),
            ("prod", "one".to_owned()),
        ],
        ..Setup::default()
    };
    scenario(setup, async |t| {
        t.push(&[(&whole_file("prod/one", "1"), &table("first"))]).await;
        t.settle().await;
        t.push(&[(&whole_file("test/two", "1"), &table("second"))]).await;
        t.plan_all().await;
        assert_eq!(
            t.depend("mallory", 2, 1, true).await.unwrap_err().code,
            "not-a-member"
        );
        assert_eq!(
            t.depend(DBA, 2, 2, true).await.unwrap_err().code,
            "depends-in-circle"
        );
        assert_eq!(t.depend(DBA, 2, 9, true).await.unwrap_err().code, "issue-unknown");
        t.depend(DEVELOPER, 2, 1, true).await.unwrap();
        t.depend(DEVELOPER, 2, 1, true).await.unwrap();
        assert_eq!(
            t.depend(DBA, 1, 2, true).await.unwrap_err().code,
            "depends-in-circle"
        );
        t.recover().await;
        let view = t.view(2).await;
        let TaskStatus::Waiting(Gate::Order { after }) = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert_eq!(after, "issue 1, on which this one depends");
        t.push(&[(&whole_file("test/one", "1"), &table("third"))]).await;
        t.plan_all().await;
        t.depend(DBA, 3, 2, true).await.unwrap();
        let refused = t.depend(DBA, 1, 3, true).await.unwrap_err();
        assert_eq!(refused.code, "depends-in-circle", "{refused}");
        t.recover().await;
        assert_eq!(t.status(3).await, "Open; test/one 1 Waiting");
        t.depend(DBA, 3, 2, false).await.unwrap();
        t.settle().await;
        assert_eq!(t.status(3).await, "Done; test/one 1 Done");
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/one 1 Done");
        t.sweep().await;
        t.settle().await;
        assert_eq!(t.status(2).await, "Done; test/two 1 Done");
        assert_eq!(
            t.audit(AuditChain::Issue(IssueNumber(2))).await[1]
                .detail
                .as_deref(),
            Some("depends on issue 1")
        );
    })
    .await;
}
