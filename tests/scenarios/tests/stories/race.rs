//! Two at once.

use jiff::SignedDuration;
use scenarios::{Setup, World, scenario, whole_file};
use std::time::{Duration, Instant};
use workflow::work::Looked;

const SQL: &str = "CREATE TABLE course (id INT NOT NULL PRIMARY KEY);\n\
    INSERT INTO hits (what) VALUES ('once');\n\
    ALTER TABLE hits ADD COLUMN room INT;\n";

fn setup() -> Setup {
    Setup {
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20));",
        ..Setup::small()
    }
}

async fn end(t: &World) {
    assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
    assert_eq!(t.columns("test/db_demo", "hits").await, ["n", "what", "room"]);
    assert_eq!(t.sql("test/db_demo", "SELECT n FROM hits").await.len(), 1);
    assert_eq!(t.revisions("test/db_demo").await.len(), 1);
    assert_eq!((t.issues().await, t.write_backs()), (1, 1));
}

async fn planned(t: &World) {
    t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
    t.plan_all().await;
}

#[tokio::test]
async fn two_workers_look_at_one_target() {
    scenario(setup(), async |t| {
        planned(t).await;
        let target = t.target("test/db_demo");
        let (one, other) = tokio::join!(t.look_at(target), t.look_at(target));
        let mut looked = [one, other].map(Option::unwrap);
        looked.sort_by_key(|looked| *looked != Looked::Busy);
        assert_eq!(looked, [Looked::Busy, Looked::Idle { moved: 1 }]);
        t.settle().await;
        end(t).await;
    })
    .await;
}

#[tokio::test]
async fn two_planners_plan_one_push() {
    scenario(setup(), async |t| {
        t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
        let pointers = t.queue.inner().take_pointers();
        tokio::join!(t.plan(&pointers[0]), t.plan(&pointers[0]));
        t.settle().await;
        end(t).await;
    })
    .await;
}

/// Until the ALTER is on the server and waits, or is gone.
pub(crate) async fn until_waiting(t: &World, waiting: bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let schema = t.target("test/db_demo").database.clone();
    let query = format!(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = '{schema}' \
         AND STATE = 'Waiting for table metadata lock'"
    );
    let expected = if waiting { "1" } else { "0" };
    while t.sql("test/db_demo", &query).await != [[Some(expected.to_owned())]] {
        assert!(
            Instant::now() < deadline,
            "waited for an ALTER that waits: {waiting}"
        );
    }
}

#[tokio::test]
async fn a_lease_runs_out_while_its_worker_still_works() {
    scenario(setup(), async |t| {
        planned(t).await;
        t.sql("test/db_demo", "INSERT INTO hits (what) VALUES ('before'); DELETE FROM hits; ALTER TABLE hits AUTO_INCREMENT = 1").await;
        let held = t.hold("test/db_demo", "hits").await;
        let target = t.target("test/db_demo");
        let slow = t.look_at(target);
        let meanwhile = async {
            until_waiting(t, true).await;
            t.wait(SignedDuration::from_mins(10));
            // The lease is free, but the server's lock is not.
            let looked = t.look_at(target).await;
        assert!(matches!(looked, Some(Looked::Later { .. })), "{looked:?}");
            assert_eq!(t.status(1).await, "Open; test/db_demo 1 Following");
            held.let_go().await;
        };
        tokio::join!(slow, meanwhile);
        t.recover().await;
        t.take_faults();
        end(t).await;
    })
    .await;
}

#[tokio::test]
async fn a_statement_goes_on_although_its_worker_is_dead() {
    scenario(setup(), async |t| {
        planned(t).await;
        let held = t.hold("test/db_demo", "hits").await;
        let target = t.target("test/db_demo");
        tokio::select! {
            looked = t.look_at(target) => panic!("the table is held, but the worker came to {looked:?}"),
            () = until_waiting(t, true) => {}
        }
        t.wait(SignedDuration::from_mins(10));
        let looked = t.look_at(target).await;
        assert!(matches!(looked, Some(Looked::Later { .. })), "{looked:?}");
        assert_eq!(t.status(1).await, "Open; test/db_demo 1 Following");
        held.let_go().await;
        until_waiting(t, false).await;
        t.recover().await;
        end(t).await;
    })
    .await;
}
