//! The walk: each step looks at what is there, and does only what is missing.

use super::decide::{self, Choice};
use super::github::{App, Delivery, GitHub, Installation, Repository, broken, http};
use super::kept::Kept;
use super::landing::Landing;
use super::manifest;
use super::surroundings::Surroundings;
use crate::exit::{Stop, causes};
use crate::output::Output;
use crate::render::plain;
use github::Identity;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::json;
use sha2::Sha256;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;
use workflow::ports::secrets::SecretStore;
use workflow::stored_secret::GitHubAppKey;

/// What the command line says.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) organization: Option<String>,
    pub(super) github_url: Url,
    pub(super) webhook_url: Option<Url>,
    pub(super) name: Option<String>,
    pub(super) app_id: Option<u64>,
    pub(super) repository: Option<String>,
    pub(super) port: u16,
    /// How long a person, or GitHub, is waited for.
    pub(super) patience: Duration,
    /// How often it is looked.
    pub(super) pace: Duration,
}

/// Everything that the walk goes through.
pub(super) struct Walk<'a, S> {
    pub(super) wish: Wish,
    pub(super) kept: Kept<S>,
    pub(super) github: GitHub,
    pub(super) surroundings: Surroundings<'a>,
    pub(super) output: &'a Output,
}

/// The App, and the means to speak as it.
struct Known {
    app: App,
    identity: Identity,
}

/// What is connected in the end.
#[derive(Debug, Serialize)]
pub(super) struct Connected {
    app_id: u64,
    app: String,
    app_url: String,
    pub(super) repository: ConnectedRepository,
    webhook_url: String,
    delivery: Delivered,
}

/// The repository, as settings name it.
#[derive(Debug, Serialize)]
pub(super) struct ConnectedRepository {
    id: u64,
    installation_id: u64,
    name: String,
}

/// Who delivered, and how it was answered.
#[derive(Debug, Serialize)]
struct Delivered {
    by: &'static str,
    status: u16,
}

/// How a wait ended.
enum Waited<T> {
    Came(T),
    /// Too long, and what was wrong when it was last looked.
    Late(Option<String>),
}

impl<S: SecretStore> Walk<'_, S> {
    /// Goes all the way.
    pub(super) async fn go(&self) -> Result<Connected, Stop> {
        let stored = self.kept.app_key().await?;
        self.check(stored.as_ref())?;
        // Before there is an App: who may not store secrets learns it before there is a key that would be lost.
        let secret = self.webhook_secret().await?;
        let known = match stored {
            Some(key) => self.known(key).await?,
            None => self.make_app().await?,
        };
        self.warn(&known.app)?;
        let webhook_url = self.set_webhook(&known, &secret).await?;
        let installations = self.installed(&known).await?;
        let repository = self.repository(&known, &installations).await?;
        let delivery = self.delivered(&known, &webhook_url, &secret).await?;
        Ok(Connected {
            app_id: known.app.id,
            app: known.app.slug,
            app_url: known.app.html_url,
            repository: ConnectedRepository {
                id: repository.id,
                installation_id: repository.installation_id,
                name: repository.name,
            },
            webhook_url: webhook_url.into(),
            delivery,
        })
    }

    /// What can be told wrong before anything is done.
    fn check(&self, stored: Option<&GitHubAppKey>) -> Result<(), Stop> {
        let secret = &self.kept.app;
        match (stored, self.wish.app_id) {
            (Some(key), Some(id)) if key.app_id != id => Err(Stop::Usage(format!(
                "The secret {secret} keeps the key of the App {}, not of {id}: name another one with --app-secret.",
                key.app_id
            ))),
            (None, Some(id)) => Err(Stop::Usage(format!(
                "The secret {secret} keeps no key of the App {id}. Make one at GitHub (the App's settings, Private keys), \
                 and store it:\n  jq -n --argjson app_id {id} --rawfile key KEY.pem '{{app_id: $app_id, private_key: $key}}' |\n    \
                 aws secretsmanager put-secret-value --secret-id {secret} --secret-string file:///dev/stdin"
            ))),
            (None, None) if self.wish.webhook_url.is_none() => Err(no_webhook_url()),
            (Some(_), _) | (None, None) => Ok(()),
        }
    }

    async fn webhook_secret(&self) -> Result<SecretString, Stop> {
        if let Some(secret) = self.kept.webhook_secret().await? {
            return Ok(secret);
        }
        let secret = SecretString::from((self.surroundings.unguessable)());
        self.kept.keep_webhook_secret(secret.clone()).await?;
        self.output.note(&format!(
            "The webhook's secret is made, and kept in {}.",
            self.kept.webhook
        ))?;
        Ok(secret)
    }

    async fn known(&self, key: GitHubAppKey) -> Result<Known, Stop> {
        let id = key.app_id;
        let identity =
            Identity::new(key, self.surroundings.signatures.clone()).map_err(|fault| broken(&fault))?;
        match self.github.app(&identity).await? {
            Some(app) if app.id == id => Ok(Known { app, identity }),
            Some(_) | None => Err(Stop::refused(
                "github-app-unknown",
                format!(
                    "GitHub at {} does not know the App {id} by the key in {}: the App or that key was deleted, or it is \
                     another GitHub's (--github-url).\nTo begin anew with another App, empty the secret: \
                     aws secretsmanager put-secret-value --secret-id {} --secret-string '{{}}'",
                    self.wish.github_url, self.kept.app, self.kept.app
                ),
            )),
        }
    }

    /// Has the App made in a browser, and keeps its key. From the code to the kept key nothing interrupts.
    async fn make_app(&self) -> Result<Known, Stop> {
        let webhook_url = self.wish.webhook_url.as_ref().ok_or_else(no_webhook_url)?;
        self.kept.prepare_app_key().await?;
        let organization = self.wish.organization.as_deref();
        let name = self
            .wish
            .name
            .clone()
            .unwrap_or_else(|| manifest::default_name(organization));
        let landing = Landing::open(self.wish.port).await?;
        let state = (self.surroundings.unguessable)();
        let page = manifest::page(
            &manifest::new_app_url(&self.wish.github_url, organization, &state),
            &manifest::filled(&name, webhook_url, &landing.redirect_url())?,
        );
        self.open(
            "To make the App, open this page on this machine, and press its button",
            &landing.url(),
        )?;
        let code = tokio::time::timeout(self.wish.patience, landing.code(&page, &state));
        let code = match self.surroundings.unless_interrupted(code).await? {
            Ok(code) => code?,
            Err(_) => {
                return Err(Stop::refused(
                    "github-app-not-made",
                    "Nobody made the App in time. Run the command again, and wait longer with --wait.",
                ));
            }
        };
        let Some(made) = self.github.made(&code).await? else {
            return Err(Stop::refused(
                "github-app-code-expired",
                format!(
                    "GitHub does not know the code of the new App (any more): it is good for an hour, and once. \
                     Delete the App at {}, and run the command again.",
                    self.apps_url()
                ),
            ));
        };
        let key = self.kept.keep_app_key(made.id, made.pem).await.map_err(|stop| {
            Stop::Fault(format!(
                "{stop}\nThe App {} was made, but its key could not be kept, and there is no other copy. Cure that, \
                 delete the App at {}, and run the command again.",
                made.slug,
                self.apps_url()
            ))
        })?;
        self.output.note(&format!(
            "The App {} is made, and its key is kept in {}.",
            made.slug, self.kept.app
        ))?;
        self.known(key).await
    }

    /// What an App lacks that was made by hand, or before it needed it.
    fn warn(&self, app: &App) -> Result<(), Stop> {
        let (permissions, events) = (
            manifest::lacking(&app.permissions),
            manifest::unheard(&app.events),
        );
        if permissions.is_empty() && events.is_empty() {
            return Ok(());
        }
        let list = |what: &str, words: &[String]| match words {
            [] => String::new(),
            words => format!("\n  {what}: {}", words.join(", ")),
        };
        self.output.show(&format!(
            "The App {} lacks something. Add it at {}, and accept it where the App is installed:{}{}",
            plain::line(&app.slug),
            self.apps_url(),
            list("permissions", &permissions),
            list("events", &events),
        ))
    }

    /// GitHub does not show the secret that it signs with, so it is set every time: it comes to the same.
    async fn set_webhook(&self, known: &Known, secret: &SecretString) -> Result<Url, Stop> {
        let url = if let Some(url) = &self.wish.webhook_url {
            url.clone()
        } else {
            let url = self.github.webhook_url(&known.identity).await?;
            url.and_then(|url| Url::parse(&url).ok())
                .ok_or_else(no_webhook_url)?
        };
        self.github.set_webhook(&known.identity, &url, secret).await?;
        Ok(url)
    }

    async fn installed(&self, known: &Known) -> Result<Vec<Installation>, Stop> {
        let look = async || {
            let mut found = self.github.installations(&known.identity).await?;
            found.retain(|installation| installation.suspended_at.is_none());
            Ok(Some(found).filter(|found| !found.is_empty()))
        };
        if let Some(found) = look().await? {
            return Ok(found);
        }
        let url = format!("{}/installations/new", known.app.html_url);
        self.open(
            "To install the App, open this page, and choose the repositories",
            &url,
        )?;
        match self.wait_for(look).await? {
            Waited::Came(found) => Ok(found),
            Waited::Late(trouble) => Err(Stop::refused(
                "github-app-not-installed",
                format!(
                    "The App {} is installed nowhere yet, or suspended. Install it at {url}, and run the command again.{}",
                    known.app.slug,
                    trouble.map(|words| format!("\n{words}")).unwrap_or_default()
                ),
            )),
        }
    }

    async fn repository(&self, known: &Known, installations: &[Installation]) -> Result<Repository, Stop> {
        let mut all = Vec::new();
        for installation in installations {
            all.extend(self.github.repositories(&known.identity, installation.id).await?);
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        let where_to = format!("Give it access at {}/installations/new", known.app.html_url);
        match decide::choose(&all, self.wish.repository.as_deref()) {
            Choice::One(repository) => Ok(repository.clone()),
            Choice::Several => self.asked(&all).await,
            Choice::NotReached => Err(Stop::refused(
                "repository-not-reached",
                format!(
                    "The App {} does not reach {}, only:\n{}\n{where_to}, and run the command again.",
                    known.app.slug,
                    self.wish.repository.as_deref().unwrap_or_default(),
                    listed(&all)
                ),
            )),
            Choice::Nothing => Err(Stop::refused(
                "repository-not-reached",
                format!(
                    "The App {} is installed, but reaches no repository. {where_to}, and run the command again.",
                    known.app.slug
                ),
            )),
        }
    }

    async fn asked(&self, all: &[Repository]) -> Result<Repository, Stop> {
        let unsaid = || {
            Stop::refused(
                "repository-not-chosen",
                format!(
                    "The App reaches several repositories: name one with --repository.\n{}",
                    listed(all)
                ),
            )
        };
        let Some(ask) = &self.surroundings.ask else {
            return Err(unsaid());
        };
        self.output.show(&listed(all))?;
        loop {
            self.output.show("Which repository? Its number or name:")?;
            let answer = self.surroundings.unless_interrupted(ask()).await?;
            let Some(answer) = answer else {
                return Err(unsaid());
            };
            if let Some(repository) = decide::answered(all, &answer) {
                return Ok(repository.clone());
            }
        }
    }

    async fn delivered(
        &self,
        known: &Known,
        webhook_url: &Url,
        secret: &SecretString,
    ) -> Result<Delivered, Stop> {
        let before = self.github.deliveries(&known.identity).await?;
        let Some(again) = decide::to_send_again(&before) else {
            return self.ping(webhook_url, secret).await;
        };
        self.github.redeliver(&known.identity, again.id).await?;
        let ids: BTreeSet<u64> = before.iter().map(|delivery| delivery.id).collect();
        let look = async || {
            let now = self.github.deliveries(&known.identity).await?;
            Ok(decide::attempt(&now, again, &ids).cloned())
        };
        match self.wait_for(look).await? {
            Waited::Came(Delivery { status_code, .. }) if (200..300).contains(&status_code) => {
                Ok(Delivered {
                    by: "github",
                    status: status_code,
                })
            }
            Waited::Came(delivery) => {
                let status = plain::shortened(&delivery.status, 100);
                let answer = format!(
                    "GitHub delivered a {} to {webhook_url}, and was answered: {status}",
                    delivery.event
                );
                Err(undelivered(&answer, delivery.status_code))
            }
            Waited::Late(trouble) => Err(Stop::refused(
                "delivery-not-answered",
                format!(
                    "GitHub was asked to deliver a {} again, and tells nothing of it yet. Run the command again.{}",
                    again.event,
                    trouble.map(|words| format!("\n{words}")).unwrap_or_default()
                ),
            )),
        }
    }

    /// GitHub has nothing that it could deliver again: a ping of our own, signed as GitHub signs.
    async fn ping(&self, webhook_url: &Url, secret: &SecretString) -> Result<Delivered, Stop> {
        let body = json!({"zen": "Each statement once."}).to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
            .map_err(|error| Stop::Fault(format!("The webhook's secret can't sign: {error}.")))?;
        mac.update(body.as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let request = http(webhook_url)?
            .post(webhook_url.clone())
            .header("content-type", "application/json")
            .header("x-github-event", "ping")
            .header("x-github-delivery", (self.surroundings.unguessable)())
            .header("x-hub-signature-256", format!("sha256={signature}"))
            .body(body);
        let response = request.send().await.map_err(|error| {
            let words = causes(&error.without_url());
            undelivered(
                &format!("A ping from this machine did not reach {webhook_url}: {words}"),
                0,
            )
        })?;
        let status = response.status();
        if !status.is_success() {
            let answer = format!("A ping from this machine to {webhook_url} was answered: {status}");
            return Err(undelivered(&answer, status.as_u16()));
        }
        self.output
            .note("GitHub has delivered nothing yet, so the ping was sent from this machine.")?;
        Ok(Delivered {
            by: "sluice",
            status: status.as_u16(),
        })
    }

    /// Looks again and again. What goes wrong meanwhile may go well the next time.
    async fn wait_for<T>(&self, look: impl AsyncFn() -> Result<Option<T>, Stop>) -> Result<Waited<T>, Stop> {
        let until = Instant::now() + self.wish.patience;
        loop {
            let trouble = match look().await {
                Ok(Some(found)) => return Ok(Waited::Came(found)),
                Ok(None) => None,
                Err(Stop::Fault(words)) => Some(words),
                Err(stop @ (Stop::Refused(_) | Stop::Usage(_) | Stop::Interrupted(..))) => return Err(stop),
            };
            if Instant::now() >= until {
                return Ok(Waited::Late(trouble));
            }
            let pause = tokio::time::sleep(self.wish.pace);
            self.surroundings.unless_interrupted(pause).await?;
        }
    }

    /// Says what to open, and opens it where there is a browser. Only pages are opened: an address may be GitHub's word.
    fn open(&self, what: &str, url: &str) -> Result<(), Stop> {
        self.output.show(&format!("{what}:\n  {}", plain::line(url)))?;
        let page = Url::parse(url).ok();
        if let Some(page) = page.filter(|page| ["http", "https"].contains(&page.scheme())) {
            (self.surroundings.browse)(page.as_str());
        }
        Ok(())
    }

    /// Where the App's owner finds it.
    fn apps_url(&self) -> Url {
        match &self.wish.organization {
            Some(name) => manifest::below(
                &self.wish.github_url,
                &["organizations", name, "settings", "apps"],
            ),
            None => manifest::below(&self.wish.github_url, &["settings", "apps"]),
        }
    }
}

impl Connected {
    /// For people.
    pub(super) fn text(&self) -> String {
        let by = match self.delivery.by {
            "github" => "GitHub's delivery",
            _ => "a ping",
        };
        format!(
            "Connected: {} through the App {} ({}); {by} to {} was answered {}.\n\n\
             In the settings of its project:\n  {}\n\n\
             Next, apply the settings, and say which of its files are applied already; none runs before:\n  \
             sluice settings apply sluice.toml\n  \
             sluice baseline set PROJECT --up-to VERSION|all|none\n",
            plain::line(&self.repository.name),
            plain::line(&self.app),
            self.app_id,
            self.webhook_url,
            self.delivery.status,
            self.repository.setting(),
        )
    }
}

impl ConnectedRepository {
    /// The line of the settings.
    pub(super) fn setting(&self) -> String {
        format!(
            "repository = {{ id = {}, installation_id = {}, name = {:?} }}",
            self.id, self.installation_id, self.name
        )
    }
}

fn listed(repositories: &[Repository]) -> String {
    let lines = repositories.iter().enumerate();
    let lines: Vec<String> = lines
        .map(|(index, repository)| format!("  {} {}", index + 1, plain::line(&repository.name)))
        .collect();
    lines.join("\n")
}

fn undelivered(what: &str, status_code: u16) -> Stop {
    let advice = decide::advice(status_code);
    Stop::refused("delivery-not-answered", format!("{what}.\n{advice}"))
}

fn no_webhook_url() -> Stop {
    Stop::Usage(
        "Where GitHub is to deliver is not known. It is the stack's output `WebhookUrl`: pass it with --webhook-url, or the \
         output `ApiUrl` with --api-url or SLUICE_API_URL."
            .to_owned(),
    )
}
