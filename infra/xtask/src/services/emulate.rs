//! The GitHub emulator, seeded with people, repositories and an installed GitHub App, and the stand-in before it, which
//! adds what the emulator lacks. Everybody speaks to the stand-in.

use super::{answers, local_url, random, wait_until_ready};
use crate::aws::Http;
use crate::context::{Context, output};
use crate::fault::{At, Fault};
use crate::processes::Group;
use crate::tools::Node;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stand_in::{Config, Person};
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

/// How many tokens the developer has, of 5,000 calls an hour each: stories push thousands of commits.
const SPARE_TOKENS: usize = 30;

/// What answers once it is ready.
pub(crate) fn health(url: &str) -> String {
    format!("{url}/meta")
}

/// The GitHub App and the tokens of people, made before the emulator starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GitHub {
    /// Base URL of the API: the stand-in's.
    pub(crate) url: String,
    /// Its port.
    pub(crate) port: u16,
    /// The emulator's own port.
    #[serde(default)]
    pub(crate) emulator_port: u16,
    /// Private key of the App, PEM.
    pub(crate) private_key: String,
    /// Secret of its webhook.
    pub(crate) webhook_secret: String,
    /// Token of the developer, who may push.
    pub(crate) developer_token: String,
    /// More tokens of the developer.
    #[serde(default)]
    pub(crate) spare_tokens: Vec<String>,
    /// Token of the DBA.
    pub(crate) dba_token: String,
}

impl GitHub {
    /// Makes keys and tokens for a stand-in that will listen on `port`, and an emulator that will on the other.
    pub(crate) fn new(node: &Node, port: u16, emulator_port: u16) -> Result<Self, Fault> {
        let script = "process.stdout.write(require('crypto').generateKeyPairSync('rsa', {modulusLength: 2048, \
                      privateKeyEncoding: {type: 'pkcs1', format: 'pem'}, \
                      publicKeyEncoding: {type: 'pkcs1', format: 'pem'}}).privateKey)";
        let mut command = Command::new(node.program()?);
        let token = || Ok(format!("ghp_{}", random(18)?));
        Ok(Self {
            url: local_url(port),
            port,
            emulator_port,
            private_key: output("Making the GitHub App's key", command.args(["-e", script]))?,
            webhook_secret: random(20)?,
            developer_token: token()?,
            spare_tokens: (0..SPARE_TOKENS).map(|_| token()).collect::<Result<_, Fault>>()?,
            dba_token: token()?,
        })
    }

    /// Starts the emulator behind the stand-in.
    pub(crate) fn start_emulator(&self, context: &Context, node: &Node) -> Result<Group, Fault> {
        let step = context.progress.step("Starting the GitHub emulator");
        let seed = context.home().join("github.json");
        std::fs::write(&seed, self.seed().to_string()).at("write", &seed)?;
        let mut command = Command::new(node.program()?);
        command.arg(node.emulate()).args([
            "start",
            "--service",
            "github",
            "--port",
            &self.emulator_port.to_string(),
        ]);
        // Links in its answers lead to the stand-in, and its deliveries go there.
        command.arg("--base-url").arg(&self.url).arg("--seed").arg(&seed);
        command.current_dir(context.home());
        let group = context.spawn("github", &mut command)?;
        let health = health(&local_url(self.emulator_port));
        let http = Http::new()?;
        wait_until_ready(context, &group, Duration::from_mins(1), || {
            answers(&http, &health)
        })?;
        step.done();
        Ok(group)
    }

    /// Starts the stand-in before the emulator; the App's deliveries go to `webhook_url`.
    pub(crate) fn start_stand_in(&self, context: &Context, webhook_url: &str) -> Result<Group, Fault> {
        let step = context.progress.step("Starting the stand-in for GitHub");
        let file = context.home().join("stand-in.json");
        let config = serde_json::to_string(&self.config(webhook_url))
            .map_err(|error| Fault::told(format!("the stand-in can't be configured: {error}")))?;
        std::fs::write(&file, config).at("write", &file)?;
        let mut command = Command::new(context.root.join("target/debug/stand-in"));
        command.arg(&file).current_dir(context.home());
        let group = context.spawn("stand-in", &mut command)?;
        let health = health(&self.url);
        let http = Http::new()?;
        wait_until_ready(context, &group, Duration::from_mins(1), || {
            answers(&http, &health)
        })?;
        step.done();
        Ok(group)
    }

    fn config(&self, webhook_url: &str) -> Config {
        let person = |token: &String, spares: &[String]| Person {
            token: token.clone(),
            spares: spares.to_vec(),
        };
        Config {
            port: self.port,
            emulator: local_url(self.emulator_port),
            url: self.url.clone(),
            webhook: webhook_url.to_owned(),
            webhook_secret: self.webhook_secret.clone(),
            app_id: APP_ID,
            installation_id: INSTALLATION_ID,
            repositories: [REPOSITORY, OTHER_REPOSITORY]
                .map(|(name, _id)| format!("{OWNER}/{name}"))
                .to_vec(),
            people: vec![
                person(&self.developer_token, &self.spare_tokens),
                person(&self.dba_token, &[]),
            ],
        }
    }

    fn seed(&self) -> serde_json::Value {
        let scopes = json!(["repo", "user", "admin:repo_hook"]);
        let repository =
            |name: &str| json!({"owner": OWNER, "name": name, "private": true, "default_branch": BRANCH});
        let permissions =
            json!({"contents": "write", "checks": "write", "metadata": "read", "pull_requests": "write"});
        let developer = std::iter::once(&self.developer_token).chain(&self.spare_tokens);
        let mut tokens: serde_json::Map<String, serde_json::Value> = developer
            .map(|token| (token.clone(), json!({"login": "dana", "scopes": scopes})))
            .collect();
        tokens.insert(self.dba_token.clone(), json!({"login": "dee", "scopes": scopes}));
        json!({
            "tokens": tokens,
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
                    "webhook_url": format!("{}/_stand_in/webhook", self.url),
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
