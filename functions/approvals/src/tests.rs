//! The API in one process, on fakes.

use crate::handler::{App, receive};
use jiff::{SignedDuration, Timestamp};
use lambda_http::aws_lambda_events::apigw::ApiGatewayProxyRequestContext;
use lambda_http::http::Request as HttpRequest;
use lambda_http::request::RequestContext;
use lambda_http::{Body, RequestExt, Response};
use model::{AuditChain, Deed, IssueNumber, TaskRun};
use std::collections::HashMap;
use testkit::fixtures;
use testkit::memory_ledger::MemoryLedger;
use testkit::memory_queue::MemoryQueue;
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::ledger::{Commit as _, Committed, OpenIssue, SettingsLedger as _, Write};

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
        let stored = app
            .ledger
            .put_settings(&fixtures::settings(version), fixtures::settings_audit())
            .await;
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

#[tokio::test]
async fn issues_are_listed_by_what_is_asked_for() {
    let app = app();
    let first = fixtures::settings(1);
    let stored = app.ledger.put_settings(&first, fixtures::settings_audit()).await;
    assert_eq!(stored.unwrap(), Committed::Yes);
    for number in 1..=6 {
        let target = fixtures::target(if number == 2 { "db_other" } else { "db_demo" });
        let mut task = fixtures::task(number, &target, &number.to_string());
        let mut issue = fixtures::issue(number);
        issue.tasks = vec![task.key()];
        issue.created_at = fixtures::time(0) - SignedDuration::from_hours(7 - i64::try_from(number).unwrap());
        if number == 3 {
            issue.creator.member = Some("Ada".to_owned());
        }
        let mut writes = vec![Write::IssueNumber(issue.number), Write::Issue(issue.clone())];
        if number < 4 {
            task.run = TaskRun::Done;
        } else {
            let since = issue.created_at;
            let number = issue.number;
            writes.push(Write::OpenIssue(OpenIssue { number, since }));
        }
        if number == 5 {
            // Listed, and settled by now.
            task.run = TaskRun::Done;
        }
        writes.push(Write::Task(task));
        assert_eq!(app.ledger.commit(writes).await.unwrap(), Committed::Yes);
    }
    let me = Some("arn:aws:iam::000000000000:user/somebody");
    for (path, numbers, next) in [
        ("/issues", &[6, 5, 4, 3, 2, 1][..], None),
        ("/issues?state=", &[6, 5, 4, 3, 2, 1], None),
        ("/issues?limit=2", &[6, 5], Some(5)),
        ("/issues?limit=2&before=3", &[2, 1], None),
        ("/issues?before=1", &[], None),
        ("/issues?state=open", &[6, 4], None),
        ("/issues?state=open&limit=1", &[6], Some(6)),
        ("/issues?state=open&limit=1&before=6", &[4], None),
        ("/issues?state=done", &[5, 3, 2, 1], None),
        ("/issues?state=done&limit=2", &[5, 3], Some(3)),
        ("/issues?state=waiting", &[], None),
        ("/issues?environment=prod", &[], None),
        ("/issues?environment=test&limit=1", &[6], Some(6)),
        ("/issues?database=db_other", &[2], None),
        ("/issues?database=demo-test/db_other", &[2], None),
        ("/issues?author=ada", &[3], None),
        ("/issues?author=dev&limit=1", &[6], Some(6)),
        ("/issues?author=DEV@example.com&limit=1", &[6], Some(6)),
        ("/issues?older_than=5h", &[2, 1], None),
        ("/issues?newer_than=2h", &[6, 5], None),
        ("/issues?older_than=2h&newer_than=4h", &[5, 4, 3], None),
        ("/issues?older_than=2h&state=open", &[4], None),
    ] {
        let response = call_of(&app, "GET", path, me, "").await;
        assert_eq!(response.status(), 200, "{path}: {}", response.body());
        let page: serde_json::Value = serde_json::from_str(response.body()).unwrap();
        let issues = page["issues"].as_array().unwrap().iter();
        let told: Vec<_> = issues
            .map(|view| view["issue"]["number"].as_u64().unwrap())
            .collect();
        assert_eq!(told, numbers, "{path}");
        assert_eq!(page["next"].as_u64(), next, "{path}");
    }
    for path in [
        "/issues?state=opne",
        "/issues?older_than=1y",
        "/issues?newer_than=x",
    ] {
        let response = call_of(&app, "GET", path, me, "").await;
        assert_eq!(response.status(), 400, "{path}: {}", response.body());
        assert!(response.body().contains("filter-invalid"), "{}", response.body());
    }
}

/// The audit is told in parts: from the newest issue down, and settings last.
#[tokio::test]
async fn the_audit_is_told_in_parts() {
    let app = app();
    let first = fixtures::settings(1);
    let settings = app.ledger.put_settings(&first, fixtures::settings_audit());
    assert_eq!(settings.await.unwrap(), Committed::Yes);
    for issue in 1..=2 {
        let number = IssueNumber(issue);
        let said = |second| {
            let entry = fixtures::audit(AuditChain::Issue(number), Deed::IssuePlanned, second);
            Write::Audit(entry)
        };
        let writes = vec![Write::IssueNumber(number), said(1), said(2)];
        assert_eq!(app.ledger.commit(writes).await.unwrap(), Committed::Yes);
    }
    let me = Some("arn:aws:iam::000000000000:user/somebody");
    for (path, told, next) in [
        ("/audit", &["issue-2 2", "issue-1 2", "settings 1"][..], None),
        ("/audit?limit=3", &["issue-2 2", "issue-1 1"], Some("issue-1.1")),
        (
            "/audit?limit=3&from=issue-1.1",
            &["issue-1 1", "settings 1"],
            None,
        ),
        ("/audit?issue=1", &["issue-1 2"], None),
        ("/audit?issue=1&limit=1", &["issue-1 1"], Some("issue-1.1")),
    ] {
        let response = call_of(&app, "GET", path, me, "").await;
        assert_eq!(response.status(), 200, "{path}: {}", response.body());
        let page: serde_json::Value = serde_json::from_str(response.body()).unwrap();
        let parts = page["chains"].as_array().unwrap().iter();
        let parts: Vec<String> = parts
            .map(|part| {
                let (chain, items) = (part["chain"].as_str().unwrap(), part["items"].as_array().unwrap());
                format!("{chain} {}", items.len())
            })
            .collect();
        assert_eq!(parts, told, "{path}");
        assert_eq!(page["next"].as_str(), next, "{path}");
        assert_eq!(page["newest"], 2);
    }
    for (path, status, code) in [
        ("/audit?issue=3", 404, "issue-unknown"),
        ("/audit?issue=x", 400, "issue-invalid"),
        ("/audit?from=issue-1", 400, "place-unknown"),
    ] {
        let response = call_of(&app, "GET", path, me, "").await;
        assert_eq!(response.status(), status, "{path}");
        assert!(response.body().contains(code), "{}", response.body());
    }
}

/// What is refused changes nothing, and is not in the audit; what is done is.
#[tokio::test]
async fn settings_that_are_applied_are_in_the_audit_with_who_did_it() {
    let app = app();
    let arn = "arn:aws:iam::000000000000:user/dba";
    let dba = Some(arn);
    let somebody = Some("arn:aws:iam::000000000000:user/somebody");
    for (who, status) in [(somebody, 403), (dba, 200), (dba, 200)] {
        let response = call_of(&app, "PUT", "/settings", who, fixtures::SETTINGS).await;
        assert_eq!(response.status(), status, "{}", response.body());
    }
    let response = call_of(&app, "GET", "/audit", dba, "").await;
    let page: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    let items = page["chains"][0]["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "the same settings again are no news");
    assert_eq!(items[0]["deed"], "settings_applied");
    assert_eq!(items[0]["by"]["principal"]["arn"], arn);
}
