//! The API for people: read, approve, reject, retry, cancel, resolve, settings.

mod acts;
mod answer;
mod caller;
mod config;
mod documents;
mod freezes;
mod handler;
mod route;
#[cfg(test)]
mod tests;

use config::Config;
use handler::App;
use ledger::DynamoLedger;
use queue::SqsNudges;
use runtime::{Environment, SystemClock, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let config = Config::read(Environment::default())?;
    logs::start(&config.log_level);
    let aws = runtime::aws::configuration("approvals").await;
    let app = App {
        ledger: DynamoLedger::configured(&aws, config.table),
        queue: SqsNudges::configured(&aws, config.changes_queue_url),
        clock: SystemClock,
    };
    lambda_http::run(lambda_http::service_fn(|request| handler::receive(&app, request))).await
}
