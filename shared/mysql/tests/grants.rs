//! The grants script of the worker's user is enough for all that the worker does, and for nothing outside.

mod server;

use mysql::{MySql, Session};
use secrecy::SecretString;
use server::{Server, root};
use std::time::Duration;
use testkit::contracts::database as contract;
use testkit::scratch::{Administrator as _, Scratch};
use workflow::ports::database::{
    Databases as _, Lock, Locked as _, Login, ObjectKind, ObjectRef, OpenError, Owner, RehearsalError,
    RehearsalUser, Scope, Step,
};

const SCRIPT: &str = include_str!("../../../infra/sql/worker-grants.sql");

/// A server on which sessions under test log in as a user who has what the script gives, for the schemas of tests.
async fn as_worker() -> Server {
    let root = root();
    let scratch = Scratch::make(&root).await;
    let user = scratch.name().to_owned();
    scratch.drop(&root).await;
    let script = SCRIPT
        .replace("'sluice'@", &format!("'{user}'@"))
        .replace("REPLACE-ME", &user)
        .replace("`shop`", "`t\\_%`")
        .replace("REQUIRE SSL", "");
    root.run(script.trim().trim_end_matches(';')).await;
    login(root, user)
}

/// A server on which sessions under test log in as a user who may do nothing.
async fn as_nobody() -> Server {
    let root = root();
    let scratch = Scratch::make(&root).await;
    let user = scratch.name().to_owned();
    scratch.drop(&root).await;
    root.run(&format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{user}'"))
        .await;
    login(root, user)
}

fn login(root: Server, user: String) -> Server {
    Server {
        login: Login {
            user: user.clone(),
            password: SecretString::from(user),
            ..root.login()
        },
        root: root.login,
    }
}

async fn open(worker: &Server, scratch: &Scratch) -> Result<Session, OpenError> {
    let wait = Duration::from_secs(5);
    let target = &scratch.target;
    match MySql::default()
        .lock(&worker.login, target, Owner::Lease(1), wait)
        .await?
    {
        Lock::Held(session) => Ok(session),
        Lock::Busy { .. } => panic!("nobody else knows {target}"),
    }
}

/// The statements in what is said to be missing.
fn statements(told: &str) -> String {
    let (_, rest) = told
        .split_once("run as an administrator: ")
        .unwrap_or_else(|| panic!("{told}"));
    rest.rsplit_once(';').unwrap_or((rest, "")).0.to_owned()
}

macro_rules! holds {
    ($($part:ident::$promise:ident;)+) => {$(
        #[tokio::test]
        async fn $promise() {
            let worker = as_worker().await;
            contract::$part::$promise(&MySql::default(), &worker).await;
            worker.run(&format!("DROP USER '{}'@'%'", worker.login.user)).await;
        }
    )+};
}

holds! {
    locking::a_held_lock_excludes_others;
    recording::the_journal_keeps_intents_and_outcomes;
    outcomes::rows_and_their_outcome_are_one;
    running::every_kind_of_statement_is_run;
    schemas::a_snapshot_makes_the_schema_anew;
    rehearsing::a_rehearsal_foretells_every_statement;
    rehearsing::the_cheapest_algorithm_is_found;
    looking::an_emptied_or_rebuilt_table_is_seen;
}

#[tokio::test]
async fn nothing_outside_is_given() {
    let worker = as_worker().await;
    let mut session = mysql::admin::Admin::connect(&worker.login).await.unwrap();
    for outside in [
        "SELECT * FROM mysql.user",
        "CREATE USER mallory",
        "CREATE DATABASE other",
        "DROP TABLE _sluice.journal",
        "SET GLOBAL max_connections = 1",
        "GRANT SELECT ON `t\\_%`.* TO root",
    ] {
        let refused = session.run(outside).await;
        assert!(refused.is_err(), "{outside} was accepted");
    }
    session.close().await;
    worker
        .run(&format!("DROP USER '{}'@'%'", worker.login.user))
        .await;
}

#[tokio::test]
async fn who_lacks_rights_is_told_how_to_get_them() {
    let worker = as_nobody().await;
    let scratch = Scratch::make(&worker).await;
    let Err(OpenError::Fault(denied)) = open(&worker, &scratch).await else {
        panic!("somebody without rights got in");
    };
    assert_eq!(denied.class(), "fault.operator", "{denied:?}");
    worker.run(&statements(&denied.to_string())).await;
    let mut session = open(&worker, &scratch).await.unwrap();

    // Now everything is there: the server's own words are all there is to say.
    let denied = session
        .restore("CREATE USER mallory")
        .await
        .unwrap_err()
        .to_string();
    assert!(!denied.contains("lacks"), "{denied}");

    let revoked = format!(
        "REVOKE CREATE VIEW ON `{}`.* FROM '{user}'@'%'; REVOKE PROCESS ON *.* FROM '{user}'@'%'; \
         REVOKE SELECT ON performance_schema.threads FROM '{user}'@'%'",
        scratch.name().replace('_', "\\_"),
        user = worker.login.user
    );
    session.close().await;
    worker.run(&revoked).await;
    let mut session = open(&worker, &scratch).await.unwrap();
    let view = "CREATE VIEW v AS SELECT 1 AS one";
    let denied = session.restore(view).await.unwrap_err().to_string();
    for lacks in [
        "CREATE VIEW on `t",
        "PROCESS on *.*",
        "SELECT on `performance_schema`.`threads`",
    ] {
        assert!(denied.contains(lacks), "{denied}");
    }
    worker.run(&statements(&denied)).await;
    session.close().await;
    let mut session = open(&worker, &scratch).await.unwrap();
    session.restore(view).await.unwrap();

    worker
        .run(&format!("REVOKE PROCESS ON *.* FROM '{}'@'%'", worker.login.user))
        .await;
    session.close().await;
    let mut session = open(&worker, &scratch).await.unwrap();
    let scope = Scope::Objects(vec![ObjectRef {
        kind: ObjectKind::Table,
        name: "t".to_owned(),
    }]);
    let denied = session.look(&scope, true).await.unwrap_err().to_string();
    assert!(denied.contains("GRANT PROCESS ON *.* TO"), "{denied}");

    session.close().await;
    worker
        .run(&format!("DROP USER '{}'@'%'", worker.login.user))
        .await;
    scratch.drop(&worker).await;
}

#[tokio::test]
async fn who_holds_what_a_statement_waits_for_is_seen() {
    let worker = as_worker().await;
    let scratch = Scratch::make(&worker).await;
    let mut session = open(&worker, &scratch).await.unwrap();
    session.restore("CREATE TABLE t (id INT)").await.unwrap();
    let mut holder = mysql::admin::Admin::connect(&worker.root).await.unwrap();
    let begin = format!("START TRANSACTION; SELECT * FROM `{}`.t", scratch.name());
    holder.run(&begin).await.unwrap();
    // The server answers a moment before it calls the session idle.
    let begun = std::time::Instant::now();
    loop {
        let blockers = session.blockers(&["t".to_owned()]).await.unwrap();
        let [blocker] = blockers.as_slice() else {
            panic!("{blockers:?}");
        };
        if blocker.idle {
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{blocker:?} is never idle"
        );
    }
    holder.close().await;
    session.close().await;
    worker
        .run(&format!("DROP USER '{}'@'%'", worker.login.user))
        .await;
    scratch.drop(&worker).await;
}

/// Rehearsals may have a user of their own, who can reach nothing but scratch schemas.
#[tokio::test]
async fn a_rehearsal_by_its_own_user_reaches_no_schema() {
    let root = root();
    let (scratch, other) = (Scratch::make(&root).await, Scratch::make(&root).await);
    let user = format!("r{}", scratch.name());
    let rights = SCRIPT
        .lines()
        .filter_map(|line| line.strip_prefix("-- "))
        .skip_while(|line| !line.starts_with("CREATE USER"))
        .take_while(|line| !line.starts_with("The journal"))
        .collect::<Vec<_>>()
        .join(" ")
        .replace("sluice_rehearsal", &user)
        .replace("REPLACE-ME", &user)
        .replace("REQUIRE SSL", "");
    root.run(rights.trim().trim_end_matches(';')).await;
    root.run(&format!("CREATE TABLE `{}`.secret (id INT)", other.name()))
        .await;
    let worker = Server {
        login: Login {
            rehearsal: Some(RehearsalUser {
                user: user.clone(),
                password: SecretString::from(user.clone()),
            }),
            ..root.login()
        },
        root: root.login(),
    };
    let mut session = open(&worker, &scratch).await.unwrap();
    let step = |statement: String| Step {
        statement,
        scope: Some(Scope::Objects(vec![ObjectRef {
            kind: ObjectKind::Table,
            name: "t".to_owned(),
        }])),
        fresh: false,
    };
    let well = session
        .rehearse(None, &[step("CREATE TABLE t (id INT PRIMARY KEY)".to_owned())])
        .await;
    assert!(well.is_ok(), "{well:?}");
    let outside = session
        .rehearse(
            None,
            &[step(format!(
                "CREATE TABLE t AS SELECT * FROM `{}`.secret",
                other.name()
            ))],
        )
        .await;
    assert!(
        matches!(outside, Err(RehearsalError::Impossible(_))),
        "{outside:?}"
    );
    session.close().await;
    root.run(&format!("DROP USER '{user}'@'%'")).await;
    scratch.drop(&root).await;
    other.drop(&root).await;
}
