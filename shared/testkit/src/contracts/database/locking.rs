//! The lock of a target.

use super::{PATIENCE, busy, eventually, held, ok, running, tidy};
use crate::scratch::{Administrator, Scratch};
use model::Target;
use workflow::ports::database::{Databases, ExecuteError, Execution, Locked as _, OpenError, Outcome, Owner};

/// A second session is told who holds the lock; another schema's lock is free meanwhile.
pub async fn a_held_lock_excludes_others<D: Databases>(databases: &D, server: &impl Administrator) {
    let (scratch, other) = (Scratch::make(server).await, Scratch::make(server).await);
    let session = held(databases, server, &scratch).await;
    busy(databases, server, &scratch, "a session holds it").await;
    tidy::<D>(held(databases, server, &other).await, server, other).await;
    tidy::<D>(session, server, scratch).await;
}

/// A lock is free again when its session is closed, and when it just dies.
pub async fn a_lock_ends_with_its_session<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    held(databases, server, &scratch).await.close().await;
    drop(held(databases, server, &scratch).await);
    let session = held(databases, server, &scratch).await;
    tidy::<D>(session, server, scratch).await;
}

/// A statement whose client is gone keeps the lock until its end; the session that was dropped half way is of no use.
pub async fn a_statement_left_behind_keeps_the_lock<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let statement = format!("CREATE TABLE {}_t AS SELECT SLEEP(2)", scratch.name());
    let (key, intent) = (super::key("1"), super::intent(1));
    {
        let left = session.execute(&key, &intent, &statement, Execution::Alone);
        let text = format!("{}_t AS", scratch.name());
        let seen = running(server, &text);
        tokio::select! {
            result = left => panic!("ended early: {result:?}"),
            _connection = seen => {}
        }
    }
    assert!(session.snapshot().await.is_err(), "the connection was used again");
    busy(databases, server, &scratch, "the statement runs").await;
    drop(session);
    let mut next = held(databases, server, &scratch).await;
    let text = ok(next.snapshot().await).text;
    assert!(text.contains("_t`"), "the statement did not happen: {text}");
    let outcomes = ok(next.journal(&key).await);
    let outcomes: Vec<_> = outcomes.iter().map(|entry| entry.outcome).collect();
    assert_eq!(outcomes, [Outcome::Done], "the server did not write its outcome");
    tidy::<D>(next, server, scratch).await;
}

/// A connection that is cut while a statement runs is lost: it may have happened.
pub async fn a_cut_connection_is_lost<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let text = format!("{}_cut", scratch.name());
    let statement = format!("SELECT SLEEP(60) AS {text}");
    let (key, intent) = (super::key("1"), super::intent(1));
    let (result, ()) = tokio::join!(
        session.execute(&key, &intent, &statement, Execution::Alone),
        async {
            let connection = running(server, &text).await;
            server.run(&format!("KILL {connection}")).await;
        }
    );
    match result {
        Err(ExecuteError::Lost(_)) => {}
        other => panic!("a cut connection answered {other:?}"),
    }
    assert!(session.snapshot().await.is_err(), "the connection was used again");
    drop(session);
    let next = held(databases, server, &scratch).await;
    tidy::<D>(next, server, scratch).await;
}

/// A cancelled statement (`KILL QUERY`) did not happen, and the session goes on.
pub async fn a_cancelled_statement_is_refused<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let text = format!("{}_kill", scratch.name());
    // Rows without end: SLEEP and BENCHMARK end well when they are cancelled.
    let statement = format!(
        "CREATE TABLE {text} AS SELECT COUNT(a.ID + b.ID + c.ID + d.ID) AS n FROM information_schema.COLLATIONS a, \
         information_schema.COLLATIONS b, information_schema.COLLATIONS c, information_schema.COLLATIONS d"
    );
    let (key, intent) = (super::key("1"), super::intent(1));
    let (result, ()) = tokio::join!(
        session.execute(&key, &intent, &statement, Execution::Alone),
        async {
            let connection = running(server, &text).await;
            server.run(&format!("KILL QUERY {connection}")).await;
        }
    );
    assert!(
        matches!(result, Err(ExecuteError::Refused { code: 1317, .. })),
        "{result:?}"
    );
    assert_eq!(ok(session.snapshot().await).text, "");
    tidy::<D>(session, server, scratch).await;
}

/// A wrong password and a missing schema are told apart.
pub async fn a_wrong_login_and_a_missing_schema_are_told<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut login = server.login();
    login.password = secrecy::SecretString::from("wrong".to_owned());
    let refused = databases
        .lock(&login, &scratch.target, Owner::Alone, PATIENCE)
        .await
        .err();
    assert!(matches!(refused, Some(OpenError::Login(_))), "{refused:?}");
    let nowhere = Target::new("scratch", format!("{}_nowhere", scratch.name()));
    let missing = databases
        .lock(&server.login(), &nowhere, Owner::Alone, PATIENCE)
        .await
        .err();
    assert!(
        matches!(&missing, Some(OpenError::NoSchema(name)) if *name == nowhere.database.as_str()),
        "{missing:?}"
    );
    scratch.drop(server).await;
}

/// Nobody listens: a fault that a later try may cure.
pub async fn a_closed_port_is_a_fault_for_now<D: Databases>(databases: &D, server: &impl Administrator) {
    let mut login = server.login();
    login.port = 1;
    let target = Target::new("scratch", "mysql");
    let closed = databases
        .lock(&login, &target, Owner::Alone, PATIENCE)
        .await
        .err();
    match closed {
        Some(OpenError::Fault(fault)) => assert_eq!(fault.class(), "fault.retry", "{fault:?}"),
        other => panic!("{other:?}"),
    }
}

/// The lock is waited for, no longer than told.
pub async fn a_lock_is_waited_for<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let first = held(databases, server, &scratch).await;
    let (second, ()) = tokio::join!(held(databases, server, &scratch), async {
        eventually("somebody waits for the lock", || async {
            let rows = server
                .run("SELECT ID FROM information_schema.PROCESSLIST WHERE STATE = 'User lock'")
                .await;
            (!rows.is_empty()).then_some(())
        })
        .await;
        first.close().await;
    });
    tidy::<D>(second, server, scratch).await;
}

/// Whoever has the lock is seen from outside with its statement and how far it is; its statement can be ended, and is
/// undone.
pub async fn a_holder_is_watched_and_ended<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let login = server.login();
    let free = databases.watch(&login, &scratch.target).await;
    assert!(matches!(free, Ok(None)), "{free:?}");
    let mut session = held(databases, server, &scratch).await;
    super::run(
        &mut session,
        "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a CHAR(200) NOT NULL DEFAULT 'x', b INT)",
    )
    .await;
    super::run(&mut session, "INSERT INTO t (b) VALUES (1), (2), (3), (4)").await;
    for _ in 0..15 {
        super::run(&mut session, "INSERT INTO t (b) SELECT b FROM t").await;
    }
    let (key, intent) = (super::key("1"), super::intent(3));
    let statement =
        "ALTER TABLE t MODIFY b BIGINT, ADD INDEX (a), ADD INDEX (b), ADD INDEX (a, b), ALGORITHM = COPY";
    {
        let left = session.execute(&key, &intent, statement, Execution::Alone);
        let moved = eventually("work that moves", || async {
            let holder = databases.watch(&login, &scratch.target).await;
            let work = holder
                .ok()
                .flatten()
                .filter(|holder| holder.statement == Some((key.clone(), 3)))?
                .work;
            (work.completed > 0 && work.estimated > 0 && work.stage.is_some()).then_some(())
        });
        tokio::select! {
            result = left => panic!("ended early: {result:?}"),
            () = moved => {}
        }
    }
    drop(session);
    let Ok(Some(holder)) = databases.watch(&login, &scratch.target).await else {
        panic!("the statement does not go on");
    };
    let other = databases
        .end_statement(&login, &scratch.target, holder.connection + 1000)
        .await;
    assert!(other.is_ok(), "{other:?}");
    busy(databases, server, &scratch, "another connection was meant").await;
    let ended = databases
        .end_statement(&login, &scratch.target, holder.connection)
        .await;
    assert!(ended.is_ok(), "{ended:?}");
    let mut next = held(databases, server, &scratch).await;
    let text = ok(next.snapshot().await).text;
    assert!(text.contains("`b` int"), "it was not undone: {text}");
    let outcomes = ok(next.journal(&key).await);
    let outcomes: Vec<_> = outcomes.iter().map(|entry| entry.outcome).collect();
    assert_eq!(outcomes, [Outcome::Unknown]);
    tidy::<D>(next, server, scratch).await;
}
