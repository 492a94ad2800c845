//! Deliveries sent by hand: signed right, or wrong on purpose.

use crate::{Answer, Driver, Trouble};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

impl Driver {
    /// The signature that GitHub would send with a body.
    pub fn signature(&self, body: &str) -> Result<String, Trouble> {
        signature(&self.stack.webhook_secret, body)
    }

    /// Posts a delivery with exactly these headers.
    pub fn deliver(&self, headers: &[(&str, &str)], body: &str) -> Result<Answer, Trouble> {
        let url = format!("{}/webhooks/github", self.stack.api_url);
        self.post(&url, headers, body)
    }

    /// Posts to any address.
    pub fn post(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer, Trouble> {
        self.http.send("POST", url, headers, body.as_bytes().to_vec())
    }

    /// Patches at any address.
    pub fn patch(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer, Trouble> {
        self.http.send("PATCH", url, headers, body.as_bytes().to_vec())
    }

    /// Posts a rightly signed delivery.
    pub fn deliver_signed(&self, event: &str, delivery: &str, body: &str) -> Result<Answer, Trouble> {
        let signature = self.signature(body)?;
        let headers = [
            ("content-type", "application/json"),
            ("x-github-event", event),
            ("x-github-delivery", delivery),
            ("x-hub-signature-256", signature.as_str()),
        ];
        self.deliver(&headers, body)
    }

    /// The body of a push delivery of the watched repository by the developer.
    pub fn push_payload(&self, git_ref: &str, before: &str, after: &str) -> String {
        serde_json::json!({
            "ref": git_ref,
            "before": before,
            "after": after,
            "repository": { "id": self.stack.repository_id, "full_name": self.stack.repository },
            "sender": { "id": 3, "login": "dana", "type": "User" },
            "installation": { "id": self.stack.installation_id },
        })
        .to_string()
    }
}

/// `sha256=` and the HMAC of a body under a secret.
pub fn signature(secret: &str, body: &str) -> Result<String, Trouble> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map_err(|error| Trouble(format!("the webhook secret can't sign: {error}")))?;
    mac.update(body.as_bytes());
    Ok(format!("sha256={}", hex::encode(mac.finalize().into_bytes())))
}
