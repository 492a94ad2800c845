//! A statement that takes longer than any function may: it is left to the server, and followed.

use driver::{Patience, Trouble};
use e2e::{Ground, SOON, only_task};
use model::{TaskStatus, Work};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long the statement is to take.
const TAKES: Duration = Duration::from_mins(4);
/// How long a worker follows it at most before it leaves it to the next one.
const SLICE: Duration = Duration::from_mins(2);
/// How long one row of the table takes when it is copied, at least: then the work is seen to move.
const ROW: Duration = Duration::from_millis(10);

/// How many bytes are hashed for each row, so that a row takes long enough on this machine: the least of several times
/// counts, for others may be at work on it.
fn bytes(ground: &Ground, table: &str) -> Result<u64, Trouble> {
    const TRIED: u64 = 1_000_000;
    const ROWS: u32 = 40;
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        ground.sql.run(&format!(
            "SELECT COUNT(SHA2(REPEAT(a, {TRIED}), 512)) FROM {table} WHERE id <= {ROWS}"
        ))?;
        best = best.min(began.elapsed() / ROWS);
    }
    let nanos = u64::try_from(best.as_nanos().max(1)).unwrap_or(u64::MAX);
    let wanted = u64::try_from(ROW.as_nanos()).unwrap_or(u64::MAX);
    Ok((TRIED * wanted / nanos).clamp(100_000, 60_000_000))
}

#[test]
fn an_alter_of_four_minutes_is_applied_through_slices() -> Result<(), Trouble> {
    let mut ground = Ground::take("long")?;
    let place = ground.database()?;
    let rows = TAKES.as_millis() / ROW.as_millis();
    ground.sql.run(&format!(
        "SET SESSION cte_max_recursion_depth = 1000000; \
         CREATE TABLE `{0}`.big (id INT PRIMARY KEY, a CHAR(1) NOT NULL DEFAULT 'x'); \
         INSERT INTO `{0}`.big (id) WITH RECURSIVE n AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM n WHERE id < {rows}) \
         SELECT id FROM n",
        place.name
    ))?;
    // Each row that is copied is hashed.
    let alter = format!(
        "ALTER TABLE big ADD COLUMN hash CHAR(128) AS (SHA2(REPEAT(a, {}), 512)) STORED, ALGORITHM = COPY;",
        bytes(&ground, &format!("`{}`.big", place.name))?
    );
    let commit = ground.push(&[place.ddl("1", &alter)], "Take four minutes")?;
    let began = Instant::now();
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    let mut seen: BTreeSet<u64> = BTreeSet::new();
    let mut told: Vec<Work> = Vec::new();
    let task = Patience::seconds(TAKES.as_secs() * 3).until("the task is Done", || {
        let issue = ground.driver.issue(number)?;
        let view = only_task(&issue)?.clone();
        match &view.status {
            TaskStatus::Following { work: Some(work), .. } => {
                if seen.insert(work.completed) {
                    told.push(work.clone());
                }
                Ok(Err(work.to_string()))
            }
            TaskStatus::Done => Ok(Ok(view)),
            TaskStatus::Ready | TaskStatus::Running { .. } | TaskStatus::Following { .. } => {
                Ok(Err(view.status.word().to_owned()))
            }
            TaskStatus::Waiting(_)
            | TaskStatus::Ending { .. }
            | TaskStatus::Failed(_)
            | TaskStatus::Ambiguous { .. }
            | TaskStatus::Canceled { .. }
            | TaskStatus::Skipped { .. } => panic!("{:?}", view.status),
        }
    })?;
    let took = began.elapsed();
    for work in &told {
        println!("{work}");
    }
    println!("done after {} s, in {} runs", took.as_secs(), task.task.attempt);
    assert!(
        took > TAKES / 2,
        "the statement was too quick to show anything: {took:?}"
    );
    // One for each slice that left it to the server; on a machine that got faster meanwhile there are fewer.
    let slices = usize::try_from(took.as_secs() / SLICE.as_secs()).unwrap_or(usize::MAX);
    assert!(told.len() >= slices, "progress was told too rarely: {told:?}");
    assert!(told.is_sorted_by_key(|work| work.completed), "{told:?}");
    assert!(told.iter().all(|work| work.percent().is_some()), "{told:?}");
    assert_eq!(ground.sql.columns(&place.name, "big")?, ["id", "a", "hash"]);
    let journal = ground.sql.column(&format!(
        "SELECT CONCAT(outcome, ' ', duration_ms > {}) FROM _sluice.journal WHERE schema_name = '{}'",
        TAKES.as_millis() / 2,
        place.name
    ))?;
    assert_eq!(journal, ["done 1"], "one statement, sent once");
    let revisions = ground.sql.column(&format!(
        "SELECT version FROM _sluice.revisions WHERE schema_name = '{}'",
        place.name
    ))?;
    assert_eq!(revisions, ["1"], "one revision");
    Ok(())
}
