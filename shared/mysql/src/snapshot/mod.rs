//! The schema as text: statements that make it anew, the same text for the same schema whatever it is called.
//!
//! Two packets: lists of what there is, then `SHOW CREATE` of each. The session stands in the schema that is read, so
//! the server writes names of it without the schema.
//!
//! What the server shows depends on the session: quotes on `sql_mode`, the defaults of times on `time_zone`, generated
//! keys on a variable of their own. So the session is set to read and set back after.
//!
//! The schema's own defaults (`CREATE DATABASE … COLLATE`) are no part of the text: every table in it names its own.

mod catalog;
mod charset;
pub(crate) mod head;
mod look;
mod normalise;
mod order;
mod render;
pub(crate) mod scan;
mod table;
mod words;

use crate::dump::{Definers, DumpOptions};
use crate::errors::{Failure, ServerError, TABLE_ACCESS_DENIED};
use crate::ident::text;
use crate::lock::cell;
use crate::wire::{Answer, Wire};
use catalog::{Catalog, Listed, Shown};
pub(crate) use look::{Place, look, needs, reads, rendered, storage};
pub(crate) use render::{COLLATION, Object};
use std::collections::BTreeSet;
use workflow::ports::database::{ObjectKind as Kind, Snapshot};

/// How many objects are asked for in one packet.
const PACKET: usize = 500;

/// What the server shows is read under these settings. Before 8.0.30 there are no generated invisible keys.
const READING: &str = "SELECT @@sql_mode, @@time_zone, @@sql_quote_show_create; \
    SET sql_mode = '', time_zone = '+00:00', sql_quote_show_create = 1 \
    /*!80030 , show_gipk_in_create_table_and_information_schema = 1 */";

/// The zone in which the text holds times.
const ZONE: &str = "+00:00";

/// How a schema is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manner {
    pub(crate) definers: Definers,
    /// Events that were put to sleep and are shown awake.
    pub(crate) asleep: BTreeSet<String>,
}

impl From<DumpOptions> for Manner {
    fn from(options: DumpOptions) -> Self {
        Self {
            definers: options.definers,
            asleep: BTreeSet::new(),
        }
    }
}

/// Reads the schema in which the session stands.
pub(crate) async fn take(wire: &mut Wire, schema: &str, manner: &Manner) -> Result<Snapshot, Failure> {
    let (objects, listed) = all(wire, schema, manner).await?;
    Ok(render::snapshot(&objects, &listed.view_uses, &listed.collation))
}

/// Every object of the schema in which the session stands.
pub(crate) async fn objects(wire: &mut Wire, schema: &str, manner: &Manner) -> Result<Vec<Object>, Failure> {
    all(wire, schema, manner).await.map(|(objects, _listed)| objects)
}

async fn all(wire: &mut Wire, schema: &str, manner: &Manner) -> Result<(Vec<Object>, Catalog), Failure> {
    let read = read(wire, schema, manner).await;
    if read.is_err() {
        // Who knows under which settings the session is.
        wire.abandon();
    }
    read
}

async fn read(wire: &mut Wire, schema: &str, manner: &Manner) -> Result<(Vec<Object>, Catalog), Failure> {
    let answers = wire.ask(format!("{READING}; {}", catalog::lists(schema))).await?;
    let (settings, lists) = answers.split_at(answers.len().min(2));
    let listed = catalog::listed(lists);
    let mut objects = Vec::with_capacity(listed.objects.len());
    for chunk in listed.objects.chunks(PACKET) {
        let text: Vec<String> = chunk.iter().map(Listed::show).collect();
        let answers = wire.ask(text.join("; ")).await?;
        for (object, answer) in chunk.iter().zip(&answers) {
            let shown = answer.rows.first().and_then(|row| object.shown(row));
            let shown = shown.ok_or_else(|| hidden(object))?;
            objects.push(defined(object, shown, schema, manner));
        }
    }
    wire.ask(restored(settings)).await?;
    Ok((objects, listed))
}

/// Sets back what was set to read.
fn restored(settings: &[Answer]) -> String {
    let row = settings.first().and_then(|answer| answer.rows.first());
    let before = |column| row.map(|row| cell(row, column)).unwrap_or_default();
    format!(
        "SET sql_mode = {}, time_zone = {}, sql_quote_show_create = {}",
        text(&before(0)),
        text(&before(1)),
        i32::from(before(2) != "0"),
    )
}

fn defined(object: &Listed, shown: Shown, schema: &str, manner: &Manner) -> Object {
    let Shown {
        definition,
        mut settings,
    } = shown;
    let definers = manner.definers;
    let mode = settings.sql_mode.clone().unwrap_or_default();
    let mut zero = false;
    let definition = match object.kind {
        Kind::Table => {
            let table = table::table(&definition, &object.name);
            settings.time_zone = table.zoned.then(|| ZONE.to_owned());
            zero = table.zero;
            table.definition
        }
        Kind::View => normalise::view(&definition, schema, definers),
        Kind::Procedure | Kind::Function => normalise::program(&definition, &mode, definers),
        Kind::Trigger => normalise::trigger(&definition, &mode, schema, definers),
        Kind::Event => {
            let event = normalise::program(&definition, &mode, definers);
            if manner.asleep.contains(&object.name) {
                head::awake(&event)
            } else {
                event
            }
        }
    };
    Object {
        kind: object.kind,
        name: object.name.clone(),
        definition,
        settings,
        broken: object.broken,
        zero,
    }
}

/// The server shows no body to a user without the right to see it.
fn hidden(object: &Listed) -> Failure {
    Failure::Server(ServerError {
        code: TABLE_ACCESS_DENIED,
        sqlstate: "42000".to_owned(),
        message: format!(
            "the definition of {} `{}` is not shown to this user; it needs SHOW_ROUTINE (or SELECT on *.*)",
            object.kind.word(),
            object.name
        ),
        missing: None,
    })
}
