//! One batch of pointers, each planned in turn.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use github::{Access, App as GitHubApp, GitHub};
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use model::Fault;
use queue::SqsNudges;
use runtime::{Failed, SystemClock, batch};
use secrecy::ExposeSecret;
use secrets::SecretsManager;
use std::sync::Arc;
use tokio::sync::OnceCell;
use workflow::plan::Planner;
use workflow::ports::secrets::{Freshness, Secrets};

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) queue: SqsNudges,
    pub(crate) secrets: SecretsManager<SystemClock>,
    pub(crate) app_secret_arn: String,
    pub(crate) github_api_url: String,
    pub(crate) github: OnceCell<GitHub>,
    pub(crate) clock: SystemClock,
}

pub(crate) async fn receive(app: &App, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Failed> {
    Ok(batch::each(event.payload, async |body| plan(app, &body).await).await)
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
    let github = app.github.get_or_try_init(|| connect(app)).await?;
    let planner = Planner {
        ledger: &app.ledger,
        queue: &app.queue,
        github,
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

async fn connect(app: &App) -> Result<GitHub, Fault> {
    let secret = app.secrets.secret(&app.app_secret_arn, Freshness::Cached).await?;
    let identity = GitHubApp::from_secret(secret.expose_secret())?;
    GitHub::new(&app.github_api_url, &identity, Access::Read, Arc::new(app.clock))
}
