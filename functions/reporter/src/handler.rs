//! The outbox has something new: whatever is due is told.

use aws_lambda_events::event::dynamodb::Event;
use bus::EventBus;
use github::Connection;
use jiff::SignedDuration;
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use runtime::{Failed, SystemClock, deadline};
use secrets::SecretsManager;
use std::time::Duration;
use workflow::ports::clock::Clock as _;
use workflow::tell::{Teller, Told};

/// What is left of the time when no further errand is begun: one may take as long as GitHub's patience.
const MARGIN: SignedDuration = SignedDuration::from_secs(25);

/// What may be told again this soon is waited for: a put-off item wakes nobody until the sweeper does.
const SOON: SignedDuration = SignedDuration::from_secs(3);
/// How often is looked for something newer meanwhile.
const STEP: Duration = Duration::from_millis(250);

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) github: Connection<SecretsManager<SystemClock>>,
    pub(crate) events: EventBus,
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
    let teller = Teller {
        ledger: &app.ledger,
        github: &app.github,
        events: &app.events,
        clock: &app.clock,
        until,
    };
    let mut told = teller.tell().await?;
    log(&told);
    let mut awaited = told.again_at;
    while let Some(at) = awaited {
        let wait = at.duration_since(app.clock.now());
        if wait > SOON || app.clock.now() + wait >= until {
            break;
        }
        tokio::time::sleep(Duration::try_from(wait).unwrap_or_default().min(STEP)).await;
        let looked_at = app.clock.now();
        told = teller.tell().await?;
        if told != Told::default() {
            log(&told);
        }
        // What was awaited is told now, or put off once more.
        awaited = told.again_at.or(awaited).filter(|at| *at > looked_at);
    }
    Ok(())
}

fn log(told: &Told) {
    tracing::info!(
        event = "outbox_worked_off",
        delivered = told.delivered,
        postponed = told.postponed,
        given_up = told.given_up,
        "told of {} items",
        told.delivered
    );
}
