//! Secrets in memory.

use model::Fault;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use workflow::ports::secrets::{Freshness, Secrets};

/// Secrets that a test put there. Clones share them. Never stale, so freshness makes no difference.
#[derive(Debug, Clone, Default)]
pub struct FixedSecrets(Arc<Mutex<HashMap<String, String>>>);

impl FixedSecrets {
    /// Puts a secret, in place of an older one.
    pub fn put(&self, arn: impl Into<String>, text: impl Into<String>) {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(arn.into(), text.into());
    }
}

impl Secrets for FixedSecrets {
    async fn secret(&self, arn: &str, _freshness: Freshness) -> Result<SecretString, Fault> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match secrets.get(arn) {
            Some(text) => Ok(SecretString::from(text.as_str())),
            None => Err(Fault::operator(
                format!("reading the secret {arn}"),
                "put it there",
                "there is no such secret",
            )),
        }
    }
}
