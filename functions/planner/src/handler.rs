//! One batch of pointers, each planned in turn.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use github::Connection;
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use model::Fault;
use queue::{SqsNudges, SqsPatience};
use runtime::{Failed, SystemClock, batch};
use secrets::SecretsManager;
use workflow::act::{self, Actor, Clicked};
use workflow::plan::Planner;
use workflow::ports::queue::{ClickPointer, Pointed, Pointer, PullRequestPointer};

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) queue: SqsNudges,
    pub(crate) patience: SqsPatience,
    pub(crate) github: Connection<SecretsManager<SystemClock>>,
    pub(crate) clock: SystemClock,
}

pub(crate) async fn receive(app: &App, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Failed> {
    let handle = |body: String| Box::pin(async move { plan(app, &body).await });
    let put_off = |receipt: String, wait| async move { app.patience.put_off(&receipt, wait).await };
    Ok(batch::each_in_time(event.payload, handle, put_off).await)
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
        Pointed::Click(click) => take_click(app, &click).await,
        Pointed::PullRequest(pointer) => review(&planner, &pointer).await,
    }
}

async fn take_click(app: &App, click: &ClickPointer) -> Result<(), Fault> {
    let actor = Actor {
        ledger: &app.ledger,
        queue: &app.queue,
        clock: &app.clock,
    };
    let clicked = act::click(&actor, click).await?;
    let code = match &clicked {
        Clicked::Decided => None,
        Clicked::Refused(refusal) => Some(refusal.code.as_str()),
        Clicked::Ignored(reason) => Some(*reason),
    };
    tracing::info!(
        event = "click_taken",
        delivery.id = click.delivery.as_str(),
        repository.id = click.repository_id.0,
        sender.id = click.sender.id,
        refused = code,
        "a click on a check run was looked at"
    );
    Ok(())
}

type AppPlanner<'a> =
    Planner<'a, DynamoLedger, SqsNudges, Connection<SecretsManager<SystemClock>>, SystemClock>;

async fn plan_push(planner: &AppPlanner<'_>, pointer: &Pointer) -> Result<(), Fault> {
    let planned = match planner.plan(pointer).await {
        Ok(planned) => planned,
        Err(fault @ Fault::Retry { .. }) if pointer.sender.is_none() => {
            // The sweeper sent it, and sends another within a minute.
            tracing::warn!(
                event = "message_left_to_the_sweeper",
                error.class = fault.class(),
                "a branch could not be planned for now: {}",
                fault.chain()
            );
            return Ok(());
        }
        Err(fault) => return Err(fault),
    };
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
