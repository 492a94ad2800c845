//! What every [`Databases`] must do.

pub mod locking;
pub mod looking;
pub mod outcomes;
pub mod recording;
pub mod rehearsing;
pub mod running;
pub mod schemas;

use crate::scratch::{Administrator, Scratch};
use model::{Checksum, Fault, Version, VersionKey};
use std::future::Future;
use std::time::{Duration, Instant};
use workflow::ports::database::{Before, Databases, Intent, JournalKey, Lock, Locked, Owner};

/// How long anything that must happen may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A session that holds the schema's lock.
async fn held<D: Databases>(databases: &D, server: &impl Administrator, scratch: &Scratch) -> D::Locked {
    held_by(databases, server, scratch, Owner::Lease(1)).await
}

/// A session of this owner that holds the schema's lock.
async fn held_by<D: Databases>(
    databases: &D,
    server: &impl Administrator,
    scratch: &Scratch,
    owner: Owner,
) -> D::Locked {
    match databases
        .lock(&server.login(), &scratch.target, owner, PATIENCE)
        .await
    {
        Ok(Lock::Held(session)) => session,
        Ok(Lock::Busy { connection }) => {
            panic!("connection {connection:?} keeps the lock of {}", scratch.target)
        }
        Err(error) => panic!("no session for {}: {error:?}", scratch.target),
    }
}

/// Closes the session and drops the schema.
async fn tidy<D: Databases>(session: D::Locked, server: &impl Administrator, scratch: Scratch) {
    session.close().await;
    scratch.drop(server).await;
}

/// Asks until the answer is there.
async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::task::yield_now().await;
    }
}

/// The connection that runs a statement which holds this text.
async fn running(server: &impl Administrator, text: &str) -> String {
    let query = format!(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '%{text}%' AND ID <> CONNECTION_ID()"
    );
    eventually(&format!("a statement that holds {text}"), || async {
        let rows = server.run(&query).await;
        rows.into_iter().flatten().flatten().next()
    })
    .await
}

/// The first cell of what the server answers.
async fn one(server: &impl Administrator, query: &str) -> String {
    let rows = server.run(query).await;
    rows.into_iter().flatten().flatten().next().unwrap_or_default()
}

/// Sends a statement without a journal, and well.
async fn run(session: &mut impl Locked, statement: &str) {
    if let Err(error) = session.restore(statement).await {
        panic!("{statement}: {error:?}");
    }
}

/// Makes sure that somebody has the target's lock.
async fn busy<D: Databases>(databases: &D, server: &impl Administrator, scratch: &Scratch, why: &str) {
    match databases
        .lock(&server.login(), &scratch.target, Owner::Lease(1), Duration::ZERO)
        .await
    {
        Ok(Lock::Busy { connection }) => assert!(connection.is_some(), "the holder is not named"),
        Ok(Lock::Held(_)) => panic!("the lock is free, but {why}"),
        Err(error) => panic!("{error:?}"),
    }
}

fn key(version: &str) -> JournalKey {
    JournalKey {
        version: version_key(version),
    }
}

fn version_key(version: &str) -> VersionKey {
    match Version::parse(version) {
        Ok(version) => version.key().clone(),
        Err(error) => panic!("{error}"),
    }
}

fn intent(index: u32) -> Intent {
    Intent {
        index,
        digest: Checksum::of(b"statement"),
        before: Some(Before {
            definitions: "CREATE TABLE `it's` (\n  `id` int\n);\n".to_owned(),
            storage: Some(Checksum::of(b"storage")),
            foretold: Some(Checksum::of(b"foretold")),
        }),
        base: Some(Checksum::of(b"base")),
        completes: None,
    }
}

fn ok<T>(result: Result<T, Fault>) -> T {
    super::ok(result)
}
