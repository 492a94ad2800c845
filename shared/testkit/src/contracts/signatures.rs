//! Properties of a place where keys are kept that sign and never leave.

use super::ok;
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use model::Fault;
use workflow::ports::signatures::Signatures;

/// What is signed is what the public key (DER) verifies, and nothing else.
pub async fn what_is_signed_verifies(signatures: &impl Signatures, key: &str, public_key: &[u8]) {
    let public_key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key);
    for message in [&b"one"[..], &[b'x'; 4096]] {
        let signature = ok(signatures.sign(key, message).await);
        assert!(
            public_key.verify(message, &signature).is_ok(),
            "it does not verify"
        );
        assert!(
            public_key.verify(b"another", &signature).is_err(),
            "it verifies anything"
        );
    }
}

/// A missing key is for the operator, who is told which.
pub async fn a_missing_key_needs_an_operator(signatures: &impl Signatures, key: &str) {
    match signatures.sign(key, b"one").await {
        Err(fault @ Fault::Operator { .. }) => assert!(fault.to_string().contains(key), "{fault}"),
        Err(other) => panic!("{}", other.chain()),
        Ok(_) => panic!("there is no such key"),
    }
}
