//! Failures, and what comes after them.

use model::TaskStatus;
use scenarios::{DBA, Setup, scenario, whole_file};
use workflow::ports::github::CheckState;

/// Its third statement fails because of rows, which no rehearsal knows.
const BAD: &str = "CREATE TABLE a (id INT NOT NULL PRIMARY KEY);\n\
    INSERT INTO hits (what) VALUES ('once'), ('once');\n\
    ALTER TABLE hits\n  ADD UNIQUE KEY (what);\n\
    CREATE TABLE c (id INT NOT NULL PRIMARY KEY);\n";

fn fixed() -> String {
    BAD.replace("UNIQUE KEY", "KEY")
}

fn setup() -> Setup {
    Setup {
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20));",
        ..Setup::small()
    }
}

#[tokio::test]
async fn a_failure_is_told_with_its_place_and_a_fix_goes_on_there() {
    scenario(setup(), async |t| {
        let path = whole_file("test/db_demo", "1");
        let pushed = t.push(&[(&path, BAD)]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; test/db_demo 1 Failed");
        let view = t.view(1).await;
        let TaskStatus::Failed(failure) = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert_eq!((failure.statement, failure.line), (Some(3), Some(3)));
        assert_eq!(failure.code, "mysql-1062");
        assert!(
            failure.message.contains("Duplicate entry 'once'"),
            "{}",
            failure.message
        );
        let check = t.check(&pushed);
        assert_eq!(check.state, CheckState::Failure);
        assert!(check.summary.contains(&format!("{path}:3")), "{}", check.summary);

        let fix = t.push(&[(&path, &fixed())]).await;
        t.settle().await;
        assert_eq!(t.answers(&fix).await[&path], "new text of issue 1");
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
        assert_eq!(t.columns("test/db_demo", "c").await, ["id"]);
        assert_eq!(
            t.sql("test/db_demo", "SELECT what FROM hits").await.len(),
            2,
            "ran once"
        );
        assert_eq!(t.check(&fix).state, CheckState::Success);
        assert_eq!(t.check(&pushed).state, CheckState::Success);
        assert_eq!(t.issues().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_fix_may_not_change_what_was_applied() {
    scenario(setup(), async |t| {
        let path = whole_file("test/db_demo", "1");
        t.push(&[(&path, BAD)]).await;
        t.settle().await;
        let changed = fixed().replace("'once'", "'twice'");
        let pushed = t.push(&[(&path, &changed)]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; test/db_demo 1 Failed");
        let summary = t.check(&pushed).summary;
        assert!(
            summary.contains("statement 2 was applied with another text"),
            "{summary}"
        );
        t.push(&[(&path, &fixed())]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
    })
    .await;
}

#[tokio::test]
async fn what_a_rehearsal_finds_is_told_before_anything_is_applied() {
    scenario(setup(), async |t| {
        let path = whole_file("test/db_demo", "1");
        let bad =
            "CREATE TABLE a (id INT);\nALTER TABLE a ADD COLUMN b INT;\nALTER TABLE a\n  DROP COLUMN c;\n";
        let pushed = t.push(&[(&path, bad)]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; test/db_demo 1 Failed");
        let summary = t.check(&pushed).summary;
        assert!(summary.contains("rehearsal"), "{summary}");
        assert!(summary.contains(&format!("{path}:3")), "{summary}");
        assert_eq!(
            t.columns("test/db_demo", "a").await.len(),
            0,
            "something was applied"
        );
        t.push(&[(&path, &bad.replace("COLUMN c", "COLUMN b"))]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
        assert_eq!(t.columns("test/db_demo", "a").await, ["id"]);
    })
    .await;
}

#[tokio::test]
async fn a_retry_goes_on_at_the_statement_that_failed() {
    scenario(setup(), async |t| {
        let path = whole_file("test/db_demo", "1");
        t.sql("test/db_demo", "CREATE TABLE a (already INT)").await;
        t.push(&[(
            &path,
            "INSERT INTO hits (what) VALUES ('once');\nCREATE TABLE a (id INT NOT NULL PRIMARY KEY);",
        )])
        .await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; test/db_demo 1 Failed");
        t.retry(DBA, 1).await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Failed",
            "nothing changed"
        );
        t.sql("test/db_demo", "DROP TABLE a").await;
        t.retry(DBA, 1).await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
        assert_eq!(t.sql("test/db_demo", "SELECT what FROM hits").await.len(), 1);
        assert_eq!(t.retry(DBA, 1).await.unwrap_err().code, "no-such-task");
    })
    .await;
}

#[tokio::test]
async fn a_canceled_task_never_runs_and_lets_the_next_go_on() {
    scenario(setup(), async |t| {
        t.push(&[(
            &whole_file("test/db_demo", "1"),
            "ALTER TABLE nowhere ADD COLUMN b INT;",
        )])
        .await;
        t.settle().await;
        t.push(&[(
            &whole_file("test/db_demo", "2"),
            "CREATE TABLE two (id INT PRIMARY KEY);",
        )])
        .await;
        t.settle().await;
        assert_eq!(t.status(2).await, "Open; test/db_demo 2 Waiting");
        t.cancel(DBA, 1, "a mistake").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Canceled; test/db_demo 1 Canceled");
        assert_eq!(t.status(2).await, "Done; test/db_demo 2 Done");
        assert_eq!(t.applied("test/db_demo").await, ["2"]);
    })
    .await;
}

#[tokio::test]
async fn a_rotation_under_way_does_not_stop_a_change_and_a_wrong_secret_does() {
    scenario(Setup::small(), async |t| {
        let create = |n: u32| format!("CREATE TABLE t{n} (id INT NOT NULL PRIMARY KEY)");
        // The secret is new and the server is not: the version before it is still the one.
        t.change_secret("test", "not yet");
        t.push(&[(&whole_file("test/db_demo", "1"), &create(1))]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
        t.change_secret("test", "nor this");
        t.push(&[(&whole_file("test/db_demo", "2"), &create(2))]).await;
        t.settle().await;
        let view = t.view(2).await;
        let TaskStatus::Failed(failure) = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert_eq!(failure.code, "login-refused");
        assert!(!failure.message.contains("nor this"), "{}", failure.message);
    })
    .await;
}
