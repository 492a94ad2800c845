//! Approvals: of exactly what was shown, by somebody else.

use jiff::SignedDuration;
use model::Verdict;
use scenarios::{DBA, Setup, scenario, whole_file};
use testkit::fake_github::FakeFile;

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";
const OTHER: &str = "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY);\n";

fn path() -> String {
    whole_file("prod/db_demo", "1")
}

#[tokio::test]
async fn an_approval_gets_stale_when_the_text_changes() {
    let setup = Setup {
        environments: vec![("test", 0), ("prod", 1)],
        file_path_template: Some("{{DB_NAME}}##{{VERSION}}##{{TYPE}}.sql"),
        ..Setup::default()
    };
    scenario(setup, async |t| {
        let path = "bytebase/db_demo##1##ddl.sql";
        // The test stage fails, so that what is approved for production does not run at once.
        t.push(&[(path, "ALTER TABLE nowhere ADD COLUMN a INT;")]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        let approved = t.digest(1, "prod").await;
        let fix = t.push(&[(path, SQL)]).await;
        t.settle().await;
        assert_ne!(t.digest(1, "prod").await, approved);
        let summary = t.check(&fix).summary;
        assert!(
            summary.contains("0 of 1; earlier decisions were on another text"),
            "{summary}"
        );
        assert!(t.columns("prod/db_demo", "t").await.is_empty());
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Done; prod/db_demo 1 Done"
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_not_shown_can_not_be_approved() {
    scenario(Setup::default(), async |t| {
        t.push(&[(&path(), SQL)]).await;
        t.settle().await;
        let shown = t.digest(1, "prod").await;
        t.push(&[(&path(), OTHER)]).await;
        t.settle().await;
        let refusal = t
            .decide(DBA, 1, "prod", shown, Verdict::Approved)
            .await
            .unwrap_err();
        assert_eq!(refusal.code, "digest-stale");
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
    })
    .await;
}

#[tokio::test]
async fn what_was_rejected_does_not_run_until_it_changes() {
    scenario(Setup::default(), async |t| {
        let pushed = t.push(&[(&path(), SQL)]).await;
        t.settle().await;
        t.reject(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        assert!(t.check(&pushed).summary.contains("Rejected by"));
        t.push(&[(&path(), OTHER)]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
    })
    .await;
}

#[tokio::test]
async fn nobody_approves_what_they_pushed_under_another_name() {
    scenario(Setup::default(), async |t| {
        // Dana wrote it, the dba pushed it: neither may approve.
        t.push_as(DBA, &[(&path(), Some(FakeFile::text(SQL)))]).await;
        t.settle().await;
        for who in [DBA, scenarios::DEVELOPER] {
            assert_eq!(
                t.approve(who, 1, "prod").await.unwrap_err().code,
                "approval-own",
                "{who}"
            );
        }
        assert_eq!(
            t.approve("stranger", 1, "prod").await.unwrap_err().code,
            "approver-unknown"
        );
        t.cancel(DBA, 1, "nobody is left").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Canceled; prod/db_demo 1 Canceled");
    })
    .await;
}

#[tokio::test]
async fn decisions_on_stages_that_do_not_exist_or_need_none_are_refused() {
    scenario(Setup::default(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.settle().await;
        let digest = t.digest(1, "test").await;
        for (environment, code) in [("test", "approval-not-required"), ("prod", "stage-unknown")] {
            let refusal = t
                .decide(DBA, 1, environment, digest.clone(), Verdict::Approved)
                .await
                .unwrap_err();
            assert_eq!(refusal.code, code);
        }
        let refusal = t
            .decide(DBA, 9, "prod", digest, Verdict::Approved)
            .await
            .unwrap_err();
        assert_eq!(refusal.code, "issue-unknown");
    })
    .await;
}

#[tokio::test]
async fn an_environment_that_settings_no_longer_know_lets_nothing_through() {
    scenario(Setup::default(), async |t| {
        t.push(&[(&path(), SQL)]).await;
        t.settle().await;
        let shown = t.digest(1, "prod").await;
        t.apply(&Setup::small()).await;
        for digest in [shown, t.digest(1, "prod").await] {
            let refusal = t
                .decide(DBA, 1, "prod", digest, Verdict::Approved)
                .await
                .unwrap_err();
            assert!(
                ["digest-stale", "approver-unknown"].contains(&refusal.code.as_str()),
                "{refusal:?}"
            );
        }
        t.look_at(t.target("prod/db_demo")).await;
        t.recover().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        assert!(t.columns("prod/db_demo", "t").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_approval_does_not_outlive_its_policy() {
    scenario(Setup::default(), async |t| {
        t.push(&[(&path(), SQL)]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        let two = Setup {
            environments: vec![("test", 0), ("prod", 2)],
            ..Setup::default()
        };
        t.apply(&two).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        t.apply(&Setup::default()).await;
        t.recover().await;
        assert_eq!(
            t.status(1).await,
            "Done; prod/db_demo 1 Done",
            "exactly what was approved"
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_approves_what_nobody_is_known_to_have_pushed() {
    scenario(Setup::default(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        t.settle().await;
        t.push_unheard(&[(&path(), SQL)]);
        t.wait(SignedDuration::from_mins(10));
        t.sweep().await;
        t.settle().await;
        let refusal = t.approve(DBA, 2, "prod").await.unwrap_err();
        assert_eq!(refusal.code, "pusher-unknown", "{}", refusal.message);
        // As its message says: GitHub is asked to deliver again.
        t.deliver_again().await;
        t.settle().await;
        t.approve(DBA, 2, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(2).await, "Done; prod/db_demo 1 Done");
    })
    .await;
}
