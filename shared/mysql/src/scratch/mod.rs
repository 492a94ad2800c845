//! A schema of one's own on a server: made, filled with definitions, changed, read, dropped.
//!
//! What is loaded is definitions: rows, locks, other schemas and the server's settings are left out. Nothing reaches
//! another schema: a definition that names one is refused. Events are made asleep, lest the server runs them here, and
//! shown awake. The definer of everything is whoever loads it, unless definers are to be kept.

mod name;
mod reading;
mod stage;

pub use name::ScratchName;
pub use reading::Skipped;
pub use stage::Defaults;
pub(crate) use stage::{LoadFailure, enter, load};

use crate::dump::{Definers, DumpOptions};
use crate::errors::Failure;
use crate::snapshot::{self, Manner, head};
use crate::wire::Wire;
use crate::{Limits, connect, lock};
use model::Fault;
use sql::{SqlError, SqlMode, Statement};
use std::collections::BTreeSet;
use workflow::ports::database::{Login, OpenError, Snapshot};

/// What came of loading a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// What was left out, because it makes nothing of a schema.
    pub skipped: Vec<Skipped>,
}

/// Why something on a scratch schema did not go well.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// No session could be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The text can't be split into statements.
    #[error("{0}")]
    Unreadable(#[from] SqlError),
    /// The server refuses a statement.
    #[error("line {line}: MySQL error {code}: {message}")]
    Refused {
        /// The line in the text where the statement starts.
        line: u32,
        /// MySQL's number.
        code: u16,
        /// The server's message.
        message: String,
    },
    /// A statement names another schema, or does what is not for a scratch schema.
    #[error(
        "line {line}: {what}, and only what makes one schema is run here: write names without their schema, and leave the \
         statement out where it is not about the schema"
    )]
    Outside {
        /// The line in the text where the statement starts.
        line: u32,
        /// What it does.
        what: String,
    },
    /// Anything else.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A scratch schema, on a session of its own. [`Scratch::drop`] drops it; when it is not called, the schema stays until
/// the next scratch schema of that name is made.
#[derive(Debug)]
pub struct Scratch {
    wire: Wire,
    name: ScratchName,
    defaults: Option<Defaults>,
    asleep: BTreeSet<String>,
    definers: Definers,
}

impl Scratch {
    /// Connects and makes an empty schema, with the server's defaults where none are given. One of that name is dropped.
    pub async fn make(
        login: &Login,
        name: &ScratchName,
        defaults: Option<Defaults>,
    ) -> Result<Self, ScratchError> {
        let limits = Limits::default();
        let mut wire = connect::connect(login, None, &limits).await?;
        wire.ask(lock::preamble(&limits))
            .await
            .map_err(|failure| failure.fault("set up a session"))?;
        let mut scratch = Self {
            wire,
            name: name.clone(),
            defaults,
            asleep: BTreeSet::new(),
            definers: Definers::Drop,
        };
        scratch.empty().await?;
        Ok(scratch)
    }

    /// Leaves definers as they stand in what is loaded and run.
    #[must_use]
    pub fn with_definers(mut self) -> Self {
        self.definers = Definers::Keep;
        self
    }

    /// Drops what is in the schema.
    pub async fn empty(&mut self) -> Result<(), ScratchError> {
        self.asleep.clear();
        let entered = enter(&mut self.wire, "", &self.name, self.defaults.as_ref()).await;
        entered.map_err(|failure| failure.fault("make a scratch schema"))?;
        Ok(())
    }

    /// Loads the text of a schema: a snapshot, or a file of definitions as people and `mysqldump` write it.
    pub async fn load(&mut self, text: &str) -> Result<Loaded, ScratchError> {
        let loaded = load(&mut self.wire, &self.name, text, self.definers).await;
        let loaded = loaded.map_err(failed)?;
        self.asleep.extend(loaded.asleep);
        Ok(Loaded {
            skipped: loaded.skipped,
        })
    }

    /// Runs statements one by one.
    pub async fn run(&mut self, statements: &[Statement]) -> Result<(), ScratchError> {
        for statement in statements {
            if let Some(what) = reading::outside(statement, SqlMode::default(), self.name.as_str()) {
                let line = statement.line;
                return Err(ScratchError::Outside { line, what });
            }
        }
        for statement in statements {
            let ready = reading::ready(statement, self.definers);
            stage::send(&mut self.wire, &[&ready]).await.map_err(failed)?;
            head::follow(&mut self.asleep, &ready.text);
            self.asleep.extend(ready.asleep);
        }
        Ok(())
    }

    /// Reads the schema.
    pub async fn snapshot(&mut self, options: DumpOptions) -> Result<Snapshot, ScratchError> {
        let manner = Manner {
            definers: options.definers,
            asleep: self.asleep.clone(),
        };
        let taken = snapshot::take(&mut self.wire, self.name.as_str(), &manner).await;
        Ok(taken.map_err(|failure| failure.fault("read a scratch schema"))?)
    }

    /// Drops the schema and closes the session.
    pub async fn drop(mut self) -> Result<(), ScratchError> {
        let text = format!("DROP DATABASE IF EXISTS {}", self.name.quoted());
        let dropped = self.wire.ask(text).await;
        self.wire.close().await;
        dropped.map_err(|failure| failure.fault("drop a scratch schema"))?;
        Ok(())
    }
}

/// A statement with the event that it makes put to sleep, and the name of that event.
pub(crate) fn asleep(statement: &str, mode: SqlMode) -> (String, Option<String>) {
    let first = sql::split(statement, mode)
        .ok()
        .and_then(|statements| statements.into_iter().next());
    match first.filter(|first| first.facts.verb == "CREATE EVENT") {
        Some(event) => {
            let ready = reading::ready(&event, Definers::Keep);
            (ready.text, ready.asleep)
        }
        None => (statement.to_owned(), None),
    }
}

fn failed(failure: LoadFailure) -> ScratchError {
    match failure {
        LoadFailure::Unreadable(error) => error.into(),
        LoadFailure::Outside(line, what) => ScratchError::Outside { line, what },
        LoadFailure::At(line, Failure::Server(error)) => ScratchError::Refused {
            line,
            code: error.code,
            message: error.message,
        },
        LoadFailure::At(_, gone @ Failure::Gone(_)) => {
            gone.fault("run a statement in a scratch schema").into()
        }
    }
}
