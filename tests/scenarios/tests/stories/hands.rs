//! Tasks in people's hands: ended while they run, settled where nothing tells.

use jiff::SignedDuration;
use model::TaskStatus;
use scenarios::{DBA, DEVELOPER, Setup, World, scenario, whole_file};
use std::time::{Duration, Instant};
use workflow::ports::github::CheckState;
use workflow::work::Looked;

const SQL: &str = "CREATE TABLE course (id INT NOT NULL PRIMARY KEY);\n\
    ALTER TABLE hits ADD COLUMN room INT;\n\
    CREATE TABLE more (id INT NOT NULL PRIMARY KEY);\n";

fn setup() -> Setup {
    Setup {
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20)); \
                   CREATE TABLE calls (what VARCHAR(20)); \
                   CREATE PROCEDURE p() INSERT INTO calls (what) VALUES ('called');",
        ..Setup::small()
    }
}

/// A worker that died while its second statement waits for a table that somebody holds.
async fn left_behind(t: &World) -> scenarios::Held {
    t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
    t.plan_all().await;
    let held = t.hold("test/db_demo", "hits").await;
    let schema = &t.target("test/db_demo").database;
    let query = format!(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = '{schema}' AND STATE LIKE 'Waiting for table metadata%'"
    );
    let waits = async {
        let deadline = Instant::now() + Duration::from_secs(20);
        while t.sql("test/db_demo", &query).await == [[Some("0".to_owned())]] {
            assert!(Instant::now() < deadline, "no statement waits for the table");
        }
    };
    tokio::select! {
        looked = t.look_at(t.target("test/db_demo")) => panic!("the table is held, but the worker came to {looked:?}"),
        () = waits => {}
    }
    t.wait(SignedDuration::from_mins(10));
    held
}

#[tokio::test]
async fn what_runs_is_ended_and_undone_where_somebody_wants_that() {
    scenario(setup(), async |t| {
        let held = left_behind(t).await;
        let target = t.target("test/db_demo");
        let looked = t.look_at(target).await;
        assert!(matches!(looked, Some(Looked::Later { .. })), "{looked:?}");
        let view = t.view(1).await;
        let TaskStatus::Following { at, of, work } = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert_eq!((*at, *of, work.is_some()), (2, 3, true));
        let refused = t.cancel(DBA, 1, "too slow").await.unwrap_err();
        assert_eq!(
            refused.code, "no-such-task",
            "what runs is ended only where it is named"
        );
        t.end_task(DBA, 1, 1, "too slow").await.unwrap();
        assert_eq!(t.status(1).await, "Open; test/db_demo 1 Ending");
        assert_eq!(
            t.end_task(DBA, 1, 1, "again").await.unwrap_err().code,
            "no-such-task"
        );
        t.recover().await;
        assert_eq!(t.status(1).await, "Canceled; test/db_demo 1 Canceled");
        held.let_go().await;
        assert_eq!(
            t.columns("test/db_demo", "hits").await,
            ["n", "what"],
            "it was undone"
        );
        assert_eq!(t.columns("test/db_demo", "course").await, ["id"]);
        assert_eq!(t.columns("test/db_demo", "more").await.len(), 0);
        let view = t.view(1).await;
        let TaskStatus::Canceled { because } = &view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert!(
            because.contains("too slow; statement 1 is applied and stands"),
            "{because}"
        );
        // The file goes on where it was ended, once it has another text after it.
        let path = whole_file("test/db_demo", "1");
        t.push(&[(&path, &SQL.replace("room", "place"))]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
        assert_eq!(t.columns("test/db_demo", "hits").await, ["n", "what", "place"]);
    })
    .await;
}

#[tokio::test]
async fn a_wish_that_comes_too_late_changes_nothing() {
    scenario(setup(), async |t| {
        let held = left_behind(t).await;
        let sql = "ALTER TABLE hits ADD COLUMN room INT;";
        assert!(SQL.contains(sql));
        held.let_go().await;
        t.recover().await;
        assert_eq!(
            t.end_task(DBA, 1, 1, "late").await.unwrap_err().code,
            "no-such-task"
        );
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
    })
    .await;
}

/// The server died before a procedure, or between it and its outcome.
async fn unclear(t: &World, happened: bool) {
    let path = whole_file("test/db_demo", "1");
    let sql =
        "INSERT INTO hits (what) VALUES ('before');\nCALL p();\nINSERT INTO hits (what) VALUES ('after');";
    let held = {
        t.push(&[(&path, sql)]).await;
        t.plan_all().await;
        t.fate.deal(scenarios::Blow {
            nth: 2,
            of: Some("Locked::execute"),
            mishap: scenarios::Mishap::ReplyLost,
            afterwards: scenarios::Afterwards::Dead,
        });
        t.look_at(t.target("test/db_demo")).await
    };
    assert_eq!(held, None, "the worker did not die");
    let schema = t.target("test/db_demo").database.clone();
    t.sql(
        "test/db_demo",
        &format!(
            "UPDATE _sluice.journal SET outcome = 'unknown' WHERE schema_name = '{schema}' AND statement_index = 2"
        ),
    )
    .await;
    if !happened {
        t.sql("test/db_demo", "DELETE FROM calls").await;
    }
    t.recover().await;
}

#[tokio::test]
async fn what_nothing_tells_of_is_settled_by_a_persons_word() {
    for applied in [true, false] {
        scenario(setup(), async |t| {
            unclear(t, applied).await;
            assert_eq!(t.status(1).await, "Open; test/db_demo 1 Ambiguous");
            let view = t.view(1).await;
            let TaskStatus::Ambiguous { at, evidence } = &view.stages[0].tasks[0].status else {
                panic!("{view:?}");
            };
            assert_eq!(*at, 2);
            for part in ["leaves no trace", "`sluice task resolve 1 --applied --because …`"] {
                assert!(evidence.contains(part), "{part} in {evidence}");
            }
            let pushed = view.issue.commit.clone();
            assert_eq!(t.check(&pushed).state, CheckState::Failure);
            assert_eq!(t.resolve("mallory", 1, applied).await.unwrap_err().code, "not-a-member");
            t.resolve(DEVELOPER, 1, applied).await.unwrap();
            assert_eq!(t.resolve(DBA, 1, applied).await.unwrap_err().code, "no-such-task");
            t.settle().await;
            assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done", "applied: {applied}");
            let rows = t.sql("test/db_demo", "SELECT what FROM calls UNION ALL SELECT what FROM hits").await;
            let rows: Vec<String> = rows.into_iter().flatten().flatten().collect();
            assert_eq!(rows, ["called", "before", "after"], "applied: {applied}");
            let schema = &t.target("test/db_demo").database;
            let because = t
                .sql(
                    "test/db_demo",
                    &format!(
                        "SELECT settled_because FROM _sluice.journal WHERE schema_name = '{schema}' AND statement_index = 2"
                    ),
                )
                .await;
            if applied {
                let because = because.into_iter().flatten().flatten().next().unwrap_or_default();
                assert!(because.contains("user/developer: looked at the server"), "{because}");
            }
        })
        .await;
    }
}
