//! Keys in memory.

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use model::Fault;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use workflow::ports::signatures::{Signatures, Signed};

/// Keys that a test made. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct LocalKeys {
    keys: HashMap<String, Arc<KeyPair>>,
    signed: Arc<AtomicUsize>,
}

impl LocalKeys {
    /// One key under this name.
    pub fn with(name: impl Into<String>) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap_or_else(|error| panic!("no key: {error}"));
        Self {
            keys: HashMap::from([(name.into(), Arc::new(pair))]),
            ..Self::default()
        }
    }

    /// The public key of this name, DER.
    pub fn public_key(&self, name: &str) -> Vec<u8> {
        let pair = self.keys.get(name).unwrap_or_else(|| panic!("no key {name}"));
        let key: Result<PublicKeyX509Der<'_>, _> = pair.public_key().as_der();
        key.unwrap_or_else(|error| panic!("no public key: {error}"))
            .as_ref()
            .to_vec()
    }

    /// How often something was signed.
    pub fn signed(&self) -> usize {
        self.signed.load(Ordering::SeqCst)
    }

    fn make(&self, key: &str, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let operation = || format!("kms:Sign on {key}");
        let pair = self
            .keys
            .get(key)
            .ok_or_else(|| Fault::operator(operation(), "make it", "there is no such key"))?;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|error| Fault::Bug(error.to_string()))?;
        self.signed.fetch_add(1, Ordering::SeqCst);
        Ok(signature)
    }
}

impl Signatures for LocalKeys {
    fn sign<'a>(&'a self, key: &'a str, message: &'a [u8]) -> Signed<'a> {
        Box::pin(async move { self.make(key, message) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::signatures as contract;

    #[tokio::test]
    async fn the_fake_keeps_the_contract() {
        let keys = LocalKeys::with("alias/app");
        contract::what_is_signed_verifies(&keys, "alias/app", &keys.public_key("alias/app")).await;
        contract::a_missing_key_needs_an_operator(&keys, "alias/other").await;
    }
}
