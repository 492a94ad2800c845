//! A secret made for one test.

use aws_sdk_secretsmanager::Client;
use futures::FutureExt as _;
use secrecy::ExposeSecret as _;
use secrets::SecretsManager;
use std::panic::AssertUnwindSafe;
use testkit::ManualClock;
use workflow::ports::secrets::{Freshness, Secrets as _};

/// One secret, made for one test.
pub(crate) struct Bed {
    client: Client,
    pub(crate) clock: ManualClock,
    pub(crate) secrets: SecretsManager<ManualClock>,
    pub(crate) arn: String,
}

impl Bed {
    async fn create() -> Self {
        let config = testkit::platform::config().await;
        let client = Client::new(&config);
        let name = testkit::platform::unique_name("sluice-test");
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

    pub(crate) async fn put(&self, text: &str) {
        let request = self
            .client
            .put_secret_value()
            .secret_id(&self.arn)
            .secret_string(text);
        request.send().await.unwrap();
    }

    pub(crate) async fn read(&self, freshness: Freshness) -> String {
        let secret = self.secrets.secret(&self.arn, freshness).await.unwrap();
        secret.expose_secret().to_owned()
    }

    async fn delete(&self) {
        let request = self.client.delete_secret().secret_id(&self.arn);
        request.force_delete_without_recovery(true).send().await.unwrap();
    }
}

/// Runs a test on a secret of its own, which is deleted however it ends.
pub(crate) async fn on_a_secret(test: impl AsyncFnOnce(&Bed)) {
    let bed = Bed::create().await;
    let outcome = AssertUnwindSafe(test(&bed)).catch_unwind().await;
    bed.delete().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// Runs a test on the name of a secret that is not there yet; what was made of it is deleted however it ends.
pub(crate) async fn on_a_name(test: impl AsyncFnOnce(&SecretsManager<ManualClock>, &str)) {
    let config = testkit::platform::config().await;
    let name = testkit::platform::unique_name("sluice-test");
    let secrets = SecretsManager::configured(&config, ManualClock::default());
    let outcome = AssertUnwindSafe(test(&secrets, &name)).catch_unwind().await;
    let request = Client::new(&config).delete_secret().secret_id(&name);
    // A test that failed early has made none.
    let _ = request.force_delete_without_recovery(true).send().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
