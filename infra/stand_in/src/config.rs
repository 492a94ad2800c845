//! What the stand-in is told when it starts: one file, so that no secret is in its arguments or its environment.

use crate::Trouble;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Where everything is, and who people are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Config {
    /// The port of the loopback interface to listen on.
    pub port: u16,
    /// The emulator behind us.
    pub emulator: String,
    /// Our own base URL, as links in answers name it.
    pub url: String,
    /// Where deliveries go: the webhook of Sluice.
    pub webhook: String,
    /// The webhook's secret.
    pub webhook_secret: String,
    /// Id of the GitHub App.
    pub app_id: u64,
    /// Id of its installation.
    pub installation_id: u64,
    /// The repositories that it is installed on, as `owner/name`.
    pub repositories: Vec<String>,
    /// The tokens of people. Whoever comes with another one is the App.
    pub people: Vec<Person>,
}

/// Somebody who pushes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    /// The token that the person sends.
    pub token: String,
    /// More tokens of the same person, which the emulator knows: it takes 5,000 calls an hour of each, and stories
    /// make more.
    pub spares: Vec<String>,
}

impl Config {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let told = |error: &dyn std::fmt::Display| Trouble(format!("{}: {error}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| told(&error))?;
        serde_json::from_str(&text).map_err(|error| told(&error))
    }
}
