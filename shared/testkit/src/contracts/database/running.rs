//! Statements.

use super::{eventually, held, intent, key, ok, one, tidy};
use crate::scratch::{Administrator, Scratch};
use std::time::Duration;
use workflow::ports::database::{Databases, ExecuteError, Executed, Execution, Lock, Locked, Outcome};

const TABLE: &str = "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL)";
const ROWS: &str = "INSERT INTO t VALUES (1, 0), (2, 0), (3, 0)";

/// The query for what [`TABLE`] holds: how many rows, and the sum of them.
fn sum(scratch: &Scratch) -> String {
    format!("SELECT CONCAT(COUNT(*), ' ', SUM(n)) FROM {}.t", scratch.name())
}

/// Until a statement that holds this text waits for somebody's row lock.
async fn blocked(server: &impl Administrator, text: &str) {
    let query = format!(
        "SELECT trx_id FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE '%{text}%'"
    );
    eventually(&format!("a wait of a statement that holds {text}"), || async {
        (!server.run(&query).await.is_empty()).then_some(())
    })
    .await;
}

async fn run(session: &mut impl Locked, statement: &str) -> Executed {
    match session.execute(&key("1"), 1, statement, Execution::Alone).await {
        Ok(executed) => executed,
        Err(error) => panic!("{statement}: {error:?}"),
    }
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
        ("SELECT id FROM t -- rows", 0),
        ("WITH w AS (SELECT 1 AS one) SELECT * FROM w", 0),
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
/// is kept until both are there.
pub async fn rows_and_their_outcome_outlive_the_client<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let (scratch, other) = (Scratch::make(server).await, Scratch::make(server).await);
    let mut session = held(databases, server, &scratch).await;
    run(&mut session, TABLE).await;
    run(&mut session, ROWS).await;
    ok(session.intend(&key("1"), &intent(1, 1)).await);
    let mut blocker = held(databases, server, &other).await;
    run(&mut blocker, "START TRANSACTION").await;
    let rows = format!("SELECT id FROM {}.t FOR UPDATE", scratch.name());
    run(&mut blocker, &rows).await;
    {
        let mark = format!("{}_left", scratch.name());
        let statement = format!("UPDATE t SET n = n + 1 /* {mark} */");
        let key = key("1");
        let left = session.execute(&key, 1, &statement, Execution::WithOutcome);
        tokio::select! {
            result = left => panic!("ended early: {result:?}"),
            () = blocked(server, &mark) => {}
        }
    }
    drop(session);
    match databases
        .lock(&server.login(), &scratch.target, Duration::ZERO)
        .await
    {
        Ok(Lock::Busy { .. }) => {}
        Ok(Lock::Held(_)) => panic!("the lock is free while the statement waits"),
        Err(error) => panic!("{error:?}"),
    }
    assert_eq!(one(server, &sum(&scratch)).await, "3 0");
    run(&mut blocker, "COMMIT").await;
    let mut next = held(databases, server, &scratch).await;
    let entry = ok(next.journal(&key("1")).await).pop();
    let written = entry.map(|entry| (entry.outcome, entry.rows, entry.duration.is_some()));
    assert_eq!(written, Some((Outcome::Done, Some(3), true)));
    assert_eq!(one(server, &sum(&scratch)).await, "3 3");
    tidy::<D>(blocker, server, other).await;
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
    run(&mut blocker, "START TRANSACTION").await;
    let journal = format!(
        "SELECT outcome FROM _sluice.journal WHERE schema_name = '{}' FOR UPDATE",
        scratch.name()
    );
    run(&mut blocker, &journal).await;
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

/// The server's refusal comes with its number and its words, and the session goes on.
pub async fn a_refusal_is_told_in_the_servers_words<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    for execution in [Execution::Alone, Execution::WithOutcome] {
        let refused = session
            .execute(&key("1"), 1, "UPDATE nowhere SET a = 1", execution)
            .await;
        match refused {
            Err(ExecuteError::Refused {
                code,
                sqlstate,
                message,
            }) => {
                assert_eq!((code, sqlstate.as_str()), (1146, "42S02"));
                assert!(message.contains("nowhere' doesn't exist"), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ok(session.snapshot().await).text, "");
    tidy::<D>(session, server, scratch).await;
}

/// Two statements in one text: neither is run, however they are hidden.
pub async fn two_statements_in_one_text_are_refused<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    ok(session.intend(&key("1"), &intent(1, 1)).await);
    for text in [
        "CREATE TABLE a (id INT); CREATE TABLE b (id INT)",
        "CREATE TABLE a (id INT); SELECT 1",
        "SELECT 1; DROP TABLE a",
        "CREATE TABLE a (id INT) /*!99999 x */; -- y\nCREATE TABLE b (id INT)",
        "CREATE PROCEDURE p() SELECT 1; CREATE TABLE a (id INT)",
    ] {
        for execution in [Execution::Alone, Execution::WithOutcome] {
            let refused = session.execute(&key("1"), 1, text, execution).await;
            assert!(
                matches!(refused, Err(ExecuteError::Refused { code: 1064, .. })),
                "{text}: {refused:?}"
            );
        }
    }
    assert_eq!(ok(session.snapshot().await).text, "");
    tidy::<D>(session, server, scratch).await;
}

/// Statements that the server can't prepare are run all the same; result sets are read past.
pub async fn every_kind_of_statement_is_run<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    for statement in [
        "CREATE TABLE t (id INT PRIMARY KEY)",
        "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2 UNION SELECT 3; INSERT INTO t VALUES (1); END",
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id + 1",
        "CREATE EVENT e ON SCHEDULE AT '2100-01-01' DO DELETE FROM t",
        "CALL p()",
        "SELECT * FROM t",
        "SET @x = 1",
        "CREATE TABLE é (ü VARCHAR(20) DEFAULT '☃')",
    ] {
        run(&mut session, statement).await;
    }
    let count = format!("SELECT COUNT(*) FROM {}.t WHERE id = 2", scratch.name());
    assert_eq!(one(server, &count).await, "1");
    tidy::<D>(session, server, scratch).await;
}

/// A statement means what it means to the server: its own mode and time zone, also in what is stored.
pub async fn the_meaning_of_sql_is_the_servers<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    run(
        &mut session,
        "CREATE TABLE t AS SELECT '1' || '0' AS pipes, @@session.time_zone AS zone, @@session.sql_mode AS mode, \
         @@session.collation_connection AS names",
    )
    .await;
    run(&mut session, "CREATE PROCEDURE p() SELECT 'a' || 'b'").await;
    let schema = scratch.name();
    let meant = one(
        server,
        &format!(
            "SELECT pipes = 1 AND zone = @@global.time_zone AND mode = @@global.sql_mode \
             AND names LIKE 'utf8mb4%' FROM {schema}.t"
        ),
    )
    .await;
    assert_eq!(meant, "1");
    let stored = one(
        server,
        &format!(
            "SELECT SQL_MODE = @@global.sql_mode FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '{schema}'"
        ),
    )
    .await;
    assert_eq!(stored, "1");
    tidy::<D>(session, server, scratch).await;
}
