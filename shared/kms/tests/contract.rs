//! KMS keeps the contract, over the emulator.

#[cfg(test)]
mod bed;

use bed::on_a_key;
use kms::Kms;
use testkit::contracts;

#[tokio::test]
async fn what_is_signed_verifies() {
    on_a_key(async |kms, arn, public| {
        contracts::signatures::what_is_signed_verifies(kms, arn, public).await;
    })
    .await;
}

#[tokio::test]
async fn a_missing_key_needs_an_operator() {
    let kms = Kms::configured(&testkit::platform::config().await);
    let arn = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000";
    contracts::signatures::a_missing_key_needs_an_operator(&kms, arn).await;
}
