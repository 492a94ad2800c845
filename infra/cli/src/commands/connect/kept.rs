//! What is kept in AWS Secrets Manager: the App's key, and what signs deliveries.

use super::github::broken;
use crate::exit::Stop;
use secrecy::{ExposeSecret as _, SecretString};
use workflow::ports::secrets::SecretStore;
use workflow::stored_secret::{
    AppKey, GitHubAppKey, WebhookSecrets, github_app_key, of_github_app, of_webhook, webhook_secrets,
};

/// The two secrets, under their names or ARNs.
pub(super) struct Kept<S> {
    pub(super) store: S,
    pub(super) app: String,
    pub(super) webhook: String,
}

impl<S: SecretStore> Kept<S> {
    /// The App's key; nothing where none is stored.
    pub(super) async fn app_key(&self) -> Result<Option<GitHubAppKey>, Stop> {
        match self.find(&self.app).await? {
            None => Ok(None),
            Some(text) => github_app_key(&self.app, &text).map(Some).map_err(|fault| {
                Stop::Fault(format!(
                    "{}.\nTo begin anew with another App, empty it: \
                         aws secretsmanager put-secret-value --secret-id {} --secret-string '{{}}'",
                    fault.chain(),
                    self.app
                ))
            }),
        }
    }

    /// What signs deliveries; nothing where it is not stored.
    pub(super) async fn webhook_secret(&self) -> Result<Option<SecretString>, Stop> {
        match self.find(&self.webhook).await? {
            None => Ok(None),
            Some(text) => webhook_secrets(&self.webhook, &text)
                .map(|secrets| Some(secrets.current))
                .map_err(|fault| broken(&fault)),
        }
    }

    /// Stores what signs deliveries from now on.
    pub(super) async fn keep_webhook_secret(&self, current: SecretString) -> Result<(), Stop> {
        let secrets = WebhookSecrets {
            current,
            previous: None,
        };
        self.put(&self.webhook, &of_webhook(&secrets)).await
    }

    /// Shows that a key can be stored, before there is one that would be lost.
    pub(super) async fn prepare_app_key(&self) -> Result<(), Stop> {
        self.put(&self.app, &SecretString::from("{}")).await
    }

    /// Stores the App's key.
    pub(super) async fn keep_app_key(&self, app_id: u64, pem: SecretString) -> Result<GitHubAppKey, Stop> {
        let key = GitHubAppKey {
            app_id,
            key: AppKey::Pem(pem),
        };
        self.put(&self.app, &of_github_app(&key)).await?;
        Ok(key)
    }

    async fn put(&self, name: &str, text: &SecretString) -> Result<(), Stop> {
        let stored = self.store.store(name, text).await;
        stored.map(|_| ()).map_err(|fault| broken(&fault))
    }

    /// A secret's text; nothing where it is not there or holds nothing yet.
    async fn find(&self, name: &str) -> Result<Option<SecretString>, Stop> {
        let found = self.store.find(name).await.map_err(|fault| broken(&fault))?;
        Ok(found.filter(|text| !is_empty(text.expose_secret())))
    }
}

/// Whether a text is what secrets are made with before there is anything to keep.
fn is_empty(text: &str) -> bool {
    let text: String = text.split_whitespace().collect();
    text.is_empty() || text == "{}"
}
