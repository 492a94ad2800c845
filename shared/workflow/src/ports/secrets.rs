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
