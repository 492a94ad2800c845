//! Where something is played: a schema on a server, a ledger with issues, and workers.

use crate::cells::Moment;
use crate::kinds::Kind;
use crate::orders::{Looks, Orders, Stroke};
use crate::process::WorkerProcess;
use crate::server::{PASSWORD, Server, Sessions};
use crate::trouble::{Trouble, until};
use crate::worker::{INSTANCE, SECRET};
use jiff::Timestamp;
use ledger::DynamoLedger;
use ledger::admin::{drop_table, make_table};
use model::{Change, ChangeType, DatabaseName, Decision, Issue, IssueNumber, Target, Task, TaskKey, Version};
use settings::Settings;
use std::cell::Cell as Count;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use testkit::fixtures;
use workflow::gates;
use workflow::ports::ledger::{
    Commit as _, Committed, SettingsLedger as _, StoredSettings, TextLedger as _, Write,
};

/// How long a lease lasts here.
pub(crate) const LEASE: Duration = Duration::from_secs(1);
/// How long a statement waits for others, where it is not to give up.
const LONG_S: u64 = 120;
/// How long it waits where it is to give up.
const SHORT_S: u64 = 2;
/// How long what is waited for on the server may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where something is played.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    pub(crate) server: &'a Server,
    pub(crate) admin: Sessions,
    pub(crate) schema: String,
    pub(crate) ledger: DynamoLedger,
    pub(crate) target: Target,
    program: PathBuf,
    table: String,
    folder: TempDir,
    started: Count<u32>,
    planned: Count<u32>,
}

/// How a worker is started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) looks: Looks,
    pub(crate) stroke: Option<Stroke>,
    pub(crate) port: Option<u16>,
    pub(crate) gives_up: bool,
}

impl Part {
    /// One that nothing befalls.
    pub(crate) fn of(looks: Looks) -> Self {
        Self {
            looks,
            stroke: None,
            port: None,
            gives_up: false,
        }
    }
}

impl<'a> Stage<'a> {
    /// Makes one with this in its schema, for workers that are run by this program.
    pub(crate) async fn make(
        server: &'a Server,
        program: &Path,
        name: &str,
        prepared: &str,
    ) -> Result<Self, Trouble> {
        let config = testkit::platform::config().await;
        let table = testkit::platform::unique_name("sluice-gate");
        let ledger = make_table(&config, &table).await?;
        let stage = Self {
            server,
            admin: Sessions::to(server),
            schema: name.to_owned(),
            ledger,
            target: Target::new(INSTANCE, name),
            program: program.to_owned(),
            table,
            folder: tempfile::Builder::new().prefix("sluice-cell-").tempdir()?,
            started: Count::new(0),
            planned: Count::new(0),
        };
        stage.furnish(prepared).await?;
        Ok(stage)
    }

    /// Takes it down. One that was not taken down leaves a schema and a table on servers that are about to end.
    pub(crate) async fn take_down(&self) -> Result<(), Trouble> {
        drop_table(&self.ledger).await?;
        self.admin
            .run(&format!("DROP DATABASE IF EXISTS `{}`", self.schema))
            .await?;
        self.admin.close().await;
        Ok(())
    }

    async fn furnish(&self, prepared: &str) -> Result<(), Trouble> {
        let own = &self.schema;
        self.admin
            .run(&format!(
                "CREATE DATABASE `{own}`; USE `{own}`; {prepared}; \
                 INSERT INTO gate.moments VALUES ('{own}', 'intent'), ('{own}', 'outcome')"
            ))
            .await?;
        // This session must not look like one of a worker.
        self.admin.close().await;
        let settings = StoredSettings {
            text: settings(own),
            ..fixtures::settings(1)
        };
        must_be_new(
            self.ledger
                .put_settings(&settings, testkit::fixtures::settings_audit())
                .await?,
        )
    }

    /// The settings of its ledger.
    pub(crate) fn settings(&self) -> Result<Settings, Trouble> {
        Settings::read(&settings(&self.schema))
            .map_err(|problems| Trouble::new(format!("the settings are no settings: {problems:?}")))
    }

    /// Plans changes of these texts, as the next issue and the next versions, and has the dba approve them.
    pub(crate) async fn plan(&self, texts: &[String]) -> Result<Vec<TaskKey>, Trouble> {
        let first = self.planned.get() + 1;
        self.planned
            .set(self.planned.get() + u32::try_from(texts.len()).unwrap_or(u32::MAX));
        // An issue is numbered by the first of its versions; where each has one, the numbers have no gaps.
        let mut issue = fixtures::issue(first.into());
        let (mut writes, mut tasks) = (vec![Write::IssueNumber(issue.number)], Vec::new());
        for (position, text) in (first..).zip(texts) {
            let task = self.task(issue.number, position, text).await?;
            issue.tasks.push(task.key());
            tasks.push(task);
        }
        let keys = issue.tasks.clone();
        let decision = approval(&self.settings()?, &issue, &tasks)?;
        writes.extend(tasks.into_iter().map(Write::Task));
        writes.extend([Write::Issue(issue), Write::Decision(decision)]);
        must_be_new(self.ledger.commit(writes).await?)?;
        Ok(keys)
    }

    /// A task whose version is its position.
    async fn task(&self, issue: IssueNumber, position: u32, text: &str) -> Result<Task, Trouble> {
        let written = position.to_string();
        let version = Version::parse(&written).map_err(|error| Trouble::new(error.to_string()))?;
        let checksum = self.ledger.put_text(text).await?;
        let change = Change {
            version,
            change_type: ChangeType::Ddl,
            path: format!("bytebase/test/db_demo##{written}##ddl##gate.sql"),
            checksum,
            size: text.len() as u64,
            ..fixtures::change(&written)
        };
        Ok(Task {
            change,
            database: DatabaseName::new("db_demo"),
            position,
            ..fixtures::task(issue.0, &self.target, &written)
        })
    }

    /// Starts a worker.
    pub(crate) fn start(&self, part: Part) -> Result<WorkerProcess, Trouble> {
        WorkerProcess::start(&self.program, "worker", &self.orders(part))
    }

    /// Starts the negative control on the statements in a file.
    pub(crate) fn start_naive(&self, file: &Path) -> Result<WorkerProcess, Trouble> {
        let orders = Orders {
            table: file.display().to_string(),
            ..self.orders(Part::of(Looks::Once))
        };
        WorkerProcess::start(&self.program, "naive", &orders)
    }

    /// Writes a file for workers.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<PathBuf, Trouble> {
        let file = self.folder.path().join(name);
        std::fs::write(&file, text)?;
        Ok(file)
    }

    fn orders(&self, part: Part) -> Orders {
        self.started.set(self.started.get() + 1);
        Orders {
            port: part.port.unwrap_or(self.server.port()),
            password: PASSWORD.to_owned(),
            table: self.table.clone(),
            schema: self.schema.clone(),
            lease_ms: i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX),
            lock_wait_s: if part.gives_up { SHORT_S } else { LONG_S },
            stroke: part.stroke,
            looks: part.looks,
            report: self
                .folder
                .path()
                .join(format!("worker-{}.json", self.started.get())),
        }
    }

    /// Holds what a text of a worker waits for at this moment. Letting go is closing the session.
    pub(crate) async fn hold(&self, moment: Moment, kind: Kind) -> Result<Sessions, Trouble> {
        let holder = Sessions::to(self.server);
        let row = |moment: &str| {
            format!(
                "START TRANSACTION; SELECT moment FROM gate.moments \
                 WHERE schema_name = '{}' AND moment = '{moment}' FOR UPDATE",
                self.schema
            )
        };
        let text = match moment {
            Moment::Intent => row("intent"),
            Moment::Statement => kind.holder(&self.schema),
            Moment::Outcome => row("outcome"),
        };
        holder.run(&text).await?;
        Ok(holder)
    }

    /// Waits until a text of the worker waits for the locks of others.
    pub(crate) async fn waits(&self, worker: &mut WorkerProcess) -> Result<(), Trouble> {
        let query = format!(
            "SELECT COUNT(*) {} AND (PROCESSLIST_STATE = 'Waiting for table metadata lock' OR THREAD_ID IN \
             (SELECT REQUESTING_THREAD_ID FROM performance_schema.data_lock_waits))",
            self.of_workers()
        );
        let began = Instant::now();
        while self.admin.value(&query).await? == "0" {
            worker.must_run()?;
            if began.elapsed() > PATIENCE {
                return Err(Trouble::new(
                    "the worker's text never waited for the locks of others",
                ));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Waits until the server is done with everything that it got from workers: their sessions are gone, or say nothing.
    pub(crate) async fn quiet(&self) -> Result<(), Trouble> {
        let query = format!(
            "SELECT COUNT(*) {} AND PROCESSLIST_COMMAND <> 'Sleep'",
            self.of_workers()
        );
        until(
            "the server is done with the workers' statements",
            PATIENCE,
            async || Ok((self.admin.value(&query).await? == "0").then_some(())),
        )
        .await
    }

    /// Waits until no worker has a session any more.
    pub(crate) async fn deserted(&self) -> Result<(), Trouble> {
        until("no worker has a session", PATIENCE, async || {
            Ok(self.sessions().await?.is_empty().then_some(()))
        })
        .await
    }

    /// Ends the sessions of workers, as the server does with those that say nothing for too long.
    pub(crate) async fn end_sessions(&self) -> Result<(), Trouble> {
        for session in self.sessions().await? {
            // One that ends by itself meanwhile is what we want.
            let _gone = self.admin.run(&format!("KILL {session}")).await;
        }
        self.deserted().await
    }

    async fn sessions(&self) -> Result<Vec<String>, Trouble> {
        let query = format!("SELECT PROCESSLIST_ID {}", self.of_workers());
        Ok(self.admin.run(&query).await?.into_iter().flatten().collect())
    }

    /// The sessions of workers: in their schema, or, where a trigger of the journal runs, in its schema but with the lock.
    fn of_workers(&self) -> String {
        format!(
            "FROM performance_schema.threads WHERE (PROCESSLIST_DB = '{}' OR PROCESSLIST_ID = IS_USED_LOCK({}))",
            self.schema,
            self.lock()
        )
    }

    /// The connection that has the target's lock.
    pub(crate) async fn holder(&self) -> Result<Option<String>, Trouble> {
        let holder = self
            .admin
            .value(&format!("SELECT IS_USED_LOCK({})", self.lock()))
            .await?;
        Ok(Some(holder).filter(|holder| !holder.is_empty()))
    }

    /// The name of the target's lock, as an expression of the server.
    pub(crate) fn lock(&self) -> String {
        format!("CONCAT('sluice:', LEFT(SHA2('{}', 256), 40))", self.schema)
    }

    /// Where the rows of `subject` are kept: another place after it was emptied.
    pub(crate) async fn storage(&self) -> Result<String, Trouble> {
        let query = format!(
            "SELECT SPACE FROM information_schema.INNODB_TABLESPACES_BRIEF WHERE NAME = '{}/subject'",
            self.schema
        );
        self.admin.value(&query).await
    }
}

fn must_be_new(committed: Committed) -> Result<(), Trouble> {
    match committed {
        Committed::Yes => Ok(()),
        Committed::Conflict => Err(Trouble::new("a new ledger is not empty")),
    }
}

/// The dba's approval of all that an issue holds.
fn approval(settings: &Settings, issue: &Issue, tasks: &[Task]) -> Result<Decision, Trouble> {
    let stages = gates::stages(settings, issue, tasks, &[], Timestamp::now());
    let stage = stages
        .first()
        .ok_or_else(|| Trouble::new("the issue has no stage"))?;
    Ok(Decision {
        environment: stage.environment.clone(),
        digest: stage.digest.clone(),
        ..fixtures::decision(issue.number.0, "dba", 1)
    })
}

fn settings(schema: &str) -> String {
    format!(
        r#"
[[projects]]
name = "demo"
branch = "main"
base_directory = "bytebase"
repository = {{ id = 1, installation_id = 1, name = "octo/demo" }}

[[projects.databases]]
name = "db_demo"
environment = "test"
instance = "{INSTANCE}"
schema = "{schema}"

[[environments]]
name = "test"
approvals = 1
approvers = {{ roles = ["dba"] }}

[[instances]]
name = "{INSTANCE}"
secret_arn = "{SECRET}"
tls = {{ mode = "disabled" }}

[[members]]
name = "dba"
email = "dba@example.com"
github_id = 7
principals = ["arn:aws:iam::000000000000:user/dba"]
roles = ["dba", "admin"]
"#
    )
}
