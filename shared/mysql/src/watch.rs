//! Looking at the session that has a target's lock, and ending its statement, from another session.

use crate::errors::{Failure, NO_SUCH_THREAD};
use crate::ident::text;
use crate::journal::parsed;
use crate::lock::{NAME, cell};
use crate::wire::{Row, Wire};
use model::{Fault, VersionKey, Work};
use workflow::ports::database::{Holder, JournalKey};

const OPERATION: &str = "look at the session that has the target's lock";

/// Has the server count the work of long statements, where this user may ask for it ("MySQL InnoDB: Monitoring ALTER
/// TABLE Progress" of the manual). Where it may not, nothing but the time is told.
pub(crate) const COUNT: &str = "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' \
    WHERE NAME = 'events_stages_current' AND ENABLED = 'NO'";

/// Who has the lock, and how far it is.
pub(crate) async fn holder(wire: &mut Wire, schema: &str) -> Result<Option<Holder>, Fault> {
    let answers = wire
        .ask(format!("SELECT IS_USED_LOCK({NAME})"))
        .await
        .map_err(|failure| failure.fault(OPERATION))?;
    let Some(connection) = first(&answers).and_then(|row| cell(row, 0).parse::<u64>().ok()) else {
        return Ok(None);
    };
    let intent = format!(
        "SELECT statement_index, version_key, GREATEST(TIMESTAMPDIFF(SECOND, intended_at, UTC_TIMESTAMP(6)), 0) \
         FROM _sluice.journal WHERE schema_name = {} AND connection_id = {connection} AND outcome = 'unknown' \
         AND server_uuid = @@server_uuid ORDER BY intended_at DESC LIMIT 1",
        text(schema)
    );
    let answers = wire
        .ask(intent)
        .await
        .map_err(|failure| failure.fault(OPERATION))?;
    let (statement, since) = match first(&answers) {
        Some(row) => {
            let key = JournalKey {
                version: version_key(row)?,
            };
            (Some((key, parsed(row, 0)?)), Some(parsed(row, 2)?))
        }
        // Rows are changed in one transaction with their intent, which nobody else sees yet.
        None => (None, None),
    };
    let work = Work {
        seconds: since.unwrap_or_default(),
        stage: None,
        completed: 0,
        estimated: 0,
    };
    let work = progress(wire, connection, since.is_none(), work).await?;
    Ok(Some(Holder {
        connection,
        statement,
        work,
    }))
}

/// What the server tells of a session's work; nothing to a user who may not see it.
async fn progress(wire: &mut Wire, connection: u64, untimed: bool, mut work: Work) -> Result<Work, Fault> {
    let asked = wire
        .ask(format!(
            "SELECT COALESCE(t.PROCESSLIST_TIME, 0), s.EVENT_NAME, COALESCE(s.WORK_COMPLETED, 0), \
             COALESCE(s.WORK_ESTIMATED, 0) FROM performance_schema.threads t \
             LEFT JOIN performance_schema.events_stages_current s ON s.THREAD_ID = t.THREAD_ID \
             WHERE t.PROCESSLIST_ID = {connection}"
        ))
        .await;
    let answers = match asked {
        Ok(answers) => answers,
        Err(Failure::Server(_)) => return Ok(work),
        Err(gone @ Failure::Gone(_)) => return Err(gone.fault(OPERATION)),
    };
    if let Some(row) = first(&answers) {
        if untimed {
            work.seconds = parsed(row, 0)?;
        }
        // `stage/sql/copy to tmp table`, `stage/innodb/alter table (read PK and internal sort)`.
        let stage = cell(row, 1);
        work.stage = stage
            .strip_prefix("stage/")
            .and_then(|stage| stage.split_once('/'))
            .map(|(_, stage)| stage.to_owned());
        work.completed = parsed(row, 2)?;
        work.estimated = parsed(row, 3)?;
    }
    Ok(work)
}

/// Ends the statement of a connection, if it still has the lock: its number may be another's by now.
pub(crate) async fn end(wire: &mut Wire, schema: &str, connection: u64) -> Result<(), Fault> {
    const OPERATION: &str = "end the statement that has the target's lock";
    if holder(wire, schema).await?.map(|holder| holder.connection) != Some(connection) {
        return Ok(());
    }
    match wire.ask(format!("KILL QUERY {connection}")).await {
        Ok(_) => Ok(()),
        // It ended by itself.
        Err(Failure::Server(error)) if error.code == NO_SUCH_THREAD => Ok(()),
        Err(failure) => Err(failure.fault(OPERATION)),
    }
}

fn version_key(row: &Row) -> Result<VersionKey, Fault> {
    serde_json::from_value(serde_json::Value::String(cell(row, 1)))
        .map_err(|error| Fault::Bug(format!("the journal holds no version: {error}")))
}

fn first(answers: &[crate::wire::Answer]) -> Option<&Row> {
    answers.first().and_then(|answer| answer.rows.first())
}
