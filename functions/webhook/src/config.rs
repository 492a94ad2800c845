//! What the webhook is told by its environment.

use runtime::{Environment, MissingVariables};

pub(crate) struct Config {
    pub(crate) log_level: String,
    pub(crate) table: String,
    pub(crate) deliveries_queue_url: String,
    pub(crate) webhook_secret_arn: String,
}

impl Config {
    pub(crate) fn read(mut environment: Environment) -> Result<Self, MissingVariables> {
        let config = Self {
            log_level: environment.text("SLUICE_LOG_LEVEL"),
            table: environment.text("SLUICE_TABLE"),
            deliveries_queue_url: environment.text("SLUICE_DELIVERIES_QUEUE_URL"),
            webhook_secret_arn: environment.text("SLUICE_WEBHOOK_SECRET_ARN"),
        };
        environment.complete(config)
    }
}
