//! What a worker process is told, and what it tells.

use scenarios::{Afterwards, Blow, Mishap};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What a worker process is told, as JSON on its command line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Orders {
    /// The server's port on the loopback interface.
    pub port: u16,
    /// The password of its user `root`.
    pub password: String,
    /// The ledger's table.
    pub table: String,
    /// The target's schema.
    pub schema: String,
    /// How long a lease lasts.
    pub lease_ms: i64,
    /// How long a statement waits for the locks of others.
    pub lock_wait_s: u64,
    /// What befalls the process.
    pub stroke: Option<Stroke>,
    /// How long it goes on.
    pub looks: Looks,
    /// Where its report goes.
    pub report: PathBuf,
}

/// How long a worker goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Looks {
    /// Until it had the lease once.
    Once,
    /// Until nothing is due.
    Rest,
}

/// At which call the process is struck, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stroke {
    /// The call.
    pub call: Call,
    /// Which of them, from 1.
    pub nth: usize,
    /// When.
    pub side: Side,
    /// By what.
    pub by: By,
}

/// A call of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Call {
    /// Onto the server, with the lock.
    Lock,
    /// Reading the journal.
    Journal,
    /// Reading what is to be seen of a statement's scope.
    Look,
    /// Intent, statement and outcome.
    Execute,
    /// A commit of the ledger: the first says that a task began, the second that it is done.
    Commit,
}

/// Before the real call or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// It does not happen, or only when the process goes on.
    Before,
    /// It happened.
    After,
}

/// What the process is struck by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// SIGKILL.
    Kill,
    /// SIGSTOP: whoever gave the orders sends SIGCONT.
    Stop,
    /// The connection: the call is answered with a fault.
    Loss,
}

/// What a worker process tells at its end, as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What each look came to, the last one last, without those that found the lease taken.
    pub looks: Vec<Seen>,
}

/// What a look came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// Nothing is due, after this many tasks were brought further.
    Idle(u32),
    /// The server is busy with it, or time was up.
    Later,
    /// A fault.
    Fault(String),
}

impl Stroke {
    /// As a fate's blow.
    pub(crate) fn blow(&self) -> Blow {
        Blow {
            nth: self.nth,
            of: Some(match self.call {
                Call::Lock => "Databases::lock",
                Call::Journal => "Locked::journal",
                Call::Look => "Locked::look",
                Call::Execute => "Locked::execute",
                Call::Commit => "Commit::commit",
            }),
            mishap: match self.side {
                Side::Before => Mishap::RequestLost,
                Side::After => Mishap::ReplyLost,
            },
            afterwards: match self.by {
                By::Kill | By::Stop => Afterwards::Struck,
                By::Loss => Afterwards::Well,
            },
        }
    }
}
