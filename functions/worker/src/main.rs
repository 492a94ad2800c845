//! Applies the changes of one target, inside the database's network.

mod config;
mod handler;

use config::Config;
use handler::App;
use ledger::DynamoLedger;
use mysql::MySql;
use queue::SqsNudges;
use runtime::{Environment, SystemClock, logs};
use secrets::SecretsManager;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let config = Config::read(Environment::default())?;
    logs::start(&config.log_level);
    let aws = runtime::aws::configuration("worker").await;
    let app = App {
        ledger: DynamoLedger::configured(&aws, config.table),
        queue: SqsNudges::configured(&aws, config.changes_queue_url),
        databases: MySql::default(),
        secrets: SecretsManager::configured(&aws, SystemClock),
        clock: SystemClock,
    };
    lambda_runtime::run(lambda_runtime::service_fn(|event| handler::receive(&app, event))).await
}
