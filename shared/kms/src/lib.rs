//! Signing with keys that nobody can take out, over AWS KMS.

use aws_errors::Call;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use aws_types::SdkConfig;
use model::Fault;
use std::sync::OnceLock;
use workflow::ports::signatures::{Signatures, Signed};

/// AWS KMS. Its client is made when something is first signed: who keeps no key there pays nothing for it.
#[derive(Debug)]
pub struct Kms {
    config: SdkConfig,
    client: OnceLock<Client>,
}

impl Kms {
    /// KMS, reached as the configuration says.
    pub fn configured(config: &SdkConfig) -> Self {
        Self {
            config: config.clone(),
            client: OnceLock::new(),
        }
    }

    async fn ask(&self, key: &str, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let call = Call {
            action: "kms:Sign",
            resource: key,
        };
        let client = self.client.get_or_init(|| Client::new(&self.config));
        let answer = client
            .sign()
            .key_id(key)
            .message(Blob::new(message))
            .message_type(MessageType::Raw)
            .signing_algorithm(SigningAlgorithmSpec::RsassaPkcs1V15Sha256)
            .send()
            .await
            .map_err(|error| aws_errors::fault(call, error))?;
        match answer.signature {
            Some(signature) => Ok(signature.into_inner()),
            None => Err(Fault::retry(call.to_string(), "it answered no signature")),
        }
    }
}

impl Signatures for Kms {
    fn sign<'a>(&'a self, key: &'a str, message: &'a [u8]) -> Signed<'a> {
        Box::pin(self.ask(key, message))
    }
}
