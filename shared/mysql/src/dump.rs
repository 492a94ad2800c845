//! The definition of any schema, read and nothing else.

use crate::{Limits, connect, lock, snapshot};
use model::Fault;
use workflow::ports::database::{Login, OpenError, Snapshot};

/// What becomes of the users as whom views and stored programs run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Definers {
    /// They are left out: whoever loads the text is the definer. So the text says the same on every server.
    #[default]
    Drop,
    /// They are part of the text. Loading it takes `SET_ANY_DEFINER` where they are others.
    Keep,
}

/// How a schema is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DumpOptions {
    /// What becomes of definers.
    pub definers: Definers,
}

/// Reads a schema: no lock is taken and nothing is written, no journal either.
pub async fn dump(login: &Login, schema: &str, options: DumpOptions) -> Result<Snapshot, OpenError> {
    let limits = Limits::default();
    let mut wire = connect::connect(login, Some(schema), &limits).await?;
    let answers = wire
        .ask(format!("{}; SELECT DATABASE()", lock::preamble(&limits)))
        .await
        .map_err(|failure| failure.fault("set up a session"))?;
    let spelled = answers.last().and_then(|answer| answer.rows.first());
    let Some(spelled) = spelled.map(|row| lock::cell(row, 0)) else {
        return Err(
            Fault::Bug("the server does not tell in which schema the session stands".to_owned()).into(),
        );
    };
    let snapshot = snapshot::take(&mut wire, &spelled, &options.into()).await;
    wire.close().await;
    Ok(snapshot.map_err(|failure| failure.fault("read the schema"))?)
}
