//! The outbox has something new: whatever is due is told.

use aws_lambda_events::event::dynamodb::Event;
use github::Connection;
use jiff::SignedDuration;
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use runtime::{Failed, SystemClock, deadline};
use secrets::SecretsManager;
use workflow::tell::Teller;

/// What is left of the time when no further errand is begun: one may take as long as GitHub's patience.
const MARGIN: SignedDuration = SignedDuration::from_secs(25);

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
    let until = deadline::until(&event.context, MARGIN);
    let told = Teller {
        ledger: &app.ledger,
        github: &app.github,
        clock: &app.clock,
        until,
    }
    .tell()
    .await?;
    tracing::info!(
        event = "outbox_worked_off",
        delivered = told.delivered,
        postponed = told.postponed,
        given_up = told.given_up,
        "told GitHub of {} items",
        told.delivered
    );
    Ok(())
}
