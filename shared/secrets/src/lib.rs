//! Secrets, over AWS Secrets Manager.

mod manager;

pub use manager::{MAX_AGE, SecretsManager};
