//! The outbox has something new: whatever is due is told.

use aws_lambda_events::event::dynamodb::Event;
use github::Connection;
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use runtime::{Failed, SystemClock};
use secrets::SecretsManager;
use workflow::tell::Teller;

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) github: Connection<SecretsManager<SystemClock>>,
    pub(crate) clock: SystemClock,
}

/// The stream's records only say that there is something; what it is, is read from the ledger.
pub(crate) async fn receive(app: &App, event: LambdaEvent<Event>) -> Result<(), Failed> {
    if event
        .payload
        .records
        .iter()
        .all(|record| record.event_name == "REMOVE")
    {
        return Ok(());
    }
    let github = app.github.get().await?;
    let told = Teller {
        ledger: &app.ledger,
        github,
        clock: &app.clock,
    }
    .tell()
    .await?;
    tracing::info!(
        event = "outbox_worked_off",
        delivered = told.delivered,
        postponed = told.postponed,
        "told GitHub of {} items",
        told.delivered
    );
    Ok(())
}
