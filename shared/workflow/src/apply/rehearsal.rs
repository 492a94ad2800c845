//! Rehearsing changes, and what that tells of those who work beside them.

use super::{Change, code, position, resume};
use crate::ports::clock::Clock;
use crate::ports::database::{Algorithm, ExecuteError, Foretold, Locked, RehearsalError, Step};
use jiff::Timestamp;
use model::{Blocking, Failure, Fault};
use sql::Statement;

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

/// Runs changes one after the other on an empty copy of what they need, each from the statement that is next.
pub async fn rehearse(
    locked: &mut impl Locked,
    changes: &[(&Change, u32)],
    clock: &impl Clock,
) -> Result<Rehearsal, Fault> {
    let (steps, origins) = steps(changes);
    match locked.rehearse(None, &steps).await {
        Ok(told) => Ok(Rehearsal::Runs(by_change(changes, &origins, told))),
        Err(RehearsalError::Refused { position, error }) => {
            let Some((at, statement)) = origins.get(position) else {
                return Err(Fault::Bug(format!(
                    "a rehearsal failed at step {position}, which there is not"
                )));
            };
            Ok(Rehearsal::Fails {
                change: *at,
                failure: failure(statement, &error, clock.now()),
            })
        }
        Err(RehearsalError::Impossible(why)) => Ok(Rehearsal::Impossible(why)),
        Err(RehearsalError::Fault(fault)) => Err(fault),
    }
}

/// The steps of changes, and which statement of which change each of them is.
pub(super) fn steps<'c>(changes: &[(&'c Change, u32)]) -> (Vec<Step>, Vec<(usize, &'c Statement)>) {
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
    (steps, origins)
}

/// What steps came to, by change and statement.
pub(super) fn by_change(
    changes: &[(&Change, u32)],
    origins: &[(usize, &Statement)],
    told: Vec<Option<Foretold>>,
) -> Vec<Vec<Option<Foretold>>> {
    let mut all: Vec<Vec<Option<Foretold>>> = changes
        .iter()
        .map(|(change, _)| vec![None; change.statements.len()])
        .collect();
    for ((at, statement), foretold) in origins.iter().zip(told) {
        if let Some(slot) = all
            .get_mut(*at)
            .and_then(|of| of.get_mut(position(statement.index)))
        {
            *slot = foretold;
        }
    }
    all
}

/// The failure of a statement that the server refused in a rehearsal.
pub(super) fn failure(statement: &Statement, error: &ExecuteError, at: Timestamp) -> Failure {
    Failure {
        statement: Some(statement.index),
        line: Some(statement.line),
        code: code(error),
        message: format!(
            "in a rehearsal on an empty copy of the schema: {error}; it was not sent to the target"
        ),
        at,
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

/// The statements that alter a table.
pub(super) const ALTERS: [&str; 3] = ["ALTER TABLE", "CREATE INDEX", "DROP INDEX"];
