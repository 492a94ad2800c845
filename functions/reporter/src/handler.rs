//! The outbox has something new: whatever is due is told.

use aws_lambda_events::event::dynamodb::Event;
use github::{Access, App as GitHubApp, GitHub};
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use model::Fault;
use runtime::{Failed, SystemClock};
use secrecy::ExposeSecret;
use secrets::SecretsManager;
use std::sync::Arc;
use tokio::sync::OnceCell;
use workflow::ports::secrets::{Freshness, Secrets};
use workflow::tell::Teller;

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) secrets: SecretsManager<SystemClock>,
    pub(crate) app_secret_arn: String,
    pub(crate) github_api_url: String,
    pub(crate) github: OnceCell<GitHub>,
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
    let github = app.github.get_or_try_init(|| connect(app)).await?;
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

async fn connect(app: &App) -> Result<GitHub, Fault> {
    let secret = app.secrets.secret(&app.app_secret_arn, Freshness::Cached).await?;
    let identity = GitHubApp::from_secret(secret.expose_secret())?;
    GitHub::new(&app.github_api_url, &identity, Access::Write, Arc::new(app.clock))
}
