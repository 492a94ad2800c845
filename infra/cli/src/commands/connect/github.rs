//! GitHub's own API, as the App that is being connected.

use crate::exit::{Stop, causes};
use crate::render::plain;
use github::Identity;
use http::{Method, StatusCode};
use jiff::Timestamp;
use model::Fault;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

/// GitHub gives up after ten seconds, an Enterprise Server after thirty.
const TIMEOUT: Duration = Duration::from_secs(35);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The most that a page holds.
const PAGE: usize = 100;

/// GitHub's API.
pub(super) struct GitHub {
    http: reqwest::Client,
    api: Url,
    now: fn() -> Timestamp,
}

/// What GitHub gives for the code of a new App.
#[derive(Deserialize)]
pub(super) struct Made {
    pub(super) id: u64,
    pub(super) slug: String,
    #[serde(deserialize_with = "secret")]
    pub(super) pem: SecretString,
}

/// An App, as GitHub knows it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct App {
    pub(super) id: u64,
    pub(super) slug: String,
    pub(super) html_url: String,
    #[serde(default)]
    pub(super) permissions: Value,
    #[serde(default)]
    pub(super) events: Vec<String>,
}

/// Where an App is installed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Installation {
    pub(super) id: u64,
    pub(super) suspended_at: Option<Value>,
}

/// A repository that an installation reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) installation_id: u64,
}

/// A delivery of the App's webhook.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Delivery {
    pub(super) id: u64,
    pub(super) guid: String,
    pub(super) event: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) status_code: u16,
}

/// An answer, whatever it says.
struct Answer {
    place: String,
    status: StatusCode,
    body: Vec<u8>,
}

impl GitHub {
    /// The API at this address.
    pub(super) fn at(api: Url, now: fn() -> Timestamp) -> Result<Self, Stop> {
        Ok(Self {
            http: http(&api)?,
            api,
            now,
        })
    }

    /// Exchanges the code of a new App; nothing where GitHub does not know the code (any more).
    pub(super) async fn made(&self, code: &str) -> Result<Option<Made>, Stop> {
        let path = ["app-manifests", code, "conversions"];
        let answer = self.ask(None, Method::POST, &path, None).await?;
        if matches!(
            answer.status,
            StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY
        ) {
            return Ok(None);
        }
        answer.read().map(Some)
    }

    /// The App itself; nothing where GitHub does not know it by this key.
    pub(super) async fn app(&self, identity: &Identity) -> Result<Option<App>, Stop> {
        let answer = self.as_app(identity, Method::GET, &["app"], None).await?;
        if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND) {
            return Ok(None);
        }
        answer.read().map(Some)
    }

    /// Where GitHub delivers to.
    pub(super) async fn webhook_url(&self, identity: &Identity) -> Result<Option<String>, Stop> {
        let path = ["app", "hook", "config"];
        let config: Value = self.as_app(identity, Method::GET, &path, None).await?.read()?;
        Ok(config["url"].as_str().map(str::to_owned))
    }

    /// Tells GitHub where to deliver, and how to sign.
    pub(super) async fn set_webhook(
        &self,
        identity: &Identity,
        url: &Url,
        secret: &SecretString,
    ) -> Result<(), Stop> {
        let body = json!({
            "url": url.as_str(),
            "content_type": "json",
            "insecure_ssl": "0",
            "secret": secret.expose_secret(),
        });
        let path = ["app", "hook", "config"];
        let answer = self.as_app(identity, Method::PATCH, &path, Some(body)).await?;
        answer.read::<Value>().map(|_| ())
    }

    /// Where the App is installed.
    pub(super) async fn installations(&self, identity: &Identity) -> Result<Vec<Installation>, Stop> {
        let mut all = Vec::new();
        for page in 1.. {
            let path = ["app", "installations"];
            let path = paged(&path, page);
            let found: Vec<Installation> = self
                .as_app(identity, Method::GET, &path.borrowed(), None)
                .await?
                .read()?;
            let last = found.len() < PAGE;
            all.extend(found);
            if last {
                break;
            }
        }
        Ok(all)
    }

    /// The repositories of an installation, read with a token that can do nothing else.
    pub(super) async fn repositories(
        &self,
        identity: &Identity,
        installation_id: u64,
    ) -> Result<Vec<Repository>, Stop> {
        #[derive(Deserialize)]
        struct Minted {
            #[serde(deserialize_with = "secret")]
            token: SecretString,
        }
        #[derive(Deserialize)]
        struct Page {
            repositories: Vec<Found>,
        }
        #[derive(Deserialize)]
        struct Found {
            id: u64,
            full_name: String,
        }
        let id = installation_id.to_string();
        let path = ["app", "installations", id.as_str(), "access_tokens"];
        let body = json!({"permissions": {"metadata": "read"}});
        let minted: Minted = self
            .as_app(identity, Method::POST, &path, Some(body))
            .await?
            .read()?;
        let mut all = Vec::new();
        for page in 1.. {
            let path = paged(&["installation", "repositories"], page);
            let answer = self
                .ask(Some(&minted.token), Method::GET, &path.borrowed(), None)
                .await?;
            let found: Page = answer.read()?;
            let last = found.repositories.len() < PAGE;
            all.extend(found.repositories.into_iter().map(|found| Repository {
                id: found.id,
                name: found.full_name,
                installation_id,
            }));
            if last {
                break;
            }
        }
        Ok(all)
    }

    /// The last deliveries, newest first. GitHub pages these by cursors, and would ignore a number.
    pub(super) async fn deliveries(&self, identity: &Identity) -> Result<Vec<Delivery>, Stop> {
        let size = format!("?per_page={PAGE}");
        let path = ["app", "hook", "deliveries", size.as_str()];
        self.as_app(identity, Method::GET, &path, None).await?.read()
    }

    /// Has a delivery sent again.
    pub(super) async fn redeliver(&self, identity: &Identity, id: u64) -> Result<(), Stop> {
        let id = id.to_string();
        let path = ["app", "hook", "deliveries", id.as_str(), "attempts"];
        let answer = self.as_app(identity, Method::POST, &path, None).await?;
        if answer.status.is_success() {
            Ok(())
        } else {
            Err(answer.stop())
        }
    }

    async fn as_app(
        &self,
        identity: &Identity,
        method: Method,
        path: &[&str],
        body: Option<Value>,
    ) -> Result<Answer, Stop> {
        let token = identity
            .token((self.now)())
            .await
            .map_err(|fault| broken(&fault))?;
        self.ask(Some(&token), method, path, body).await
    }

    async fn ask(
        &self,
        token: Option<&SecretString>,
        method: Method,
        path: &[&str],
        body: Option<Value>,
    ) -> Result<Answer, Stop> {
        let mut url = self.api.clone();
        let (path, query) = match path {
            [path @ .., last] if last.starts_with('?') => (path, last.strip_prefix('?')),
            path => (path, None),
        };
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.set_query(query);
        // The code of a new App is as good as its key.
        let place = match path {
            ["app-manifests", _, last] => format!("{method} /app-manifests/…/{last}"),
            path => format!("{method} /{}", path.join("/")),
        };
        let mut request = self
            .http
            .request(method, url)
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28");
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let host = self.api.host_str().unwrap_or_default();
        let unanswered = |error: reqwest::Error| {
            Stop::Fault(format!(
                "GitHub at {host} gave no answer to {place}: {}. Check the network and --github-url, and run the command again.",
                causes(&error.without_url())
            ))
        };
        let response = request.send().await.map_err(unanswered)?;
        let status = response.status();
        let body = response.bytes().await.map_err(unanswered)?.to_vec();
        Ok(Answer { place, status, body })
    }
}

impl Answer {
    fn read<T: DeserializeOwned>(&self) -> Result<T, Stop> {
        if !self.status.is_success() {
            return Err(self.stop());
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            // Only where, never what: the answer may hold a key.
            Stop::Fault(format!(
                "GitHub answered {} with something unexpected (line {}, column {}). Check that --github-url is a GitHub.",
                self.place,
                error.line(),
                error.column()
            ))
        })
    }

    fn stop(&self) -> Stop {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let words = body["message"].as_str().unwrap_or("nothing readable");
        let remedy = match self.status {
            StatusCode::UNAUTHORIZED => {
                "The App's key may be deleted at GitHub, or this machine's clock wrong."
            }
            StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => {
                "Wait a minute, and run the command again; if it stays, see that the App is not suspended."
            }
            StatusCode::NOT_FOUND => "Check --github-url and --github-api-url.",
            _ => "Run the command again: it goes on where it stopped.",
        };
        Stop::Fault(format!(
            "GitHub answered {} with {}: {}. {remedy}",
            self.place,
            self.status.as_u16(),
            plain::shortened(words, 300)
        ))
    }
}

fn secret<'de, D: Deserializer<'de>>(text: D) -> Result<SecretString, D::Error> {
    String::deserialize(text).map(SecretString::from)
}

/// A path with the query of a page.
struct Paged<'a>(Vec<&'a str>, String);

fn paged<'a>(path: &[&'a str], page: usize) -> Paged<'a> {
    Paged(path.to_vec(), format!("?per_page={PAGE}&page={page}"))
}

impl<'a> Paged<'a> {
    fn borrowed(&'a self) -> Vec<&'a str> {
        self.0.iter().copied().chain([self.1.as_str()]).collect()
    }
}

/// An HTTP client for this address.
pub(super) fn http(url: &Url) -> Result<reqwest::Client, Stop> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("sluice/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT);
    if crate::client::is_loopback(url) {
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| Stop::Fault(format!("No HTTP client could be made: {}.", causes(&error))))
}

/// A fault of what the functions share, as this command tells it.
pub(super) fn broken(fault: &Fault) -> Stop {
    Stop::Fault(format!("{}.", fault.chain()))
}
