//! Statements that are one with their outcome.

use super::{eventually, held, intent, key, ok, one, run, tidy};
use crate::scratch::{Administrator, Scratch};
use std::time::Duration;
use workflow::ports::database::{Databases, ExecuteError, Executed, Execution, Lock, Locked, Outcome};

const TABLE: &str = "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL)";
const ROWS: &str = "INSERT INTO t VALUES (1, 0), (2, 0), (3, 0)";

/// The query for what [`TABLE`] holds: how many rows, and the sum of them.
fn sum(scratch: &Scratch) -> String {
    format!("SELECT CONCAT(COUNT(*), ' ', SUM(n)) FROM {}.t", scratch.name())
}

/// The query for the journal's row of a schema's first statement, by its whole key: locking it locks no other's.
fn journal(scratch: &Scratch) -> String {
    format!(
        "SELECT outcome FROM _sluice.journal WHERE schema_name = '{}' AND version_key = '{}' AND statement_index = 1",
        scratch.name(),
        key("1").version.as_str(),
    )
}

/// Locks the rows of a query until the session commits.
async fn block(session: &mut impl Locked, query: &str) {
    run(session, "START TRANSACTION").await;
    run(session, &format!("{query} FOR UPDATE")).await;
}

/// Makes sure that the target's lock is taken.
async fn busy<D: Databases>(databases: &D, server: &impl Administrator, scratch: &Scratch) {
    match databases
        .lock(&server.login(), &scratch.target, Duration::ZERO)
        .await
    {
        Ok(Lock::Busy { .. }) => {}
        Ok(Lock::Held(_)) => panic!("the lock is free while the statement or its outcome waits"),
        Err(error) => panic!("{error:?}"),
    }
}

/// Until a statement that holds this text waits for somebody's row lock.
async fn blocked(server: &impl Administrator, text: &str) {
    let query = format!(
        "SELECT t.PROCESSLIST_ID FROM performance_schema.data_lock_waits w JOIN performance_schema.threads t \
         ON t.THREAD_ID = w.REQUESTING_THREAD_ID WHERE t.PROCESSLIST_INFO LIKE '%{text}%'"
    );
    eventually(&format!("a wait of a statement that holds {text}"), || async {
        (!server.run(&query).await.is_empty()).then_some(())
    })
    .await;
}

/// A statement and its outcome happen both, or neither.
pub async fn rows_and_their_outcome_are_one<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    run(&mut session, TABLE).await;
    run(&mut session, ROWS).await;
    for index in [1, 2] {
        ok(session.intend(&key("1"), &intent(index, 1)).await);
    }
    let good = session
        .execute(&key("1"), 1, "UPDATE t SET n = n + 1", Execution::WithOutcome)
        .await;
    assert!(matches!(good, Ok(Executed { rows: 3, .. })), "{good:?}");
    let bad = session
        .execute(
            &key("1"),
            2,
            "INSERT INTO t VALUES (4, 1), (1, 1) -- twice",
            Execution::WithOutcome,
        )
        .await;
    assert!(
        matches!(bad, Err(ExecuteError::Refused { code: 1062, .. })),
        "{bad:?}"
    );
    let entries = ok(session.journal(&key("1")).await);
    let outcomes: Vec<_> = entries.iter().map(|entry| (entry.outcome, entry.rows)).collect();
    assert_eq!(outcomes, [(Outcome::Done, Some(3)), (Outcome::Unknown, None)]);
    assert_eq!(one(server, &sum(&scratch)).await, "3 3");
    tidy::<D>(session, server, scratch).await;
}

/// Comments, the delimiter and result sets do not come between a statement and its outcome.
pub async fn any_text_is_one_with_its_outcome<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    run(&mut session, TABLE).await;
    run(&mut session, ROWS).await;
    let cases = [
        ("UPDATE t SET n = n + 1 -- one; more", 3),
        ("UPDATE t SET n = n + 1 # one; more", 3),
        ("UPDATE t SET n = n + 1 --", 3),
        ("/* one; */ UPDATE t SET n = n + 1 /* more */", 3),
        ("UPDATE t SET n = n + 1;", 3),
        ("UPDATE t SET n = n; -- one more", 3),
        ("UPDATE t SET n = n /*!80000 LIMIT 2 */", 2),
        ("UPDATE t SET n = n /*!99999 LIMIT 2 */", 3),
        ("SELECT id FROM t -- rows", 0),
        ("WITH w AS (SELECT 1 AS one) SELECT * FROM w", 0),
        (
            "WITH w AS (SELECT 1 AS one) UPDATE t, w SET n = n WHERE id = one",
            1,
        ),
        ("DO 1", 0),
        ("DELETE FROM t WHERE id > 3", 0),
        ("INSERT INTO t SELECT id + 10, n FROM t # rows", 3),
    ];
    for (index, (statement, rows)) in (1..).zip(cases) {
        ok(session.intend(&key("1"), &intent(index, 1)).await);
        let executed = session
            .execute(&key("1"), index, statement, Execution::WithOutcome)
            .await;
        let told = executed.as_ref().map(|executed| executed.rows).ok();
        assert_eq!(told, Some(rows), "{statement}: {executed:?}");
        let entry = ok(session.journal(&key("1")).await).pop();
        let written = entry.map(|entry| (entry.outcome, entry.rows, entry.duration.is_some()));
        assert_eq!(written, Some((Outcome::Done, Some(rows), true)), "{statement}");
    }
    assert_eq!(one(server, &sum(&scratch)).await, "6 30");
    tidy::<D>(session, server, scratch).await;
}

/// A statement whose client is gone is finished by the server, and so is its outcome: it is never run again. The lock
/// is kept until both are there, also where the server finds out half way that nobody listens.
pub async fn rows_and_their_outcome_outlive_the_client<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let (elsewhere, otherwhere) = (Scratch::make(server).await, Scratch::make(server).await);
    let mut session = held(databases, server, &scratch).await;
    run(&mut session, TABLE).await;
    run(&mut session, ROWS).await;
    ok(session.intend(&key("1"), &intent(1, 1)).await);
    let name = scratch.name();
    let mut rows = held(databases, server, &elsewhere).await;
    block(&mut rows, &format!("SELECT id FROM {name}.t")).await;
    let mut outcome = held(databases, server, &otherwhere).await;
    block(&mut outcome, &journal(&scratch)).await;
    {
        let statement = format!("UPDATE t /* {name} */ SET n = n + 1");
        let key = key("1");
        let left = session.execute(&key, 1, &statement, Execution::WithOutcome);
        let mark = format!("UPDATE t /* {name}");
        tokio::select! {
            result = left => panic!("ended early: {result:?}"),
            () = blocked(server, &mark) => {}
        }
    }
    drop(session);
    busy(databases, server, &scratch).await;
    run(&mut rows, "COMMIT").await;
    blocked(server, &format!("UPDATE \\_sluice.journal%{name}")).await;
    busy(databases, server, &scratch).await;
    assert_eq!(one(server, &sum(&scratch)).await, "3 0");
    run(&mut outcome, "COMMIT").await;
    let mut next = held(databases, server, &scratch).await;
    let entry = ok(next.journal(&key("1")).await).pop();
    let written = entry.map(|entry| (entry.outcome, entry.rows, entry.duration.is_some()));
    assert_eq!(written, Some((Outcome::Done, Some(3), true)));
    assert_eq!(one(server, &sum(&scratch)).await, "3 3");
    tidy::<D>(rows, server, elsewhere).await;
    tidy::<D>(outcome, server, otherwhere).await;
    tidy::<D>(next, server, scratch).await;
}

/// Where the outcome can't be written the rows are undone, and it is no refusal of the statement. The sessions' limit
/// for row locks should be short.
pub async fn an_outcome_that_cannot_be_written_undoes_the_rows<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let (scratch, other) = (Scratch::make(server).await, Scratch::make(server).await);
    let mut session = held(databases, server, &scratch).await;
    run(&mut session, TABLE).await;
    run(&mut session, ROWS).await;
    ok(session.intend(&key("1"), &intent(1, 1)).await);
    let mut blocker = held(databases, server, &other).await;
    block(&mut blocker, &journal(&scratch)).await;
    let result = session
        .execute(&key("1"), 1, "UPDATE t SET n = n + 1", Execution::WithOutcome)
        .await;
    match result {
        Err(ExecuteError::Lost(fault)) => assert_eq!(fault.class(), "fault.retry", "{fault:?}"),
        other => panic!("{other:?}"),
    }
    assert!(session.snapshot().await.is_err(), "the connection was used again");
    drop(session);
    run(&mut blocker, "COMMIT").await;
    let mut next = held(databases, server, &scratch).await;
    let entry = ok(next.journal(&key("1")).await).pop();
    assert_eq!(entry.map(|entry| entry.outcome), Some(Outcome::Unknown));
    assert_eq!(one(server, &sum(&scratch)).await, "3 0");
    tidy::<D>(blocker, server, other).await;
    tidy::<D>(next, server, scratch).await;
}

/// A statement that commits by itself can't be one with its outcome, and is not run as if it could.
pub async fn a_definition_is_never_run_with_its_outcome<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    ok(session.intend(&key("1"), &intent(1, 1)).await);
    let refused = session
        .execute(&key("1"), 1, "CREATE TABLE t (id INT)", Execution::WithOutcome)
        .await;
    assert!(
        matches!(refused, Err(ExecuteError::Refused { .. })),
        "{refused:?}"
    );
    assert_eq!(ok(session.snapshot().await).text, "");
    tidy::<D>(session, server, scratch).await;
}
