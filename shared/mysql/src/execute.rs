//! One statement of a user, as it is and nothing else.
//!
//! Every MySQL connection of SQLx lets the server run several statements in one text, and it runs the rest even when
//! the client is dead. So a text is refused here when our own reading finds more than one statement in it, and again
//! when the server's does (it prepares no text of two); only then is it sent.
//!
//! A statement that is one with its outcome makes use of the same: statement, outcome and commit are one text. Whoever
//! sent it may die; the server goes on to the end, or to the first error and no further, and then undoes it all.

use crate::errors::{Failure, ServerError};
use crate::wire::Wire;
use model::Fault;
use sql::{Kind, Signal, SqlMode};
use workflow::ports::database::{ExecuteError, Executed};

const OPERATION: &str = "execute a statement";

/// What the server says of statements that it runs but does not prepare, or would, were there room.
const NOT_PREPARABLE: [u16; 3] = [1295, 1461, 1615];

/// Executes one statement by itself.
pub(crate) async fn alone(wire: &mut Wire, statement: &str, mode: SqlMode) -> Result<Executed, ExecuteError> {
    single(wire, statement, mode).await?;
    let mut results = Vec::new();
    wire.run(statement, &mut results)
        .await
        .map_err(|failure| failure.of_statement(OPERATION))?;
    if results.len() > 1 && !calls(statement) {
        return Err(miscounted(wire, results.len(), 1));
    }
    let duration = results.iter().map(|result| result.duration).sum();
    let rows = results.last().map_or(0, |result| result.rows);
    Ok(Executed { duration, rows })
}

/// Executes one statement in a transaction with the text that writes its outcome.
///
/// The statement, the outcome and the commit are one packet. The transaction's start is a packet of its own, whose
/// answer is read: a client that dies with an answer unread resets the connection, and the server then forgets how many
/// rows it has just changed.
pub(crate) async fn with_outcome(
    wire: &mut Wire,
    statement: &str,
    mode: SqlMode,
    outcome: impl FnOnce(Kind) -> String,
) -> Result<Executed, ExecuteError> {
    let Some((statement, kind)) = transactional(statement, mode) else {
        single(wire, statement, mode).await?;
        return Err(refused(
            "the statement commits by itself, so its outcome can't be written in one transaction with it"
                .to_owned(),
        ));
    };
    if let Some(unproven) = prove(wire, &statement, mode).await? {
        return Err(Failure::Server(unproven).of_statement(OPERATION));
    }
    if let Err(failure) = wire.ask("START TRANSACTION".to_owned()).await {
        return Err(lost(wire, failure.fault("start a transaction")));
    }
    let mut results = Vec::new();
    let answered = wire.run(&packet(&statement, &outcome(kind)), &mut results).await;
    match (answered, results.as_slice()) {
        (Ok(()), [executed, written, _commit]) if written.rows > 0 => Ok(*executed),
        (Ok(()), [_executed, _written, _commit]) => {
            let missing = "a statement was committed, but the journal has no row for its outcome";
            Err(lost(wire, Fault::Bug(missing.to_owned())))
        }
        (Ok(()), others) => Err(miscounted(wire, others.len(), 3)),
        (Err(failure), []) => {
            roll_back(wire).await;
            Err(failure.of_statement(OPERATION))
        }
        (Err(failure), _ours) => Err(lost(wire, failure.fault("write a statement's outcome with it"))),
    }
}

/// What goes on without its client. The line's end ends a comment that the statement may end with.
fn packet(statement: &str, outcome: &str) -> String {
    format!("{statement}\n; {outcome}; COMMIT")
}

/// Gives the session up, and the server undoes what is open in it.
fn lost(wire: &mut Wire, fault: Fault) -> ExecuteError {
    wire.abandon();
    ExecuteError::Lost(fault)
}

/// Refuses a text that is not exactly one statement, without running any of it.
pub(crate) async fn single(wire: &mut Wire, statement: &str, mode: SqlMode) -> Result<(), ExecuteError> {
    prove(wire, statement, mode).await.map(|_unproven| ())
}

/// Refuses a text that is not exactly one statement, without running any of it. Where only our own reading says so,
/// since the server does not prepare such a text, its words are answered.
async fn prove(wire: &mut Wire, statement: &str, mode: SqlMode) -> Result<Option<ServerError>, ExecuteError> {
    let found = sql::split(statement, mode).map_or(1, |statements| statements.len());
    if found > 1 {
        return Err(refused(format!(
            "the text holds {found} statements where one is sent at a time; none of it was run"
        )));
    }
    match wire.prepare(statement).await {
        Ok(()) => Ok(None),
        Err(Failure::Server(error)) if NOT_PREPARABLE.contains(&error.code) => Ok(Some(error)),
        Err(failure) => Err(failure.of_statement(OPERATION)),
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
    sql::split(statement, SqlMode::default())
        .ok()
        .and_then(|statements| statements.into_iter().next())
        .is_some_and(|statement| statement.facts.verb.starts_with("CALL"))
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
        code: 1064,
        sqlstate: "42000".to_owned(),
        message,
    })
    .of_statement(OPERATION)
}
