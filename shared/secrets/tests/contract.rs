//! Secrets Manager keeps the contract, over the emulator.

#[cfg(test)]
mod bed;

use bed::{on_a_name, on_a_secret};
use jiff::SignedDuration;
use secrets::MAX_AGE;
use testkit::contracts;
use workflow::ports::secrets::{Freshness, SecretStore as _};

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
async fn the_previous_secret_is_the_one_before() {
    on_a_secret(async |bed| {
        let put = async |text: &str| bed.put(text).await;
        contracts::secrets::the_previous_secret_is_the_one_before(&bed.secrets, &bed.arn, put).await;
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
async fn what_is_stored_is_what_is_read() {
    on_a_name(async |secrets, name| {
        contracts::secrets::what_is_stored_is_what_is_read(secrets, name).await;
    })
    .await;
}

#[tokio::test]
async fn a_secret_that_has_an_arn_already_is_not_made_anew() {
    on_a_secret(async |bed| {
        let arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:no-such-secret-abcdef";
        let fault = bed.secrets.store(arn, &"text".into()).await.unwrap_err();
        assert!(fault.to_string().contains(arn), "{fault}");
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
