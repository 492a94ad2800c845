//! One sweep a minute. What the schedule sends says nothing: the ledger says what is due.

use github::Connection;
use lambda_runtime::LambdaEvent;
use ledger::DynamoLedger;
use queue::{SqsDeliveries, SqsNudges};
use runtime::{Failed, SystemClock};
use secrets::SecretsManager;
use serde_json::Value;
use workflow::sweep::Sweeper;

pub(crate) struct App {
    pub(crate) ledger: DynamoLedger,
    pub(crate) nudges: SqsNudges,
    pub(crate) deliveries: SqsDeliveries,
    pub(crate) github: Connection<SecretsManager<SystemClock>>,
    pub(crate) clock: SystemClock,
}

pub(crate) async fn receive(app: &App, _event: LambdaEvent<Value>) -> Result<(), Failed> {
    let sweeper = Sweeper {
        ledger: &app.ledger,
        nudges: &app.nudges,
        deliveries: &app.deliveries,
        github: &app.github,
        clock: &app.clock,
    };
    let swept = sweeper.sweep().await?;
    tracing::info!(
        event = "swept",
        targets = swept.targets,
        items = swept.items,
        branches = swept.branches,
        redelivered = swept.redelivered,
        issues = swept.issues,
        failed = swept.failed,
        "swept"
    );
    Ok(())
}
