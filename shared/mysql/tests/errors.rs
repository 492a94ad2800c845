//! What the page of errors says is what a server says.

mod server;

use model::{Checksum, Version};
use mysql::MySql;
use server::root;
use std::time::Duration;
use testkit::scratch::{Administrator as _, Scratch};
use workflow::ports::database::{
    Databases as _, ExecuteError, Execution, Intent, JournalKey, Lock, Locked as _, Outcome, Owner, Passing,
};

const PAGE: &str = include_str!("../../../docs/errors/mysql.md");

#[tokio::test]
async fn the_names_are_the_servers() {
    let all = root()
        .run("SELECT ERROR_NUMBER, ERROR_NAME FROM performance_schema.events_errors_summary_global_by_error")
        .await;
    let mut checked = 0;
    for row in PAGE.lines().filter(|line| line.contains("| `ER_")) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let (number, name) = (cells[0].trim_start_matches("| "), cells[1].trim_matches('`'));
        // One of MariaDB's.
        if number == "1927" {
            continue;
        }
        let same =
            |row: &Vec<Option<String>>| row[0].as_deref() == Some(number) && row[1].as_deref() == Some(name);
        assert!(all.iter().any(same), "{number} is not {name}");
        checked += 1;
    }
    assert!(checked > 40, "only {checked} names were read");
}

/// A procedure may say anything: what reads like a reader's word is one only where the server is a reader. What is short
/// for now is said to be.
#[tokio::test]
async fn what_only_reads_like_a_failover_is_a_refusal() {
    let server = root();
    let scratch = Scratch::make(&server).await;
    let held = MySql::default()
        .lock(
            &server.login,
            &scratch.target,
            Owner::Lease(1),
            Duration::from_secs(5),
        )
        .await;
    let Ok(Lock::Held(mut session)) = held else {
        panic!("{held:?}");
    };
    let key = JournalKey {
        version: Version::parse("1").unwrap().key().clone(),
    };
    for (index, (number, expected)) in (1..).zip([
        (1290, None),
        (1836, None),
        (1205, Some(Passing::Held)),
        (1041, Some(Passing::Short)),
    ]) {
        let says = format!(
            "CREATE PROCEDURE says_{number}() SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = 'no'"
        );
        session.restore(&says).await.unwrap();
        let intent = Intent {
            index,
            digest: Checksum::of(b"statement"),
            before: None,
            base: None,
            completes: None,
        };
        let call = format!("CALL says_{number}()");
        match session.execute(&key, &intent, &call, Execution::Alone).await {
            Err(ExecuteError::Refused { code, passing, .. }) => {
                assert_eq!((code, passing), (number, expected));
            }
            other => panic!("{number}: {other:?}"),
        }
        let last = session.journal(&key).await.unwrap().pop();
        assert_eq!(last.map(|entry| entry.outcome), Some(Outcome::Failed), "{number}");
    }
    session.close().await;
    scratch.drop(&server).await;
}
