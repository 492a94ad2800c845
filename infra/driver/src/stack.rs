//! What `cargo xtask up --json` prints.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Everything a program needs to drive a stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stack {
    /// Base URL of our API, with the stage.
    pub api_url: String,
    /// The AWS emulator.
    pub aws_endpoint_url: String,
    /// Its region.
    pub region: String,
    /// The ledger's table.
    pub table: String,
    /// Queue URLs.
    pub queues: Queues,
    /// Function names by crate.
    pub functions: BTreeMap<String, String>,
    /// The MySQL server, as the user who may do everything.
    pub mysql_url: String,
    /// The GitHub emulator.
    pub github_api_url: String,
    /// The developer's token.
    pub github_token: String,
    /// `owner/name`.
    pub repository: String,
    /// GitHub's id of it.
    pub repository_id: u64,
    /// Id of the App's installation.
    pub installation_id: u64,
    /// The project that settings make of it.
    pub project: String,
    /// The branch that is watched.
    pub branch: String,
    /// Secret of the webhook.
    pub webhook_secret: String,
    /// Who may sign.
    pub principals: Principals,
    /// The databases of the demo.
    pub databases: Vec<Database>,
    /// The command line tool that was built.
    pub cli: PathBuf,
    /// The AWS CLI that was installed.
    pub aws_cli: PathBuf,
    /// Folder of the logs.
    pub logs: PathBuf,
}

/// URLs of the queues.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Queues {
    /// Deliveries to plan.
    pub deliveries: String,
    /// Deliveries that could not be planned.
    pub deliveries_dlq: String,
    /// Targets to work on.
    pub changes: String,
    /// Targets that could not be worked on.
    pub changes_dlq: String,
}

/// One database of the demo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Database {
    /// Its environment.
    pub environment: String,
    /// Its name in file names.
    pub name: String,
    /// Its MySQL schema.
    pub schema: String,
    /// The instance in settings.
    pub instance: String,
    /// The schema's address, as the user who may do everything.
    pub url: String,
}

/// The people of the stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Principals {
    /// May change settings.
    pub admin: Keys,
    /// Approves.
    pub dba: Keys,
    /// Pushes.
    pub developer: Keys,
}

/// How a person signs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Keys {
    /// Access key id.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
    /// Who that is.
    pub arn: String,
}
