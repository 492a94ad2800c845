//! Signatures by keys that nobody can take out.

use model::Fault;
use std::fmt;
use std::pin::Pin;

/// A signature on its way.
pub type Signed<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Fault>> + Send + 'a>>;

/// Where keys are kept that sign and never leave. Object-safe: who signs is chosen by what a secret says.
pub trait Signatures: Send + Sync + fmt::Debug {
    /// Signs with the RSA key of this name: RSASSA-PKCS1-v1_5 over SHA-256, which GitHub calls RS256. A message has at
    /// most 4,096 bytes.
    fn sign<'a>(&'a self, key: &'a str, message: &'a [u8]) -> Signed<'a>;
}
