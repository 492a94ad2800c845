//! What was asked, by whom, when and how often.

use crate::message::{Answer, Asked};
use crate::route::template;
use hyper::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

/// How many calls are remembered one by one.
const REMEMBERED: usize = 10_000;

/// Which of the App's tokens a call showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Shown {
    /// The App's own signature.
    App,
    /// A token that may only read.
    Reading,
    /// A token that may write.
    Writing,
}

/// A call of the App.
#[derive(Debug, Clone, Serialize)]
struct Call {
    /// When it came.
    at: Timestamp,
    /// How long it took, in milliseconds.
    took_ms: f64,
    method: String,
    path: String,
    status: u16,
    /// What a check run was told: its status, or its conclusion once it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<String>,
}

/// How often an operation was asked for.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    calls: u64,
    /// How many of them were answered with "not modified".
    unchanged: u64,
}

/// The calls of the App since they were last forgotten.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    counts: BTreeMap<(String, String, Shown), Count>,
    log: VecDeque<Call>,
    /// The tokens that were given out: never forgotten.
    tokens: HashMap<String, Shown>,
}

impl Calls {
    /// Notes a call of the App and its answer.
    pub(crate) fn note(&mut self, asked: &Asked, answer: &Answer, at: Timestamp, took: Duration) {
        if asked.path.ends_with("/access_tokens") {
            self.note_token(asked, answer);
        }
        let shown = self.tokens.get(asked.token()).copied().unwrap_or(Shown::App);
        let key = (asked.method.to_string(), template(&asked.path), shown);
        let count = self.counts.entry(key).or_default();
        count.calls += 1;
        count.unchanged += u64::from(answer.status == StatusCode::NOT_MODIFIED);
        let told = asked.path.contains("/check-runs").then(|| asked.json());
        if self.log.len() == REMEMBERED {
            self.log.pop_front();
        }
        self.log.push_back(Call {
            at,
            took_ms: took.as_secs_f64() * 1000.0,
            method: asked.method.to_string(),
            path: asked.path.clone(),
            status: answer.status.as_u16(),
            told: told.and_then(|body| {
                let said = body["conclusion"].as_str().or(body["status"].as_str());
                said.map(ToOwned::to_owned)
            }),
        });
    }

    /// Notes what a token may that was given out.
    fn note_token(&mut self, asked: &Asked, answer: &Answer) {
        let wished = asked.json();
        let may_write = |wished: &Map<String, Value>| wished.values().any(|may| may == "write");
        let shown = if wished["permissions"].as_object().is_none_or(may_write) {
            Shown::Writing
        } else {
            Shown::Reading
        };
        if let Some(token) = answer.read()["token"].as_str() {
            self.tokens.insert(token.to_owned(), shown);
        }
    }

    pub(crate) fn forget(&mut self) {
        self.counts.clear();
        self.log.clear();
    }

    /// How often each operation was asked for.
    pub(crate) fn counted(&self) -> Value {
        self.counts
            .iter()
            .map(|((method, path, shown), count)| {
                json!({
                    "method": method,
                    "path": path,
                    "shown": shown,
                    "calls": count.calls,
                    "unchanged": count.unchanged,
                })
            })
            .collect()
    }

    /// The calls one by one.
    pub(crate) fn log(&self) -> Value {
        json!(self.log)
    }
}
