//! What the planner is told by its environment.

use runtime::{Environment, MissingVariables};

pub(crate) struct Config {
    pub(crate) log_level: String,
    pub(crate) table: String,
    pub(crate) changes_queue_url: String,
    pub(crate) deliveries_queue_url: String,
    pub(crate) github_app_secret_arn: String,
    pub(crate) github_api_url: String,
}

impl Config {
    pub(crate) fn read(mut environment: Environment) -> Result<Self, MissingVariables> {
        let config = Self {
            log_level: environment.text("SLUICE_LOG_LEVEL"),
            table: environment.text("SLUICE_TABLE"),
            changes_queue_url: environment.text("SLUICE_CHANGES_QUEUE_URL"),
            deliveries_queue_url: environment.text("SLUICE_DELIVERIES_QUEUE_URL"),
            github_app_secret_arn: environment.text("SLUICE_GITHUB_APP_SECRET_ARN"),
            github_api_url: environment.text("GITHUB_API_URL"),
        };
        environment.complete(config)
    }
}
