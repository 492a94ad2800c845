//! Rehearsals.

use super::schemas::fill;
use super::{held, key, ok, one, tidy};
use crate::scratch::{Administrator, Scratch};
use workflow::ports::database::{Databases, ExecuteError, Execution, Locked as _};

const LEFT: &str = "SELECT COUNT(*) FROM information_schema.SCHEMATA s JOIN information_schema.TABLES t \
    ON t.TABLE_SCHEMA = s.SCHEMA_NAME WHERE s.SCHEMA_NAME LIKE '\\_sluice\\_scratch\\_%' AND t.TABLE_NAME = ";

fn statements(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// It foretells the schema before and after the last statement, however many there are, and changes nothing of the
/// target.
pub async fn a_rehearsal_foretells_the_last_statement<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    fill(server, &scratch).await;
    let mut session = held(databases, server, &scratch).await;
    let before = ok(session.snapshot().await);
    let mark = format!("{}_mark", scratch.name());
    let change = statements(&[
        &format!("CREATE TABLE {mark} (id INT)"),
        "ALTER TABLE a_child ADD COLUMN extra INT, ADD KEY (extra)",
        "UPDATE a_child SET extra = 1",
        "CREATE OR REPLACE VIEW a_top AS SELECT 1 AS one",
    ]);
    let mut foretold = Vec::new();
    for length in 0..=change.len() {
        match session.rehearse(&before, &change[..length]).await {
            Ok(fingerprints) => foretold.push(fingerprints),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(
        ok(session.snapshot().await),
        before,
        "the rehearsal touched the target"
    );
    assert_eq!(one(server, &format!("{LEFT}'{mark}'")).await, "0");
    let mut last = before.fingerprint();
    let mut seen = vec![vec![last.clone(), last.clone()]];
    for statement in &change {
        let executed = session.execute(&key("1"), 1, statement, Execution::Alone).await;
        assert!(executed.is_ok(), "{statement}: {executed:?}");
        let now = ok(session.snapshot().await).fingerprint();
        seen.push(vec![std::mem::replace(&mut last, now.clone()), now]);
    }
    assert_eq!(foretold, seen);
    tidy::<D>(session, server, scratch).await;
}

/// What would fail is told in the server's words; nothing is left behind and the session stands in the target.
pub async fn a_rehearsal_that_fails_leaves_nothing<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let before = ok(session.snapshot().await);
    let mark = format!("{}_mark", scratch.name());
    let change = statements(&[
        "SET sql_mode = ''",
        &format!("CREATE TABLE {mark} (id INT)"),
        &format!("CREATE TABLE {mark} (id INT)"),
    ]);
    let refused = session.rehearse(&before, &change).await;
    assert!(
        matches!(refused, Err(ExecuteError::Refused { code: 1050, .. })),
        "{refused:?}"
    );
    assert_eq!(one(server, &format!("{LEFT}'{mark}'")).await, "0");
    let made = session
        .execute(
            &key("1"),
            1,
            "CREATE TABLE here AS SELECT DATABASE() AS stands, @@session.sql_mode AS mode",
            Execution::Alone,
        )
        .await;
    assert!(made.is_ok(), "{made:?}");
    let query = format!(
        "SELECT stands = '{0}' AND mode = @@global.sql_mode FROM {0}.here",
        scratch.name()
    );
    assert_eq!(one(server, &query).await, "1");
    tidy::<D>(session, server, scratch).await;
}

/// A definition that names the target's own schema would reach the real one: it is refused, and so nothing is run.
pub async fn a_rehearsal_never_reaches_the_target<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let before = ok(session.snapshot().await);
    let name = scratch.name();
    let change = statements(&[
        "CREATE TABLE t (id INT)",
        &format!("CREATE TABLE `{name}` . u (id INT)"),
    ]);
    let refused = session.rehearse(&before, &change).await;
    assert!(
        matches!(refused, Err(ExecuteError::Refused { .. })),
        "{refused:?}"
    );
    assert_eq!(ok(session.snapshot().await).text, "");
    // What changes rows is only prepared, also where it names the schema.
    let rows = statements(&["CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)"]);
    let fingerprints = session.rehearse(&before, &rows).await;
    assert!(
        matches!(&fingerprints, Ok(list) if list.len() == 2),
        "{fingerprints:?}"
    );
    tidy::<D>(session, server, scratch).await;
}

/// What a dead session's rehearsal left behind is gone after the next one.
pub async fn leftovers_are_swept<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let before = ok(session.snapshot().await);
    let mark = format!("{}_mark", scratch.name());
    {
        let slow = statements(&[
            &format!("CREATE TABLE {mark} (id INT)"),
            "CREATE TABLE s AS SELECT SLEEP(60)",
        ]);
        let cut = session.rehearse(&before, &slow);
        let seen = super::eventually("the leftover", || async {
            (one(server, &format!("{LEFT}'{mark}'")).await == "1").then_some(())
        });
        tokio::select! {
            result = cut => panic!("ended early: {result:?}"),
            () = seen => {}
        }
    }
    drop(session);
    let holder = super::eventually("the statement that was left behind", || async {
        let query = "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'CREATE TABLE s AS SELECT SLEEP(60)'";
        let rows = server.run(query).await;
        rows.into_iter().flatten().flatten().next()
    });
    if let Ok(connection) = tokio::time::timeout(std::time::Duration::from_secs(2), holder).await {
        server.run(&format!("KILL {connection}")).await;
    }
    let mut session = held(databases, server, &scratch).await;
    let again = session.rehearse(&before, &[]).await;
    assert!(again.is_ok(), "{again:?}");
    assert_eq!(one(server, &format!("{LEFT}'{mark}'")).await, "0");
    tidy::<D>(session, server, scratch).await;
}
