//! The schema as text: statements that make it anew, the same text for the same schema whatever it is called.
//!
//! Two packets: lists of what there is, then `SHOW CREATE` of each. The session stands in the schema that is read, so
//! the server writes names of it without the schema.

mod catalog;
mod normalise;
mod order;
mod render;
pub(crate) mod scan;

use crate::errors::Failure;
use crate::wire::Wire;
use catalog::{Kind, Listed};
use render::Object;
use workflow::ports::database::Snapshot;

/// How many objects are asked for in one packet.
const PACKET: usize = 500;

/// Reads the schema in which the session stands.
pub(crate) async fn take(wire: &mut Wire, schema: &str) -> Result<Snapshot, Failure> {
    let listed = catalog::listed(&wire.ask(catalog::lists(schema)).await?);
    let mut objects = Vec::with_capacity(listed.objects.len());
    for chunk in listed.objects.chunks(PACKET) {
        let text: Vec<String> = chunk.iter().map(Listed::show).collect();
        let answers = wire.ask(text.join("; ")).await?;
        for (object, answer) in chunk.iter().zip(&answers) {
            let shown = answer.rows.first().and_then(|row| object.shown(row));
            objects.push(defined(object, shown, schema)?);
        }
    }
    Ok(Snapshot {
        text: render::text(&objects, &listed.view_uses),
    })
}

fn defined(object: &Listed, shown: Option<catalog::Shown>, schema: &str) -> Result<Object, Failure> {
    let Some(shown) = shown else {
        return Err(hidden(object));
    };
    let definition = match object.kind {
        Kind::Table => normalise::table(&shown.definition),
        Kind::View => normalise::view(&shown.definition, schema),
        Kind::Procedure | Kind::Function | Kind::Trigger | Kind::Event => {
            normalise::program(&shown.definition)
        }
    };
    Ok(Object {
        kind: object.kind,
        name: object.name.clone(),
        definition,
        sql_mode: shown.sql_mode,
        time_zone: shown.time_zone,
    })
}

/// The server shows no body to a user without the right to see it.
fn hidden(object: &Listed) -> Failure {
    Failure::Server(crate::errors::ServerError {
        code: 1142,
        sqlstate: "42000".to_owned(),
        message: format!(
            "the definition of {} `{}` is not shown to this user; it needs SHOW_ROUTINE (or SELECT on *.*)",
            object.kind.word(),
            object.name
        ),
    })
}
