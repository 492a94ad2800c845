//! One statement of a user, as it is and nothing else.
//!
//! Every MySQL connection of SQLx lets the server run several statements in one text, and it runs the rest even when
//! the client is dead. So a text is refused here when our own reading finds more than one statement in it, and again
//! when the server's does (it prepares no text of two); only then is it sent.

use crate::errors::{Failure, ServerError};
use crate::wire::Wire;
use model::Fault;
use sql::SqlMode;
use std::time::Instant;
use workflow::ports::database::{ExecuteError, Executed};

const OPERATION: &str = "execute a statement";

/// What the server says of statements that it runs but does not prepare, or would, were there room.
const NOT_PREPARABLE: [u16; 3] = [1295, 1461, 1615];

/// Executes one statement by itself.
pub(crate) async fn alone(wire: &mut Wire, statement: &str, mode: SqlMode) -> Result<Executed, ExecuteError> {
    single(wire, statement, mode).await?;
    send(wire, statement).await
}

/// Executes one statement in a transaction with the text that writes its outcome.
pub(crate) async fn with_outcome(
    wire: &mut Wire,
    statement: &str,
    mode: SqlMode,
    outcome: impl FnOnce(Executed) -> String,
) -> Result<Executed, ExecuteError> {
    single(wire, statement, mode).await?;
    if commits(statement, mode) {
        return Err(refused(
            "the statement commits by itself, so its outcome can't be written in one transaction with it"
                .to_owned(),
        ));
    }
    ask(wire, "START TRANSACTION".to_owned()).await?;
    let executed = match send(wire, statement).await {
        Ok(executed) => executed,
        Err(error) => return Err(roll_back(wire, error).await),
    };
    let answers = match ask(wire, format!("{}; COMMIT", outcome(executed))).await {
        Ok(answers) => answers,
        Err(error) => return Err(roll_back(wire, error).await),
    };
    if answers.first().is_some_and(|answer| answer.affected == 0) {
        wire.abandon();
        return Err(ExecuteError::Lost(Fault::Bug(
            "a statement was committed, but the journal has no row for its outcome".to_owned(),
        )));
    }
    Ok(executed)
}

/// Refuses a text that is not exactly one statement, without running any of it.
pub(crate) async fn single(wire: &mut Wire, statement: &str, mode: SqlMode) -> Result<(), ExecuteError> {
    let found = sql::split(statement, mode).map_or(1, |statements| statements.len());
    if found > 1 {
        return Err(refused(format!(
            "the text holds {found} statements where one is sent at a time; none of it was run"
        )));
    }
    match wire.prepare(statement).await {
        Ok(()) => Ok(()),
        Err(Failure::Server(error)) if NOT_PREPARABLE.contains(&error.code) => Ok(()),
        Err(failure) => Err(failure.of_statement(OPERATION)),
    }
}

async fn send(wire: &mut Wire, statement: &str) -> Result<Executed, ExecuteError> {
    let start = Instant::now();
    let results = wire
        .run(statement)
        .await
        .map_err(|failure| failure.of_statement(OPERATION))?;
    let duration = start.elapsed();
    if results.len() > 1 && !calls(statement) {
        wire.abandon();
        return Err(ExecuteError::Lost(Fault::Bug(format!(
            "the server answered {} results to one statement: it may have run more than was meant",
            results.len()
        ))));
    }
    Ok(Executed {
        duration,
        rows: results.last().copied().unwrap_or(0),
    })
}

/// A procedure answers each of its result sets, then its own end.
fn calls(statement: &str) -> bool {
    sql::split(statement, SqlMode::default())
        .ok()
        .and_then(|statements| statements.into_iter().next())
        .is_some_and(|statement| statement.facts.verb.starts_with("CALL"))
}

fn commits(statement: &str, mode: SqlMode) -> bool {
    sql::split(statement, mode)
        .is_ok_and(|statements| statements.iter().any(|statement| statement.facts.implicit_commit))
}

async fn ask(wire: &mut Wire, text: String) -> Result<Vec<crate::wire::Answer>, ExecuteError> {
    wire.ask(text)
        .await
        .map_err(|failure| failure.of_statement(OPERATION))
}

/// Undoes the transaction. Where even that fails, the server undoes it when the connection is given up.
async fn roll_back(wire: &mut Wire, error: ExecuteError) -> ExecuteError {
    if wire.ask("ROLLBACK".to_owned()).await.is_err() {
        wire.abandon();
    }
    error
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
