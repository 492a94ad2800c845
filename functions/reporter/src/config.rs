//! What the reporter is told by its environment.

use runtime::{Environment, MissingVariables};

pub(crate) struct Config {
    pub(crate) log_level: String,
    pub(crate) table: String,
    pub(crate) github_app_secret_arn: String,
    pub(crate) github_api_url: String,
    pub(crate) github_writes_per_minute: u32,
    pub(crate) event_bus: String,
}

impl Config {
    pub(crate) fn read(mut environment: Environment) -> Result<Self, MissingVariables> {
        let config = Self {
            log_level: environment.text("SLUICE_LOG_LEVEL"),
            table: environment.text("SLUICE_TABLE"),
            github_app_secret_arn: environment.text("SLUICE_GITHUB_APP_SECRET_ARN"),
            github_api_url: environment.text("GITHUB_API_URL"),
            github_writes_per_minute: environment.number("SLUICE_GITHUB_WRITES_PER_MINUTE"),
            event_bus: environment.text("SLUICE_EVENT_BUS"),
        };
        environment.complete(config)
    }
}
