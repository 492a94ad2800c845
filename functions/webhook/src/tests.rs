//! The webhook in one process, on fakes.

use crate::handler::{App, receive};
use hmac::{Hmac, KeyInit, Mac};
use lambda_http::http::Request;
use lambda_http::{Body, Response};
use model::Fault;
use secrecy::SecretString;
use sha2::Sha256;
use testkit::clock::ManualClock;
use testkit::fixed_secrets::FixedSecrets;
use testkit::fixtures;
use testkit::memory_ledger::MemoryLedger;
use testkit::memory_queue::MemoryQueue;
use workflow::ports::ledger::SettingsLedger;
use workflow::ports::secrets::{Freshness, Secrets};

const ARN: &str = "arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook";

struct Bed {
    app: App<MemoryLedger, MemoryQueue, FixedSecrets, ManualClock>,
}

impl Bed {
    async fn new() -> Self {
        let secrets = FixedSecrets::default();
        secrets.put(ARN, r#"{"current":"new","previous":"old"}"#);
        let ledger = MemoryLedger::default();
        let _ = ledger
            .put_settings(&fixtures::settings(1), fixtures::settings_audit())
            .await
            .unwrap();
        Self {
            app: App {
                ledger,
                queue: MemoryQueue::default(),
                secrets,
                secret_arn: ARN.to_owned(),
                clock: ManualClock::at(fixtures::time(0)),
            },
        }
    }

    async fn post(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Response<String> {
        let mut request = Request::builder().method("POST").uri("/webhooks/github");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        receive(&self.app, request.body(body.into()).unwrap())
            .await
            .unwrap()
    }

    async fn signed(&self, secret: &str, event: &str, body: &str) -> Response<String> {
        let signature = sign(secret, body);
        let headers = [
            ("x-github-event", event),
            ("x-github-delivery", "1"),
            ("x-hub-signature-256", &signature),
        ];
        self.post(&headers, body).await
    }

    /// The numbers of the pull requests that were queued.
    fn pulls(&self) -> Vec<u64> {
        let pointers = self.app.queue.take_pull_requests();
        pointers
            .into_iter()
            .map(|pointer| pointer.pull_request.0)
            .collect()
    }

    fn queued(&self) -> usize {
        self.app.queue.take_pointers().len()
    }
}

fn sign(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

fn push(repository: u64, git_ref: &str, after: &str) -> String {
    serde_json::json!({
        "ref": git_ref,
        "before": "1".repeat(40),
        "after": after,
        "repository": { "id": repository, "full_name": "sluice-demo/shop" },
        "sender": { "id": 3, "login": "dana" },
    })
    .to_string()
}

fn good() -> String {
    push(1, "refs/heads/main", &"2".repeat(40))
}

#[tokio::test]
async fn what_is_not_signed_is_not_read() {
    let bed = Bed::new().await;
    let body = good();
    let right = sign("new", &body);
    let forged = sign("guess", &body);
    let sha1 = format!("sha1={}", "0".repeat(40));
    let truncated = &right[..70];
    let upper = right.replacen("sha256", "SHA256", 1);
    for signature in [forged.as_str(), truncated, sha1.as_str(), "", upper.as_str()] {
        for body in [body.as_str(), "not JSON"] {
            let response = bed
                .post(
                    &[("x-github-event", "push"), ("x-hub-signature-256", signature)],
                    body,
                )
                .await;
            assert_eq!(response.status(), 401, "{signature}");
            assert_eq!(response.body(), "unauthorized");
        }
    }
    assert_eq!(
        bed.post(&[("x-github-event", "push")], body.as_str())
            .await
            .status(),
        401
    );
    let twice = [
        ("x-hub-signature-256", right.as_str()),
        ("x-hub-signature-256", right.as_str()),
    ];
    assert_eq!(bed.post(&twice, body.as_str()).await.status(), 401);
    assert_eq!(bed.queued(), 0);
}

#[tokio::test]
async fn a_push_is_queued_once_whichever_secret_signed_it() {
    let bed = Bed::new().await;
    let first = bed.signed("new", "push", &good()).await;
    assert_eq!((first.status().as_u16(), first.body().as_str()), (202, "queued"));
    let again = bed.signed("old", "push", &good()).await;
    assert_eq!(again.status(), 202);
    assert!(again.body().starts_with("duplicate"), "{}", again.body());
    assert_eq!(bed.queued(), 1);
}

/// What was read before GitHub was connected is kept for minutes.
struct ReadBefore(FixedSecrets);

impl Secrets for ReadBefore {
    async fn secret(&self, arn: &str, freshness: Freshness) -> Result<SecretString, Fault> {
        match freshness {
            Freshness::Cached => Ok("{}".into()),
            Freshness::Current | Freshness::Previous => self.0.secret(arn, freshness).await,
        }
    }
}

#[tokio::test]
async fn a_secret_that_was_stored_after_the_first_delivery_is_read_at_once() {
    let secrets = FixedSecrets::default();
    secrets.put(ARN, r#"{"current":"new"}"#);
    let app = App {
        ledger: MemoryLedger::default(),
        queue: MemoryQueue::default(),
        secrets: ReadBefore(secrets),
        secret_arn: ARN.to_owned(),
        clock: ManualClock::at(fixtures::time(0)),
    };
    for (secret, status) in [("new", 200), ("other", 401)] {
        let request = Request::builder()
            .method("POST")
            .uri("/webhooks/github")
            .header("x-github-event", "ping")
            .header("x-github-delivery", "1")
            .header("x-hub-signature-256", sign(secret, "{}"));
        let response = receive(&app, request.body("{}".into()).unwrap()).await.unwrap();
        assert_eq!(response.status(), status, "{secret}");
    }
}

#[tokio::test]
async fn bytes_are_verified_as_they_came() {
    let bed = Bed::new().await;
    let signature = sign("new", &good());
    let headers = [
        ("x-github-event", "push"),
        ("x-github-delivery", "1"),
        ("x-hub-signature-256", signature.as_str()),
    ];
    let response = bed.post(&headers, good().into_bytes()).await;
    assert_eq!(response.body(), "queued");
}

#[tokio::test]
async fn what_is_none_of_our_business_is_answered_with_the_reason() {
    let bed = Bed::new().await;
    let gone = push(1, "refs/heads/main", &"0".repeat(40));
    for (event, body, status, reason) in [
        ("ping", "{}".to_owned(), 200, "pong"),
        ("issues", "{}".to_owned(), 202, "event `issues` is not acted on"),
        ("push", "not JSON".to_owned(), 400, "not JSON"),
        (
            "push",
            push(99, "refs/heads/main", &"2".repeat(40)),
            202,
            "no project reads repository 99",
        ),
        ("push", push(1, "refs/tags/v1", &"2".repeat(40)), 202, "not tags"),
        (
            "push",
            push(1, "refs/heads/other", &"2".repeat(40)),
            202,
            "no project reads this branch",
        ),
        ("push", gone, 202, "deleted"),
    ] {
        let response = bed.signed("new", event, &body).await;
        assert_eq!(response.status(), status, "{event} {body}");
        assert!(response.body().contains(reason), "{}", response.body());
    }
    assert_eq!(bed.queued(), 0);
}

fn pull(action: &str, base: &str, updated_at: &str) -> serde_json::Value {
    serde_json::json!({
        "action": action,
        "pull_request": {
            "number": 5,
            "updated_at": updated_at,
            "base": { "ref": base, "sha": "1".repeat(40) },
            "head": { "ref": "feature", "sha": "2".repeat(40), "repo": { "id": 1 } },
        },
        "repository": { "id": 1, "full_name": "sluice-demo/shop" },
        "sender": { "id": 3, "login": "dana" },
    })
}

#[tokio::test]
async fn a_pull_request_is_queued_once_and_again_when_somebody_asks_later() {
    let bed = Bed::new().await;
    let opened = pull("opened", "main", "1").to_string();
    let first = bed.signed("new", "pull_request", &opened).await;
    assert_eq!((first.status().as_u16(), first.body().as_str()), (202, "queued"));
    let again = bed.signed("new", "pull_request", &opened).await;
    assert!(again.body().starts_with("duplicate"), "{}", again.body());
    assert_eq!(bed.pulls(), [5]);
    bed.app.clock.set(fixtures::time(11 * 60));
    let later = bed.signed("new", "pull_request", &opened).await;
    assert_eq!(later.body(), "queued", "a redelivery is a nudge");
    for (action, at) in [("closed", "2"), ("reopened", "3"), ("closed", "4")] {
        let body = pull(action, "main", at).to_string();
        assert_eq!(
            bed.signed("new", "pull_request", &body).await.body(),
            "queued",
            "{action}"
        );
    }
    assert_eq!(bed.pulls().len(), 4);
}

#[tokio::test]
async fn pull_requests_of_other_branches_are_ignored_but_for_those_that_leave_ours() {
    let bed = Bed::new().await;
    let mut left = pull("edited", "other", "1");
    left["changes"] = serde_json::json!({"base": {"ref": {"from": "main"}}});
    for (body, reason) in [
        (
            pull("opened", "other", "1"),
            "no project reads the branch that it would go into",
        ),
        (
            pull("labeled", "main", "1"),
            "event `pull_request` is not acted on",
        ),
        (left, "queued"),
    ] {
        let response = bed.signed("new", "pull_request", &body.to_string()).await;
        assert!(response.body().contains(reason), "{}", response.body());
    }
    assert_eq!(bed.pulls(), [5]);
}

fn click(repository: u64, action: &str) -> String {
    serde_json::json!({
        "action": action,
        "check_run": { "id": 4, "external_id": "sluice:shop:85dc", "app": { "id": 9 } },
        "requested_action": { "identifier": "a0000123456789abcdef" },
        "repository": { "id": repository, "full_name": "sluice-demo/shop" },
        "installation": { "id": 5001 },
        "sender": { "id": 4711, "login": "dana" },
    })
    .to_string()
}

#[tokio::test]
async fn a_click_is_queued_as_often_as_it_comes_and_nothing_else_of_a_check_run() {
    let bed = Bed::new().await;
    for _ in 0..2 {
        let response = bed
            .signed("new", "check_run", &click(1, "requested_action"))
            .await;
        assert_eq!(
            (response.status().as_u16(), response.body().as_str()),
            (202, "queued")
        );
    }
    let clicks = bed.app.queue.take_clicks();
    assert_eq!(clicks.len(), 2);
    assert_eq!((clicks[0].sender.id, clicks[0].check_run), (4711, 4));
    for (repository, action) in [(1, "created"), (1, "completed"), (99, "requested_action")] {
        let response = bed.signed("new", "check_run", &click(repository, action)).await;
        assert_eq!(response.status(), 202, "{action}");
        assert!(response.body().starts_with("ignored: "), "{}", response.body());
    }
    let nameless = click(1, "requested_action").replace("4711", "null");
    let response = bed.signed("new", "check_run", &nameless).await;
    assert_eq!(
        (response.status().as_u16(), response.body().as_str()),
        (400, "`sender.id` is missing")
    );
    let response = bed
        .signed("guess", "check_run", &click(1, "requested_action"))
        .await;
    assert_eq!(response.status(), 401);
    assert!(bed.app.queue.take_clicks().is_empty());
}
