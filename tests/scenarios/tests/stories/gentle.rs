//! What others feel of a change: tables that nobody can write to, transactions that are too large, locks that others hold.

use crate::race::until_waiting;
use model::TaskStatus;
use scenarios::{DBA, Setup, scenario, whole_file};
use workflow::ports::github::CheckState;

fn setup() -> Setup {
    Setup {
        environments: vec![("prod", 1)],
        databases: vec![("prod", "db_demo".to_owned())],
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20)); \
                   INSERT INTO hits (what) WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 500) \
                   SELECT 'x' FROM r; ANALYZE TABLE hits;",
        ..Setup::default()
    }
}

#[tokio::test]
async fn what_blocks_a_large_table_is_approved_as_such() {
    let setup = Setup {
        blocking_over_mib: Some(0),
        ..setup()
    };
    scenario(setup, async |t| {
        let path = whole_file("prod/db_demo", "1");
        let sql = "ALTER TABLE hits ADD COLUMN room INT;\nALTER TABLE hits MODIFY what VARCHAR(300);";
        let pushed = t.push(&[(&path, sql)]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        // The rehearsal found what nobody was shown: nothing was applied, and the approval covers it no more.
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        assert_eq!(t.columns("prod/db_demo", "hits").await, ["n", "what"]);
        let view = t.view(1).await;
        let blocks = &view.stages[0].tasks[0].task.blocks;
        assert_eq!(blocks.len(), 1, "{blocks:?}");
        assert_eq!((blocks[0].statement, blocks[0].algorithm.as_str()), (2, "COPY"));
        let check = t.check(&pushed);
        assert_eq!(check.state, CheckState::ActionRequired);
        assert!(
            check.summary.contains("statement 2 blocks writes to hits"),
            "{}",
            check.summary
        );
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        assert_eq!(t.columns("prod/db_demo", "hits").await, ["n", "what", "room"]);
    })
    .await;
}

#[tokio::test]
async fn a_statement_on_too_many_rows_is_refused_with_the_advice_to_part_it() {
    let setup = Setup {
        max_rows: Some(100),
        ..setup()
    };
    scenario(setup, async |t| {
        let path = whole_file("prod/db_demo", "1");
        let sql = "UPDATE hits SET what = 'y' WHERE n <= 50;\nUPDATE hits SET what = 'z' WHERE n > 50;";
        t.push(&[(&path, sql)]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        let view = t.view(1).await;
        let TaskStatus::Failed(failure) = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert_eq!(
            (failure.code.as_str(), failure.statement, failure.line),
            ("too-many-rows", Some(2), Some(2))
        );
        for part in ["one statement may change 100", "ranges of the key", "`max_rows`"] {
            assert!(failure.message.contains(part), "{part} in {}", failure.message);
        }
        let parted = format!(
            "{}\nUPDATE hits SET what = 'z' WHERE n BETWEEN 51 AND 99;",
            sql.lines().next().unwrap()
        );
        t.push(&[(&path, &parted)]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
    })
    .await;
}

#[tokio::test]
async fn who_holds_a_table_is_waited_for_and_then_named() {
    let setup = Setup {
        environments: vec![("test", 0)],
        databases: vec![("test", "db_demo".to_owned())],
        ..setup()
    };
    scenario(setup, async |t| {
        let path = whole_file("test/db_demo", "1");
        let held = t.hold("test/db_demo", "hits").await;
        t.push(&[(&path, "ALTER TABLE hits ADD COLUMN room INT;")]).await;
        t.settle().await;
        let view = t.view(1).await;
        let TaskStatus::Failed(failure) = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert_eq!(failure.code, "mysql-1205");
        for part in ["It waited for connection", "a transaction left open"] {
            assert!(failure.message.contains(part), "{part} in {}", failure.message);
        }
        t.retry(DBA, 1).await.unwrap();
        // Whoever comes back finds the table free.
        let ((), ()) = tokio::join!(t.settle(), async {
            until_waiting(t, true).await;
            held.let_go().await;
        });
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
    })
    .await;
}
