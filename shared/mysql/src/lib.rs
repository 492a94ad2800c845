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
mod connect;
mod dump;
mod errors;
mod execute;
mod ident;
mod journal;
mod lock;
mod rehearse;
pub mod scratch;
mod session;
mod snapshot;
mod tls;
mod wire;

pub use dump::{Definers, DumpOptions, dump};
pub use scratch::{Scratch, ScratchError, ScratchName};
pub use session::Session;

use model::Target;
use std::time::Duration;
use workflow::ports::database::{Databases, Lock, Locked as _, Login, OpenError};

/// How long things may take on a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connecting. A paused Aurora Serverless cluster needs 15 to 30 s to wake.
    pub connect: Duration,
    /// Waiting for a metadata lock (`lock_wait_timeout`; the server's own default is a year).
    pub metadata_lock: Duration,
    /// Waiting for a row lock (`innodb_lock_wait_timeout`).
    pub row_lock: Duration,
    /// How long the server keeps a session that says nothing, and with it the target's lock (`wait_timeout`).
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            metadata_lock: Duration::from_secs(10),
            row_lock: Duration::from_secs(10),
            idle: Duration::from_mins(2),
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

    async fn lock(&self, login: &Login, target: &Target, wait: Duration) -> Result<Lock<Session>, OpenError> {
        let schema = target.database.as_str();
        let mut wire = connect::connect(login, Some(schema), &self.limits).await?;
        let opened = lock::open(&mut wire, &self.limits, wait).await?;
        if !opened.held {
            let connection = opened.holder;
            wire.close().await;
            return Ok(Lock::Busy { connection });
        }
        let mut session = Session::new(wire, opened.server, self.limits);
        if let Err(fault) = session.make_journal().await {
            session.close().await;
            return Err(OpenError::Fault(fault));
        }
        Ok(Lock::Held(session))
    }
}
