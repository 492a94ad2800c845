//! Applying one change to one target, under its lock: where to go on, and on from there, statement by statement.
//!
//! The worker does it for a task, the command line for a file. What happened is in the target's journal; who holds no
//! ledger needs no more than that.

mod evidence;
mod resume;
mod scope;
mod verdict;

use crate::ports::clock::Clock;
use crate::ports::database::{
    Algorithm, AppliedChange, Before, Blocker, ExecuteError, Executed, Execution, Foretold, Intent,
    JournalEntry, JournalKey, Locked, ObjectKind, Outcome, Passing, RehearsalError, Scope, Step,
};
use jiff::Timestamp;
use model::{Blocking, Checksum, Failure, Fault, Version};
use resume::Resume;
use scope::Sight;
use sql::{Kind, Signal, Statement};
use std::time::Duration;
use verdict::{Rehearsed, Verdict};

/// How often a statement that the server refuses for now only is sent, and how long the first pause between two times is; each further
/// one is twice as long.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_secs(1);

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

/// What a rehearsal came to.
#[derive(Debug)]
pub enum Rehearsal {
    /// They run; what each statement of each leads to, where that can be told.
    Runs(Vec<Vec<Option<Foretold>>>),
    /// A statement does not run.
    Fails {
        /// Of which change, from 0.
        change: usize,
        /// Which, and why.
        failure: Failure,
    },
    /// It could not be rehearsed, and why.
    Impossible(String),
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

/// Runs changes one after the other on an empty copy of what they need, each from the statement that is next.
pub async fn rehearse(
    locked: &mut impl Locked,
    changes: &[(&Change, u32)],
    clock: &impl Clock,
) -> Result<Rehearsal, Fault> {
    let mut steps = Vec::new();
    let mut origins = Vec::new();
    for (at, (change, next)) in changes.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| changes.get(before));
        let mut fresh = before.is_some_and(|(before, _)| before.leaves_its_session());
        for (statement, step) in change.statements.iter().zip(&change.steps) {
            let due = statement.index >= *next;
            // What was set before goes with its session, and is set again before the rest.
            let restored = statement.facts.session_state && resume::sets_a_literal(&statement.text);
            if due || restored {
                let step = Step {
                    fresh,
                    ..step.clone()
                };
                steps.push(step);
                origins.push((at, statement));
                fresh = false;
            }
        }
    }
    match locked.rehearse(None, &steps).await {
        Ok(told) => {
            let mut all: Vec<Vec<Option<Foretold>>> = changes
                .iter()
                .map(|(change, _)| vec![None; change.statements.len()])
                .collect();
            for ((at, statement), foretold) in origins.into_iter().zip(told) {
                if let Some(slot) = all
                    .get_mut(at)
                    .and_then(|of| of.get_mut(position(statement.index)))
                {
                    *slot = foretold;
                }
            }
            Ok(Rehearsal::Runs(all))
        }
        Err(RehearsalError::Refused { position, error }) => {
            let Some((at, statement)) = origins.get(position) else {
                return Err(Fault::Bug(format!(
                    "a rehearsal failed at step {position}, which there is not"
                )));
            };
            let message = format!(
                "in a rehearsal on an empty copy of the schema: {error}; it was not sent to the target"
            );
            Ok(Rehearsal::Fails {
                change: *at,
                failure: Failure {
                    statement: Some(statement.index),
                    line: Some(statement.line),
                    code: code(&error),
                    message,
                    at: clock.now(),
                },
            })
        }
        Err(RehearsalError::Impossible(why)) => Ok(Rehearsal::Impossible(why)),
        Err(RehearsalError::Fault(fault)) => Err(fault),
    }
}

/// The statements during which nobody can write to a table that is larger than so many bytes, as a rehearsal found.
pub async fn blocking(
    locked: &mut impl Locked,
    change: &Change,
    foretold: &[Option<Foretold>],
    over: u64,
) -> Result<Vec<Blocking>, Fault> {
    let mut found = Vec::new();
    for (at, statement) in change.statements.iter().enumerate() {
        let algorithm = match foretold
            .get(at)
            .and_then(Option::as_ref)
            .and_then(|told| told.algorithm)
        {
            Some(Algorithm::Copy) => "COPY",
            Some(Algorithm::InplaceBlocking) => "INPLACE",
            // Nobody knows: that may be any of them.
            None if ALTERS.contains(&statement.facts.verb.as_ref()) => "how is not known",
            Some(Algorithm::Instant | Algorithm::Inplace) | None => continue,
        };
        // The table that is altered stands first.
        let tables: Vec<String> = change.tables(at).into_iter().take(1).collect();
        for (table, bytes) in locked.sizes(&tables).await? {
            if bytes > over {
                found.push(Blocking {
                    statement: statement.index,
                    table,
                    algorithm: algorithm.to_owned(),
                    bytes,
                });
            }
        }
    }
    Ok(found)
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
    /// Reads the journal, and decides about a statement whose outcome nobody wrote down. `begun` says that this run
    /// began before, so that a failure in the journal is its own.
    pub async fn start(&mut self, begun: bool) -> Result<Start, Fault> {
        let journal = self.locked.journal(&self.change.key).await?;
        Ok(match resume::resume(&self.change.digests, &journal, begun) {
            Resume::At { next, base } => Start::At {
                next,
                base,
                adopted: false,
            },
            Resume::Changed { index } => {
                let message = format!(
                    "statement {index} was applied with another text; put back the statements that were applied as they \
                     were, and change only what follows"
                );
                Start::Broken(self.failure(None, "applied-part-changed", message))
            }
            Resume::Failed { index } => {
                let message =
                    format!("statement {index} failed, and its worker died before it could say why");
                Start::Broken(self.failure(Some(index), "statement-failed", message))
            }
            Resume::Unsettled(entry) => self.settle(&entry).await?,
        })
    }

    /// Writes the outcome of a statement, where it is not known, with the reason to believe it.
    pub async fn settle_open(&mut self, index: u32, outcome: Outcome, because: &str) -> Result<(), Fault> {
        let journal = self.locked.journal(&self.change.key).await?;
        let open = |entry: &JournalEntry| entry.intent.index == index && entry.outcome == Outcome::Unknown;
        if !journal.iter().any(open) {
            return Ok(());
        }
        self.locked
            .settle(&self.change.key, index, outcome, because)
            .await
    }

    /// Applies the statements from this one on. What was foretold of each is kept with its intent; `completes` is
    /// remembered with the last one's outcome.
    pub async fn run(
        &mut self,
        next: u32,
        base: Option<&Checksum>,
        foretold: &[Option<Foretold>],
        completes: Option<&AppliedChange>,
        mut tell: impl FnMut(Told<'_>) + Send,
    ) -> Result<Progress, Fault> {
        if let Some(failure) = self.restore_session(next).await? {
            return Ok(Progress::Broke(failure));
        }
        let count = self.change.statements.len();
        for at in position(next)..count {
            let Some(statement) = self.change.statements.get(at) else {
                break;
            };
            if self.clock.now() >= self.until {
                return Ok(Progress::TimeUp {
                    next: statement.index,
                });
            }
            let foretold = foretold.get(at).and_then(Option::as_ref);
            let completes = completes.filter(|_| at + 1 == count);
            tell(Told::Sent(statement));
            match self.one(at, base, foretold, completes, &mut tell).await? {
                Ok(executed) => tell(Told::Applied(statement, executed)),
                Err(failure) => return Ok(Progress::Broke(failure)),
            }
        }
        Ok(Progress::All)
    }

    /// Sends one statement, again where the server refuses it for now only.
    async fn one(
        &mut self,
        at: usize,
        base: Option<&Checksum>,
        foretold: Option<&Foretold>,
        completes: Option<&AppliedChange>,
        tell: &mut (impl FnMut(Told<'_>) + Send),
    ) -> Result<Result<Executed, Failure>, Fault> {
        let (Some(statement), Some(digest), Some(sight)) = (
            self.change.statements.get(at),
            self.change.digests.get(at),
            self.change.sights.get(at),
        ) else {
            return Err(Fault::Bug(format!("a change has no statement {}", at + 1)));
        };
        if let Some(failure) = self.too_large(statement, sight).await? {
            return Ok(Err(failure));
        }
        let before = match &sight.scope {
            None => None,
            Some(scope) => {
                let seen = self.locked.look(scope, sight.storage).await?;
                Some(Before {
                    definitions: seen.definitions.text,
                    storage: seen.storage,
                    foretold: foretold.map(|foretold| Checksum::of(foretold.after.as_bytes())),
                })
            }
        };
        let intent = Intent {
            index: statement.index,
            digest: digest.clone(),
            before,
            base: base.cloned(),
            completes: completes.cloned(),
        };
        let mut pause = PAUSE;
        let mut tries = 1;
        loop {
            let sent = self
                .locked
                .execute(&self.change.key, &intent, &statement.text, sight.execution)
                .await;
            let error = match sent {
                Ok(executed) => return Ok(Ok(executed)),
                Err(ExecuteError::Stale(fault) | ExecuteError::Lost(fault)) => return Err(fault),
                Err(error @ ExecuteError::Refused { .. }) => error,
            };
            let blockers = match passing(&error) {
                None => return Ok(Err(self.refused(statement, &error, &[]))),
                Some(Passing::Held) => self.locked.blockers(&self.change.tables(at)).await?,
                Some(Passing::Short) => Vec::new(),
            };
            if !leaves_nothing(statement) || tries == TRIES || self.clock.now() >= self.until {
                return Ok(Err(self.refused(statement, &error, &blockers)));
            }
            tell(Told::LockedOut(statement, &blockers));
            self.locked.pause(pause).await?;
            pause *= 2;
            tries += 1;
        }
    }

    /// Refuses a statement that changes more rows than may be: its transaction would hold locks, and undo, for long.
    async fn too_large(&mut self, statement: &Statement, sight: &Sight) -> Result<Option<Failure>, Fault> {
        let changes = statement.facts.kind == Kind::Dml && sight.execution == Execution::WithOutcome;
        let Some(most) = self.max_rows.filter(|_| changes) else {
            return Ok(None);
        };
        let rows = self.locked.estimate(&statement.text).await?;
        let Some(rows) = rows.filter(|rows| *rows > most) else {
            return Ok(None);
        };
        let message = format!(
            "the server estimates that it looks at {rows} rows, and one statement may change {most}: it would be one \
             transaction, with all its locks, and as long to undo. Write it as several statements over ranges of the key \
             (WHERE id >= 1 AND id < 500001; …), or have the limit raised (`max_rows` of the environment in settings, \
             `--max-rows` of sluice apply)"
        );
        Ok(Some(self.failure(
            Some(statement.index),
            "too-many-rows",
            message,
        )))
    }

    /// What earlier statements left in their session alone is gone with it. A variable that was set to a literal is set
    /// again; anything else (a temporary table, a value that was read) would not be what it was, so nothing goes on.
    async fn restore_session(&mut self, next: u32) -> Result<Option<Failure>, Fault> {
        if next > self.change.count() {
            return Ok(None);
        }
        if let Some(failure) = self.insert_id_lost(next) {
            return Ok(Some(failure));
        }
        let earlier = self.change.statements.iter();
        for statement in earlier.filter(|s| s.index < next && s.facts.session_state) {
            if !resume::sets_a_literal(&statement.text) {
                let message = format!(
                    "statements 1 to {} are applied, but what statement {} left in its session (a temporary table, a \
                     variable) went with its connection. Take this change out of the way (cancel its task, or remove its \
                     file), and write a new version with what is left",
                    next - 1,
                    statement.index
                );
                return Ok(Some(self.failure(Some(next), "session-lost", message)));
            }
            match self.locked.restore(&statement.text).await {
                Ok(()) => {}
                Err(ExecuteError::Lost(fault) | ExecuteError::Stale(fault)) => return Err(fault),
                Err(error @ ExecuteError::Refused { .. }) => {
                    return Ok(Some(self.refused(statement, &error, &[])));
                }
            }
        }
        Ok(None)
    }

    /// A statement that reads the last id given to an INSERT of a session that is gone would read another.
    fn insert_id_lost(&self, next: u32) -> Option<Failure> {
        let (applied, left) = self.change.statements.split_at_checked(position(next))?;
        let inserts = |statement: &Statement| {
            ["INSERT", "REPLACE"]
                .iter()
                .any(|verb| statement.facts.verb.starts_with(verb))
        };
        let given = applied.iter().any(inserts);
        // One that follows an INSERT of this session reads that one's.
        let reader = left
            .iter()
            .take_while(|statement| !inserts(statement) || resume::reads_insert_id(&statement.text))
            .find(|statement| resume::reads_insert_id(&statement.text))?;
        given.then(|| {
            let message = format!(
                "statements 1 to {} are applied, but the id that statement {} reads (LAST_INSERT_ID()) went with their \
                 connection. Take this change out of the way (cancel its task, or remove its file), and write a new version \
                 with what is left, naming the id",
                next - 1,
                reader.index
            );
            self.failure(Some(next), "session-lost", message)
        })
    }

    /// Writes to a failed statement that another run was asked for: its failure is not that run's.
    pub async fn ask_again(&mut self, next: u32) -> Result<(), Fault> {
        let journal = self.locked.journal(&self.change.key).await?;
        let failed = |entry: &JournalEntry| entry.intent.index == next && entry.outcome == Outcome::Failed;
        if !journal.iter().any(failed) {
            return Ok(());
        }
        self.locked
            .settle(&self.change.key, next, Outcome::Failed, resume::ASKED_AGAIN)
            .await
    }

    /// Decides about a statement whose outcome nobody wrote down.
    async fn settle(&mut self, entry: &JournalEntry) -> Result<Start, Fault> {
        let intent = &entry.intent;
        let index = intent.index;
        let at = position(index);
        let found = self.change.statements.get(at).zip(self.change.sights.get(at));
        let same = self.change.digests.get(at) == Some(&intent.digest);
        let Some((statement, sight)) = found.filter(|_| same) else {
            return Ok(Start::Ambiguous {
                at: index,
                evidence: evidence::of_another_text(index),
            });
        };
        let now = match &sight.scope {
            None => None,
            Some(scope) => Some(self.locked.look(scope, sight.storage).await?),
        };
        let before = intent.before.as_ref();
        let mut verdict = verdict::verdict(statement, before, now.as_ref(), &Rehearsed::NotYet);
        let mut led = None;
        if verdict == Verdict::Rehearse {
            led = self.led(at, before).await?;
            let rehearsed = led.as_ref().map_or(Rehearsed::InVain, |foretold| {
                Rehearsed::Told(
                    Checksum::of(foretold.before.as_bytes()),
                    Checksum::of(foretold.after.as_bytes()),
                )
            });
            verdict = verdict::verdict(statement, before, now.as_ref(), &rehearsed);
        }
        let (next, adopted) = match verdict {
            Verdict::Run => (index, false),
            Verdict::Adopt => {
                let because = "the schema is as it is after the statement";
                self.locked
                    .settle(&self.change.key, index, Outcome::Done, because)
                    .await?;
                (index + 1, true)
            }
            Verdict::Ambiguous | Verdict::Rehearse => {
                return Ok(Start::Ambiguous {
                    at: index,
                    evidence: evidence::of(statement, entry, now.as_ref(), led.as_ref()),
                });
            }
        };
        Ok(Start::At {
            next,
            base: intent.base.clone(),
            adopted,
        })
    }

    /// What a statement leads to from what was there before it, on a copy; nothing where that can't be told.
    async fn led(&mut self, at: usize, before: Option<&Before>) -> Result<Option<Foretold>, Fault> {
        let (Some(step), Some(before)) = (self.change.steps.get(at), before) else {
            return Ok(None);
        };
        let told = self
            .locked
            .rehearse(Some(&before.definitions), std::slice::from_ref(step))
            .await;
        match told {
            Ok(told) => Ok(told.into_iter().next().flatten()),
            Err(RehearsalError::Refused { .. } | RehearsalError::Impossible(_)) => Ok(None),
            Err(RehearsalError::Fault(fault)) => Err(fault),
        }
    }

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

/// Whether nothing is left of the statement where the server refuses it. A procedure may have committed something before
/// it was refused something else: only a person sends it again.
fn leaves_nothing(statement: &Statement) -> bool {
    statement.facts.signal != Signal::None
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

/// The statements that alter a table.
const ALTERS: [&str; 3] = ["ALTER TABLE", "CREATE INDEX", "DROP INDEX"];

/// Where a statement stands, of those that count from 1.
fn position(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_procedure_is_not_sent_again_for_it_may_have_done_half() {
        for (text, expected) in [
            ("CALL p()", false),
            ("UPDATE t SET a = 1", true),
            ("ALTER TABLE t ADD a INT", true),
            ("TRUNCATE t", true),
        ] {
            let statements = sql::split(text, sql::SqlMode::default()).unwrap();
            assert_eq!(leaves_nothing(&statements[0]), expected, "{text}");
        }
    }
}
