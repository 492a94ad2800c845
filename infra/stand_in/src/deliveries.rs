//! The App's deliveries: sent on, remembered, listed and sent again, as GitHub's API has it.

use crate::desk::Desk;
use crate::emulator::read;
use crate::message::{Answer, Asked};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use hyper::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Instant;

/// A delivery that was tried.
#[derive(Debug, Clone)]
struct Delivery {
    id: u64,
    guid: String,
    event: String,
    action: Option<String>,
    installation: Option<u64>,
    repository: Option<u64>,
    at: Timestamp,
    took_ms: f64,
    redelivery: bool,
    signature: String,
    body: Bytes,
    /// What came back; none where nobody was reached.
    came_back: Option<(u16, String)>,
}

/// What is delivered.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) event: String,
    pub(crate) guid: String,
    pub(crate) signature: String,
    pub(crate) body: Bytes,
}

/// All deliveries, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    all: Vec<Delivery>,
    last: u64,
    dropping: bool,
}

impl Deliveries {
    /// From now on nothing reaches anybody, or everything does again.
    pub(crate) fn drop_all(&mut self, dropping: bool) {
        self.dropping = dropping;
    }

    /// Every delivery with what came of it, newest first.
    pub(crate) fn log(&self) -> Value {
        self.all.iter().rev().map(Delivery::summary).collect()
    }

    fn keep(&mut self, delivery: Delivery) {
        self.all.push(delivery);
        self.all.sort_by_key(|delivery| delivery.id);
    }

    fn find(&self, id: u64) -> Option<&Delivery> {
        self.all.iter().find(|delivery| delivery.id == id)
    }
}

impl Delivery {
    fn status(&self) -> (String, u16) {
        match &self.came_back {
            None => ("failed to connect to host".to_owned(), 0),
            Some((code @ 200..=299, _)) => ("OK".to_owned(), *code),
            Some((code, _)) => (format!("Invalid HTTP Response: {code}"), *code),
        }
    }

    fn summary(&self) -> Value {
        let (status, code) = self.status();
        json!({
            "id": self.id,
            "guid": self.guid,
            "delivered_at": self.at,
            "redelivery": self.redelivery,
            "duration": self.took_ms / 1000.0,
            "status": status,
            "status_code": code,
            "event": self.event,
            "action": self.action,
            "installation_id": self.installation,
            "repository_id": self.repository,
            "throttled_at": null,
        })
    }

    fn whole(&self) -> Value {
        let mut whole = self.summary();
        let payload: Value = serde_json::from_slice(&self.body).unwrap_or(Value::Null);
        whole["url"] = json!("");
        whole["request"] = json!({
            "headers": {
                "X-GitHub-Delivery": self.guid,
                "X-GitHub-Event": self.event,
                "X-Hub-Signature-256": self.signature,
                "content-type": "application/json",
            },
            "payload": payload,
        });
        let answered = self.came_back.as_ref().map(|(_, text)| text);
        whole["response"] = json!({ "headers": {}, "payload": answered });
        whole
    }
}

/// A name for a new delivery.
#[expect(clippy::disallowed_methods, reason = "GitHub's names are random, too")]
pub(crate) fn new_guid() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// When a repository was pushed to, as pushes tell it.
pub(crate) fn pushed_now() -> Value {
    Value::from(Timestamp::now().as_second())
}

/// A parcel of our own, signed.
pub(crate) fn signed(desk: &Desk, event: &str, payload: &Value) -> Parcel {
    let body = Bytes::from(payload.to_string());
    Parcel {
        event: event.to_owned(),
        guid: new_guid(),
        signature: signature(&desk.config.webhook_secret, &body),
        body,
    }
}

fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Delivers a parcel, or keeps it where everything is dropped, and remembers what came of it.
pub(crate) async fn deliver(desk: &Desk, parcel: Parcel, redelivery: bool) {
    let (id, dropping) = {
        let mut deliveries = desk.deliveries();
        deliveries.last += 1;
        (deliveries.last, deliveries.dropping)
    };
    let (at, began) = (Timestamp::now(), Instant::now());
    let came_back = if dropping { None } else { send(desk, &parcel).await };
    let payload: Value = serde_json::from_slice(&parcel.body).unwrap_or(Value::Null);
    desk.deliveries().keep(Delivery {
        id,
        guid: parcel.guid,
        event: parcel.event,
        action: payload["action"].as_str().map(ToOwned::to_owned),
        installation: payload["installation"]["id"].as_u64(),
        repository: payload["repository"]["id"].as_u64(),
        at,
        took_ms: began.elapsed().as_secs_f64() * 1000.0,
        redelivery,
        signature: parcel.signature,
        body: parcel.body,
        came_back,
    });
}

async fn send(desk: &Desk, parcel: &Parcel) -> Option<(u16, String)> {
    let request = desk
        .client
        .request(Method::POST, &desk.config.webhook)
        .header("content-type", "application/json")
        .header("user-agent", "GitHub-Hookshot/stand-in")
        .header("x-github-event", &parcel.event)
        .header("x-github-delivery", &parcel.guid)
        .header("x-hub-signature-256", &parcel.signature)
        // GitHub waits ten seconds.
        .timeout(std::time::Duration::from_secs(10))
        .body(parcel.body.clone());
    let answer = read(request).await.ok()?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    Some((answer.status.as_u16(), text))
}

/// `/app/hook/deliveries` and what is below it; none for any other path.
pub(crate) async fn answer(desk: &Desk, asked: &Asked) -> Option<Answer> {
    let rest = asked.path.strip_prefix("/app/hook/deliveries")?;
    if !is_the_app(desk, asked.token()) {
        return Some(Answer::refused(
            StatusCode::UNAUTHORIZED,
            "A JSON web token could not be decoded",
        ));
    }
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let id = |text: &str| text.parse::<u64>().ok();
    Some(match (asked.method.as_str(), parts.as_slice()) {
        ("GET", []) => list(desk, asked),
        ("GET", [number]) => {
            match id(number).and_then(|id| desk.deliveries().find(id).map(Delivery::whole)) {
                Some(whole) => Answer::json(StatusCode::OK, &whole),
                None => not_found(),
            }
        }
        ("POST", [number, "attempts"]) => again(desk, id(number)).await,
        _ => not_found(),
    })
}

fn list(desk: &Desk, asked: &Asked) -> Answer {
    let size = asked
        .parameter("per_page")
        .and_then(|text| text.parse().ok())
        .unwrap_or(30_usize)
        .clamp(1, 100);
    let only = asked.parameter("redelivery").map(|text| text == "true");
    let wanted = asked.parameter("status");
    // A cursor is the id of the first delivery of its page.
    let from: u64 = match asked.parameter("cursor") {
        None => u64::MAX,
        Some(cursor) => match cursor.strip_prefix("v1_").and_then(|text| text.parse().ok()) {
            Some(from) => from,
            None => return Answer::refused(StatusCode::UNPROCESSABLE_ENTITY, "Invalid cursor"),
        },
    };
    let deliveries = desk.deliveries();
    let mut found = deliveries.all.iter().rev().filter(|delivery| {
        let succeeded = matches!(delivery.came_back, Some((200..=299, _)));
        let fits = match wanted.as_deref() {
            Some("success") => succeeded,
            Some("failure") => !succeeded,
            Some(_) | None => true,
        };
        delivery.id <= from && fits && only.is_none_or(|only| delivery.redelivery == only)
    });
    let page: Value = found.by_ref().take(size).map(Delivery::summary).collect();
    let next = found.next().map(|delivery| delivery.id);
    let mut answer = Answer::json(StatusCode::OK, &page);
    if let Some(next) = next {
        let url = &desk.config.url;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("per_page", &size.to_string());
        for (name, value) in [("redelivery", asked.parameter("redelivery")), ("status", wanted)] {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        query.append_pair("cursor", &format!("v1_{next}"));
        let query = query.finish();
        answer.set(
            "link",
            &format!("<{url}/app/hook/deliveries?{query}>; rel=\"next\""),
        );
    }
    answer
}

/// Sends a delivery again, under the name that it had.
pub(crate) async fn again(desk: &Desk, id: Option<u64>) -> Answer {
    let found = id.and_then(|id| desk.deliveries().find(id).cloned());
    let Some(delivery) = found else {
        return not_found();
    };
    let parcel = Parcel {
        event: delivery.event,
        guid: delivery.guid,
        signature: delivery.signature,
        body: delivery.body,
    };
    deliver(desk, parcel, true).await;
    Answer::json(StatusCode::ACCEPTED, &json!({}))
}

fn not_found() -> Answer {
    Answer::refused(StatusCode::NOT_FOUND, "Not Found")
}

/// Whether a token reads like the App's own, which says who issued it. The emulator checks its signature elsewhere.
fn is_the_app(desk: &Desk, token: &str) -> bool {
    let claims = token
        .split('.')
        .nth(1)
        .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok())
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
        .unwrap_or(Value::Null);
    let id = desk.config.app_id;
    claims["iss"].as_u64() == Some(id) || claims["iss"].as_str() == Some(id.to_string().as_str())
}
