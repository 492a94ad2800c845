//! What the runbook's function is told by its environment.

use runtime::{Environment, MissingVariables};

pub(crate) struct Config {
    pub(crate) log_level: String,
    pub(crate) table: String,
    pub(crate) changes_queue_url: String,
    pub(crate) document: String,
}

impl Config {
    pub(crate) fn read(mut environment: Environment) -> Result<Self, MissingVariables> {
        let config = Self {
            log_level: environment.text("SLUICE_LOG_LEVEL"),
            table: environment.text("SLUICE_TABLE"),
            changes_queue_url: environment.text("SLUICE_CHANGES_QUEUE_URL"),
            document: environment.text("SLUICE_RUNBOOK"),
        };
        environment.complete(config)
    }
}
