//! Schemas, and what tells two of them apart: JSON for programs, text for people.

use super::style::Style;
use super::{changes as words, plain, table};
use crate::comparison::Difference;
use catalog::{Change, Step};
use serde::Serialize;
use workflow::ports::database::Snapshot;

/// Said of schemas that do not differ.
pub(crate) const SAME: &str = "The schemas are the same.";

/// A schema as programs read it.
#[derive(Debug, Serialize)]
pub(crate) struct Dumped<'snapshot> {
    fingerprint: String,
    objects: Vec<Object<'snapshot>>,
    schema: &'snapshot str,
}

#[derive(Debug, Serialize)]
struct Object<'snapshot> {
    kind: &'static str,
    name: &'snapshot str,
    fingerprint: String,
}

impl<'snapshot> Dumped<'snapshot> {
    /// A snapshot's parts.
    pub(crate) fn of(snapshot: &'snapshot Snapshot) -> Self {
        let objects = snapshot.objects.iter().map(|object| Object {
            kind: object.kind.word(),
            name: &object.name,
            fingerprint: object.fingerprint.to_string(),
        });
        Self {
            fingerprint: snapshot.fingerprint().to_string(),
            objects: objects.collect(),
            schema: &snapshot.text,
        }
    }
}

/// The objects of a schema, one per line.
pub(crate) fn objects(snapshot: &Snapshot) -> String {
    let dumped = Dumped::of(snapshot);
    if dumped.objects.is_empty() {
        return "The schema is empty.\n".to_owned();
    }
    let rows = dumped
        .objects
        .into_iter()
        .map(|object| vec![object.kind.to_owned(), object.name.to_owned(), object.fingerprint]);
    table(&["KIND", "NAME", "FINGERPRINT"], rows)
}

/// A difference as programs read it.
#[derive(Debug, Serialize)]
pub(crate) struct Compared<'difference> {
    different: bool,
    changes: Vec<Changed>,
    ddl: Vec<Statement<'difference>>,
    diff: &'difference str,
    verified: bool,
}

#[derive(Debug, Serialize)]
struct Changed {
    object: String,
    text: String,
    loses: Option<String>,
}

#[derive(Debug, Serialize)]
struct Statement<'difference> {
    sql: &'difference str,
    loses: Vec<String>,
    session: &'difference catalog::Session,
}

impl<'difference> Compared<'difference> {
    /// A difference's parts.
    pub(crate) fn of(difference: &'difference Difference) -> Self {
        Self {
            different: !difference.is_empty(),
            changes: difference.changes.iter().map(changed).collect(),
            ddl: difference.script.steps.iter().map(statement).collect(),
            diff: &difference.diff,
            verified: difference.verified,
        }
    }
}

fn changed(change: &Change) -> Changed {
    Changed {
        object: change.object.to_string(),
        text: change.to_string(),
        loses: change.loses.as_ref().map(ToString::to_string),
    }
}

fn statement(step: &Step) -> Statement<'_> {
    Statement {
        sql: &step.sql,
        loses: step.loses.iter().map(ToString::to_string).collect(),
        session: &step.session,
    }
}

/// The changes, a line each.
pub(crate) fn changes(difference: &Difference) -> String {
    let mut text = String::new();
    for line in told(&difference.changes) {
        text.push_str(&plain::line(&line));
        text.push('\n');
    }
    text
}

/// The changes, and the lines that differ.
pub(crate) fn page(difference: &Difference, style: Style) -> String {
    if difference.is_empty() {
        return format!("{SAME}\n");
    }
    let changes = words::part("Changes", &told(&difference.changes), style);
    let gap = if changes.is_empty() { "" } else { "\n" };
    format!("{changes}{gap}{}", style.diff(&plain::lines(&difference.diff)))
}

fn told(changes: &[Change]) -> Vec<String> {
    let told = |change: &Change| match &change.loses {
        Some(loss) => format!("{change} — loses {loss}"),
        None => change.to_string(),
    };
    changes.iter().map(told).collect()
}
