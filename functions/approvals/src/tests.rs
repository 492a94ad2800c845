//! The API in one process, on fakes.

use crate::handler::{App, receive};
use jiff::Timestamp;
use lambda_http::aws_lambda_events::apigw::ApiGatewayProxyRequestContext;
use lambda_http::http::Request as HttpRequest;
use lambda_http::request::RequestContext;
use lambda_http::{Body, RequestExt, Response};
use std::collections::HashMap;
use testkit::fixtures;
use testkit::memory_ledger::MemoryLedger;
use testkit::memory_queue::MemoryQueue;
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::ledger::{Committed, SettingsLedger as _};

#[derive(Default)]
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        fixtures::time(0)
    }
}

impl Ids for Still {
    fn next_id(&self) -> String {
        "1".to_owned()
    }
}

fn app() -> App<MemoryLedger, MemoryQueue, Still> {
    App {
        ledger: MemoryLedger::default(),
        queue: MemoryQueue::default(),
        clock: Still,
    }
}

async fn call(method: &str, path: &str, arn: Option<&str>, body: &str) -> Response<String> {
    call_of(&app(), method, path, arn, body).await
}

async fn call_of(
    app: &App<MemoryLedger, MemoryQueue, Still>,
    method: &str,
    path: &str,
    arn: Option<&str>,
    body: &str,
) -> Response<String> {
    let (route, query) = path.split_once('?').unwrap_or((path, ""));
    let mut context = ApiGatewayProxyRequestContext::default();
    context.identity.user_arn = arn.map(ToOwned::to_owned);
    let request = HttpRequest::builder()
        .method(method)
        .uri(path)
        // What a caller claims: nobody looks.
        .header("x-amzn-iam-user-arn", "arn:aws:iam::000000000000:user/admin")
        .body(Body::from(body))
        .unwrap()
        .with_raw_http_path(route)
        .with_query_string_parameters(
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect::<HashMap<_, _>>(),
        )
        .with_request_context(RequestContext::ApiGatewayV1(context));
    receive(app, request).await.unwrap()
}

#[tokio::test]
async fn without_a_signed_caller_nothing_is_answered() {
    for arn in [None, Some(""), Some("admin")] {
        let response = call("GET", "/issues", arn, "").await;
        assert_eq!(response.status(), 403, "{arn:?}");
        assert!(response.body().contains("caller-unknown"), "{}", response.body());
    }
}

#[tokio::test]
async fn every_refusal_has_a_code_and_a_status() {
    let me = Some("arn:aws:iam::000000000000:user/somebody");
    for (method, path, body, status, code) in [
        ("GET", "/nothing", "", 404, "route-unknown"),
        ("DELETE", "/issues/1", "", 404, "route-unknown"),
        ("GET", "/issues/x", "", 400, "issue-invalid"),
        ("GET", "/issues", "", 404, "no-settings"),
        ("GET", "/settings", "", 404, "no-settings"),
        ("GET", "/settings/versions", "", 404, "no-settings"),
        ("GET", "/settings/versions/1", "", 404, "version-unknown"),
        ("GET", "/settings/versions/x", "", 400, "version-invalid"),
        ("PUT", "/settings", "projects = 1", 400, "settings-invalid"),
        (
            "PUT",
            "/settings",
            fixtures::SETTINGS,
            403,
            "not-an-administrator",
        ),
    ] {
        let response = call(method, path, me, body).await;
        assert_eq!(response.status(), status, "{method} {path}: {}", response.body());
        assert!(
            response.body().contains(code),
            "{method} {path}: {}",
            response.body()
        );
    }
}

#[tokio::test]
async fn every_version_of_the_settings_is_kept_and_told() {
    let app = app();
    for version in 1..=5 {
        let stored = app.ledger.put_settings(&fixtures::settings(version)).await;
        assert_eq!(stored.unwrap(), Committed::Yes);
    }
    let me = Some("arn:aws:iam::000000000000:user/somebody");
    for (path, versions, next) in [
        ("/settings/versions", &[5, 4, 3, 2, 1][..], None),
        ("/settings/versions?limit=2", &[5, 4], Some(4)),
        ("/settings/versions?limit=2&before=4", &[3, 2], Some(2)),
        ("/settings/versions?limit=2&before=2", &[1], None),
        ("/settings/versions?before=1", &[], None),
        ("/settings/versions?before=0", &[], None),
        ("/settings/versions?before=900", &[5, 4, 3, 2, 1], None),
    ] {
        let response = call_of(&app, "GET", path, me, "").await;
        assert_eq!(response.status(), 200, "{path}");
        let page: serde_json::Value = serde_json::from_str(response.body()).unwrap();
        let told: Vec<_> = page["versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["version"].as_u64())
            .collect();
        let expected: Vec<_> = versions.iter().copied().map(Some).collect();
        assert_eq!(told, expected, "{path}");
        assert_eq!(page["next"].as_u64(), next, "{path}");
        assert!(
            page["versions"]
                .as_array()
                .unwrap()
                .iter()
                .all(|it| it["text"].is_null() && it["by"].is_string())
        );
    }
    let response = call_of(&app, "GET", "/settings/versions/2", me, "").await;
    let stored: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(
        (stored["version"].as_u64(), stored["text"].as_str()),
        (Some(2), Some(fixtures::SETTINGS))
    );
    assert_eq!(
        call_of(&app, "GET", "/settings/versions/6", me, "")
            .await
            .status(),
        404
    );
}
