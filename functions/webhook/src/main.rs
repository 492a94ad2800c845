//! Receives GitHub's webhooks: verify, note, enqueue a pointer, answer.

mod config;
mod handler;
#[cfg(test)]
mod tests;

use config::Config;
use handler::App;
use ledger::DynamoLedger;
use queue::SqsDeliveries;
use runtime::{Environment, SystemClock, logs};
use secrets::SecretsManager;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let config = Config::read(Environment::default())?;
    logs::start(&config.log_level);
    let aws = runtime::aws::configuration("webhook").await;
    let app = App {
        ledger: DynamoLedger::configured(&aws, config.table),
        queue: SqsDeliveries::configured(&aws, config.deliveries_queue_url),
        secrets: SecretsManager::configured(&aws, SystemClock),
        secret_arn: config.webhook_secret_arn,
        clock: SystemClock,
    };
    lambda_http::run(lambda_http::service_fn(|request| handler::receive(&app, request))).await
}
