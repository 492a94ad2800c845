//! The AWS emulator that adapters are tested against.

use aws_config::{BehaviorVersion, SdkConfig};
use std::sync::atomic::{AtomicU32, Ordering};

/// The variable that names the emulator's address.
pub const ENDPOINT: &str = "SLUICE_TEST_AWS_ENDPOINT";

/// What the SDKs read by themselves.
const CREDENTIALS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"];

/// How to reach the emulator. Fails the test where the environment does not say.
pub async fn config() -> SdkConfig {
    for name in CREDENTIALS {
        let _ = variable(name);
    }
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(variable(ENDPOINT))
        .load()
        .await
}

/// A name that no other test gives: of a table, a queue, a secret.
pub fn unique_name(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let (process, now) = (std::process::id(), jiff::Timestamp::now().as_millisecond());
    format!("{prefix}-{now}-{process}-{count}")
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but the environment that `cargo xtask test` makes"
)]
fn variable(name: &str) -> String {
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => value,
        Ok(_) | Err(_) => panic!(
            "{name} is not set: this test needs the AWS emulator; run it by `cargo xtask test`, which starts one"
        ),
    }
}
