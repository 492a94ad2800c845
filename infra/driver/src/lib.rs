//! Drives a running stack as people do: pushes through GitHub's API, the `sluice` command, the AWS API.
//!
//! The demo and the end-to-end stories share it. It knows only what `cargo xtask up --json` prints, and everything it
//! reports was said by the API or by GitHub.

mod aws;
mod branches;
mod clicks;
mod command;
mod github;
mod http;
mod people;
mod processes;
mod pulls;
mod settings;
mod signing;
mod stack;
mod stand_in;
mod wait;
mod webhook;
mod xml;

pub use aws::Invoked;
pub use clicks::{Account, Button};
pub use command::{Ran, Who};
pub use github::{CheckRun, FileChange};
pub use http::Answer;
pub use processes::{Signal, send};
pub use pulls::Pull;
pub use settings::{NewDatabase, NewProject};
pub use signing::Signer;
pub use stack::{Database, Keys, Principals, Queues, Stack};
pub use stand_in::{Call, CallCount, Delivered, Exchanges, Failure, Operation, Shown, total};
pub use wait::Patience;
pub use webhook::signature;

use http::Http;
use std::path::Path;

/// What went wrong while driving: said so that the reader knows which expectation broke.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(pub String);

/// A running stack, and the hands to use it.
#[derive(Debug)]
pub struct Driver {
    /// What `up --json` printed.
    pub stack: Stack,
    authorization: String,
    http: Http,
}

impl Driver {
    /// Takes hold of the stack that a file written by `cargo xtask up` describes.
    pub fn of_file(path: &Path) -> Result<Self, Trouble> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Trouble(format!(
                "{} can't be read: {error}; run `cargo xtask up`",
                path.display()
            ))
        })?;
        Self::of_json(&text)
    }

    /// Takes hold of the stack that this JSON describes.
    pub fn of_json(text: &str) -> Result<Self, Trouble> {
        let stack: Stack = serde_json::from_str(text).map_err(|error| {
            Trouble(format!(
                "this is not what `cargo xtask up --json` prints: {error}"
            ))
        })?;
        Self::of(stack)
    }

    /// Takes hold of this stack.
    fn of(stack: Stack) -> Result<Self, Trouble> {
        Ok(Self {
            authorization: format!("Bearer {}", stack.github_token),
            http: Http::new()?,
            stack,
        })
    }
}
