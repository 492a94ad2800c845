//! A session that holds a target's lock.

use crate::blockers;
use crate::execute::{self, Around};
use crate::lock::{self, Server};
use crate::snapshot;
use crate::wire::Wire;
use crate::{Limits, connect, errors::Failure, journal, rehearse, revisions, weight};
use model::{Fault, VersionKey};
use sql::{How, Kind, SqlMode};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::time::Duration;
use workflow::ports::database::{
    AppliedChange, Blocker, Estimate, Evidence, ExecuteError, Executed, Execution, Foretold, Intent,
    JournalEntry, JournalKey, Locked, Login, ObjectKind, Outcome, RehearsalError, RehearsalUser, Scope,
    Snapshot, Step,
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
    fence: u64,
    login: Login,
    /// Whether tables are transactional, of those that were asked about.
    transactional: BTreeMap<String, bool>,
}

impl Session {
    pub(crate) fn new(wire: Wire, server: Server, fence: u64, login: Login, limits: Limits) -> Self {
        Self {
            wire,
            server,
            limits,
            fence,
            login,
            transactional: BTreeMap::new(),
        }
    }

    /// How the session reads quotes.
    pub fn mode(&self) -> SqlMode {
        SqlMode::parse(&self.server.sql_mode)
    }

    /// A new connection for a rehearsal.
    pub(crate) async fn rehearsal(&self) -> Result<Wire, Fault> {
        let login = match self.login.rehearsal.clone() {
            None => self.login.clone(),
            Some(RehearsalUser { user, password }) => Login {
                user,
                password,
                ..self.login.clone()
            },
        };
        let opened = connect::connect(&login, None, &self.limits).await;
        opened.map_err(|error| Fault::retry("connect for a rehearsal", error))
    }

    /// Whether all tables that a statement writes to undo what is undone: InnoDB does. Each is asked about once.
    async fn is_transactional(&mut self, statement: &str) -> Result<bool, ExecuteError> {
        let written: Vec<String> = sql::touched(statement, self.mode())
            .into_iter()
            .filter(|touched| touched.how == How::Writes && touched.name.schema.is_none())
            .map(|touched| touched.name.name)
            .collect();
        let unknown: Vec<String> = written
            .iter()
            .filter(|table| !self.transactional.contains_key(*table))
            .cloned()
            .collect();
        if !unknown.is_empty() {
            let text = weight::engines(&self.server.schema, &unknown);
            let asked = self.wire.ask(text).await;
            let answers = asked.map_err(|failure| ExecuteError::Lost(failure.fault("ask for engines")))?;
            self.transactional.extend(weight::transactional(&answers));
        }
        // Temporary tables and views are not listed; a view is over tables that are.
        Ok(written
            .iter()
            .all(|table| self.transactional.get(table).copied().unwrap_or(true)))
    }

    /// The texts around a statement.
    fn around(&self, key: &JournalKey, intent: &Intent, kind: Kind) -> Around {
        let schema = &self.server.schema;
        let mut outcome = vec![journal::done(schema, key, intent.index, kind)];
        outcome.extend(
            intent
                .completes
                .iter()
                .map(|change| revisions::completed(schema, change)),
        );
        Around {
            guard: journal::guard(schema, self.fence),
            intent: journal::intend(schema, key, intent),
            outcome,
            failed: journal::settle(
                schema,
                key,
                intent.index,
                Outcome::Failed,
                "the server refused it",
            ),
        }
    }

    async fn ask(&mut self, text: String, operation: &str) -> Result<Vec<crate::wire::Answer>, Fault> {
        self.wire
            .ask(text)
            .await
            .map_err(|failure| failure.fault(operation))
    }
}

impl Locked for Session {
    async fn snapshot(&mut self) -> Result<Snapshot, Fault> {
        let schema = self.server.schema.clone();
        snapshot::take(&mut self.wire, &schema, &snapshot::Manner::default())
            .await
            .map_err(|failure| failure.fault("read the schema"))
    }

    async fn look(&mut self, scope: &Scope, storage: bool) -> Result<Evidence, Fault> {
        const OPERATION: &str = "read the definitions that a statement may change";
        let Scope::Objects(objects) = scope else {
            return Ok(Evidence {
                definitions: self.snapshot().await?,
                storage: None,
            });
        };
        let place = snapshot::Place {
            schema: &self.server.schema,
            collation: &self.server.collation,
        };
        let seen = snapshot::look(&mut self.wire, place, objects, &snapshot::Manner::default())
            .await
            .map_err(|failure| failure.fault(OPERATION))?;
        let mut storage_seen = None;
        if storage {
            let tables = objects.iter().filter(|object| object.kind == ObjectKind::Table);
            let names: Vec<&str> = tables.map(|table| table.name.as_str()).collect();
            storage_seen = snapshot::storage(&mut self.wire, &self.server.schema, &names)
                .await
                .map_err(|failure| failure.fault(OPERATION))?;
        }
        Ok(Evidence {
            definitions: snapshot::rendered(&seen, place),
            storage: storage_seen,
        })
    }

    async fn journal(&mut self, key: &JournalKey) -> Result<Vec<JournalEntry>, Fault> {
        let text = journal::rows(&self.server.schema, key);
        let answers = self.ask(text, "read the journal").await?;
        answers
            .iter()
            .flat_map(|answer| &answer.rows)
            .map(journal::entry)
            .collect()
    }

    async fn begun(&mut self, versions: &[VersionKey]) -> Result<BTreeSet<VersionKey>, Fault> {
        if versions.is_empty() {
            return Ok(BTreeSet::new());
        }
        let text = journal::begun(&self.server.schema, versions);
        let answers = self.ask(text, "read which changes were begun").await?;
        let rows = answers.iter().flat_map(|answer| &answer.rows);
        let found: BTreeSet<String> = rows.map(|row| lock::cell(row, 0)).collect();
        let asked = versions.iter().filter(|version| found.contains(version.as_str()));
        Ok(asked.cloned().collect())
    }

    async fn execute(
        &mut self,
        key: &JournalKey,
        intent: &Intent,
        statement: &str,
        execution: Execution,
    ) -> Result<Executed, ExecuteError> {
        let mode = self.mode();
        let executed = match execution {
            Execution::Alone => {
                let around = self.around(key, intent, Kind::Ddl);
                execute::alone(&mut self.wire, statement, mode, &around).await
            }
            // What a table without transactions holds can't be one with its outcome.
            Execution::WithOutcome if !self.is_transactional(statement).await? => {
                let around = self.around(key, intent, Kind::Dml);
                execute::alone(&mut self.wire, statement, mode, &around).await
            }
            Execution::WithOutcome => {
                let texts = [Kind::Query, Kind::Dml].map(|kind| self.around(key, intent, kind));
                let around = |kind| {
                    let [query, rows] = texts;
                    if kind == Kind::Query { query } else { rows }
                };
                execute::with_outcome(&mut self.wire, statement, mode, around).await
            }
        };
        match executed {
            Err(ExecuteError::Stale(_)) => Err(ExecuteError::Stale(journal::stale(
                &self.server.schema,
                self.fence,
            ))),
            other => other,
        }
    }

    async fn blockers(&mut self, tables: &[String]) -> Result<Vec<Blocker>, Fault> {
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let asked = self
            .wire
            .ask(blockers::of_tables(&self.server.schema, tables))
            .await;
        match asked {
            Ok(answers) => answers
                .iter()
                .flat_map(|answer| &answer.rows)
                .map(blockers::blocker)
                .collect(),
            // Who may not see them goes on without.
            Err(Failure::Server(_)) => Ok(Vec::new()),
            Err(gone @ Failure::Gone(_)) => Err(gone.fault("look for who holds what a statement waits for")),
        }
    }

    async fn sizes(&mut self, tables: &[String]) -> Result<Vec<(String, u64)>, Fault> {
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let text = weight::of_tables(&self.server.schema, tables);
        let answers = self.ask(text, "read the sizes of tables").await?;
        Ok(weight::sizes(&answers))
    }

    async fn estimate(&mut self, statement: &str) -> Result<Option<Estimate>, Fault> {
        let mode = self.mode();
        match execute::explained(&mut self.wire, statement, mode).await {
            Ok(answers) => Ok(weight::estimate(&answers)),
            // What it can't explain, it says when the statement is sent.
            Err(ExecuteError::Refused { .. }) => Ok(None),
            Err(ExecuteError::Stale(fault) | ExecuteError::Lost(fault)) => Err(fault),
        }
    }

    async fn pause(&mut self, pause: Duration) -> Result<(), Fault> {
        let text = format!("DO SLEEP({})", pause.as_secs_f64());
        self.ask(text, "wait").await.map(|_| ())
    }

    async fn restore(&mut self, statement: &str) -> Result<(), ExecuteError> {
        let mode = self.mode();
        execute::plain(&mut self.wire, statement, mode)
            .await
            .map(|_executed| ())
    }

    async fn settle(
        &mut self,
        key: &JournalKey,
        index: u32,
        outcome: Outcome,
        because: &str,
    ) -> Result<(), Fault> {
        let text = journal::settle(&self.server.schema, key, index, outcome, because);
        let answers = self.ask(text, "write an outcome").await?;
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
        base: Option<&str>,
        steps: &[Step],
    ) -> Result<Vec<Option<Foretold>>, RehearsalError> {
        rehearse::rehearse(self, base, steps).await
    }

    async fn applied(&mut self, versions: &[VersionKey]) -> Result<Vec<AppliedChange>, Fault> {
        if versions.is_empty() {
            return Ok(Vec::new());
        }
        let text = revisions::of_versions(&self.server.schema, versions);
        let answers = self.ask(text, "read what is applied").await?;
        answers
            .iter()
            .flat_map(|answer| &answer.rows)
            .map(revisions::applied)
            .collect()
    }

    async fn remember(&mut self, change: &AppliedChange) -> Result<(), Fault> {
        let text = revisions::remember(&self.server.schema, change);
        self.ask(text, "remember a change as applied").await.map(|_| ())
    }

    async fn is_made_anew(&mut self) -> Result<bool, Fault> {
        const OPERATION: &str = "look whether the schema was made anew";
        let schema = self.server.schema.clone();
        let answers = self.ask(revisions::gone(&schema), OPERATION).await?;
        let row = answers.first().and_then(|answer| answer.rows.first());
        Ok(row.is_some_and(|row| lock::cell(row, 0) == "1"))
    }

    async fn set_aside(&mut self) -> Result<(), Fault> {
        let text = revisions::set_aside(&self.server.schema);
        self.ask(text, "set aside what is remembered of a schema")
            .await
            .map(|_| ())
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
