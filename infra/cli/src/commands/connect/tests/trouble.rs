//! Walks that can't go on, and say why.

use super::Stage;
use crate::exit::Stop;
use crate::interrupt::Signal;
use futures::future::FutureExt as _;
use model::Fault;
use secrecy::SecretString;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use testkit::FixedSecrets;
use workflow::ports::secrets::{Freshness, SecretStore, Secrets};

/// Secrets that may be stored so many times.
struct Denying {
    secrets: FixedSecrets,
    left: AtomicUsize,
}

impl Secrets for Denying {
    async fn secret(&self, arn: &str, freshness: Freshness) -> Result<SecretString, Fault> {
        self.secrets.secret(arn, freshness).await
    }
}

impl SecretStore for Denying {
    async fn store(&self, name: &str, secret: &SecretString) -> Result<String, Fault> {
        let left = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_err() {
            let remedy = format!("allow the caller `secretsmanager:PutSecretValue` on {name}");
            return Err(Fault::operator("storing", remedy, "AccessDeniedException"));
        }
        self.secrets.store(name, secret).await
    }

    async fn find(&self, name: &str) -> Result<Option<SecretString>, Fault> {
        self.secrets.find(name).await
    }
}

async fn denied_after(stage: &Stage, left: usize) -> Stop {
    let store = Denying {
        secrets: stage.secrets.clone(),
        left: AtomicUsize::new(left),
    };
    stage
        .run_with(store, std::future::pending().boxed_local())
        .await
        .stop()
}

#[tokio::test]
async fn who_may_not_store_secrets_learns_it_before_there_is_an_app() {
    for left in [0, 1] {
        let stage = Stage::set().await;
        let stop = denied_after(&stage, left).await;
        assert_eq!(stop.exit_code(), 2);
        assert!(
            stop.to_string().contains("secretsmanager:PutSecretValue"),
            "{stop}"
        );
        assert!(stage.github.news().is_empty() && stage.person.opened.take().is_empty());
    }
}

#[tokio::test]
async fn a_key_that_could_not_be_kept_is_told_lost() {
    let stage = Stage::set().await;
    let stop = denied_after(&stage, 2).await;
    let text = stop.to_string();
    assert!(text.contains("there is no other copy"), "{text}");
    assert!(
        text.contains("https://github.example/organizations/acme/settings/apps"),
        "{text}"
    );
    assert!(!text.contains("PRIVATE KEY"), "{text}");
    stage.run().await.connected();
    assert_eq!(stage.github.made.get(), 2);
}

#[tokio::test]
async fn a_code_that_is_too_old_makes_nothing_and_the_next_run_does() {
    let stage = Stage::set().await;
    stage.github.expired.set(true);
    let stop = stage.run().await.stop();
    assert_eq!(stop.code(), "github-app-code-expired");
    assert!(!stop.to_string().contains("code100"), "{stop}");
    stage.github.expired.set(false);
    stage.run().await.connected();
}

#[tokio::test]
async fn nobody_is_waited_for_for_ever() {
    let mut stage = Stage::set().await;
    stage.person.away.set(true);
    stage.wish.patience = Duration::ZERO;
    assert_eq!(stage.run().await.stop().code(), "github-app-not-made");

    stage.wish.patience = super::LONG;
    stage.person.away.set(false);
    stage.run().await.connected();
    stage.github.installed.set(false);
    stage.person.away.set(true);
    stage.wish.patience = Duration::ZERO;
    let stop = stage.run().await.stop();
    assert_eq!(stop.code(), "github-app-not-installed");
    assert!(
        stop.to_string().contains("/apps/sluice-acme/installations/new"),
        "{stop}"
    );
}

#[tokio::test]
async fn ctrl_c_while_a_person_is_waited_for_leaves_nothing_half_done() {
    let stage = Stage::set().await;
    stage.person.away.set(true);
    let at_once = || std::future::ready(Signal::Interrupt).boxed_local();
    let stop = stage.run_with(stage.secrets.clone(), at_once()).await.stop();
    assert_eq!(stop.exit_code(), 130);
    assert!(stop.to_string().contains("goes on where it was"), "{stop}");
    stage.person.away.set(false);
    stage.run().await.connected();
    stage.github.installed.set(false);
    stage.person.away.set(true);
    let stop = stage.run_with(stage.secrets.clone(), at_once()).await.stop();
    assert_eq!(stop.exit_code(), 130);
    stage.person.away.set(false);
    stage.run().await.connected();
    assert_eq!(stage.github.made.get(), 1);
}

#[tokio::test]
async fn a_delivery_that_is_refused_says_what_to_look_at() {
    let stage = Stage::set().await;
    stage.run().await.connected();
    // GitHub's address of the webhook leads to a stack with another secret.
    stage.github.refuses.set(true);
    let stop = stage.run().await.stop();
    assert_eq!(stop.code(), "delivery-not-answered");
    assert!(stop.to_string().contains("Invalid HTTP Response: 401"), "{stop}");
    assert!(stop.to_string().contains("WebhookSecretArn"), "{stop}");
    stage.github.deliveries.take();
    let stop = stage.run().await.stop();
    assert!(stop.to_string().contains("A ping from this machine"), "{stop}");
}

#[tokio::test]
async fn what_is_no_page_is_not_opened() {
    let mut stage = Stage::set().await;
    stage.run().await.connected();
    stage.person.opened.take();
    stage.github.installed.set(false);
    stage.github.elsewhere.set(Some("file:///bin\u{1b}[2J"));
    stage.wish.patience = Duration::ZERO;
    let run = stage.run().await;
    assert!(!run.said.contains('\u{1b}'), "{}", run.said);
    assert_eq!(run.stop().code(), "github-app-not-installed");
    assert!(stage.person.opened.take().is_empty());
}

#[tokio::test]
async fn a_key_that_github_does_not_know_is_told() {
    let stage = Stage::set().await;
    stage.run().await.connected();
    stage.github.app.set(None);
    let stop = stage.run().await.stop();
    assert_eq!(stop.code(), "github-app-unknown");
    assert!(stop.to_string().contains("100"), "{stop}");
}

#[tokio::test]
async fn what_is_wrong_from_the_start_is_told_before_anything_is_done() {
    let mut stage = Stage::set().await;
    stage.wish.webhook_url = None;
    let stop = stage.run().await.stop();
    assert_eq!(stop.exit_code(), 64);
    assert!(stop.to_string().contains("WebhookUrl"), "{stop}");

    stage.wish.app_id = Some(5);
    let stop = stage.run().await.stop();
    assert_eq!(stop.exit_code(), 64);
    assert!(stop.to_string().contains("keeps no key of the App 5"), "{stop}");

    stage
        .secrets
        .put("sluice/github-app", r#"{"app_id": 6, "private_key": "hunter2"}"#);
    let stop = stage.run().await.stop();
    assert_eq!(stop.exit_code(), 64);
    assert!(stop.to_string().contains("the App 6, not of 5"), "{stop}");

    stage.secrets.put("sluice/github-app", r#"{"hunter2": 1}"#);
    let stop = stage.run().await.stop();
    let text = stop.to_string();
    assert!(
        text.contains("`app_id`") && text.contains("--secret-string '{}'"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
    assert!(stage.github.news().is_empty());
    assert_eq!(stage.github.stored(), None);
}
