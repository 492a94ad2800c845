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
use workflow::ports::queue::{Pointed, Pointer, PullRequestPointer};

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
    let pointed = match queue::read_pointer(body) {
        Ok(pointed) => pointed,
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
    match pointed {
        Pointed::Push(pointer) => plan_push(&planner, &pointer).await,
        Pointed::PullRequest(pointer) => review(&planner, &pointer).await,
    }
}

type AppPlanner<'a> =
    Planner<'a, DynamoLedger, SqsNudges, Connection<SecretsManager<SystemClock>>, SystemClock>;

async fn plan_push(planner: &AppPlanner<'_>, pointer: &Pointer) -> Result<(), Fault> {
    let planned = planner.plan(pointer).await?;
    tracing::info!(
        event = "push_planned",
        delivery.id = pointer.delivery.as_str(),
        commit = pointer.after.as_str(),
        planned = ?planned,
        "a push was planned"
    );
    Ok(())
}

async fn review(planner: &AppPlanner<'_>, pointer: &PullRequestPointer) -> Result<(), Fault> {
    let reviewed = planner.review(pointer).await?;
    tracing::info!(
        event = "pull_request_reviewed",
        delivery.id = pointer.delivery.as_str(),
        repository.id = pointer.repository_id.0,
        pull_request.number = pointer.pull_request.0,
        reviewed = ?reviewed,
        "a pull request was reviewed"
    );
    Ok(())
}
