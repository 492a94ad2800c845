//! One batch of nudges: each names a target to be looked at.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use model::Fault;
use mysql::MySql;
use queue::SqsNudges;
use runtime::{Failed, SystemClock, batch, deadline};
use secrets::SecretsManager;
use std::time::Duration;
use workflow::ports::clock::Clock;
use workflow::work::{LEASE, Worker};

/// What is left of the time when nothing new is begun: enough to write the outcome of what is under way.
const MARGIN: SignedDuration = SignedDuration::from_secs(20);
/// How long after that a statement may still run before it is left behind: the server goes on with it, its lock says
/// so, and later looks follow it. Leaving beats being killed: the message is not one that failed.
const PATIENCE: SignedDuration = SignedDuration::from_secs(15);

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) queue: SqsNudges,
    pub(crate) databases: MySql,
    pub(crate) secrets: SecretsManager<SystemClock>,
    pub(crate) clock: SystemClock,
}

pub(crate) async fn receive(app: &App, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Failed> {
    let until = deadline::until(&event.context, MARGIN);
    // Boxed: an applying future is large, and the batch holds it by value.
    Ok(batch::each(event.payload, |body| {
        Box::pin(async move { look(app, &body, until).await })
    })
    .await)
}

async fn look(app: &App, body: &str, until: Timestamp) -> Result<(), Fault> {
    let target = match queue::read_nudge(body) {
        Ok(target) => target,
        Err(unreadable) => {
            // It would be as unreadable the next time: nothing is gained by keeping it.
            tracing::error!(
                event = "message_dropped",
                "a message is no nudge and was dropped: {unreadable}"
            );
            return Ok(());
        }
    };
    let worker = Worker {
        ledger: &app.ledger,
        queue: &app.queue,
        databases: &app.databases,
        secrets: &app.secrets,
        clock: &app.clock,
        until,
        lease: LEASE,
    };
    let left = (until + PATIENCE).duration_since(app.clock.now());
    let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
    match tokio::time::timeout(left, worker.look_at(&target)).await {
        // A server that can't be reached just now: the sweeper looks again within a minute. Failing the message would
        // only hold its group and fill the dead letters.
        Ok(Err(fault @ Fault::Retry { .. })) => {
            tracing::warn!(
                event = "look_postponed",
                target = %target,
                error.class = fault.class(),
                "looking at {target} was put off: {}",
                fault.chain()
            );
        }
        Ok(looked) => {
            let looked = looked?;
            tracing::info!(event = "target_looked_at", target = %target, looked = ?looked, "looked at {target}");
        }
        Err(_elapsed) => {
            tracing::warn!(event = "statement_left_behind", target = %target, "left a statement running on {target}");
        }
    }
    Ok(())
}
