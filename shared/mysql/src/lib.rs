//! A target database, over SQLx: lock, journal, snapshot, statements.
//!
//! Everything about a target happens on one connection, never a pool's: the server's `GET_LOCK` belongs to the session,
//! so as long as a statement of ours runs there, even one whose client is dead, nobody else gets the lock. A session
//! that lost its connection is not mended; a new one is opened, and it looks before it acts.
//!
//! The connection sends nothing by itself while it is idle, and SQLx knows no TCP keep-alive: a slice of work has to
//! end before the network forgets a silent connection (350 s in a VPC).

#[cfg(feature = "admin")]
pub mod admin;
mod blockers;
mod connect;
mod dump;
mod errors;
mod execute;
mod grants;
mod ident;
mod journal;
mod lock;
mod rehearse;
mod revisions;
pub mod scratch;
mod session;
mod snapshot;
mod tls;
mod watch;
mod weight;
mod wire;

pub use dump::{Definers, DumpOptions, dump};
pub use scratch::{Scratch, ScratchError, ScratchName};
pub use session::Session;

use lock::Asked;
use model::{Fault, Target};
use std::time::Duration;
use wire::Wire;
use workflow::ports::database::{Databases, Holder, Lock, Login, OpenError, Owner};

/// How long things may take on a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connecting. A paused Aurora Serverless cluster needs 15 to 30 s to wake; the worker has 60 s, of which it begins
    /// nothing new in the last 20: what is left of this slice begins the work, and the next finds the cluster awake.
    pub connect: Duration,
    /// Waiting for a metadata lock (`lock_wait_timeout`; the server's own default is a year). Everybody else who comes
    /// for the table waits behind a statement that waits for it, so it gives up soon, and comes back.
    pub metadata_lock: Duration,
    /// Waiting for a row lock (`innodb_lock_wait_timeout`).
    pub row_lock: Duration,
    /// How long the server keeps a session that says nothing, and with it the target's lock (`wait_timeout`).
    pub idle: Duration,
    /// How long a rehearsal may take; a slice has more to do.
    pub rehearsal: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            metadata_lock: Duration::from_secs(3),
            row_lock: Duration::from_secs(10),
            idle: Duration::from_mins(2),
            rehearsal: Duration::from_secs(20),
        }
    }
}

/// MySQL servers.
#[derive(Debug, Clone, Default)]
pub struct MySql {
    limits: Limits,
}

impl MySql {
    /// Servers, reached within these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }
}

impl Databases for MySql {
    type Locked = Session;

    async fn lock(
        &self,
        login: &Login,
        target: &Target,
        owner: Owner,
        wait: Duration,
    ) -> Result<Lock<Session>, OpenError> {
        let schema = target.database.as_str();
        let mut wire = connect::connect(login, Some(schema), &self.limits).await?;
        let server = lock::open(&mut wire, &self.limits).await?;
        if server.columns != journal::COLUMNS {
            make_journal(&mut wire).await?;
        }
        if let Owner::Lease(_) = owner {
            // Whoever follows a long statement wants to see it move. Who may not ask for it goes without.
            let _ = wire.ask(watch::COUNT.to_owned()).await;
        }
        match lock::ask(&mut wire, &server.schema, owner, wait).await? {
            Asked::Held { fence } => Ok(Lock::Held(Session::new(
                wire,
                server,
                fence,
                login.clone(),
                self.limits,
            ))),
            Asked::Busy { holder } => {
                wire.close().await;
                Ok(Lock::Busy { connection: holder })
            }
        }
    }

    async fn watch(&self, login: &Login, target: &Target) -> Result<Option<Holder>, OpenError> {
        let (mut wire, schema) = self.beside(login, target).await?;
        // Who may not ask for it goes without.
        let _ = wire.ask(watch::COUNT.to_owned()).await;
        let holder = watch::holder(&mut wire, &schema).await;
        wire.close().await;
        Ok(holder?)
    }

    async fn end_statement(&self, login: &Login, target: &Target, connection: u64) -> Result<(), OpenError> {
        let (mut wire, schema) = self.beside(login, target).await?;
        let ended = watch::end(&mut wire, &schema, connection).await;
        wire.close().await;
        Ok(ended?)
    }
}

impl MySql {
    /// A session beside the one that has the lock.
    async fn beside(&self, login: &Login, target: &Target) -> Result<(Wire, String), OpenError> {
        let mut wire = connect::connect(login, Some(target.database.as_str()), &self.limits).await?;
        let server = lock::open(&mut wire, &self.limits).await?;
        if server.columns != journal::COLUMNS {
            make_journal(&mut wire).await?;
        }
        Ok((wire, server.schema))
    }
}

/// Makes the journal's tables where they are missing.
async fn make_journal(wire: &mut Wire) -> Result<(), Fault> {
    const OPERATION: &str = "make the journal's tables in the schema `_sluice`";
    let text = format!("{}; {}", journal::TABLES, journal::LAYOUT);
    let answers = wire.ask(text).await.map_err(|failure| failure.fault(OPERATION))?;
    let columns: Option<u32> = answers
        .last()
        .and_then(|answer| answer.rows.first())
        .map(|row| journal::parsed(row, 0))
        .transpose()?;
    if columns == Some(journal::COLUMNS) {
        return Ok(());
    }
    Err(Fault::operator(
        OPERATION,
        "use one version of Sluice for the server; where this is the newer one, drop the schema `_sluice` while no change \
         is under way: it is made anew",
        format!("the tables in `_sluice` are of another layout ({columns:?} columns)"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = include_str!("../../../template.yaml");

    #[test]
    fn a_paused_cluster_can_wake_within_one_slice_of_the_worker() {
        let (_, worker) = TEMPLATE.split_once("  WorkerFunction:\n").unwrap();
        let (_, timeout) = worker.split_once("      Timeout: ").unwrap();
        let timeout: u64 = timeout.split_whitespace().next().unwrap().parse().unwrap();
        assert_eq!(timeout, 60, "the reason of 2003 in the table of errors says 60 s");
        let connect = Limits::default().connect;
        assert!(connect >= Duration::from_secs(30));
        let begins = Duration::from_secs(timeout - 20);
        assert!(connect < begins, "the worker wakes a cluster and begins nothing");
    }
}
