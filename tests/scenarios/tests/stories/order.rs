//! Order: inside a target, over environments, and never between targets that have nothing to do with each other.

use scenarios::{DBA, Setup, scenario, whole_file};

const NO_ENVIRONMENT: &str = "{{DB_NAME}}##{{VERSION}}##{{TYPE}}##{{DESCRIPTION}}.sql";

#[tokio::test]
async fn versions_of_a_target_run_in_order_whatever_the_order_of_files() {
    scenario(Setup::small(), async |t| {
        let path = |version| whole_file("test/db_demo", version);
        t.push(&[
            (&path("10"), "ALTER TABLE t ADD COLUMN ten INT;"),
            (&path("9"), "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);"),
            (&path("11"), "ALTER TABLE t DROP COLUMN ten;"),
        ])
        .await;
        t.settle().await;
        assert_eq!(t.applied("test/db_demo").await, ["9", "10", "11"]);
        assert_eq!(t.columns("test/db_demo", "t").await, ["id"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_without_environment_goes_through_them_in_order() {
    let setup = Setup {
        file_path_template: Some(NO_ENVIRONMENT),
        ..Setup::default()
    };
    scenario(setup, async |t| {
        t.push(&[(
            "bytebase/db_demo##1##ddl##a.sql",
            "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);",
        )])
        .await;
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Done; prod/db_demo 1 Waiting"
        );
        assert!(t.columns("prod/db_demo", "t").await.is_empty());
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Done; prod/db_demo 1 Done"
        );
        assert_eq!(t.columns("prod/db_demo", "t").await, ["id"]);
        assert_eq!(t.write_backs(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_later_stage_waits_for_an_earlier_one_even_when_approved() {
    let setup = Setup {
        file_path_template: Some(NO_ENVIRONMENT),
        ..Setup::default()
    };
    scenario(setup, async |t| {
        let path = "bytebase/db_demo##1##ddl##a.sql";
        t.push(&[(path, "ALTER TABLE nowhere ADD COLUMN a INT;")]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Failed; prod/db_demo 1 Waiting"
        );
        t.push(&[(path, "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);")])
            .await;
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Done; prod/db_demo 1 Waiting"
        );
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
async fn a_failed_version_holds_the_higher_ones_of_its_target_only() {
    scenario(Setup::wide(2), async |t| {
        let bad = whole_file("test/db_0", "1");
        t.push(&[
            (&bad, "ALTER TABLE nowhere ADD COLUMN a INT;"),
            (
                &whole_file("test/db_0", "2"),
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);",
            ),
            (
                &whole_file("test/db_1", "1"),
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);",
            ),
            (&whole_file("test/db_1", "2"), "ALTER TABLE t ADD COLUMN a INT;"),
        ])
        .await;
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_0 1 Failed; test/db_0 2 Waiting; test/db_1 1 Done; test/db_1 2 Done"
        );
        // A later push to the same target waits as well; to the other it does not.
        t.push(&[
            (&whole_file("test/db_0", "3"), "ALTER TABLE t ADD COLUMN c INT;"),
            (&whole_file("test/db_1", "3"), "ALTER TABLE t ADD COLUMN c INT;"),
        ])
        .await;
        t.settle().await;
        assert_eq!(t.status(2).await, "Open; test/db_0 3 Waiting; test/db_1 3 Done");
        t.push(&[(&bad, "CREATE TABLE first (id INT NOT NULL PRIMARY KEY);")])
            .await;
        t.settle().await;
        assert_eq!(t.applied("test/db_0").await, ["1", "2", "3"]);
        assert_eq!(t.status(2).await, "Done; test/db_0 3 Done; test/db_1 3 Done");
    })
    .await;
}
