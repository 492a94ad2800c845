//! What was decided in Systems Manager: one execution of our runbook, read and heard.

mod config;
mod handler;
#[cfg(test)]
mod tests;

use automation::SystemsManager;
use config::Config;
use handler::App;
use ledger::DynamoLedger;
use queue::SqsNudges;
use runtime::{Environment, SystemClock, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let config = Config::read(Environment::default())?;
    logs::start(&config.log_level);
    let aws = runtime::aws::configuration("runbook").await;
    let app = App {
        ledger: DynamoLedger::configured(&aws, config.table),
        queue: SqsNudges::configured(&aws, config.changes_queue_url),
        executions: SystemsManager::configured(&aws),
        clock: SystemClock,
        document: config.document,
    };
    lambda_runtime::run(lambda_runtime::service_fn(|event| handler::receive(&app, event))).await
}
