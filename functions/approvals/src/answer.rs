//! Answers: JSON, with a stable code on every refusal.

use lambda_http::Response;
use lambda_http::http::StatusCode;
use lambda_http::http::header::{CONTENT_TYPE, HeaderValue};
use model::{Fault, Refusal};
use serde::Serialize;

/// 200 with a document.
pub(crate) fn ok(document: &impl Serialize) -> Result<Response<String>, Fault> {
    let text = serde_json::to_string(document)
        .map_err(|error| Fault::Bug(format!("an answer can't be written: {error}")))?;
    Ok(response(StatusCode::OK, text))
}

/// 4xx with code and reason.
pub(crate) fn refused(refusal: &Refusal) -> Result<Response<String>, Fault> {
    let mut response = ok(refusal)?;
    *response.status_mut() = status(&refusal.code);
    Ok(response)
}

fn status(code: &str) -> StatusCode {
    match code {
        "issue-unknown"
        | "version-unknown"
        | "route-unknown"
        | "stage-unknown"
        | "environment-unknown"
        | "no-settings" => StatusCode::NOT_FOUND,
        "caller-unknown"
        | "not-a-member"
        | "approver-unmapped"
        | "pusher-unknown"
        | "approval-own"
        | "approver-unknown"
        | "step-later"
        | "freeze-of-others"
        | "github-off"
        | "not-an-administrator" => StatusCode::FORBIDDEN,
        "digest-stale"
        | "decided-since"
        | "button-unknown"
        | "settings-changed"
        | "stage-done"
        | "nothing-waiting"
        | "decision-overtaken"
        | "approval-expired"
        | "no-such-task"
        | "not-frozen"
        | "freezes-changed"
        | "task-running"
        | "depends-in-circle"
        | "file-gone"
        | "version-late"
        | "approval-not-required" => StatusCode::CONFLICT,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn response(status: StatusCode, text: String) -> Response<String> {
    let mut response = Response::new(text);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
