//! One sweep a minute. What the schedule sends says nothing: the ledger says what is due.

use github::{Access, App as GitHubApp, GitHub};
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use model::Fault;
use queue::{SqsDeliveries, SqsNudges};
use runtime::{Failed, SystemClock};
use secrecy::ExposeSecret;
use secrets::SecretsManager;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::OnceCell;
use workflow::ports::secrets::{Freshness, Secrets};
use workflow::sweep::Sweeper;

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) nudges: SqsNudges,
    pub(crate) deliveries: SqsDeliveries,
    pub(crate) secrets: SecretsManager<SystemClock>,
    pub(crate) app_secret_arn: String,
    pub(crate) github_api_url: String,
    pub(crate) github: OnceCell<GitHub>,
    pub(crate) clock: SystemClock,
}

pub(crate) async fn receive(app: &App, _event: LambdaEvent<Value>) -> Result<(), Failed> {
    let github = app.github.get_or_try_init(|| connect(app)).await?;
    let sweeper = Sweeper {
        ledger: &app.ledger,
        nudges: &app.nudges, deliveries: &app.deliveries,
        github,
        clock: &app.clock,
    };
    let swept = sweeper.sweep().await?;
    tracing::info!(
        event = "swept",
        targets = swept.targets,
        items = swept.items,
        branches = swept.branches,
        failed = swept.failed,
        "swept"
    );
    Ok(())
}

async fn connect(app: &App) -> Result<GitHub, Fault> {
    let secret = app.secrets.secret(&app.app_secret_arn, Freshness::Cached).await?;
    let identity = GitHubApp::from_secret(secret.expose_secret())?;
    GitHub::new(&app.github_api_url, &identity, Access::Read, Arc::new(app.clock))
}
