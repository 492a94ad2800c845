//! Applying one change to one target, under its lock: where to go on, and on from there, statement by statement.
//!
//! The worker does it for a task, the command line for a file. What happened is in the target's journal; who holds no
//! ledger needs no more than that.

mod evidence;
mod foretelling;
mod going_on;
mod reach;
mod rehearsal;
mod resume;
mod running;
mod scope;
mod session;
mod verdict;

pub use foretelling::{Foretelling, altered, foretell};
pub use reach::reaches;
pub use rehearsal::{Rehearsal, blocking, rehearse};

use crate::ports::clock::Clock;
use crate::ports::database::{
    Blocker, ExecuteError, Executed, JournalKey, Locked, ObjectKind, Passing, Scope, Step,
};
use jiff::Timestamp;
use model::{Checksum, Failure, Version};
use scope::Sight;
use sql::{Kind, Statement};

/// A change as it is applied: its statements, read and hashed once.
#[derive(Debug)]
pub struct Change {
    key: JournalKey,
    statements: Vec<Statement>,
    digests: Vec<Checksum>,
    sights: Vec<Sight>,
    steps: Vec<Step>,
}

/// Where to go on with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// At this statement, from 1; one past the last: everything is applied.
    At {
        /// The statement.
        next: u32,
        /// The stored schema before the first statement, where one was begun and it was stored.
        base: Option<Checksum>,
        /// Whether the statement before it was found to have happened although nobody wrote so.
        adopted: bool,
    },
    /// Not without a person.
    Broken(Failure),
    /// Whether this statement happened can't be told.
    Ambiguous {
        /// The statement, from 1.
        at: u32,
        /// What was seen, for the person who decides.
        evidence: String,
    },
}

/// How far the statements came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// All of them are applied.
    All,
    /// Time is up before this one.
    TimeUp {
        /// The statement, from 1.
        next: u32,
    },
    /// A statement did not happen.
    Broke(Failure),
}

/// What is told while statements are applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told<'a> {
    /// A statement is sent.
    Sent(&'a Statement),
    /// It was applied.
    Applied(&'a Statement, Executed),
    /// Others hold what it waits for, or the server is short of something; it is sent again.
    LockedOut(&'a Statement, &'a [Blocker]),
}

impl Change {
    /// Reads the statements of a change of the schema `own`.
    pub fn new(version: &Version, statements: Vec<Statement>, own: &str) -> Self {
        Self {
            key: JournalKey {
                version: version.key().clone(),
            },
            digests: statements
                .iter()
                .map(|statement| Checksum::of(statement.text.as_bytes()))
                .collect(),
            sights: statements
                .iter()
                .map(|statement| scope::sight(statement, own))
                .collect(),
            steps: statements
                .iter()
                .map(|statement| scope::step(statement, own))
                .collect(),
            statements,
        }
    }

    /// Its rows in the journal.
    pub fn key(&self) -> &JournalKey {
        &self.key
    }

    /// Its statements, in order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The checksums of its statements' texts, in order.
    pub fn digests(&self) -> &[Checksum] {
        &self.digests
    }

    /// Whether it leaves something in the session that applied it: what comes next would meet it there.
    pub fn leaves_its_session(&self) -> bool {
        self.statements
            .iter()
            .any(|statement| statement.facts.session_state || statement.facts.kind == Kind::Session)
    }

    /// How many statements there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.statements.len()).unwrap_or(u32::MAX)
    }

    /// The tables that a statement names.
    fn tables(&self, position: usize) -> Vec<String> {
        let Some(Scope::Objects(objects)) = self.steps.get(position).and_then(|step| step.scope.as_ref())
        else {
            let statement = self.statements.get(position);
            let touched = statement.map(|statement| sql::touched(&statement.text, statement.mode));
            let names = touched.into_iter().flatten().map(|touched| touched.name.name);
            return names.collect();
        };
        let tables = objects.iter().filter(|object| object.kind == ObjectKind::Table);
        tables.map(|table| table.name.clone()).collect()
    }
}

/// Applies one change under one lock.
#[derive(Debug)]
pub struct Applier<'a, L, C> {
    /// The session that holds the target's lock.
    pub locked: &'a mut L,
    /// The change.
    pub change: &'a Change,
    /// The time.
    pub clock: &'a C,
    /// When nothing new is begun any more.
    pub until: Timestamp,
    /// How many rows one statement may change, as the server estimates; none for any number.
    pub max_rows: Option<u64>,
}

impl<L: Locked, C: Clock> Applier<'_, L, C> {
    fn failure(&self, index: Option<u32>, code: &str, message: String) -> Failure {
        let statement = index.and_then(|index| self.change.statements.get(position(index)));
        Failure {
            statement: index,
            line: statement.map(|statement| statement.line),
            code: code.to_owned(),
            message,
            at: self.clock.now(),
        }
    }

    /// The failure of a statement that the server refused.
    fn refused(&self, statement: &Statement, error: &ExecuteError, blockers: &[Blocker]) -> Failure {
        let mut message = error.to_string();
        if passing(error) == Some(Passing::Held) {
            message = format!("{message}. {}", evidence::of_blockers(blockers));
        }
        self.failure(Some(statement.index), &code(error), message)
    }
}

fn passing(error: &ExecuteError) -> Option<Passing> {
    match error {
        ExecuteError::Refused { passing, .. } => *passing,
        ExecuteError::Stale(_) | ExecuteError::Lost(_) => None,
    }
}

fn code(error: &ExecuteError) -> String {
    match error {
        ExecuteError::Refused { code, .. } => format!("mysql-{code}"),
        ExecuteError::Stale(_) => "owner-stale".to_owned(),
        ExecuteError::Lost(_) => "connection-lost".to_owned(),
    }
}

/// Where a statement stands, of those that count from 1.
fn position(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX).saturating_sub(1)
}
