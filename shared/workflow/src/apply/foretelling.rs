//! Rehearsing changes that nobody applies yet, for what they would lead to.

use super::rehearsal::{self, ALTERS};
use super::{Change, position};
use crate::ports::clock::Clock;
use crate::ports::database::{Algorithm, Foretold, Locked, ObjectRef, RehearsalError, Scope, Step};
use model::{Alteration, Altered, Failure, Fault};
use std::collections::BTreeSet;

/// What changes would lead to.
#[derive(Debug)]
pub enum Foretelling {
    /// They run.
    Runs {
        /// The definitions of the objects that they touch, before the first of them.
        before: String,
        /// The same after the last.
        after: String,
        /// What each statement of each leads to, where that can be told.
        told: Vec<Vec<Option<Foretold>>>,
    },
    /// A statement of theirs does not run.
    Fails {
        /// Of which change, from 0.
        change: usize,
        /// Which, and why.
        failure: Failure,
    },
    /// A statement of what comes before them does not run.
    FailsBefore {
        /// Of which change, from 0.
        change: usize,
        /// Which, and why.
        failure: Failure,
    },
    /// It could not be rehearsed, and why.
    Impossible(String),
}

/// Runs changes on an empty copy of what they need, after others that are still to be applied before them.
pub async fn foretell(
    locked: &mut impl Locked,
    before: &[Change],
    changes: &[Change],
    clock: &impl Clock,
) -> Result<Foretelling, Fault> {
    let all: Vec<(&Change, u32)> = before.iter().chain(changes).map(|change| (change, 1)).collect();
    let (mut steps, origins) = rehearsal::steps(&all);
    let first = origins
        .iter()
        .position(|(at, _)| *at >= before.len())
        .unwrap_or(steps.len());
    // A look at all that they touch, before the first of them and after the last.
    let look = look(steps.get(first..).unwrap_or_default());
    steps.insert(first, look.clone());
    steps.push(look);
    match locked.rehearse(None, &steps).await {
        Ok(mut told) => {
            let after = told.pop().flatten().map(|told| told.after).unwrap_or_default();
            let looked = (first < told.len()).then(|| told.remove(first)).flatten();
            let mut of_changes = rehearsal::by_change(&all, &origins, told);
            Ok(Foretelling::Runs {
                before: looked.map(|told| told.before).unwrap_or_default(),
                after,
                told: of_changes.split_off(before.len().min(of_changes.len())),
            })
        }
        Err(RehearsalError::Refused { position, error }) => {
            let position = if position > first { position - 1 } else { position };
            let Some((at, statement)) = origins.get(position) else {
                return Err(Fault::Bug(format!(
                    "a rehearsal failed at step {position}, which there is not"
                )));
            };
            let failure = rehearsal::failure(statement, &error, clock.now());
            Ok(match at.checked_sub(before.len()) {
                Some(change) => Foretelling::Fails { change, failure },
                None => Foretelling::FailsBefore { change: *at, failure },
            })
        }
        Err(RehearsalError::Impossible(why)) => Ok(Foretelling::Impossible(why)),
        Err(RehearsalError::Fault(fault)) => Err(fault),
    }
}

/// A step that changes nothing, and sees all that these may change.
fn look(steps: &[Step]) -> Step {
    let mut objects: BTreeSet<ObjectRef> = BTreeSet::new();
    let mut whole = false;
    for step in steps {
        match &step.scope {
            Some(Scope::Objects(of_step)) => objects.extend(of_step.iter().cloned()),
            Some(Scope::Schema) => whole = true,
            None => {}
        }
    }
    Step {
        statement: "DO 0".to_owned(),
        scope: Some(if whole {
            Scope::Schema
        } else {
            Scope::Objects(objects.into_iter().collect())
        }),
        fresh: false,
    }
}

/// The statements of a change that alter a table: how, and how large it is on the target.
pub async fn altered(
    locked: &mut impl Locked,
    path: &str,
    change: &Change,
    foretold: &[Option<Foretold>],
) -> Result<Vec<Altered>, Fault> {
    let mut found = Vec::new();
    for statement in &change.statements {
        let at = position(statement.index);
        let algorithm = foretold
            .get(at)
            .and_then(Option::as_ref)
            .and_then(|told| told.algorithm);
        if algorithm.is_none() && !ALTERS.contains(&statement.facts.verb.as_ref()) {
            continue;
        }
        // The table that is altered stands first.
        let Some(table) = change.tables(at).into_iter().next() else {
            continue;
        };
        let sizes = locked.sizes(std::slice::from_ref(&table)).await?;
        found.push(Altered {
            path: path.to_owned(),
            statement: statement.index,
            line: statement.line,
            bytes: sizes.into_iter().next().map(|(_, bytes)| bytes),
            table,
            how: algorithm.map(alteration),
        });
    }
    Ok(found)
}

fn alteration(algorithm: Algorithm) -> Alteration {
    match algorithm {
        Algorithm::Instant => Alteration::Instant,
        Algorithm::Inplace => Alteration::Inplace,
        Algorithm::InplaceBlocking => Alteration::InplaceBlocking,
        Algorithm::Copy => Alteration::Copy,
    }
}
