//! What every story is held to at its end.

use crate::world::{World, must};
use jiff::SignedDuration;
use model::{Target, Task, TaskKey, TaskRun};
use std::collections::BTreeMap;
use testkit::scratch::{Administrator, Scratch};
use workflow::ports::clock::Clock;
use workflow::ports::ledger::{IssueLedger, LeaseLedger, PlanLedger, TargetLedger, TextLedger};

/// A row of the server's journal.
#[derive(Debug, Clone)]
pub(crate) struct JournalRow {
    pub(crate) version: String,
    pub(crate) index: String,
    pub(crate) digest: String,
    pub(crate) outcome: String,
}

impl World {
    /// Nothing may be left unread, undone or done twice.
    pub(crate) async fn account(&self) {
        assert_eq!(
            self.take_faults(),
            Vec::<String>::new(),
            "faults that the story did not ask about"
        );
        assert_eq!(
            self.queue.inner().take_pointers(),
            [],
            "pointers that nobody read"
        );
        assert_eq!(
            self.queue.inner().take_pull_requests(),
            [],
            "pull requests that nobody looked at"
        );
        assert_eq!(self.queue.inner().take_nudges(), [], "nudges that nobody read");
        assert_eq!(self.outbox().await, [], "an outbox that nobody told of");
        for (place, target) in &self.places {
            let now = self.clock.now();
            let until = now + SignedDuration::from_secs(1);
            let lease = self
                .ledger
                .inner()
                .acquire_lease(target, "epilogue", now, until)
                .await;
            assert!(
                must("asking for a lease", lease).is_some(),
                "the lease of {place} is held"
            );
            self.account_of(place, target).await;
        }
        self.account_of_audit().await;
        self.account_of_events().await;
    }

    /// What the server, its journal and the ledger say of a database is one story.
    async fn account_of(&self, place: &str, target: &Target) {
        let tasks = self.tasks_of(target).await;
        let journal = self.journal(&target.database).await;
        for row in &journal {
            let task = tasks
                .iter()
                .find(|task| task.change.version.key().as_str() == row.version);
            let Some(task) = task else {
                panic!("{place}: a statement that no task asked for: {row:?}");
            };
            // Only where a person was asked may it stay open what came of a statement.
            let asked = matches!(task.run, TaskRun::Ambiguous { .. } | TaskRun::Failed(_));
            assert!(
                asked || row.outcome != "unknown",
                "{place}: of unknown outcome: {row:?}"
            );
        }
        for task in &tasks {
            let key = task.key();
            let revision = must("reading a revision", self.ledger.inner().revision(&key).await);
            assert_eq!(
                revision.is_some(),
                task.run == TaskRun::Done,
                "{place}: revision and task of {key}"
            );
            for statement in revision.into_iter().flat_map(|revision| revision.statements) {
                let row = journal.iter().find(|row| {
                    row.version == key.version.as_str() && row.index == statement.index.to_string()
                });
                let said = row.map(|row| (row.outcome.as_str(), row.digest.as_str()));
                assert_eq!(
                    said,
                    Some(("done", statement.digest.as_str())),
                    "{place}: {key}, {statement:?}"
                );
            }
        }
        self.replay(place, target, &tasks, &journal).await;
    }

    /// Running what the journal says is done, once and in order, on an empty database gives the very same database.
    async fn replay(&self, place: &str, target: &Target, tasks: &[Task], journal: &[JournalRow]) {
        let texts = self.statements_of(tasks).await;
        let mut script = self.prepared.to_owned();
        for row in journal.iter().filter(|row| row.outcome == "done") {
            let Some(text) = texts.get(&row.digest) else {
                panic!("{place}: a statement whose text nobody has: {row:?}");
            };
            script.extend(["\n", text, ";"]);
        }
        let replay = Scratch::make(&self.server).await;
        let ran = self
            .server
            .try_run(&format!("USE `{}`; {script}", replay.name()))
            .await;
        let (live, again) = (
            self.content(target.database.as_str()).await,
            self.content(replay.name()).await,
        );
        replay.drop(&self.server).await;
        if let Err(error) = ran {
            panic!("{place}: what was applied can't be run once and in order: {error}");
        }
        assert_eq!(
            live, again,
            "{place}: not what its statements make when each is run once:\n{script}"
        );
    }

    /// The columns of a schema, and the checksum of the rows of each table.
    async fn content(&self, schema: &str) -> Vec<Vec<Option<String>>> {
        let columns = format!(
            "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS \
             WHERE TABLE_SCHEMA = '{schema}' ORDER BY TABLE_NAME, ORDINAL_POSITION"
        );
        let mut content = self.server.run(&columns).await;
        let mut tables: Vec<String> = content
            .iter()
            .filter_map(|row| row.first().cloned().flatten())
            .collect();
        tables.dedup();
        if !tables.is_empty() {
            let names: Vec<String> = tables
                .iter()
                .map(|table| format!("`{schema}`.`{table}`"))
                .collect();
            let sums = self
                .server
                .run(&format!("CHECKSUM TABLE {}", names.join(", ")))
                .await;
            content.extend(sums.into_iter().map(|row| row.into_iter().skip(1).collect()));
        }
        content
    }

    /// Every statement of these tasks, by digest.
    async fn statements_of(&self, tasks: &[Task]) -> BTreeMap<String, String> {
        let mut statements = BTreeMap::new();
        for task in tasks {
            let text = must(
                "reading a text",
                self.ledger.inner().text(&task.change.checksum).await,
            );
            let text = text.unwrap_or_default();
            for statement in
                review::review(task.change.change_type, &text, &review::Surroundings::default()).statements
            {
                let digest = model::Checksum::of(statement.text.as_bytes());
                statements.insert(digest.as_str().to_owned(), statement.text);
            }
        }
        statements
    }

    /// Every task of a target, whatever became of it.
    pub(crate) async fn tasks_of(&self, target: &Target) -> Vec<Task> {
        let ledger = self.ledger.inner();
        let last = must("counting issues", ledger.last_issue().await).0;
        let numbers: Vec<_> = (1..=last).map(model::IssueNumber).collect();
        let issues = must("reading issues", ledger.issues(&numbers).await);
        let mut keys: Vec<TaskKey> = issues.into_iter().flat_map(|issue| issue.tasks).collect();
        keys.retain(|key| &key.target == target);
        keys.sort();
        keys.dedup();
        must("reading tasks", ledger.tasks(&keys).await)
    }

    /// The server's journal of a schema, in the order of the statements.
    pub(crate) async fn journal(&self, schema: &model::DatabaseName) -> Vec<JournalRow> {
        let query = format!(
            "SELECT version_key, statement_index, digest, outcome FROM _sluice.journal \
             WHERE schema_name = '{schema}' ORDER BY intended_at"
        );
        // Before the first look at any database of the server there is no journal.
        let rows = self.server.try_run(&query).await.unwrap_or_default();
        let cell = |row: &[Option<String>], at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        rows.iter()
            .map(|row| JournalRow {
                version: cell(row, 0),
                index: cell(row, 1),
                digest: cell(row, 2),
                outcome: cell(row, 3),
            })
            .collect()
    }
}
