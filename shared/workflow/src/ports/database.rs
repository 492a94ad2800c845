//! A target database: lock, snapshot, journal and statements, all on one session.

use model::{Checksum, Fault, Target, VersionKey};
use secrecy::SecretString;
use std::future::Future;
use std::time::Duration;

/// How to reach a server.
#[derive(Debug, Clone)]
pub struct Login {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The password.
    pub password: SecretString,
    /// How the connection is secured.
    pub tls: settings::Tls,
}

/// Servers.
pub trait Databases: Send + Sync {
    /// A session that holds the target's lock.
    type Locked: Locked;

    /// Connects to the writer, makes sure the journal's tables are there, and takes the target's lock on that very
    /// session. A wrong password is [`OpenError::Login`].
    fn lock(
        &self,
        login: &Login,
        target: &Target,
        wait: Duration,
    ) -> impl Future<Output = Result<Lock<Self::Locked>, OpenError>> + Send;
}

/// What came of asking for a lock.
#[derive(Debug)]
pub enum Lock<L> {
    /// Held, by this session.
    Held(L),
    /// Somebody else has it: most often a statement of ours whose client is gone.
    Busy {
        /// Its connection id, where the server tells.
        connection: Option<u64>,
    },
}

/// Why a session could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The server does not accept the login (1045, 1698): the password may have been rotated.
    #[error("the server refuses the login")]
    Login(#[source] Fault),
    /// The schema does not exist on the server (1049).
    #[error("there is no schema `{0}` on the server; create it, or mend `schema` in settings")]
    NoSchema(String),
    /// Anything else.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The normalised definition of a whole schema: statements that make it anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The text.
    pub text: String,
    /// What is in the schema, in the order of the text; nothing where only the text was stored.
    pub objects: Vec<ObjectPrint>,
}

impl Snapshot {
    /// A snapshot of which only the text was kept.
    pub fn of(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            objects: Vec::new(),
        }
    }

    /// Its hash.
    pub fn fingerprint(&self) -> Checksum {
        Checksum::of(self.text.as_bytes())
    }
}

/// One object of a schema, and the hash of all that its definition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPrint {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// The hash of its definition, with the settings of the session that it keeps.
    pub fingerprint: Checksum,
}

/// Kinds of objects, in the order in which a schema is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A table.
    Table,
    /// A stored function.
    Function,
    /// A stored procedure.
    Procedure,
    /// A view.
    View,
    /// A trigger.
    Trigger,
    /// An event of the scheduler.
    Event,
}

impl ObjectKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::View => "view",
            Self::Trigger => "trigger",
            Self::Event => "event",
        }
    }
}

/// Which rows of the journal: one change of one schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalKey {
    /// The change's version.
    pub version: VersionKey,
}

/// What is about to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The statement, from 1.
    pub index: u32,
    /// The checksum of its text.
    pub digest: Checksum,
    /// The fingerprint of the schema before it.
    pub before: Checksum,
    /// The stored text of the schema before the first statement of the change.
    pub base: Checksum,
    /// The lease under which it is done.
    pub fence: u64,
}

/// What a row of the journal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// What was about to be done.
    pub intent: Intent,
    /// What came of it.
    pub outcome: Outcome,
    /// How long the server took, where it answered.
    pub duration: Option<Duration>,
    /// Rows affected, where it answered.
    pub rows: Option<u64>,
}

/// What came of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Not known: nobody came back to write it.
    Unknown,
    /// It happened.
    Done,
    /// It did not happen.
    Failed,
}

/// How a statement is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// In a transaction that also writes the outcome: both happen or neither.
    WithOutcome,
    /// By itself; the outcome is written afterwards by [`Locked::settle`].
    Alone,
}

/// What the server said to a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Executed {
    /// How long it took.
    pub duration: Duration,
    /// Rows affected.
    pub rows: u64,
}

/// Why a statement did not come back well.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The server says that it did not happen.
    #[error("MySQL error {code} ({sqlstate}): {message}")]
    Refused {
        /// MySQL's number.
        code: u16,
        /// The SQLSTATE.
        sqlstate: String,
        /// The server's message.
        message: String,
    },
    /// The connection was lost: it may have happened, or may yet.
    #[error("the connection was lost while the statement ran")]
    Lost(#[source] Fault),
}

/// A session that holds a target's lock. Without one, no statement can be sent.
pub trait Locked: Send {
    /// The schema as it is.
    fn snapshot(&mut self) -> impl Future<Output = Result<Snapshot, Fault>> + Send;

    /// What the journal says of a change, by index.
    fn journal(&mut self, key: &JournalKey) -> impl Future<Output = Result<Vec<JournalEntry>, Fault>> + Send;

    /// Writes an intent with an unknown outcome, in place of an older one of the same index, and commits it.
    fn intend(&mut self, key: &JournalKey, intent: &Intent)
    -> impl Future<Output = Result<(), Fault>> + Send;

    /// Executes one statement, as it is, and nothing else.
    fn execute(
        &mut self,
        key: &JournalKey,
        index: u32,
        statement: &str,
        execution: Execution,
    ) -> impl Future<Output = Result<Executed, ExecuteError>> + Send;

    /// Writes the outcome of an intent.
    fn settle(
        &mut self,
        key: &JournalKey,
        index: u32,
        outcome: Outcome,
        executed: Option<Executed>,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Makes a scratch schema like `base`, runs the statements on it one by one, drops it again. Answers exactly two
    /// fingerprints: before the last statement and after it. Without statements, both are the base's.
    fn rehearse(
        &mut self,
        base: &Snapshot,
        statements: &[String],
    ) -> impl Future<Output = Result<Vec<Checksum>, ExecuteError>> + Send;

    /// Gives the lock back and closes the session.
    fn close(self) -> impl Future<Output = ()> + Send;
}
