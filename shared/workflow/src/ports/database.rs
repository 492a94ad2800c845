//! A target database: lock, snapshot, journal and statements, all on one session.

use model::{ChangeType, Checksum, Fault, Target, Version, VersionKey, Work};
use secrecy::SecretString;
use std::collections::BTreeSet;
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
    /// Who rehearses, where that is another user: one whose rights cover scratch schemas and nothing else, so that no
    /// statement can reach a real schema from a copy.
    pub rehearsal: Option<RehearsalUser>,
}

/// The user of rehearsals.
#[derive(Debug, Clone)]
pub struct RehearsalUser {
    /// The user.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// Servers.
pub trait Databases: Send + Sync {
    /// A session that holds the target's lock.
    type Locked: Locked;

    /// Connects to the writer, makes sure the journal's tables are there, makes `owner` known to the server, and takes
    /// the target's lock on that very session. A wrong password is [`OpenError::Login`].
    ///
    /// An owner that is known shuts out every older one at once, also where it does not get the lock: what an older one
    /// sends from now on is [`ExecuteError::Stale`].
    fn lock(
        &self,
        login: &Login,
        target: &Target,
        owner: Owner,
        wait: Duration,
    ) -> impl Future<Output = Result<Lock<Self::Locked>, OpenError>> + Send;

    /// Who has the target's lock, and how far the server is with what that session does; nothing where it is free.
    fn watch(
        &self,
        login: &Login,
        target: &Target,
    ) -> impl Future<Output = Result<Option<Holder>, OpenError>> + Send;

    /// Ends the statement that a connection is at (`KILL QUERY`), if it still has the target's lock: the server undoes
    /// it. That it did is seen by whoever gets the lock next.
    fn end_statement(
        &self,
        login: &Login,
        target: &Target,
        connection: u64,
    ) -> impl Future<Output = Result<(), OpenError>> + Send;
}

/// The session that has a target's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its connection.
    pub connection: u64,
    /// The change and the statement of it that it is at, where the journal tells.
    pub statement: Option<(JournalKey, u32)>,
    /// How far the server is with it.
    pub work: Work,
}

/// Who acts on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The holder of the ledger's lease with this fence, an ever-growing number.
    Lease(u64),
    /// Somebody without a ledger. It acts under the newest fence that the server knows, and shuts nobody out; what
    /// excludes is the lock.
    Alone,
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
    /// The server does not accept the login: the password may have been rotated.
    #[error("the server refuses the login")]
    Login(#[source] Fault),
    /// The schema does not exist on the server.
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

/// The objects by whose definitions it is told whether a statement happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// These, in the target's schema.
    Objects(Vec<ObjectRef>),
    /// All there are: what the statement changes could not be read.
    Schema,
}

/// An object of a schema, whether it is there or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// What it is. Tables and views have one room of names: [`ObjectKind::Table`] finds either.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
}

/// What is to be seen of a scope at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The definitions of those objects that are there.
    pub definitions: Snapshot,
    /// Where the server keeps the rows of the scope's tables: another place after a table is emptied or rebuilt. None
    /// where the server does not tell.
    pub storage: Option<Checksum>,
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
    /// What was to be seen before it, where that tells whether it happened.
    pub before: Option<Before>,
    /// The stored text of the schema before the first statement of the change, where it was stored.
    pub base: Option<Checksum>,
    /// The change that is applied with this statement, its last: remembered together with the outcome.
    pub completes: Option<AppliedChange>,
}

/// What was to be seen before a statement, and what is to be seen after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The definitions in the statement's scope, as text that makes them anew.
    pub definitions: String,
    /// [`Evidence::storage`].
    pub storage: Option<Checksum>,
    /// The fingerprint of the definitions after it, where a rehearsal foretold it.
    pub foretold: Option<Checksum>,
}

impl Before {
    /// The fingerprint of the definitions.
    pub fn fingerprint(&self) -> Checksum {
        Checksum::of(self.definitions.as_bytes())
    }
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
    /// The server's connection that it was sent on.
    pub connection: u64,
    /// Why the outcome is believed, where the server did not write it itself.
    pub because: Option<String>,
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

/// How a statement is executed. Either way its intent is written before it and its outcome after it, by the server and
/// in one text with it: whoever sent it may die.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// In a transaction with its outcome: both happen or neither.
    WithOutcome,
    /// Between its intent and its outcome, each committed by itself.
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
        /// The server's message, and where the user lacks a right, how to give it.
        message: String,
        /// Why the same may go well a little later, where it may.
        passing: Option<Passing>,
    },
    /// A newer owner of the target is known to the server: nothing was sent to it.
    #[error("a newer owner has taken over the target; nothing was sent")]
    Stale(#[source] Fault),
    /// The session is given up. The connection was lost, and it may have happened, or may yet; or the server is no
    /// writer any more. The journal knows more, over a new connection.
    #[error("the connection was lost while the statement ran")]
    Lost(#[source] Fault),
}

/// Why a statement that was refused may go well a little later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// Others hold what it waits for.
    Held,
    /// The server is short of something.
    Short,
}

/// One statement of a change, as it is rehearsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The statement.
    pub statement: String,
    /// What it may change; none where only a server with rows can tell anything of it: it is prepared, and not run.
    pub scope: Option<Scope>,
    /// Whether it begins with a session as new: what was set before it is of another change.
    pub fresh: bool,
}

/// What a rehearsal told of one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foretold {
    /// The definitions of its scope before it.
    pub before: String,
    /// The definitions of its scope after it.
    pub after: String,
    /// How the server alters the table; none where it alters none.
    pub algorithm: Option<Algorithm>,
}

/// How a server alters a table, cheapest first ("Online DDL Operations" of the manual).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// Only the definition changes.
    Instant,
    /// In place, while others read and write.
    Inplace,
    /// In place, while others can't write.
    InplaceBlocking,
    /// By a copy of all rows, while others can't write.
    Copy,
}

/// Why a rehearsal came to no end.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The server refuses a statement of the change.
    #[error("statement {position} does not run: {error}")]
    Refused {
        /// Its position among the steps, from 0.
        position: usize,
        /// The server's words.
        error: ExecuteError,
    },
    /// There is no copy to rehearse on: it could not be made, or the change can't be run on one.
    #[error("the change can't be rehearsed: {0}")]
    Impossible(String),
    /// Anything else.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A change that is applied, as the target itself remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedChange {
    /// The version as it was written.
    pub version: Version,
    /// The type in its file's name.
    pub change_type: ChangeType,
    /// The description in its file's name.
    pub description: String,
    /// The checksum of its file.
    pub checksum: Checksum,
    /// How many statements it has.
    pub statements: u32,
    /// Who had it applied.
    pub applied_by: String,
    /// The whole revision as the ledger keeps it, JSON; none where there is no ledger.
    pub revision: Option<String>,
}

/// A session that holds what others wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Its connection.
    pub connection: u64,
    /// Its user and host.
    pub user: String,
    /// For how many seconds it has been doing what it does.
    pub seconds: u64,
    /// Whether it does nothing at all: a transaction that somebody left open.
    pub idle: bool,
}

/// What a statement would look at, as the server estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// So many rows.
    pub rows: u64,
    /// Whether it goes through a table from end to end, for no key leads to the rows.
    pub without_key: bool,
}

/// A session that holds a target's lock. Without one, no statement can be sent.
pub trait Locked: Send {
    /// The schema as it is.
    fn snapshot(&mut self) -> impl Future<Output = Result<Snapshot, Fault>> + Send;

    /// What is to be seen of a scope. Its cost grows with the scope and not with the schema. Where rows are kept is
    /// looked up only if `storage` is asked for.
    fn look(&mut self, scope: &Scope, storage: bool) -> impl Future<Output = Result<Evidence, Fault>> + Send;

    /// What the journal says of a change, by index.
    fn journal(&mut self, key: &JournalKey) -> impl Future<Output = Result<Vec<JournalEntry>, Fault>> + Send;

    /// Which of these versions the journal says anything of.
    fn begun(
        &mut self,
        versions: &[VersionKey],
    ) -> impl Future<Output = Result<BTreeSet<VersionKey>, Fault>> + Send;

    /// Executes one statement, as it is, between its intent and its outcome. The intent stands in place of an older one
    /// of the same index. Where the server refuses the statement, [`Outcome::Failed`] is written.
    fn execute(
        &mut self,
        key: &JournalKey,
        intent: &Intent,
        statement: &str,
        execution: Execution,
    ) -> impl Future<Output = Result<Executed, ExecuteError>> + Send;

    /// Who holds what a statement that touches these tables waits for, where the server tells.
    fn blockers(&mut self, tables: &[String]) -> impl Future<Output = Result<Vec<Blocker>, Fault>> + Send;

    /// How many bytes tables take with their keys, as the server estimates; those that are there.
    fn sizes(&mut self, tables: &[String]) -> impl Future<Output = Result<Vec<(String, u64)>, Fault>> + Send;

    /// What a statement would look at, as the server estimates; none where it does not tell.
    fn estimate(&mut self, statement: &str) -> impl Future<Output = Result<Option<Estimate>, Fault>> + Send;

    /// Waits, on the server, so that the session that holds the lock does not look idle.
    fn pause(&mut self, pause: Duration) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Sends one statement that changes nothing but the session, without a journal.
    fn restore(&mut self, statement: &str) -> impl Future<Output = Result<(), ExecuteError>> + Send;

    /// Writes the outcome of an intent that nobody came back to write, with the reason to believe it.
    fn settle(
        &mut self,
        key: &JournalKey,
        index: u32,
        outcome: Outcome,
        because: &str,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Runs the steps on an empty copy of what they need of the target, in a schema of its own that is dropped again.
    /// `base` is what the objects are made from where it is not what they are now. Answers what each step came to, in
    /// their order.
    fn rehearse(
        &mut self,
        base: Option<&str>,
        steps: &[Step],
    ) -> impl Future<Output = Result<Vec<Option<Foretold>>, RehearsalError>> + Send;

    /// The changes that the target remembers as applied, of these versions.
    fn applied(
        &mut self,
        versions: &[VersionKey],
    ) -> impl Future<Output = Result<Vec<AppliedChange>, Fault>> + Send;

    /// Remembers a change as applied, and whether the schema holds anything then; the same again only looks at the latter.
    fn remember(&mut self, change: &AppliedChange) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Whether the schema was dropped and made anew: it held something when its newest change was applied, holds nothing
    /// now, and nothing is under way.
    fn is_made_anew(&mut self) -> impl Future<Output = Result<bool, Fault>> + Send;

    /// Sets aside all that is remembered of the schema.
    fn set_aside(&mut self) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Gives the lock back and closes the session.
    fn close(self) -> impl Future<Output = ()> + Send;
}
