//! What every [`Databases`] must do.

pub mod locking;
pub mod outcomes;
pub mod recording;
pub mod rehearsing;
pub mod running;
pub mod schemas;

use crate::scratch::{Administrator, Scratch};
use model::{Checksum, Fault, Version, VersionKey};
use std::future::Future;
use std::time::{Duration, Instant};
use workflow::ports::database::{Databases, Executed, Execution, Intent, JournalKey, Lock, Locked};

/// How long anything that must happen may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A session that holds the schema's lock.
async fn held<D: Databases>(databases: &D, server: &impl Administrator, scratch: &Scratch) -> D::Locked {
    match databases.lock(&server.login(), &scratch.target, PATIENCE).await {
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

/// Executes a statement by itself, and well.
async fn run(session: &mut impl Locked, statement: &str) -> Executed {
    match session.execute(&key("1"), 1, statement, Execution::Alone).await {
        Ok(executed) => executed,
        Err(error) => panic!("{statement}: {error:?}"),
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

fn intent(index: u32, fence: u64) -> Intent {
    Intent {
        index,
        digest: Checksum::of(b"statement"),
        before: Checksum::of(b"before"),
        base: Checksum::of(b"base"),
        fence,
    }
}

fn ok<T>(result: Result<T, Fault>) -> T {
    super::ok(result)
}
