//! Turns what a push changed into an issue with tasks.

mod config;
mod handler;

use config::Config;
use github::{Access, Connection};
use handler::App;
use kms::Kms;
use ledger::DynamoLedger;
use queue::{SqsNudges, SqsPatience};
use runtime::{Environment, SystemClock, logs};
use secrets::SecretsManager;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let config = Config::read(Environment::default())?;
    logs::start(&config.log_level);
    let aws = runtime::aws::configuration("planner").await;
    let app = App {
        ledger: DynamoLedger::configured(&aws, config.table),
        queue: SqsNudges::configured(&aws, config.changes_queue_url),
        patience: SqsPatience::configured(&aws, config.deliveries_queue_url),
        github: Connection::new(
            SecretsManager::configured(&aws, SystemClock),
            config.github_app_secret_arn,
            config.github_api_url,
            Access::Read,
            Arc::new(SystemClock),
        )
        .signing_with(Arc::new(Kms::configured(&aws))),
        clock: SystemClock,
    };
    lambda_runtime::run(lambda_runtime::service_fn(|event| handler::receive(&app, event))).await
}
