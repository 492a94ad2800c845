//! A plain HTTP client that blocks.

use crate::Trouble;
use std::time::Duration;

/// An answer: status and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

pub(crate) struct Http {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Http")
    }
}

impl Http {
    pub(crate) fn new() -> Result<Self, Trouble> {
        let trouble = |error: &dyn std::fmt::Display| Trouble(format!("no HTTP client: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| trouble(&error))?;
        let client = reqwest::Client::builder()
            .timeout(Duration::from_mins(1))
            // The GitHub emulator closes what is idle for five seconds, without a word.
            .pool_idle_timeout(Duration::from_secs(1))
            // The stack is on this machine; a proxy would not find it.
            .no_proxy()
            .build()
            .map_err(|error| trouble(&error))?;
        Ok(Self { runtime, client })
    }

    pub(crate) fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, Trouble> {
        let trouble =
            |error: &dyn std::fmt::Display| Trouble(format!("{method} {url} got no answer: {error}"));
        let verb = reqwest::Method::from_bytes(method.as_bytes()).map_err(|error| trouble(&error))?;
        let mut request = self.client.request(verb, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.map_err(|error| trouble(&error))?;
            let status = answer.status().as_u16();
            let body = answer.text().await.map_err(|error| trouble(&error))?;
            Ok(Answer { status, body })
        })
    }
}
