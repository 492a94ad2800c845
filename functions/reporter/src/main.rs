//! Tells GitHub, by check runs and the write-back of the latest schema, and whoever listens to events.

mod config;
mod handler;

use bus::EventBus;
use config::Config;
use github::{Access, Connection};
use handler::App;
use kms::Kms;
use ledger::DynamoLedger;
use runtime::{Environment, SystemClock, logs};
use secrets::SecretsManager;
use std::sync::Arc;
use workflow::pace::Pace;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let config = Config::read(Environment::default())?;
    logs::start(&config.log_level);
    let aws = runtime::aws::configuration("reporter").await;
    let app = App {
        ledger: DynamoLedger::configured(&aws, config.table),
        github: Connection::new(
            SecretsManager::configured(&aws, SystemClock),
            config.github_app_secret_arn,
            config.github_api_url,
            Access::Write,
            Arc::new(SystemClock),
        )
        .signing_with(Arc::new(Kms::configured(&aws)))
        .at_pace(Pace::of(config.github_writes_per_minute)),
        events: EventBus::configured(&aws, config.event_bus),
        clock: SystemClock,
    };
    lambda_runtime::run(lambda_runtime::service_fn(|event| handler::receive(&app, event))).await
}
