//! Statements.

use super::{held, intent, key, ok, one, run, tidy};
use crate::scratch::{Administrator, Scratch};
use workflow::ports::database::{Databases, ExecuteError, Execution, Locked as _, Outcome};

/// The server's refusal comes with its number and its words, and the session goes on.
pub async fn a_refusal_is_told_in_the_servers_words<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    for execution in [Execution::Alone, Execution::WithOutcome] {
        let refused = session
            .execute(&key("1"), &intent(1), "UPDATE nowhere SET a = 1", execution)
            .await;
        match refused {
            Err(ExecuteError::Refused {
                code,
                sqlstate,
                message,
                passing: None,
            }) => {
                assert_eq!((code, sqlstate.as_str()), (1146, "42S02"));
                assert!(message.contains("nowhere' doesn't exist"), "{message}");
            }
            other => panic!("{other:?}"),
        }
        let entries = ok(session.journal(&key("1")).await);
        let outcomes: Vec<_> = entries.iter().map(|entry| entry.outcome).collect();
        assert_eq!(outcomes, [Outcome::Failed], "{execution:?}");
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
    for text in [
        "CREATE TABLE a (id INT); CREATE TABLE b (id INT)",
        "CREATE TABLE a (id INT); SELECT 1",
        "SELECT 1; DROP TABLE a",
        "CREATE TABLE a (id INT) /*!99999 x */; -- y\nCREATE TABLE b (id INT)",
        "CREATE PROCEDURE p() SELECT 1; CREATE TABLE a (id INT)",
    ] {
        for execution in [Execution::Alone, Execution::WithOutcome] {
            let refused = session.execute(&key("1"), &intent(1), text, execution).await;
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
        let executed = session
            .execute(&key("1"), &intent(1), statement, Execution::Alone)
            .await;
        assert!(executed.is_ok(), "{statement}: {executed:?}");
        let entry = ok(session.journal(&key("1")).await).pop();
        assert_eq!(
            entry.map(|entry| entry.outcome),
            Some(Outcome::Done),
            "{statement}"
        );
    }
    // The server keeps what follows a program in its text: nothing did.
    let body = format!(
        "SELECT ROUTINE_DEFINITION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '{}'",
        scratch.name()
    );
    assert!(
        one(server, &body).await.ends_with("END"),
        "{}",
        one(server, &body).await
    );
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
