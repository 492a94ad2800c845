//! Secrets, over AWS Secrets Manager.

mod manager;
pub mod read;

pub use manager::{MAX_AGE, SecretsManager};
pub use read::{DatabaseLogin, GitHubAppKey, UnusableSecret, WebhookSecrets};
