//! Orders to the stand-in for GitHub, and what it saw.

use crate::{Driver, Trouble};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Which of the App's tokens was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// The App's own signature.
    App,
    /// A token that may only read: the planner's, and the sweeper's.
    Reading,
    /// A token that may write: the reporter's.
    Writing,
}

/// How often our functions asked for an operation of GitHub's.
#[derive(Debug, Clone, Deserialize)]
pub struct CallCount {
    /// The method.
    pub method: String,
    /// The path, without names.
    pub path: String,
    /// With what.
    pub shown: Shown,
    /// How often.
    pub calls: u64,
    /// How many of them were answered with "not modified".
    pub unchanged: u64,
}

/// A call of our functions.
#[derive(Debug, Clone, Deserialize)]
pub struct Call {
    /// When it came.
    pub at: Timestamp,
    /// How long GitHub took, in milliseconds.
    pub took_ms: f64,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// How it was answered.
    pub status: u16,
    /// What a check run was told: its status, or its conclusion once it has one.
    #[serde(default)]
    pub told: Option<String>,
}

/// A delivery, and what came of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Delivered {
    /// Its id.
    pub id: u64,
    /// The name that its redeliveries share.
    pub guid: String,
    /// When it left.
    pub delivered_at: Timestamp,
    /// How long its answer took, in seconds.
    pub duration: f64,
    /// Whether it was sent before.
    pub redelivery: bool,
    /// `OK`, or what went wrong.
    pub status: String,
    /// The answer's status; 0 where none came.
    pub status_code: u16,
    /// The event.
    pub event: String,
    /// Its action.
    pub action: Option<String>,
}

/// What went to and fro, since calls were last forgotten; deliveries newest first.
#[derive(Debug, Clone, Deserialize)]
pub struct Exchanges {
    /// The calls of our functions.
    pub calls: Vec<Call>,
    /// All deliveries.
    pub deliveries: Vec<Delivered>,
}

/// Operations of GitHub's that are to fail, for our functions alone.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// The method; none for any.
    pub method: Option<&'a str>,
    /// The path, where `*` is any run of characters.
    pub path: &'a str,
    /// How often; until [`Driver::heal`] where there is none.
    pub times: Option<u32>,
}

/// How an operation fails.
#[derive(Debug, Clone, Copy)]
pub enum Failure<'a> {
    /// It is answered so, and nothing is done.
    Answer {
        /// The status.
        status: u16,
        /// Headers.
        headers: &'a [(&'a str, &'a str)],
        /// What GitHub says, as the `message` of its answer.
        message: &'a str,
    },
    /// Nothing is done, and no answer comes.
    Silence,
    /// It is done, and no answer comes.
    LostReply,
}

impl Driver {
    /// How often our functions asked GitHub for what, since that was last forgotten.
    pub fn calls(&self) -> Result<Vec<CallCount>, Trouble> {
        self.seen("calls")
    }

    /// Counts calls from here on.
    pub fn forget_calls(&self) -> Result<(), Trouble> {
        self.order("DELETE", "calls", &Value::Null)
    }

    /// The calls and deliveries one by one.
    pub fn exchanges(&self) -> Result<Exchanges, Trouble> {
        self.seen("log")
    }

    /// Drops every webhook from here on, or none.
    pub fn drop_webhooks(&self, drop: bool) -> Result<(), Trouble> {
        self.order("PUT", "webhooks", &json!({ "drop": drop }))
    }

    /// Orders a failure.
    pub fn fail(&self, operation: Operation<'_>, failure: Failure<'_>) -> Result<(), Trouble> {
        let what = match failure {
            Failure::Answer {
                status,
                headers,
                message,
            } => {
                let headers: Value = headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), json!(value)))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
                let body = json!({ "message": message }).to_string();
                json!({ "answer": { "status": status, "headers": headers, "body": body } })
            }
            Failure::Silence => json!("silence"),
            Failure::LostReply => json!("lost_reply"),
        };
        let Operation { method, path, times } = operation;
        let fault = json!({ "method": method, "path": path, "times": times, "what": what });
        self.order("POST", "faults", &fault)
    }

    /// Takes back every failure that was ordered.
    pub fn heal(&self) -> Result<(), Trouble> {
        self.order("DELETE", "faults", &Value::Null)
    }

    /// How many failures that were ordered are still to come.
    pub fn failures_left(&self) -> Result<usize, Trouble> {
        let left: Vec<Value> = self.seen("faults")?;
        Ok(left.len())
    }

    /// Protects a branch of the watched repository from our App, or lets it write again.
    pub fn protect(&self, branch: &str, protected: bool) -> Result<(), Trouble> {
        let rule = json!({ "repository": self.stack.repository, "branch": branch, "protected": protected });
        self.order("PUT", "rules", &rule)
    }

    pub(crate) fn order(&self, method: &str, what: &str, body: &Value) -> Result<(), Trouble> {
        self.ask(method, what, body).map(|_answer| ())
    }

    pub(crate) fn seen<T: DeserializeOwned>(&self, what: &str) -> Result<T, Trouble> {
        let answer = self.ask("GET", what, &Value::Null)?;
        serde_json::from_str(&answer)
            .map_err(|error| Trouble(format!("the stand-in answered something else: {error}: {answer}")))
    }

    fn ask(&self, method: &str, what: &str, body: &Value) -> Result<String, Trouble> {
        let url = format!("{}/_stand_in/{what}", self.stack.github_api_url);
        let headers = [("content-type", "application/json")];
        let answer = self
            .http
            .send(method, &url, &headers, body.to_string().into_bytes())?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        Err(Trouble(format!(
            "the stand-in answered {method} {what} with {}: {}",
            answer.status, answer.body
        )))
    }
}

/// How many calls there were to paths that hold this text.
pub fn total(calls: &[CallCount], path: &str) -> u64 {
    let fits = calls.iter().filter(|count| count.path.contains(path));
    fits.map(|count| count.calls).sum()
}
