//! A session that holds a target's lock.

use crate::execute;
use crate::journal;
use crate::lock::{self, Server};
use crate::rehearse;
use crate::snapshot;
use crate::wire::Wire;
use crate::{Limits, errors::Failure};
use model::{Checksum, Fault};
use sql::SqlMode;
use std::time::Duration;
use workflow::ports::database::{
    ExecuteError, Executed, Execution, Intent, JournalEntry, JournalKey, Locked, Outcome, Snapshot,
};

/// A session that holds a target's lock, on one connection.
///
/// A call that is dropped half way (a deadline passed) and a call that found the connection lost give the connection
/// up: every later call answers a fault. What was under way goes on without us, and keeps the lock until its end.
#[derive(Debug)]
pub struct Session {
    pub(crate) wire: Wire,
    pub(crate) server: Server,
    pub(crate) limits: Limits,
}

impl Session {
    pub(crate) fn new(wire: Wire, server: Server, limits: Limits) -> Self {
        Self { wire, server, limits }
    }

    /// Makes the journal's tables where the opening did not find them.
    pub(crate) async fn make_journal(&mut self) -> Result<(), Fault> {
        if self.server.journal {
            return Ok(());
        }
        self.wire
            .ask(journal::TABLES.to_owned())
            .await
            .map_err(|failure| failure.fault("make the journal's tables in the schema `_sluice`"))?;
        self.server.journal = true;
        Ok(())
    }

    /// How the session reads quotes.
    pub(crate) fn mode(&self) -> SqlMode {
        SqlMode::parse(&self.server.sql_mode)
    }
}

impl Locked for Session {
    async fn snapshot(&mut self) -> Result<Snapshot, Fault> {
        let schema = self.server.schema.clone();
        snapshot::take(&mut self.wire, &schema, &snapshot::Manner::default())
            .await
            .map_err(|failure| failure.fault("read the schema"))
    }

    async fn journal(&mut self, key: &JournalKey) -> Result<Vec<JournalEntry>, Fault> {
        let answers = self
            .wire
            .ask(journal::rows(&self.server.schema, key))
            .await
            .map_err(|failure| failure.fault("read the journal"))?;
        answers
            .iter()
            .flat_map(|answer| &answer.rows)
            .map(journal::entry)
            .collect()
    }

    async fn intend(&mut self, key: &JournalKey, intent: &Intent) -> Result<(), Fault> {
        let answers = self
            .wire
            .ask(journal::intend(&self.server.schema, key, intent))
            .await
            .map_err(|failure| failure.fault("write an intent"))?;
        match answers.get(1) {
            Some(written) if written.affected > 0 => Ok(()),
            Some(_) => Err(journal::stale(&self.server.schema, intent.fence)),
            None => Err(Fault::Bug("the server did not answer to an intent".to_owned())),
        }
    }

    async fn execute(
        &mut self,
        key: &JournalKey,
        index: u32,
        statement: &str,
        execution: Execution,
    ) -> Result<Executed, ExecuteError> {
        let mode = self.mode();
        match execution {
            Execution::Alone => execute::alone(&mut self.wire, statement, mode).await,
            Execution::WithOutcome => {
                let schema = &self.server.schema;
                let outcome = |kind| journal::done(schema, key, index, kind);
                execute::with_outcome(&mut self.wire, statement, mode, outcome).await
            }
        }
    }

    async fn settle(
        &mut self,
        key: &JournalKey,
        index: u32,
        outcome: Outcome,
        executed: Option<Executed>,
    ) -> Result<(), Fault> {
        let answers = self
            .wire
            .ask(journal::settle(
                &self.server.schema,
                key,
                index,
                outcome,
                executed,
            ))
            .await
            .map_err(|failure| failure.fault("write an outcome"))?;
        if answers.first().is_some_and(|answer| answer.affected > 0) {
            Ok(())
        } else {
            Err(Fault::Bug(format!(
                "an outcome of statement {index} of version key {} was to be written, but the journal has no intent \
                 of it",
                key.version.as_str()
            )))
        }
    }

    async fn rehearse(
        &mut self,
        base: &Snapshot,
        statements: &[String],
    ) -> Result<Vec<Checksum>, ExecuteError> {
        rehearse::rehearse(self, base, statements).await
    }

    async fn close(mut self) {
        // Longer than any answer to this takes; the server frees the lock by itself when the session ends.
        let released: Result<Result<(), Failure>, _> =
            tokio::time::timeout(Duration::from_secs(2), lock::release(&mut self.wire)).await;
        if !matches!(released, Ok(Ok(()))) {
            self.wire.abandon();
        }
        self.wire.close().await;
    }
}
