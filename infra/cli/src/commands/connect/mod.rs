//! `sluice connect`.

mod decide;
mod github;
mod kept;
mod landing;
mod manifest;
mod surroundings;
#[cfg(test)]
mod tests;
mod walk;

use self::github::GitHub;
use crate::args::Global;
use crate::args::connect::{ConnectCommand, GitHubArguments};
use crate::client::base_url;
use crate::credentials;
use crate::exit::Stop;
use crate::output::Output;
use jiff::Timestamp;
use kept::Kept;
use kms::Kms;
use secrets::SecretsManager;
use std::sync::Arc;
use std::time::Duration;
use surroundings::Surroundings;
use walk::{Walk, Wish};
use workflow::ports::clock::Clock;

/// How often it is looked whether something came.
const PACE: Duration = Duration::from_secs(2);

/// This machine's clock.
#[derive(Debug, Clone, Copy)]
struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Connects.
pub(super) async fn run(command: ConnectCommand, global: &Global, output: &Output) -> Result<(), Stop> {
    match command {
        ConnectCommand::Github(arguments) => github(arguments, global, output).await,
    }
}

async fn github(arguments: GitHubArguments, global: &Global, output: &Output) -> Result<(), Stop> {
    let api_url = global
        .api_url
        .as_deref()
        .map(|text| base_url(Some(text)))
        .transpose()?;
    let api = arguments
        .github_api_url
        .clone()
        .unwrap_or_else(|| manifest::api_url(&arguments.github_url));
    let webhook_url = arguments.webhook_url.clone().or_else(|| {
        api_url
            .as_ref()
            .map(|url| manifest::below(url, &["webhooks", "github"]))
    });
    let aws = credentials::configuration(global, api_url.as_ref()).await?;
    let signatures = Arc::new(Kms::configured(&aws));
    let walk = Walk {
        wish: Wish {
            organization: arguments.organization,
            github_url: arguments.github_url,
            webhook_url,
            name: arguments.name,
            app_id: arguments.app_id,
            repository: arguments.repository,
            port: arguments.port,
            patience: Duration::from_secs(arguments.wait),
            pace: PACE,
        },
        kept: Kept {
            store: SecretsManager::configured(&aws, Now),
            app: arguments.app_secret,
            webhook: arguments.webhook_secret,
        },
        github: GitHub::at(api, Timestamp::now)?,
        surroundings: Surroundings::of_process(arguments.yes, !arguments.no_browser, signatures)?,
        output,
    };
    let connected = walk.go().await?;
    output.answer(&connected, |_| Ok(connected.text()))
}
