//! GitHub as far as connecting goes, and the stack's webhook: a server on loopback that keeps what it is told.

use super::description::wrong_with;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::cell::{Cell, RefCell};
use testkit::FixedSecrets;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use workflow::ports::secrets::SecretStore as _;
use workflow::stored_secret::webhook_secrets;

/// The key of every App that is made.
pub(super) const PEM: &str = include_str!("../../../../../../shared/github/src/tests/no_app.pem");
/// The secret that GitHub makes up for an App, and that is never used.
const GITHUBS_OWN: &str = "githubs-own-secret";

/// What GitHub knows.
pub(super) struct FakeGitHub {
    listener: TcpListener,
    secrets: FixedSecrets,
    /// Apps that were made.
    pub(super) made: Cell<u64>,
    /// The App whose key is accepted.
    pub(super) app: Cell<Option<u64>>,
    pub(super) installed: Cell<bool>,
    pub(super) repositories: RefCell<Vec<&'static str>>,
    pub(super) hook: RefCell<(String, String)>,
    pub(super) deliveries: RefCell<Vec<Value>>,
    /// Where GitHub says that the App's page is, where it is not on this server.
    pub(super) elsewhere: Cell<Option<&'static str>>,
    /// The webhook accepts another secret than the one that is kept.
    pub(super) refuses: Cell<bool>,
    /// Codes are good for an hour.
    pub(super) expired: Cell<bool>,
    /// Permissions of an App that was made by hand.
    pub(super) permissions: RefCell<Value>,
    /// Everything that was asked.
    pub(super) asked: RefCell<Vec<String>>,
    /// When to be gone: after so many answers.
    pub(super) answers_left: Cell<Option<usize>>,
    pub(super) gone: Notify,
}

/// One request.
struct Request {
    line: String,
    head: String,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The App that signed the token.
    fn app(&self) -> Option<u64> {
        let token = self.header("authorization")?.strip_prefix("Bearer ")?;
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
        serde_json::from_slice::<Value>(&claims).ok()?["iss"].as_u64()
    }
}

impl FakeGitHub {
    pub(super) async fn start(secrets: FixedSecrets) -> Self {
        let manifest: Value =
            serde_json::from_str(include_str!("../../../../../github-app/manifest.json")).unwrap();
        Self {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            secrets,
            made: Cell::new(0),
            app: Cell::new(None),
            installed: Cell::new(false),
            repositories: RefCell::new(vec!["acme/shop"]),
            hook: RefCell::default(),
            deliveries: RefCell::default(),
            elsewhere: Cell::new(None),
            refuses: Cell::new(false),
            expired: Cell::new(false),
            permissions: RefCell::new(manifest["default_permissions"].clone()),
            asked: RefCell::default(),
            answers_left: Cell::new(None),
            gone: Notify::new(),
        }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    pub(super) fn webhook_url(&self) -> String {
        format!("{}/v1/webhooks/github", self.url())
    }

    /// What was asked since it was last told.
    pub(super) fn news(&self) -> Vec<String> {
        self.asked.take()
    }

    /// A person presses the button: GitHub makes the App and leads back with a code.
    pub(super) fn press(&self, manifest: &Value) -> String {
        let id = 100 + self.made.get();
        self.made.set(self.made.get() + 1);
        self.app.set(Some(id));
        let url = manifest["hook_attributes"]["url"].as_str().unwrap().to_owned();
        *self.hook.borrow_mut() = (url, GITHUBS_OWN.to_owned());
        // Signed with a secret that nobody else knows yet.
        self.deliver("ping", "first");
        format!("code{id}")
    }

    /// An attempt to deliver, answered as the stack's webhook answers.
    fn deliver(&self, event: &str, guid: &str) {
        let secret = self.hook.borrow().1.clone();
        let accepted = !self.refuses.get() && self.stored().as_deref() == Some(&secret);
        let status = if accepted { 200 } else { 401 };
        let mut deliveries = self.deliveries.borrow_mut();
        let id = deliveries.len() + 1;
        let word = if status == 200 {
            "OK"
        } else {
            "Invalid HTTP Response: 401"
        };
        let delivery = json!({"id": id, "guid": guid, "event": event, "status": word, "status_code": status});
        deliveries.insert(0, delivery);
    }

    /// The secret that the webhook accepts.
    pub(super) fn stored(&self) -> Option<String> {
        use secrecy::ExposeSecret as _;
        let found = futures::executor::block_on(self.secrets.find("sluice/webhook")).unwrap()?;
        let read = webhook_secrets("sluice/webhook", &found).ok()?;
        Some(read.current.expose_secret().to_owned())
    }

    /// Answers until it is gone.
    pub(super) async fn serve(&self) {
        loop {
            if self.answers_left.get() == Some(0) {
                self.gone.notify_one();
                return std::future::pending().await;
            }
            let (mut stream, _) = self.listener.accept().await.unwrap();
            let request = read(&mut stream).await;
            self.asked.borrow_mut().push(request.line.clone());
            let (status, body) = self.answer(&request);
            let body = body.to_string();
            let reply = format!(
                "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(reply.as_bytes()).await.unwrap();
            self.answers_left
                .set(self.answers_left.get().map(|left| left - 1));
        }
    }

    fn answer(&self, request: &Request) -> (u16, Value) {
        let (method, path) = request.line.split_once(' ').unwrap();
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        if segments == ["v1", "webhooks", "github"] {
            return (self.webhook(request), Value::Null);
        }
        let wrong = wrong_with(&request.line, &request.json());
        assert!(wrong.is_empty(), "GitHub does not describe this: {wrong:#?}");
        if let ["app-manifests", code, "conversions"] = segments.as_slice() {
            let known =
                !self.expired.get() && Some(*code) == self.app.get().map(|id| format!("code{id}")).as_deref();
            return if known {
                (201, self.conversion())
            } else {
                (404, no("Not Found"))
            };
        }
        if segments.first() == Some(&"installation") {
            assert_eq!(request.header("authorization"), Some("Bearer ghs_narrow"));
            let all = self.repositories.borrow();
            let all: Vec<Value> = (1..)
                .zip(all.iter())
                .map(|(id, name)| json!({"id": id, "full_name": name}))
                .collect();
            return (200, json!({"total_count": all.len(), "repositories": all}));
        }
        if request.app().is_none() || request.app() != self.app.get() {
            return (401, no("A JSON web token could not be decoded"));
        }
        match (method, segments.as_slice()) {
            ("GET", ["app"]) => (200, self.described()),
            ("GET", ["app", "hook", "config"]) => {
                (200, json!({"url": self.hook.borrow().0, "secret": "********"}))
            }
            ("PATCH", ["app", "hook", "config"]) => {
                let body = request.json();
                let text = |name: &str| body[name].as_str().unwrap().to_owned();
                *self.hook.borrow_mut() = (text("url"), text("secret"));
                (200, json!({"url": text("url")}))
            }
            ("GET", ["app", "installations"]) if self.installed.get() => (
                200,
                json!([{"id": 7, "suspended_at": null}, {"id": 8, "suspended_at": "2026-01-01T00:00:00Z"}]),
            ),
            ("GET", ["app", "installations"]) => (200, json!([])),
            ("POST", ["app", "installations", "7", "access_tokens"]) => {
                assert_eq!(request.json(), json!({"permissions": {"metadata": "read"}}));
                (201, json!({"token": "ghs_narrow"}))
            }
            ("GET", ["app", "hook", "deliveries"]) => (200, self.deliveries.borrow().clone().into()),
            ("POST", ["app", "hook", "deliveries", id, "attempts"]) => {
                let again = self
                    .deliveries
                    .borrow()
                    .iter()
                    .find(|one| one["id"].as_u64() == id.parse().ok())
                    .cloned();
                let again = again.unwrap();
                self.deliver(again["event"].as_str().unwrap(), again["guid"].as_str().unwrap());
                (202, json!({}))
            }
            other => panic!("GitHub is not asked this: {other:?}"),
        }
    }

    fn described(&self) -> Value {
        json!({
            "id": self.app.get(),
            "slug": "sluice-acme",
            "html_url": format!("{}/apps/sluice-acme", self.elsewhere.get().map_or_else(|| self.url(), str::to_owned)),
            "permissions": *self.permissions.borrow(),
            "events": ["check_run", "pull_request", "push"],
        })
    }

    fn conversion(&self) -> Value {
        let mut made = self.described();
        made["pem"] = PEM.into();
        made["webhook_secret"] = GITHUBS_OWN.into();
        made["client_secret"] = "a-client-secret".into();
        made
    }

    /// The stack's webhook, as far as it answers a ping.
    fn webhook(&self, request: &Request) -> u16 {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.stored().unwrap_or_default().as_bytes()).unwrap();
        mac.update(&request.body);
        let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        if !self.refuses.get() && request.header("x-hub-signature-256") == Some(&expected) {
            200
        } else {
            401
        }
    }
}

fn no(message: &str) -> Value {
    json!({"message": message})
}

async fn read(stream: &mut tokio::net::TcpStream) -> Request {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase();
            let length = length
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= head.len() + 4 + length {
                return Request {
                    line: head
                        .lines()
                        .next()
                        .unwrap()
                        .trim_end_matches(" HTTP/1.1")
                        .to_owned(),
                    head: head.to_owned(),
                    body: bytes.split_off(head.len() + 4),
                };
            }
        }
        assert!(
            stream.read_buf(&mut bytes).await.unwrap() > 0,
            "the request ended early"
        );
    }
}
