//! The grants script of the worker's user is enough for all that the worker does, and for nothing outside.

mod server;

use mysql::MySql;
use secrecy::SecretString;
use server::{Server, root};
use testkit::contracts::database as contract;
use testkit::scratch::{Administrator as _, Scratch};
use workflow::ports::database::Login;

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
    Server {
        login: Login {
            user: user.clone(),
            password: SecretString::from(user),
            ..root.login()
        },
        root: root.login,
    }
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
