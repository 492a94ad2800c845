//! One batch of pointers, each planned in turn.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use github::Connection;
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use model::Fault;
use queue::SqsNudges;
use runtime::{Failed, SystemClock, batch};
use secrets::SecretsManager;
use workflow::plan::Planner;

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) queue: SqsNudges,
    pub(crate) github: Connection<SecretsManager<SystemClock>>,
    pub(crate) clock: SystemClock,
}

pub(crate) async fn receive(app: &App, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Failed> {
    Ok(batch::each(event.payload, |body| {
        Box::pin(async move { plan(app, &body).await })
    })
    .await)
}

async fn plan(app: &App, body: &str) -> Result<(), Fault> {
    let pointer = match queue::read_pointer(body) {
        Ok(pointer) => pointer,
        Err(unreadable) => {
            // It would be as unreadable the next time: nothing is gained by keeping it.
            tracing::error!(
                event = "message_dropped",
                "a message is no pointer and was dropped: {unreadable}"
            );
            return Ok(());
        }
    };
    let planner = Planner {
        ledger: &app.ledger,
        queue: &app.queue,
        github: &app.github,
        clock: &app.clock,
    };
    let planned = planner.plan(&pointer).await?;
    tracing::info!(
        event = "push_planned",
        delivery.id = pointer.delivery.as_str(),
        commit = pointer.after.as_str(),
        planned = ?planned,
        "a push was planned"
    );
    Ok(())
}
