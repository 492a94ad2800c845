//! A key made for one test.

use aws_sdk_kms::Client;
use aws_sdk_kms::types::{KeySpec, KeyUsageType};
use futures::FutureExt as _;
use kms::Kms;
use std::panic::AssertUnwindSafe;

/// A key made for one test, scheduled to be gone however the test ends.
pub(crate) async fn on_a_key(test: impl AsyncFnOnce(&Kms, &str, &[u8])) {
    let config = testkit::platform::config().await;
    let client = Client::new(&config);
    let request = client.create_key().key_spec(KeySpec::Rsa2048);
    let made = request.key_usage(KeyUsageType::SignVerify).send().await.unwrap();
    let arn = made.key_metadata.unwrap().arn.unwrap();
    let public = client.get_public_key().key_id(&arn).send().await.unwrap();
    let public = public.public_key.unwrap().into_inner();
    let outcome = AssertUnwindSafe(test(&Kms::configured(&config), &arn, &public))
        .catch_unwind()
        .await;
    let request = client.schedule_key_deletion().key_id(&arn);
    request.pending_window_in_days(7).send().await.unwrap();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
