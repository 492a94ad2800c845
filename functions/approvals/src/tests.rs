//! The API in one process, on fakes.

use crate::handler::{App, receive};
use jiff::Timestamp;
use lambda_http::aws_lambda_events::apigw::ApiGatewayProxyRequestContext;
use lambda_http::http::Request as HttpRequest;
use lambda_http::request::RequestContext;
use lambda_http::{Body, RequestExt, Response};
use testkit::fixtures;
use testkit::memory_ledger::MemoryLedger;
use testkit::memory_queue::MemoryQueue;
use workflow::ports::clock::{Clock, Ids};

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
    let mut context = ApiGatewayProxyRequestContext::default();
    context.identity.user_arn = arn.map(ToOwned::to_owned);
    let request = HttpRequest::builder()
        .method(method)
        .uri(path)
        // What a caller claims: nobody looks.
        .header("x-amzn-iam-user-arn", "arn:aws:iam::000000000000:user/admin")
        .body(Body::from(body))
        .unwrap()
        .with_raw_http_path(path)
        .with_request_context(RequestContext::ApiGatewayV1(context));
    receive(&app(), request).await.unwrap()
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
