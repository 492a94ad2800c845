//! Walks that arrive, however often they begin.

use super::fake::PEM;
use super::{Run, Stage};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use testkit::LocalKeys;
use workflow::ports::secrets::SecretStore as _;

/// What is asked where all is there already.
const NOTHING_TO_DO: [&str; 8] = [
    "GET /app",
    "PATCH /app/hook/config",
    "GET /app/installations?per_page=100&page=1",
    "POST /app/installations/7/access_tokens",
    "GET /installation/repositories?per_page=100&page=1",
    "GET /app/hook/deliveries?per_page=100",
    "POST /app/hook/deliveries/1/attempts",
    "GET /app/hook/deliveries?per_page=100",
];

async fn kept(stage: &Stage, name: &str) -> Option<Value> {
    let text = stage.secrets.find(name).await.unwrap()?;
    Some(serde_json::from_str(text.expose_secret()).unwrap())
}

/// Nothing that must stay secret was said.
fn is_discreet(stage: &Stage, run: &Run) {
    let secret = stage.github.stored().unwrap();
    let key = PEM.lines().nth(1).unwrap();
    for hidden in [
        secret.as_str(),
        key,
        "githubs-own-secret",
        "a-client-secret",
        "ghs_narrow",
        "code100",
    ] {
        assert!(!run.said.contains(hidden), "{}", run.said);
    }
}

#[tokio::test]
async fn from_nothing_to_a_delivery_that_is_answered() {
    let stage = Stage::set().await;
    let run = stage.run().await;
    is_discreet(&stage, &run);
    assert!(
        run.said.contains("To make the App, open this page"),
        "{}",
        run.said
    );
    assert!(
        run.said.contains("/apps/sluice-acme/installations/new"),
        "{}",
        run.said
    );
    let connected = run.connected();
    let text = connected.text();
    for expected in [
        "Connected: acme/shop through the App sluice-acme (100); GitHub's delivery to http",
        "was answered 200",
        r#"repository = { id = 1, installation_id = 7, name = "acme/shop" }"#,
        "sluice baseline set PROJECT --up-to VERSION|all|none",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    assert_eq!(
        kept(&stage, "sluice/github-app").await,
        Some(json!({"app_id": 100, "private_key": PEM}))
    );
    let secret = stage.github.stored().unwrap();
    assert_eq!(secret.len(), 64);
    assert_eq!(*stage.github.hook.borrow(), (stage.github.webhook_url(), secret));
    let json = serde_json::to_value(connected).unwrap();
    assert_eq!(json["delivery"], json!({"by": "github", "status": 200}));
    assert_eq!(
        json["repository"],
        json!({"id": 1, "installation_id": 7, "name": "acme/shop"})
    );
}

#[tokio::test]
async fn what_is_there_is_left_as_it_is() {
    let stage = Stage::set().await;
    stage.run().await.connected();
    let (app, secret) = (kept(&stage, "sluice/github-app").await, stage.github.stored());
    stage.github.news();
    stage.person.opened.take();
    let run = stage.run().await;
    assert_eq!(stage.github.news()[..6], NOTHING_TO_DO[..6]);
    run.connected();
    assert!(stage.person.opened.take().is_empty(), "nobody is bothered again");
    assert_eq!(stage.github.made.get(), 1);
    assert_eq!(
        (kept(&stage, "sluice/github-app").await, stage.github.stored()),
        (app, secret)
    );
}

#[tokio::test]
async fn killed_after_any_answer_it_goes_on_where_it_was() {
    let total = {
        let stage = Stage::set().await;
        stage.run().await.connected();
        stage.github.news().len()
    };
    assert!(total > 8, "{total}");
    for answers in 0..total {
        let stage = Stage::set().await;
        stage.github.answers_left.set(Some(answers));
        let killed = stage.run().await;
        assert!(killed.result.is_none(), "{answers}");
        let key_was_lost =
            stage.github.made.get() == 1 && kept(&stage, "sluice/github-app").await == Some(json!({}));
        let secret = stage.github.stored();
        stage.github.answers_left.set(None);
        stage.run().await.connected();
        assert_eq!(
            stage.github.made.get(),
            if key_was_lost { 2 } else { 1 },
            "{answers}"
        );
        assert_eq!(stage.github.stored(), secret, "{answers}: no second secret");
        // Only between GitHub's answer and the secret, a moment, is there nothing to go on from.
        assert_eq!(key_was_lost, answers == 1, "{answers}");
    }
}

#[tokio::test]
async fn who_is_lured_back_by_another_page_makes_nothing() {
    let stage = Stage::set().await;
    stage.person.lured.set(true);
    stage.run().await.connected();
    let answers = stage.person.forged.take();
    let status = |code: &str| format!("HTTP/1.1 {code}");
    assert_eq!(
        answers,
        [
            status("400 Bad Request"),
            status("400 Bad Request"),
            status("400 Bad Request"),
            status("421 Misdirected Request"),
            status("421 Misdirected Request"),
            status("404 Not Found"),
        ]
    );
    let asked = stage.github.news();
    assert!(asked.iter().all(|line| !line.contains("evil")), "{asked:?}");
}

#[tokio::test]
async fn among_several_repositories_a_person_chooses() {
    let mut stage = Stage::set().await;
    stage.github.repositories.replace(vec!["acme/site", "acme/shop"]);
    let stop = stage.run().await.stop();
    assert_eq!(stop.code(), "repository-not-chosen");
    assert!(
        stop.to_string().contains("  1 acme/shop\n  2 acme/site"),
        "{stop}"
    );

    stage.asks = true;
    stage.answers.replace(vec!["2", "7", "nonsense"]);
    let run = stage.run().await;
    assert_eq!(run.said.matches("Which repository?").count(), 3, "{}", run.said);
    assert!(run.connected().text().contains("name = \"acme/site\""));
    assert_eq!(
        stage.run().await.stop().code(),
        "repository-not-chosen",
        "the answers are over"
    );

    stage.wish.repository = Some("acme/shop".to_owned());
    assert!(
        stage
            .run()
            .await
            .connected()
            .text()
            .contains("id = 2, installation_id = 7")
    );
    stage.wish.repository = Some("acme/other".to_owned());
    let stop = stage.run().await.stop();
    assert_eq!(stop.code(), "repository-not-reached");
    assert!(stop.to_string().contains("acme/other"), "{stop}");
    stage.github.repositories.replace(vec![]);
    assert_eq!(stage.run().await.stop().code(), "repository-not-reached");
}

#[tokio::test]
async fn an_app_that_signs_in_kms_is_gone_on_with() {
    let mut stage = Stage::set().await;
    stage.keys = LocalKeys::with("alias/app");
    stage
        .secrets
        .put("sluice/github-app", r#"{"app_id":100,"kms_key_id":"alias/app"}"#);
    stage.github.app.set(Some(100));
    stage.wish.app_id = Some(100);
    stage.run().await.connected();
    assert_eq!((stage.github.made.get(), stage.keys.signed()), (0, 1));
}

#[tokio::test]
async fn an_app_made_by_hand_is_told_what_it_lacks() {
    let mut stage = Stage::set().await;
    stage.run().await.connected();
    // Where GitHub delivers to is known there.
    stage.wish.webhook_url = None;
    stage.github.permissions.replace(
        json!({"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}),
    );
    let run = stage.run().await;
    assert!(run.said.contains("permissions: contents (write)"), "{}", run.said);
    run.connected();
}

#[tokio::test]
async fn where_github_has_nothing_to_deliver_again_a_ping_is_sent() {
    let stage = Stage::set().await;
    stage.run().await.connected();
    stage.github.deliveries.take();
    let run = stage.run().await;
    assert!(
        run.said.contains("the ping was sent from this machine"),
        "{}",
        run.said
    );
    let json = serde_json::to_value(run.connected()).unwrap();
    assert_eq!(json["delivery"], json!({"by": "sluice", "status": 200}));
}
