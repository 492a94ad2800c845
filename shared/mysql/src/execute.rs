//! One statement of a user, as it is and nothing else, between its intent and its outcome.
//!
//! Every MySQL connection of SQLx lets the server run several statements in one text, and it runs the rest even when
//! the client is dead. So a text is refused here when our own reading finds more than one statement in it, and again
//! when the server's does (it prepares no text of two); only then is it sent.
//!
//! The journal makes use of the same: intent, statement and outcome are one text. Whoever sent it may die; the server
//! goes on to the end, or to the first error and no further. So a statement is sent only where its intent was written,
//! and its outcome is missing only where the server itself died.

use crate::errors::{BAD_NULL, Class, Failure, PARSE_ERROR, ServerError};
use crate::lock;
use crate::wire::{Answer, Wire};
use model::Fault;
use sql::{Kind, Signal, SqlMode};
use workflow::ports::database::{ExecuteError, Executed};

const OPERATION: &str = "execute a statement";

/// The texts around a statement.
#[derive(Debug)]
pub(crate) struct Around {
    /// Looks whether a newer owner is known.
    pub(crate) guard: String,
    /// Writes the intent, unless one is.
    pub(crate) intent: String,
    /// Writes the outcome, first of all that of the journal.
    pub(crate) outcome: Vec<String>,
    /// Writes that the statement did not happen.
    pub(crate) failed: String,
}

/// Executes one statement without a journal.
pub(crate) async fn plain(wire: &mut Wire, statement: &str, mode: SqlMode) -> Result<Executed, ExecuteError> {
    single(wire, statement, mode).await?;
    let mut results = Vec::new();
    if let Err(failure) = wire.run(statement, &mut results).await {
        return Err(told(wire, failure).await);
    }
    if results.len() > 1 && !calls(statement) {
        return Err(miscounted(wire, results.len(), 1));
    }
    Ok(summed(&results))
}

/// Has the server explain one statement, without running it.
pub(crate) async fn explained(
    wire: &mut Wire,
    statement: &str,
    mode: SqlMode,
) -> Result<Vec<Answer>, ExecuteError> {
    single(wire, statement, mode).await?;
    match wire
        .ask(format!("EXPLAIN FORMAT = TRADITIONAL {statement}"))
        .await
    {
        Ok(answers) => Ok(answers),
        Err(failure) => Err(told(wire, failure).await),
    }
}

/// Executes one statement by itself.
///
/// The server keeps what follows a stored program in its text with the program, so such a statement comes last in its
/// packet, and its outcome is written by another.
pub(crate) async fn alone(
    wire: &mut Wire,
    statement: &str,
    mode: SqlMode,
    around: &Around,
) -> Result<Executed, ExecuteError> {
    proven(wire, statement, mode, around).await?;
    let closing = closing(&around.outcome);
    if is_program(statement, mode) {
        let mut results = Vec::new();
        let packet = format!("{}; {}; {statement}", around.guard, around.intent);
        let answered = wire.run(&packet, &mut results).await;
        let executed = executed(wire, answered, &results, around, 1).await?;
        let mut written = Vec::new();
        let answered = wire.run(&closing, &mut written).await;
        return closed(wire, answered, &written, around, executed);
    }
    let packet = format!("{}; {}; {statement}\n; {closing}", around.guard, around.intent);
    let mut results = Vec::new();
    let answered = wire.run(&packet, &mut results).await;
    if results.len() <= OPENING {
        return executed(wire, answered, &results, around, 1).await;
    }
    if let Err(failure) = answered {
        // The statement has answered: what failed is its outcome, or a procedure half way. Never sent again from here.
        return Err(lost(wire, failure.fault("write a statement's outcome")));
    }
    // A procedure answers each of its result sets, then its own end.
    let own = if calls(statement) {
        results.len().saturating_sub(OPENING + closing_results(around))
    } else {
        1
    };
    let written = results.split_off(results.len().min(OPENING + own));
    let executed = summed(results.get(OPENING..).unwrap_or_default());
    closed(wire, Ok(()), &written, around, executed)
}

/// How many results come before a statement's: of the guard and of the intent.
const OPENING: usize = 2;

/// What came of guard, intent and statement: the first results of a packet.
async fn executed(
    wire: &mut Wire,
    answered: Result<(), Failure>,
    results: &[Executed],
    around: &Around,
    own: usize,
) -> Result<Executed, ExecuteError> {
    match (answered, results) {
        (Ok(()), [_guard, _intent, of_statement @ ..]) if of_statement.len() == own => {
            Ok(summed(of_statement))
        }
        (Ok(()), others) => Err(miscounted(wire, others.len(), own + OPENING)),
        (Err(failure), [] | [_]) => Err(unintended(wire, failure)),
        (Err(failure), [_guard, _intent, ..]) => Err(not_happened(wire, failure, around).await),
    }
}

/// What came of the outcome: the last results of a packet, or those of one of its own.
fn closed(
    wire: &mut Wire,
    answered: Result<(), Failure>,
    written: &[Executed],
    around: &Around,
    executed: Executed,
) -> Result<Executed, ExecuteError> {
    if let Err(failure) = answered {
        return Err(lost(wire, failure.fault("write a statement's outcome")));
    }
    if written.len() != closing_results(around) {
        return Err(miscounted(wire, written.len(), closing_results(around)));
    }
    let update = usize::from(around.outcome.len() > 1);
    if written.get(update).is_none_or(|update| update.rows == 0) {
        let missing = "a statement was executed, but the journal has no row for its outcome";
        return Err(lost(wire, Fault::Bug(missing.to_owned())));
    }
    Ok(executed)
}

/// Several texts are one transaction.
fn closing(outcome: &[String]) -> String {
    match outcome {
        [only] => only.clone(),
        several => format!("START TRANSACTION; {}; COMMIT", several.join("; ")),
    }
}

fn closing_results(around: &Around) -> usize {
    match around.outcome.len() {
        1 => 1,
        several => several + 2,
    }
}

/// Executes one statement in a transaction with its intent and its outcome.
///
/// The statement, the outcome and the commit are one packet. The transaction's start is a packet of its own, whose
/// answer is read: a client that dies with an answer unread resets the connection, and the server then forgets how many
/// rows it has just changed.
pub(crate) async fn with_outcome(
    wire: &mut Wire,
    statement: &str,
    mode: SqlMode,
    around: impl FnOnce(Kind) -> Around,
) -> Result<Executed, ExecuteError> {
    let Some((statement, kind)) = transactional(statement, mode) else {
        single(wire, statement, mode).await?;
        return Err(refused(
            "the statement commits by itself, so its outcome can't be written in one transaction with it"
                .to_owned(),
        ));
    };
    let around = around(kind);
    if let Some(unproven) = proven(wire, &statement, mode, &around).await? {
        return Err(not_happened(wire, Failure::Server(unproven), &around).await);
    }
    let opening = format!("{}; START TRANSACTION; {}", around.guard, around.intent);
    if let Err(failure) = wire.ask(opening).await {
        return Err(unintended(wire, failure));
    }
    let mut results = Vec::new();
    let packet = format!("{statement}\n; {}; COMMIT", around.outcome.join("; "));
    let answered = wire.run(&packet, &mut results).await;
    let meant = around.outcome.len() + 2;
    match (answered, results.as_slice()) {
        (Ok(()), all @ [executed, written, ..]) if all.len() == meant && written.rows > 0 => Ok(*executed),
        (Ok(()), all) if all.len() == meant => {
            let missing = "a statement was committed, but the journal has no row for its outcome";
            Err(lost(wire, Fault::Bug(missing.to_owned())))
        }
        (Ok(()), others) => Err(miscounted(wire, others.len(), meant)),
        (Err(failure), []) => {
            roll_back(wire).await;
            Err(not_happened(wire, failure, &around).await)
        }
        (Err(failure), _ours) => Err(lost(wire, failure.fault("write a statement's outcome with it"))),
    }
}

/// What came of a statement that did not come back well; a refusal is written to the journal.
async fn not_happened(wire: &mut Wire, failure: Failure, around: &Around) -> ExecuteError {
    let error = told(wire, failure).await;
    if let ExecuteError::Refused { .. } = error
        && let Err(unwritten) = fail(wire, around).await
    {
        return unwritten;
    }
    error
}

/// What the server's answer to a statement means. Where it reads as a reader's and the server is one now, the session is
/// given up: the target is looked at again over a new connection, and the statement has not failed. Where the server is
/// the writer, or is it again, it is a refusal like any other.
async fn told(wire: &mut Wire, failure: Failure) -> ExecuteError {
    if failure.is_of_a_reader() && !is_writer(wire).await {
        return lost(wire, failure.fault(OPERATION));
    }
    failure.of_statement(OPERATION)
}

async fn is_writer(wire: &mut Wire) -> bool {
    let answers = wire.ask(format!("SELECT {}", lock::READER)).await;
    let answers = answers.unwrap_or_default();
    let row = answers.first().and_then(|answer| answer.rows.first());
    row.is_some_and(|row| lock::cell(row, 0) == "0")
}

/// Writes that the statement did not happen. Its transaction, if it had one, took the intent with it.
async fn fail(wire: &mut Wire, around: &Around) -> Result<(), ExecuteError> {
    // One transaction: an intent of rows that is seen without an outcome was sent.
    let text = format!(
        "{}; START TRANSACTION; {}; {}; COMMIT",
        around.guard, around.intent, around.failed
    );
    let written = wire.ask(text).await;
    match written {
        Ok(_) => Ok(()),
        Err(failure) => Err(unintended(wire, failure)),
    }
}

/// An intent was not written, so nothing was sent after it.
fn unintended(wire: &mut Wire, failure: Failure) -> ExecuteError {
    match failure {
        Failure::Server(error) if error.code == BAD_NULL => {
            wire.abandon();
            ExecuteError::Stale(Fault::retry("write an intent", error))
        }
        failure @ (Failure::Server(_) | Failure::Gone(_)) => lost(wire, failure.fault("write an intent")),
    }
}

/// Gives the session up, and the server undoes what is open in it.
fn lost(wire: &mut Wire, fault: Fault) -> ExecuteError {
    wire.abandon();
    ExecuteError::Lost(fault)
}

fn summed(results: &[Executed]) -> Executed {
    Executed {
        duration: results.iter().map(|result| result.duration).sum(),
        rows: results.last().map_or(0, |result| result.rows),
    }
}

/// Refuses a text that is not exactly one statement, without running any of it.
pub(crate) async fn single(wire: &mut Wire, statement: &str, mode: SqlMode) -> Result<(), ExecuteError> {
    prove(wire, statement, mode).await.map(|_unproven| ())
}

/// [`prove`], where a refusal is a failure for the journal.
async fn proven(
    wire: &mut Wire,
    statement: &str,
    mode: SqlMode,
    around: &Around,
) -> Result<Option<ServerError>, ExecuteError> {
    let proven = prove(wire, statement, mode).await;
    if let Err(ExecuteError::Refused { .. }) = proven {
        fail(wire, around).await?;
    }
    proven
}

/// Refuses a text that is not exactly one statement, without running any of it. Where only our own reading says so,
/// since the server does not prepare such a text, its words are answered.
async fn prove(wire: &mut Wire, statement: &str, mode: SqlMode) -> Result<Option<ServerError>, ExecuteError> {
    if !statement.contains(';') {
        // Nothing else ends a statement ("C API Multiple Statement Execution Support" of the manual).
        return Ok(None);
    }
    read(wire, statement, mode).await
}

/// Has the server read one statement, without running it: [`prove`] for any text.
pub(crate) async fn read(
    wire: &mut Wire,
    statement: &str,
    mode: SqlMode,
) -> Result<Option<ServerError>, ExecuteError> {
    let found = sql::split(statement, mode).map_or(1, |statements| statements.len());
    if found > 1 {
        return Err(refused(format!(
            "the text holds {found} statements where one is sent at a time; none of it was run"
        )));
    }
    match wire.prepare(statement).await {
        Ok(()) => Ok(None),
        Err(Failure::Server(error)) if error.class() == Class::NotPrepared => Ok(Some(error)),
        Err(failure) => Err(told(wire, failure).await),
    }
}

/// The server ran another number of statements than was meant: a bug, and nothing more is sent on this connection.
fn miscounted(wire: &mut Wire, answered: usize, meant: usize) -> ExecuteError {
    let fault = Fault::Bug(format!(
        "the server answered {answered} results to a text of {meant}: it may have run more than was meant"
    ));
    lost(wire, fault)
}

/// A procedure answers each of its result sets, then its own end.
fn calls(statement: &str) -> bool {
    verb(statement, SqlMode::default()).starts_with("CALL")
}

fn is_program(statement: &str, mode: SqlMode) -> bool {
    let verb = verb(statement, mode);
    let kinds = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "LIBRARY"];
    !verb.starts_with("DROP") && kinds.iter().any(|kind| verb.ends_with(kind))
}

fn verb(statement: &str, mode: SqlMode) -> String {
    let first = sql::split(statement, mode)
        .ok()
        .and_then(|statements| statements.into_iter().next());
    first.map_or_else(String::new, |statement| statement.facts.verb.into_owned())
}

/// The text's one statement, without its delimiter, and its kind, where it lives and dies with its transaction.
fn transactional(text: &str, mode: SqlMode) -> Option<(String, Kind)> {
    let mut statements = sql::split(text, mode).ok()?.into_iter();
    let (only, rest) = (statements.next()?, statements.next());
    let facts = &only.facts;
    let lives = rest.is_none() && facts.signal == Signal::Transactional && !facts.implicit_commit;
    lives.then_some((only.text, only.facts.kind))
}

/// Undoes the transaction. Where even that fails, the server undoes it when the connection is given up.
async fn roll_back(wire: &mut Wire) {
    if wire.ask("ROLLBACK".to_owned()).await.is_err() {
        wire.abandon();
    }
}

/// A refusal of our own, under the number that the server has for a text it can't read.
pub(crate) fn refused(message: String) -> ExecuteError {
    Failure::Server(ServerError {
        code: PARSE_ERROR,
        sqlstate: "42000".to_owned(),
        message,
        missing: None,
    })
    .of_statement(OPERATION)
}
