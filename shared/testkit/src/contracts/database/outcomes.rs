//! Statements that are one with their outcome.

use super::{busy, eventually, held, intent, key, ok, one, run, tidy};
use crate::scratch::{Administrator, Scratch};
use model::{ChangeType, Checksum, Version};
use workflow::ports::database::{
    AppliedChange, Databases, ExecuteError, Executed, Execution, Intent, Locked, Outcome,
};

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
    let good = session
        .execute(
            &key("1"),
            &intent(1),
            "UPDATE t SET n = n + 1",
            Execution::WithOutcome,
        )
        .await;
    assert!(matches!(good, Ok(Executed { rows: 3, .. })), "{good:?}");
    let bad = session
        .execute(
            &key("1"),
            &intent(2),
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
    assert_eq!(outcomes, [(Outcome::Done, Some(3)), (Outcome::Failed, None)]);
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
        let executed = session
            .execute(&key("1"), &intent(index), statement, Execution::WithOutcome)
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
/// is kept until both are there.
pub async fn rows_and_their_outcome_outlive_the_client<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let elsewhere = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    run(&mut session, TABLE).await;
    run(&mut session, ROWS).await;
    let name = scratch.name();
    let mut rows = held(databases, server, &elsewhere).await;
    block(&mut rows, &format!("SELECT id FROM {name}.t")).await;
    {
        let statement = format!("UPDATE t /* {name} */ SET n = n + 1");
        let (key, intent) = (key("1"), intent(1));
        let left = session.execute(&key, &intent, &statement, Execution::WithOutcome);
        let mark = format!("UPDATE t /* {name}");
        tokio::select! {
            result = left => panic!("ended early: {result:?}"),
            () = blocked(server, &mark) => {}
        }
    }
    drop(session);
    busy(databases, server, &scratch, "the statement waits").await;
    assert_eq!(one(server, &sum(&scratch)).await, "3 0");
    run(&mut rows, "COMMIT").await;
    let mut next = held(databases, server, &scratch).await;
    let entry = ok(next.journal(&key("1")).await).pop();
    let written = entry.map(|entry| (entry.outcome, entry.rows, entry.duration.is_some()));
    assert_eq!(written, Some((Outcome::Done, Some(3), true)));
    assert_eq!(one(server, &sum(&scratch)).await, "3 3");
    tidy::<D>(rows, server, elsewhere).await;
    tidy::<D>(next, server, scratch).await;
}

/// Where the intent can't be written nothing is sent, and it is no refusal of the statement. The sessions' limit for row
/// locks should be short.
pub async fn without_an_intent_nothing_is_sent<D: Databases>(databases: &D, server: &impl Administrator) {
    for execution in [Execution::WithOutcome, Execution::Alone] {
        let (scratch, other) = (Scratch::make(server).await, Scratch::make(server).await);
        let mut session = held(databases, server, &scratch).await;
        run(&mut session, TABLE).await;
        run(&mut session, ROWS).await;
        let first = session
            .execute(
                &key("1"),
                &intent(1),
                "UPDATE t SET n = n",
                Execution::WithOutcome,
            )
            .await;
        assert!(first.is_ok(), "{first:?}");
        let mut blocker = held(databases, server, &other).await;
        block(&mut blocker, &journal(&scratch)).await;
        let result = session
            .execute(&key("1"), &intent(1), "UPDATE t SET n = n + 1", execution)
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
        assert_eq!(entry.map(|entry| entry.outcome), Some(Outcome::Done));
        assert_eq!(one(server, &sum(&scratch)).await, "3 0", "{execution:?}");
        tidy::<D>(blocker, server, other).await;
        tidy::<D>(next, server, scratch).await;
    }
}

/// An outcome that can't be written is no refusal of the statement before it: that has happened, and is never sent again
/// from here. The sessions' limit for row locks should be short, and that for metadata locks long.
pub async fn an_outcome_that_fails_is_not_its_statement<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let (other, third) = (Scratch::make(server).await, Scratch::make(server).await);
    let name = scratch.name();
    let mut session = held(databases, server, &scratch).await;
    run(&mut session, TABLE).await;
    run(&mut session, ROWS).await;
    let mut table = held(databases, server, &other).await;
    run(&mut table, "START TRANSACTION").await;
    run(&mut table, &format!("SELECT id FROM {name}.t")).await;
    let mut outcome = held(databases, server, &third).await;
    let (key, intent) = (key("1"), intent(1));
    let (sent, ()) = tokio::join!(
        session.execute(&key, &intent, "TRUNCATE TABLE t", Execution::Alone),
        async {
            let waits = format!(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{name}' \
                 AND STATE LIKE 'Waiting for table metadata%'"
            );
            eventually("the statement waits for the table", || async {
                (!server.run(&waits).await.is_empty()).then_some(())
            })
            .await;
            block(&mut outcome, &journal(&scratch)).await;
            run(&mut table, "COMMIT").await;
        }
    );
    assert!(matches!(sent, Err(ExecuteError::Lost(_))), "{sent:?}");
    drop(session);
    run(&mut outcome, "COMMIT").await;
    assert_eq!(one(server, &format!("SELECT COUNT(*) FROM {name}.t")).await, "0");
    let mut next = held(databases, server, &scratch).await;
    let entry = ok(next.journal(&key).await).pop();
    assert_eq!(entry.map(|entry| entry.outcome), Some(Outcome::Unknown));
    tidy::<D>(table, server, other).await;
    tidy::<D>(outcome, server, third).await;
    tidy::<D>(next, server, scratch).await;
}

/// Rows of a table without transactions are not undone, so their intent stands before them by itself: without an outcome
/// it says that they may be there.
pub async fn rows_that_stay_have_their_intent_before_them<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    run(
        &mut session,
        "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL) ENGINE = MyISAM",
    )
    .await;
    let well = session
        .execute(&key("1"), &intent(1), ROWS, Execution::WithOutcome)
        .await;
    assert!(matches!(well, Ok(Executed { rows: 3, .. })), "{well:?}");
    {
        let statement = format!("UPDATE t /* {} */ SET n = n + SLEEP(1) + 1", scratch.name());
        let (key, intent) = (key("1"), intent(2));
        let left = session.execute(&key, &intent, &statement, Execution::WithOutcome);
        let mark = format!("UPDATE t /* {}", scratch.name());
        let connection = super::running(server, &mark);
        let connection = tokio::select! {
            result = left => panic!("ended early: {result:?}"),
            connection = connection => connection,
        };
        server.run(&format!("KILL {connection}")).await;
    }
    drop(session);
    let mut next = held(databases, server, &scratch).await;
    let outcomes: Vec<_> = ok(next.journal(&key("1")).await)
        .into_iter()
        .map(|entry| entry.outcome)
        .collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Unknown]);
    tidy::<D>(next, server, scratch).await;
}

/// The change that is applied with its last statement is remembered with that one's outcome, or not at all.
pub async fn a_change_is_remembered_with_its_last_statement<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    run(&mut session, TABLE).await;
    let statements = [
        ("1", "INSERT INTO t VALUES (1, 0)", Execution::WithOutcome, true),
        ("2", "INSERT INTO t VALUES (1, 0)", Execution::WithOutcome, false),
        ("3", "ALTER TABLE t ADD COLUMN a INT", Execution::Alone, true),
        ("4", "ALTER TABLE t ADD COLUMN a INT", Execution::Alone, false),
        ("5", "CREATE PROCEDURE p() SELECT 1", Execution::Alone, true),
        ("6", "CALL p()", Execution::Alone, true),
    ];
    let mut versions = Vec::new();
    for (version, statement, execution, well) in statements {
        let change = applied_change(version);
        versions.push(change.version.key().clone());
        let intent = Intent {
            completes: Some(change.clone()),
            ..intent(1)
        };
        let executed = session
            .execute(&key(version), &intent, statement, execution)
            .await;
        assert_eq!(executed.is_ok(), well, "{statement}: {executed:?}");
        let remembered = ok(session.applied(&[change.version.key().clone()]).await);
        let expected: Vec<_> = std::iter::once(change).filter(|_| well).collect();
        assert_eq!(remembered, expected, "{statement}");
    }
    assert_eq!(ok(session.applied(&versions).await).len(), 4);
    assert_eq!(ok(session.applied(&[]).await), []);
    // The same again is no other.
    ok(session.remember(&applied_change("1")).await);
    assert_eq!(ok(session.applied(&versions).await).len(), 4);
    tidy::<D>(session, server, scratch).await;
}

pub(super) fn applied_change(version: &str) -> AppliedChange {
    AppliedChange {
        version: match Version::parse(version) {
            Ok(version) => version,
            Err(error) => panic!("{error}"),
        },
        change_type: ChangeType::Ddl,
        description: "it's a ☃".to_owned(),
        checksum: Checksum::of(version.as_bytes()),
        statements: 1,
        applied_by: "a contract".to_owned(),
        revision: Some("{\"issue\": 1}".to_owned()),
    }
}

/// A statement that commits by itself can't be one with its outcome, and is not run as if it could.
pub async fn a_definition_is_never_run_with_its_outcome<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let refused = session
        .execute(
            &key("1"),
            &intent(1),
            "CREATE TABLE t (id INT)",
            Execution::WithOutcome,
        )
        .await;
    assert!(
        matches!(refused, Err(ExecuteError::Refused { .. })),
        "{refused:?}"
    );
    assert_eq!(ok(session.snapshot().await).text, "");
    tidy::<D>(session, server, scratch).await;
}
