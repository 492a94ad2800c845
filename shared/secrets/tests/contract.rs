//! Secrets Manager keeps the contract, over the emulator.

use aws_sdk_secretsmanager::Client;
use futures::FutureExt as _;
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use secrets::{MAX_AGE, SecretsManager};
use std::panic::AssertUnwindSafe;
use testkit::{ManualClock, contracts};
use workflow::ports::secrets::{Freshness, Secrets};

/// One secret, made for one test.
struct Bed {
    client: Client,
    clock: ManualClock,
    secrets: SecretsManager<ManualClock>,
    arn: String,
}

impl Bed {
    async fn create() -> Self {
        let config = testkit::platform::config().await;
        let client = Client::new(&config);
        let name = format!("sluice-test-{}", uuid::Uuid::new_v4());
        let request = client.create_secret().name(name).secret_string("first");
        let arn = request.send().await.unwrap().arn.unwrap();
        let clock = ManualClock::default();
        Self {
            secrets: SecretsManager::configured(&config, clock.clone()),
            client,
            clock,
            arn,
        }
    }

    async fn put(&self, text: &str) {
        let request = self
            .client
            .put_secret_value()
            .secret_id(&self.arn)
            .secret_string(text);
        request.send().await.unwrap();
    }

    async fn read(&self, freshness: Freshness) -> String {
        let secret = self.secrets.secret(&self.arn, freshness).await.unwrap();
        secret.expose_secret().to_owned()
    }

    async fn delete(&self) {
        let request = self.client.delete_secret().secret_id(&self.arn);
        request.force_delete_without_recovery(true).send().await.unwrap();
    }
}

async fn on_a_secret(test: impl AsyncFnOnce(&Bed)) {
    let bed = Bed::create().await;
    let outcome = AssertUnwindSafe(test(&bed)).catch_unwind().await;
    bed.delete().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

#[tokio::test]
async fn a_secret_is_read() {
    on_a_secret(async |bed| contracts::secrets::a_secret_is_read(&bed.secrets, &bed.arn, "first").await)
        .await;
}

#[tokio::test]
async fn the_current_secret_is_never_an_old_one() {
    on_a_secret(async |bed| {
        let put = async |text: &str| bed.put(text).await;
        contracts::secrets::the_current_secret_is_never_an_old_one(&bed.secrets, &bed.arn, put).await;
    })
    .await;
}

#[tokio::test]
async fn a_missing_secret_needs_an_operator() {
    on_a_secret(async |bed| {
        let arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:no-such-secret-abcdef";
        contracts::secrets::a_missing_secret_needs_an_operator(&bed.secrets, arn).await;
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_kept_for_minutes_and_no_longer() {
    on_a_secret(async |bed| {
        assert_eq!(bed.read(Freshness::Cached).await, "first");
        bed.put("second").await;
        bed.clock.advance(MAX_AGE - SignedDuration::from_secs(1));
        assert_eq!(bed.read(Freshness::Cached).await, "first");
        bed.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(bed.read(Freshness::Cached).await, "second");
        bed.put("third").await;
        bed.clock.advance(-SignedDuration::from_secs(1));
        assert_eq!(
            bed.read(Freshness::Cached).await,
            "third",
            "the clock was set back"
        );
    })
    .await;
}

#[tokio::test]
async fn debug_output_shows_no_secret() {
    on_a_secret(async |bed| {
        bed.put("hunter2").await;
        assert_eq!(bed.read(Freshness::Current).await, "hunter2");
        assert!(!format!("{:?}", bed.secrets).contains("hunter2"));
    })
    .await;
}
