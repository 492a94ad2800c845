//! Secrets.

use model::Fault;
use secrecy::SecretString;
use std::future::Future;

/// How old an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// One that was read in the last minutes will do.
    Cached,
    /// Read it now: the cached one was refused.
    Current,
    /// The one before the current, read now: the current one was refused, and a rotation that is under way may not have
    /// changed the server yet. The current one where there is none before it.
    Previous,
}

/// Where secrets are kept.
pub trait Secrets: Send + Sync {
    /// The secret's text.
    fn secret(
        &self,
        arn: &str,
        freshness: Freshness,
    ) -> impl Future<Output = Result<SecretString, Fault>> + Send;
}

/// Where secrets can be stored, too. No function needs this: it is for a person's own command.
pub trait SecretStore: Secrets {
    /// Stores a text under a name or ARN, in place of the one before, which stays readable as the previous. A name that
    /// does not exist yet is made. Answers the complete ARN.
    fn store(
        &self,
        name_or_arn: &str,
        secret: &SecretString,
    ) -> impl Future<Output = Result<String, Fault>> + Send;

    /// The secret's text; none where there is no such secret, or nothing was stored in it yet.
    fn find(&self, name_or_arn: &str) -> impl Future<Output = Result<Option<SecretString>, Fault>> + Send;
}
