//! Rehearsals.

use super::schemas::fill;
use super::{held, intent, key, ok, one, tidy};
use crate::scratch::{Administrator, Scratch};
use workflow::ports::database::{
    Algorithm, Databases, Execution, Locked as _, ObjectKind, ObjectRef, RehearsalError, Scope, Step,
};

const LEFT: &str = "SELECT COUNT(*) FROM information_schema.SCHEMATA s JOIN information_schema.TABLES t \
    ON t.TABLE_SCHEMA = s.SCHEMA_NAME WHERE s.SCHEMA_NAME LIKE '\\_sluice\\_scratch\\_%' AND t.TABLE_NAME = ";

fn objects(names: &[(ObjectKind, &str)]) -> Scope {
    let object = |(kind, name): &(ObjectKind, &str)| ObjectRef {
        kind: *kind,
        name: (*name).to_owned(),
    };
    Scope::Objects(names.iter().map(object).collect())
}

fn step(statement: &str, scope: impl Into<Option<Scope>>) -> Step {
    Step {
        statement: statement.to_owned(),
        scope: scope.into(),
        fresh: false,
    }
}

fn table(name: &str) -> Scope {
    objects(&[(ObjectKind::Table, name)])
}

/// What is foretold of each statement is what is seen around it on the target; the target is not touched.
pub async fn a_rehearsal_foretells_every_statement<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    fill(server, &scratch).await;
    let mut session = held(databases, server, &scratch).await;
    let before = ok(session.snapshot().await);
    let mark = format!("{}_mark", scratch.name());
    let steps = [
        step(&format!("CREATE TABLE {mark} (id INT)"), table(&mark)),
        step(
            "ALTER TABLE a_child ADD COLUMN extra INT, ADD KEY (extra)",
            table("a_child"),
        ),
        step("UPDATE a_child SET extra = 1", None),
        step("SET @a = 1", objects(&[])),
        step(
            "CREATE OR REPLACE VIEW a_top AS SELECT p + 1 AS one FROM z_base",
            objects(&[(ObjectKind::View, "a_top")]),
        ),
        step(
            "CREATE TRIGGER third AFTER INSERT ON a_child FOR EACH ROW SET @a = NEW.id",
            objects(&[(ObjectKind::Trigger, "third"), (ObjectKind::Table, "a_child")]),
        ),
        step(
            "CREATE EVENT later ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DELETE FROM c_self",
            objects(&[(ObjectKind::Event, "later")]),
        ),
        step(
            "CREATE PROCEDURE more() BEGIN SELECT 1; SELECT ';'; END",
            objects(&[(ObjectKind::Procedure, "more")]),
        ),
        step(
            "RENAME TABLE c_self TO d_self",
            objects(&[(ObjectKind::Table, "c_self"), (ObjectKind::Table, "d_self")]),
        ),
        step("DROP TABLE parted", table("parted")),
    ];
    let told = match session.rehearse(None, &steps).await {
        Ok(told) => told,
        Err(error) => panic!("{error:?}"),
    };
    assert_eq!(
        ok(session.snapshot().await),
        before,
        "the rehearsal touched the target"
    );
    assert_eq!(one(server, &format!("{LEFT}'{mark}'")).await, "0");
    assert_eq!(told.len(), steps.len());
    for (step, told) in steps.iter().zip(told) {
        let Some(scope) = &step.scope else {
            assert_eq!(told, None, "{}", step.statement);
            continue;
        };
        let was = ok(session.look(scope, false).await).definitions.text;
        let executed = session
            .execute(&key("1"), &intent(1), &step.statement, Execution::Alone)
            .await;
        assert!(executed.is_ok(), "{}: {executed:?}", step.statement);
        let seen = ok(session.look(scope, false).await).definitions;
        let foretold = told.map(|foretold| (foretold.before, foretold.after));
        assert_eq!(
            foretold,
            Some((was, seen.text.clone())),
            "{}:\n{}",
            step.statement,
            seen.text
        );
    }
    tidy::<D>(session, server, scratch).await;
}

/// The cheapest way in which the server alters a table is found, whatever the statement's form.
pub async fn the_cheapest_algorithm_is_found<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    super::run(
        &mut session,
        "CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL, s VARCHAR(10), u VARCHAR(50), KEY i (s)) \
         CHARSET = utf8mb4",
    )
    .await;
    let cases = [
        ("ALTER TABLE t ADD COLUMN b INT", Some(Algorithm::Instant)),
        (
            "ALTER TABLE t RENAME COLUMN a TO c -- so",
            Some(Algorithm::Instant),
        ),
        ("ALTER TABLE t ADD INDEX (a)", Some(Algorithm::Inplace)),
        ("CREATE INDEX j ON t (s)", Some(Algorithm::Inplace)),
        ("DROP INDEX i ON t", Some(Algorithm::Inplace)),
        ("ALTER TABLE t MODIFY a INT NULL", Some(Algorithm::Inplace)),
        ("ALTER TABLE t ADD FULLTEXT (u)", Some(Algorithm::InplaceBlocking)),
        ("ALTER TABLE t MODIFY a BIGINT", Some(Algorithm::Copy)),
        ("ALTER TABLE t MODIFY u VARCHAR(80)", Some(Algorithm::Copy)),
        (
            "ALTER TABLE t ADD COLUMN d INT, ALGORITHM=INPLACE, LOCK=SHARED",
            Some(Algorithm::InplaceBlocking),
        ),
        (
            "ALTER TABLE t ADD COLUMN e INT, ALGORITHM=COPY",
            Some(Algorithm::Copy),
        ),
        ("ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 2", None),
        ("CREATE TABLE v (id INT)", None),
    ];
    for (statement, expected) in cases {
        let told = session.rehearse(None, &[step(statement, table("t"))]).await;
        let algorithm = match told {
            Ok(told) => told.into_iter().flatten().next().map(|told| told.algorithm),
            // Partitions and a FULLTEXT key don't go together; what matters is that asking did no harm.
            Err(error) => panic!("{statement}: {error:?}"),
        };
        assert_eq!(algorithm, Some(expected), "{statement}");
    }
    tidy::<D>(session, server, scratch).await;
}

/// What would fail is told in the server's words; nothing is left behind and the session is as it was.
pub async fn a_rehearsal_that_fails_leaves_nothing<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let mark = format!("{}_mark", scratch.name());
    let change = [
        step("SET sql_mode = ''", objects(&[])),
        step(&format!("CREATE TABLE {mark} (id INT)"), table(&mark)),
        step(&format!("CREATE TABLE {mark} (id INT)"), table(&mark)),
    ];
    let refused = session.rehearse(None, &change).await;
    assert!(
        matches!(&refused, Err(RehearsalError::Refused { position: 2, error }) if error.to_string().contains("1050")),
        "{refused:?}"
    );
    assert_eq!(one(server, &format!("{LEFT}'{mark}'")).await, "0");
    super::run(
        &mut session,
        "CREATE TABLE here AS SELECT DATABASE() AS stands, @@session.sql_mode AS mode",
    )
    .await;
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
    let name = scratch.name();
    let change = [
        step("CREATE TABLE t (id INT)", table("t")),
        step(&format!("CREATE TABLE `{name}` . u (id INT)"), table("u")),
    ];
    let refused = session.rehearse(None, &change).await;
    assert!(
        matches!(refused, Err(RehearsalError::Impossible(_))),
        "{refused:?}"
    );
    assert_eq!(ok(session.snapshot().await).text, "");
    // What changes rows is only prepared.
    let rows = [
        step("CREATE TABLE t (id INT)", table("t")),
        step("INSERT INTO t VALUES (1)", None),
    ];
    let told = session.rehearse(None, &rows).await;
    assert!(matches!(&told, Ok(list) if list.len() == 2), "{told:?}");
    tidy::<D>(session, server, scratch).await;
}

/// What was there before a statement is made from its text, whatever is there now.
pub async fn a_rehearsal_starts_from_what_was_there<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    fill(server, &scratch).await;
    let mut session = held(databases, server, &scratch).await;
    for (statement, scope) in [
        ("ALTER TABLE a_child ADD COLUMN extra INT", table("a_child")),
        (
            "CREATE OR REPLACE VIEW a_top AS SELECT p FROM z_base",
            objects(&[(ObjectKind::View, "a_top")]),
        ),
        ("DROP TABLE c_self", table("c_self")),
    ] {
        let was = ok(session.look(&scope, false).await).definitions;
        super::run(&mut session, statement).await;
        let is = ok(session.look(&scope, false).await).definitions;
        assert_ne!(was, is, "{statement}");
        let told = session.rehearse(Some(&was.text), &[step(statement, scope)]).await;
        match told.map(|told| told.into_iter().flatten().next()) {
            Ok(Some(told)) => assert_eq!((told.before, told.after), (was.text, is.text), "{statement}"),
            other => panic!("{statement}: {other:?}"),
        }
    }
    tidy::<D>(session, server, scratch).await;
}

/// What a dead session's rehearsal left behind is gone after the next one.
pub async fn leftovers_are_swept<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    let mark = format!("{}_mark", scratch.name());
    {
        let slow = [
            step(&format!("CREATE TABLE {mark} (id INT)"), table(&mark)),
            step("CREATE TABLE s AS SELECT SLEEP(60)", table("s")),
        ];
        let cut = session.rehearse(None, &slow);
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
    let again = session.rehearse(None, &[]).await;
    assert!(again.is_ok(), "{again:?}");
    assert_eq!(one(server, &format!("{LEFT}'{mark}'")).await, "0");
    tidy::<D>(session, server, scratch).await;
}
