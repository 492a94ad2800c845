//! A change on an empty copy of the schema: does it run, and what will the schema be.
//!
//! The copy is a scratch schema, one per target: its name comes from the target's, and it is only touched by whoever
//! holds the target's lock. So what a dead session left behind is found, and dropped, by the next rehearsal.
//!
//! Only definitions are run. Statements that read or change rows are prepared by the server and no more: on an empty
//! copy they could fail for want of rows, and prove nothing otherwise. A definition that names the target's schema
//! itself would reach the real one from here, so it is refused. Events of the schema are made asleep, lest the server
//! runs them from the copy too.

use crate::Session;
use crate::dump::Definers;
use crate::errors::Failure;
use crate::execute::{self, refused};
use crate::ident::name;
use crate::lock::{cell, preamble};
use crate::scratch::{self, Defaults, LoadFailure, ScratchName};
use crate::snapshot::{self, Manner, head, scan};
use model::{Checksum, Fault};
use sql::{Kind, SqlMode};
use workflow::ports::database::{ExecuteError, Snapshot};

const OPERATION: &str = "rehearse a change";

/// Rehearses, and leaves nothing behind. A snapshot of a large schema takes long, so only the two about the last
/// statement are taken.
pub(crate) async fn rehearse(
    session: &mut Session,
    base: &Snapshot,
    statements: &[String],
) -> Result<Vec<Checksum>, ExecuteError> {
    guard(&session.server.schema, statements, session.mode())?;
    let scratch = ScratchName::of(&session.server.schema);
    enter(session, &scratch).await?;
    let fingerprints = inside(session, &scratch, base, statements).await;
    leave(session, &scratch).await?;
    fingerprints
}

async fn enter(session: &mut Session, scratch: &ScratchName) -> Result<(), ExecuteError> {
    let server = &session.server;
    let defaults = Defaults {
        charset: server.charset.clone(),
        collation: server.collation.clone(),
    };
    let text = scratch::enter(scratch, Some(&defaults));
    let entered = session.wire.ask(text).await;
    match entered {
        Ok(_) => Ok(()),
        Err(Failure::Gone(source)) => Err(ExecuteError::Lost(Fault::retry(OPERATION, source))),
        Err(server @ Failure::Server(_)) => {
            session.wire.abandon();
            Err(ExecuteError::Lost(server.fault("make a scratch schema")))
        }
    }
}

async fn inside(
    session: &mut Session,
    scratch: &ScratchName,
    base: &Snapshot,
    statements: &[String],
) -> Result<Vec<Checksum>, ExecuteError> {
    let mut manner = load(session, scratch, base).await?;
    let mode = session.mode();
    let (last, earlier) = match statements.split_last() {
        Some((last, earlier)) => (Some(last), earlier),
        None => (None, statements),
    };
    for statement in earlier {
        step(session, statement, mode).await?;
        head::follow(&mut manner.asleep, statement);
    }
    let before = fingerprint(session, scratch, &manner).await?;
    let after = match last {
        Some(last) if step(session, last, mode).await? => {
            head::follow(&mut manner.asleep, last);
            fingerprint(session, scratch, &manner).await?
        }
        Some(_) | None => before.clone(),
    };
    Ok(vec![before, after])
}

/// Runs a definition, and has the server read anything else. Answers whether it was run.
async fn step(session: &mut Session, statement: &str, mode: SqlMode) -> Result<bool, ExecuteError> {
    let runs = defines(statement, mode);
    if runs {
        execute::alone(&mut session.wire, statement, mode).await?;
    } else {
        execute::single(&mut session.wire, statement, mode).await?;
    }
    Ok(runs)
}

/// Back to the target, and sure of it: a session that might still stand in the scratch schema is given up.
async fn leave(session: &mut Session, scratch: &ScratchName) -> Result<(), ExecuteError> {
    let text = format!(
        "USE {}; {}; DROP DATABASE IF EXISTS {}; SELECT DATABASE()",
        name(&session.server.schema),
        preamble(&session.limits),
        scratch.quoted(),
    );
    let left = session.wire.ask(text).await;
    let problem = match left {
        Ok(answers) => {
            let row = answers.last().and_then(|answer| answer.rows.first());
            if row.is_some_and(|row| cell(row, 0) == session.server.schema) {
                return Ok(());
            }
            Fault::Bug("after a rehearsal the session stands in another schema".to_owned())
        }
        Err(failure) => failure.fault("leave the scratch schema"),
    };
    session.wire.abandon();
    Err(ExecuteError::Lost(problem))
}

/// Makes the base anew; answers how the copy is read.
async fn load(session: &mut Session, scratch: &ScratchName, base: &Snapshot) -> Result<Manner, ExecuteError> {
    let loaded = scratch::load(&mut session.wire, scratch, &base.text, Definers::Drop).await;
    match loaded {
        Ok(loaded) => Ok(Manner {
            definers: Definers::Drop,
            asleep: loaded.asleep.into_iter().collect(),
        }),
        Err(LoadFailure::Unreadable(error)) => {
            Err(refused(format!("the stored schema can't be read: {error}")))
        }
        Err(LoadFailure::Outside(line, what)) => {
            Err(refused(format!("the stored schema, line {line}: {what}")))
        }
        Err(LoadFailure::At(_, failure)) => Err(rebuilding(failure)),
    }
}

/// The server's words to the base, with where they belong.
fn rebuilding(failure: Failure) -> ExecuteError {
    match failure {
        Failure::Server(mut error) => {
            error.message = format!(
                "the schema could not be made anew for the rehearsal: {}",
                error.message
            );
            Failure::Server(error).of_statement(OPERATION)
        }
        gone @ Failure::Gone(_) => gone.of_statement(OPERATION),
    }
}

async fn fingerprint(
    session: &mut Session,
    scratch: &ScratchName,
    manner: &Manner,
) -> Result<Checksum, ExecuteError> {
    let snapshot = snapshot::take(&mut session.wire, scratch.as_str(), manner).await;
    Ok(snapshot
        .map_err(|failure| failure.of_statement(OPERATION))?
        .fingerprint())
}

/// Whether a statement may change the schema or the session. What isn't known is run as it is.
fn defines(statement: &str, mode: SqlMode) -> bool {
    let kind = sql::split(statement, mode)
        .ok()
        .and_then(|statements| statements.into_iter().next())
        .map(|statement| statement.facts.kind);
    match kind {
        Some(Kind::Dml | Kind::Query | Kind::Admin) => false,
        Some(Kind::Ddl | Kind::Session | Kind::TransactionControl) | None => true,
    }
}

/// Refuses definitions that name the target's schema.
fn guard(schema: &str, statements: &[String], mode: SqlMode) -> Result<(), ExecuteError> {
    let named = statements
        .iter()
        .find(|statement| defines(statement, mode) && scan::qualifies(statement, schema));
    match named {
        None => Ok(()),
        Some(_) => Err(refused(format!(
            "the statement names its own schema (`{schema}`.…): write the names without the schema, because the \
             change is rehearsed on a copy first"
        ))),
    }
}
