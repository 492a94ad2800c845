//! Secrets in memory.

use model::Fault;
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use workflow::ports::secrets::{Freshness, SecretStore, Secrets};

/// Secrets that a test put there, and of each the one before. Clones share them. What is cached is never stale.
#[derive(Debug, Clone, Default)]
pub struct FixedSecrets(Arc<Mutex<HashMap<String, Versions>>>);

#[derive(Debug, Clone)]
struct Versions {
    current: String,
    previous: Option<String>,
}

impl FixedSecrets {
    /// Puts a secret, in place of an older one, which becomes the previous.
    pub fn put(&self, arn: impl Into<String>, text: impl Into<String>) {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let arn = arn.into();
        let previous = secrets.remove(&arn).map(|versions| versions.current);
        let current = text.into();
        secrets.insert(arn, Versions { current, previous });
    }
}

impl Secrets for FixedSecrets {
    async fn secret(&self, arn: &str, freshness: Freshness) -> Result<SecretString, Fault> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match secrets.get(arn) {
            Some(Versions { current, previous }) => Ok(SecretString::from(match freshness {
                Freshness::Cached | Freshness::Current => current.as_str(),
                Freshness::Previous => previous.as_ref().unwrap_or(current),
            })),
            None => Err(Fault::operator(
                format!("reading the secret {arn}"),
                "put it there",
                "there is no such secret",
            )),
        }
    }
}

impl SecretStore for FixedSecrets {
    /// Names and ARNs are one here.
    async fn store(&self, name_or_arn: &str, secret: &SecretString) -> Result<String, Fault> {
        self.put(name_or_arn, secret.expose_secret());
        Ok(name_or_arn.to_owned())
    }

    async fn find(&self, name_or_arn: &str) -> Result<Option<SecretString>, Fault> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets
            .get(name_or_arn)
            .map(|versions| SecretString::from(versions.current.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::secrets as contract;

    const ARN: &str = "arn:aws:secretsmanager:us-east-1:000000000000:secret:one";

    #[tokio::test]
    async fn the_fake_keeps_the_contract() {
        let secrets = FixedSecrets::default();
        contract::a_missing_secret_needs_an_operator(&secrets, ARN).await;
        let put = async |text: &str| secrets.put(ARN, text);
        contract::the_previous_secret_is_the_one_before(&secrets, ARN, put).await;
        contract::the_current_secret_is_never_an_old_one(&secrets, ARN, put).await;
        contract::a_secret_is_read(&secrets, ARN, "new").await;
        contract::what_is_stored_is_what_is_read(&secrets, "sluice/one").await;
    }
}
