//! What the commands ask of MySQL servers: the schema of a database, and schemas of their own to try things on.

use crate::exit::{Stop, causes};
use crate::render::plain;
use crate::server::ServerUrl;
use model::Fault;
use mysql::{Definers, DumpOptions, Scratch, ScratchError, ScratchName};
use sql::{Kind, SqlMode, Statement};
use workflow::ports::database::{OpenError, Snapshot};

/// The schema of a database.
pub(crate) async fn dump(url: &ServerUrl, schema: &str, definers: Definers) -> Result<Snapshot, Stop> {
    mysql::dump(&url.login()?, schema, DumpOptions { definers })
        .await
        .map_err(|error| unopened(url, error))
}

/// A schema of this command's own on a server, under a name that nobody else has. It is dropped at the end.
#[derive(Debug)]
pub(crate) struct Bench {
    scratch: Scratch,
    url: ServerUrl,
}

/// A schema as a server shows it, after it was loaded there.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The schema.
    pub(crate) text: String,
    /// What of the file was not loaded, with the lines: locks, rows, settings of the server.
    pub(crate) skipped: Vec<String>,
}

impl Bench {
    /// Makes the schema.
    pub(crate) async fn make(url: &ServerUrl) -> Result<Self, Stop> {
        let made = Scratch::make(&url.login()?, &ScratchName::random(), None).await;
        Ok(Self {
            scratch: made.map_err(|error| failed(url, "a scratch schema", error))?,
            url: url.clone(),
        })
    }

    /// The server.
    pub(crate) fn name(&self) -> String {
        self.url.to_string()
    }

    /// Loads a schema in place of what was there, and reads it as the server shows it.
    pub(crate) async fn normal(&mut self, what: &str, text: &str) -> Result<Shown, Stop> {
        let emptied = self.scratch.empty().await;
        emptied.map_err(|error| failed(&self.url, "the scratch schema", error))?;
        let loaded = self.scratch.load(text).await;
        let loaded = loaded.map_err(|error| failed(&self.url, what, error))?;
        if !loaded.skipped.is_empty() {
            known(what, text)?;
        }
        let skipped = loaded.skipped.iter();
        Ok(Shown {
            text: self.snapshot().await?,
            skipped: skipped
                .map(|skipped| format!("line {}: {}", skipped.line, skipped.verb))
                .collect(),
        })
    }

    /// Runs statements that Sluice wrote.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Stop> {
        const WHAT: &str = "the proposed statements";
        let statements =
            sql::split(sql, SqlMode::default()).map_err(|error| failed(&self.url, WHAT, error.into()))?;
        let ran = self.scratch.run(&statements).await;
        ran.map_err(|error| failed(&self.url, WHAT, error))
    }

    /// The schema as it is now.
    pub(crate) async fn snapshot(&mut self) -> Result<String, Stop> {
        let taken = self.scratch.snapshot(DumpOptions::default()).await;
        taken
            .map(|snapshot| snapshot.text)
            .map_err(|error| failed(&self.url, "the scratch schema", error))
    }

    /// Drops the schema.
    pub(crate) async fn drop(self) -> Result<(), Stop> {
        let Self { scratch, url } = self;
        scratch
            .drop()
            .await
            .map_err(|error| failed(&url, "the scratch schema", error))
    }
}

/// What was not loaded may be rows, locks or settings, but no definition with a slip of the pen in its first words.
fn known(what: &str, text: &str) -> Result<(), Stop> {
    const MAINTENANCE: [&str; 4] = ["ANALYZE", "CHECK", "OPTIMIZE", "REPAIR"];
    let unknown = |statement: &Statement| {
        let facts = &statement.facts;
        let maintains = MAINTENANCE.iter().any(|word| facts.verb.starts_with(word));
        facts.kind == Kind::Admin && facts.banned.is_none() && !maintains
    };
    let statements = sql::split(text, SqlMode::default()).unwrap_or_default();
    statements.iter().find(|statement| unknown(statement)).map_or(Ok(()), |statement| {
        Err(Stop::refused(
            "unknown-statement",
            format!(
                "{what}: line {}, column {}: this begins like no statement that makes a schema: `{}`. Check its spelling, \
                 or leave it out.",
                statement.line,
                statement.column,
                plain::shortened(&statement.text, 40)
            ),
        ))
    })
}

/// A session that could not be opened, with what to do on this command line.
fn unopened(url: &ServerUrl, error: OpenError) -> Stop {
    match error {
        OpenError::Login(fault) => Stop::refused(
            "login-refused",
            format!(
                "{url}: {}. Check the user, and the password in the URL or in SLUICE_MYSQL_PASSWORD.",
                reason(&fault)
            ),
        ),
        OpenError::NoSchema(schema) => Stop::refused(
            "no-schema",
            format!(
                "{url}: there is no schema `{schema}` on this server, or this user may not see it. Check its name."
            ),
        ),
        OpenError::Fault(fault) => broken(url, &fault),
    }
}

/// A fault without its remedy, which is about the settings of a stack.
fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Operator {
            operation, source, ..
        }
        | Fault::Retry {
            operation, source, ..
        } => format!("{operation} failed: {}", causes(source.as_ref())),
        Fault::Bug(_) => fault.to_string(),
    }
}

fn broken(url: &ServerUrl, fault: &Fault) -> Stop {
    let remedy = match fault {
        Fault::Operator { .. } => "Check ssl-mode and ssl-ca of the URL, and the user's rights.",
        Fault::Retry { .. } => "Check the host, the port and the network, then try again.",
        Fault::Bug(_) => "Please report this.",
    };
    Stop::Fault(format!("{url}: {}. {remedy}", reason(fault)))
}

/// What a server, or the look at a text for it, says to something that was to be done on a scratch schema.
fn failed(url: &ServerUrl, what: &str, error: ScratchError) -> Stop {
    match error {
        ScratchError::Open(error) => unopened(url, error),
        ScratchError::Unreadable(error) => Stop::refused("sql-unreadable", format!("{what}: {error}")),
        ScratchError::Refused { code, .. } => {
            Stop::refused(&format!("mysql-{code}"), format!("{what}, on {url}: {error}"))
        }
        ScratchError::Outside { .. } => Stop::refused("not-of-the-schema", format!("{what}: {error}")),
        ScratchError::Fault(fault) => broken(url, &fault),
    }
}
