//! A process fails at every call of every port, in every way; what is left in the end is always the same.

use futures::stream::{self, StreamExt};
use scenarios::{Afterwards, Blow, Mishap, Setup, World, scenario, whole_file};
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use workflow::ports::github::CheckState;

/// A table, rows that count how often they were made, and a column.
const SQL: &str = "CREATE TABLE course (id INT NOT NULL PRIMARY KEY);\n\
    INSERT INTO hits (what) SELECT CONCAT('after ', COUNT(*)) FROM (SELECT what FROM hits) AS earlier;\n\
    ALTER TABLE course ADD COLUMN room INT;\n";

/// How many stories are told at once: they wait for the server most of the time.
const AT_ONCE: usize = 6;

fn setup() -> Setup {
    Setup {
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20));",
        ..Setup::small()
    }
}

/// One push, until everything is at rest or the process is dead.
async fn story(t: &World) {
    t.push(&[(&whole_file("test/db_demo", "1"), SQL)]).await;
    t.settle().await;
}

/// What is left in the end, whatever befell.
async fn end(t: &World) {
    assert_eq!(t.issues().await, 1, "one issue");
    assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
    assert_eq!(t.columns("test/db_demo", "course").await, ["id", "room"]);
    let hits = t.sql("test/db_demo", "SELECT what FROM hits").await;
    assert_eq!(hits, [[Some("after 0".to_owned())]], "one row");
    let revisions = t.revisions("test/db_demo").await;
    assert_eq!(revisions.len(), 1, "one revision");
    let pushed = t.view(1).await.issue.commit;
    let check = t.check(&pushed);
    assert_eq!(
        (check.state, check.title.as_str()),
        (CheckState::Success, "Issue 1: 1 done")
    );
    let written = t.written_back("bytebase/test/.db_demo##LATEST.sql");
    assert_eq!(written, Some(t.revision("test/db_demo", "1").await.schema));
    assert_eq!(t.write_backs(), 1, "one commit by write-back");
}

/// The calls of the story when nothing goes wrong.
async fn calls() -> Vec<&'static str> {
    let mut calls = Vec::new();
    scenario(setup(), async |t| {
        story(t).await;
        calls = t.fate.calls();
        end(t).await;
    })
    .await;
    calls
}

async fn cell(blow: Blow) -> bool {
    let told = scenario(setup(), async |t| {
        t.fate.deal(blow);
        story(t).await;
        t.recover().await;
        if blow.afterwards == Afterwards::Well {
            t.take_faults();
        }
        end(t).await;
    });
    futures::FutureExt::catch_unwind(AssertUnwindSafe(Box::pin(told)))
        .await
        .is_ok()
}

/// Every call in one way: how many cells passed, or which did not.
async fn every_call(mishap: Mishap, afterwards: Afterwards) -> Result<String, String> {
    let began = Instant::now();
    let calls = calls().await;
    let cells = stream::iter(1..=calls.len()).map(|nth| async move {
        let blow = Blow {
            nth,
            of: None,
            mishap,
            afterwards,
        };
        (nth, cell(blow).await)
    });
    let mut results: Vec<(usize, bool)> = cells.buffer_unordered(AT_ONCE).collect().await;
    results.sort_unstable();
    let failed: Vec<String> = results
        .iter()
        .filter(|(_, passed)| !passed)
        .map(|(nth, _)| format!("call {nth}, {}", calls[nth - 1]))
        .collect();
    let told = format!(
        "{mishap:?}, {afterwards:?}: {} of {} cells passed in {:.1} s",
        results.len() - failed.len(),
        results.len(),
        began.elapsed().as_secs_f64()
    );
    if failed.is_empty() {
        Ok(told)
    } else {
        Err(format!("{told}; failed: {failed:#?}"))
    }
}

macro_rules! every_call {
    ($($test:ident: $mishap:ident, $afterwards:ident;)+) => {$(
        #[tokio::test]
        async fn $test() {
            match every_call(Mishap::$mishap, Afterwards::$afterwards).await {
                Ok(passed) => println!("{passed}"),
                Err(failed) => panic!("{failed}"),
            }
        }
    )+};
}

every_call! {
    a_request_is_lost_at_every_call: RequestLost, Well;
    a_reply_is_lost_at_every_call: ReplyLost, Well;
    the_process_dies_before_every_call: RequestLost, Dead;
    the_process_dies_after_every_call: ReplyLost, Dead;
}

/// What a statement read before a death is not read again after it: the rows are others by then.
#[tokio::test]
async fn a_variable_read_from_a_table_keeps_its_value_over_a_death() {
    const SQL: &str = "SET @seen = (SELECT COUNT(*) FROM hits);\n\
        INSERT INTO hits (what) VALUES ('first');\n\
        INSERT INTO hits (what) VALUES (CONCAT('seen ', @seen));\n";
    scenario(setup(), async |t| {
        t.fate.deal(Blow {
            nth: 3,
            of: Some("Locked::execute"),
            mishap: Mishap::RequestLost,
            afterwards: Afterwards::Dead,
        });
        t.push(&[("bytebase/test/db_demo##1##dml##a.sql", SQL)]).await;
        t.settle().await;
        assert!(t.died());
        t.recover().await;
        let status = t.status(1).await;
        let rows = t.sql("test/db_demo", "SELECT what FROM hits ORDER BY n").await;
        let rows: Vec<String> = rows.into_iter().flatten().flatten().collect();
        // Either the value is the one of the first time, or a person is asked.
        let kept = rows == ["first", "seen 0"] && status.ends_with("Done");
        let asked = rows == ["first"] && !status.ends_with("Done");
        assert!(kept || asked, "{status}: {rows:?}");
    })
    .await;
}
