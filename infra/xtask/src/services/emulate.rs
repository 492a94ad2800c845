//! The GitHub emulator, seeded with people, repositories and an installed GitHub App.

use super::{answers, local_url, random, wait_until_ready};
use crate::aws::Http;
use crate::context::{Context, output};
use crate::fault::{At, Fault};
use crate::processes::Group;
use crate::tools::Node;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::process::Command;
use std::time::Duration;

/// The organisation that owns both repositories.
pub(crate) const OWNER: &str = "sluice-demo";
/// The repository that Sluice watches; the emulator numbers repositories in the order of its seed.
pub(crate) const REPOSITORY: (&str, u64) = ("shop", 1);
/// A repository where the App is installed too, but which no project names.
pub(crate) const OTHER_REPOSITORY: (&str, u64) = ("scratch", 2);
/// The branch that Sluice watches.
pub(crate) const BRANCH: &str = "main";
/// Id of the GitHub App.
pub(crate) const APP_ID: u64 = 1001;
/// Id of its installation.
pub(crate) const INSTALLATION_ID: u64 = 5001;

/// What answers once it is ready.
pub(crate) fn health(url: &str) -> String {
    format!("{url}/meta")
}

/// The GitHub App and the tokens of people, made before the emulator starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GitHub {
    /// Base URL of the API.
    pub(crate) url: String,
    /// Its port.
    pub(crate) port: u16,
    /// Private key of the App, PEM.
    pub(crate) private_key: String,
    /// Secret of its webhook.
    pub(crate) webhook_secret: String,
    /// Token of the developer, who may push.
    pub(crate) developer_token: String,
    /// Token of the DBA.
    pub(crate) dba_token: String,
}

impl GitHub {
    /// Makes keys and tokens for an emulator that will listen on `port`.
    pub(crate) fn new(node: &Node, port: u16) -> Result<Self, Fault> {
        let script = "process.stdout.write(require('crypto').generateKeyPairSync('rsa', {modulusLength: 2048, \
                      privateKeyEncoding: {type: 'pkcs1', format: 'pem'}, \
                      publicKeyEncoding: {type: 'pkcs1', format: 'pem'}}).privateKey)";
        let mut command = Command::new(node.program()?);
        Ok(Self {
            url: local_url(port),
            port,
            private_key: output("Making the GitHub App's key", command.args(["-e", script]))?,
            webhook_secret: random(20)?,
            developer_token: format!("ghp_{}", random(18)?),
            dba_token: format!("ghp_{}", random(18)?),
        })
    }

    /// Starts the emulator; the App delivers pushes to `webhook_url`.
    pub(crate) fn start(&self, context: &Context, node: &Node, webhook_url: &str) -> Result<Group, Fault> {
        let step = context.progress.step("Starting the GitHub emulator");
        let seed = context.home().join("github.json");
        std::fs::write(&seed, self.seed(webhook_url).to_string()).at("write", &seed)?;
        let mut command = Command::new(node.program()?);
        command
            .arg(node.emulate())
            .args(["start", "--service", "github", "--port", &self.port.to_string()]);
        command.arg("--base-url").arg(&self.url).arg("--seed").arg(&seed);
        command.current_dir(context.home());
        let group = context.spawn("github", &mut command)?;
        let health = health(&self.url);
        let http = Http::new()?;
        wait_until_ready(context, &group, Duration::from_mins(1), || {
            answers(&http, &health)
        })?;
        step.done();
        Ok(group)
    }

    fn seed(&self, webhook_url: &str) -> serde_json::Value {
        let scopes = json!(["repo", "user", "admin:repo_hook"]);
        let repository =
            |name: &str| json!({"owner": OWNER, "name": name, "private": true, "default_branch": BRANCH});
        let permissions =
            json!({"contents": "write", "checks": "write", "metadata": "read", "pull_requests": "write"});
        json!({
            "tokens": {
                &self.developer_token: {"login": "dana", "scopes": scopes},
                &self.dba_token: {"login": "dee", "scopes": scopes},
            },
            "github": {
                "users": [
                    {"login": "dana", "name": "Dana Developer", "email": "dana@example.com"},
                    {"login": "dee", "name": "Dee Bea", "email": "dee@example.com"},
                ],
                "orgs": [{"login": OWNER, "name": "Sluice demo", "members": [
                    {"login": "dana", "role": "admin"},
                    {"login": "dee", "role": "admin"},
                ]}],
                "repos": [repository(REPOSITORY.0), repository(OTHER_REPOSITORY.0)],
                "apps": [{
                    "app_id": APP_ID,
                    "slug": "sluice",
                    "name": "Sluice",
                    "private_key": self.private_key,
                    "permissions": permissions,
                    "events": ["push", "pull_request"],
                    "webhook_url": webhook_url,
                    "webhook_secret": self.webhook_secret,
                    "installations": [{
                        "installation_id": INSTALLATION_ID,
                        "account": OWNER,
                        "repository_selection": "selected",
                        "repositories": [REPOSITORY.0, OTHER_REPOSITORY.0],
                    }],
                }],
            },
        })
    }
}
