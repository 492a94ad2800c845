//! What a delivery means.

mod click;
mod pull_request;

use crate::signature::Verified;
use model::{Checksum, CommitSha, DeliveryId, Pusher, RepositoryId};
use serde::Deserialize;

pub use click::ClickEvent;
pub use pull_request::{PullRequestAction, PullRequestEvent, content_key as pull_request_content_key};

/// The most characters a ref may have: git itself stops at a file name's length per segment.
const MAX_REF: usize = 1024;
/// The most characters a delivery's id may have; GitHub sends 36.
const MAX_DELIVERY: usize = 100;

/// What a delivery means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// GitHub tries the webhook out.
    Ping,
    /// A ref moved.
    Push(PushEvent),
    /// Something happened to a pull request that review has to look at.
    PullRequest(PullRequestEvent),
    /// Somebody clicked on a button of a check run.
    Click(ClickEvent),
    /// Something that we do not act on.
    Other {
        /// The event, as in `X-GitHub-Event`.
        event: String,
        /// What happened, where the payload says.
        action: Option<String>,
    },
}

/// A ref moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushEvent {
    /// GitHub's id of the delivery. Not covered by the signature: see [`content_key`].
    pub delivery: DeliveryId,
    /// The repository's numeric id.
    pub repository_id: RepositoryId,
    /// `owner/name`, for display.
    pub repository_name: String,
    /// The App installation that the delivery is for; none for webhooks set on the repository itself.
    pub installation_id: Option<u64>,
    /// The full ref, `refs/heads/…`.
    pub git_ref: String,
    /// The head before; all zeros for a new ref.
    pub before: CommitSha,
    /// The head after; all zeros for a deleted ref.
    pub after: CommitSha,
    /// Whether the ref is gone.
    pub deleted: bool,
    /// When the repository was pushed to, in GitHub's own words: what tells a ref that moved the same way twice from one
    /// delivery that comes twice.
    pub pushed_at: Option<String>,
    /// Who pushed, as GitHub authenticated it.
    pub sender: Pusher,
}

/// Why a signed delivery can't be understood. Never holds any of the body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON.
    #[error(
        "the body is not JSON (line {line}, column {column}); set the webhook's content type to application/json"
    )]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column.
        column: usize,
    },
    /// JSON with a value of another kind than GitHub documents.
    #[error("the payload has a value of an unexpected kind at line {line}, column {column}")]
    Shape {
        /// The line, from 1.
        line: usize,
        /// The column.
        column: usize,
    },
    /// Something needed is not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// Something needed is there, but can't be what it should be.
    #[error("`{field}` is not {expected}")]
    Invalid {
        /// Where.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}

/// Reads a delivery. `event` is `X-GitHub-Event`, `delivery` is `X-GitHub-Delivery`.
pub fn read(verified: &Verified<'_>, event: &str, delivery: &str) -> Result<Event, Unreadable> {
    match event {
        "ping" => Ok(Event::Ping),
        "push" => push(&parse(verified.body())?, delivery).map(Event::Push),
        "pull_request" => {
            let action = action(verified);
            let pull = pull_request::read(verified, action.as_deref().unwrap_or_default(), delivery)?;
            Ok(pull.map_or_else(|| other(event, action), Event::PullRequest))
        }
        "check_run" => match action(verified) {
            Some(action) if action == "requested_action" => click::read(verified, delivery).map(Event::Click),
            action => Ok(other(event, action)),
        },
        name => Ok(other(name, action(verified))),
    }
}

fn other(event: &str, action: Option<String>) -> Event {
    Event::Other {
        event: event.chars().filter(char::is_ascii_graphic).take(64).collect(),
        action,
    }
}

/// What happened, where the payload says.
fn action(verified: &Verified<'_>) -> Option<String> {
    let payload: ActionPayload = parse(verified.body()).ok()?;
    let action = payload.action?;
    Some(action.chars().filter(char::is_ascii_graphic).take(64).collect())
}

/// What tells two deliveries apart whatever ids they claim: the hash of repository, ref, before, after and time.
///
/// The delivery's id is not signed, so whoever holds one signed body can send it again under new ids.
pub fn content_key(push: &PushEvent) -> Checksum {
    // Lengths, so that no text can pass for two.
    let pushed_at = push.pushed_at.as_deref().unwrap_or_default();
    let text = [
        &push.git_ref,
        push.before.as_str(),
        push.after.as_str(),
        pushed_at,
    ]
    .map(|part| format!("{}:{part}\n", part.len()))
    .concat();
    let text = format!("push/2\n{}\n{text}", push.repository_id);
    Checksum::of(text.as_bytes())
}

#[derive(Deserialize)]
struct ActionPayload {
    action: Option<String>,
}

/// The few fields we use; every one optional, so that what is missing can be named.
#[derive(Deserialize)]
struct PushPayload {
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    before: Option<String>,
    after: Option<String>,
    deleted: Option<bool>,
    repository: Option<RepositoryPayload>,
    installation: Option<InstallationPayload>,
    sender: Option<SenderPayload>,
}

#[derive(Deserialize)]
struct RepositoryPayload {
    id: Option<u64>,
    full_name: Option<String>,
    /// A number of seconds in pushes, a text elsewhere.
    pushed_at: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct InstallationPayload {
    id: Option<u64>,
}

#[derive(Deserialize)]
struct SenderPayload {
    id: Option<u64>,
    login: Option<String>,
}

fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Unreadable> {
    // The parser's own message may quote the payload; only the place is kept.
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        if error.is_data() {
            Unreadable::Shape { line, column }
        } else {
            Unreadable::NotJson { line, column }
        }
    })
}

fn push(payload: &PushPayload, delivery: &str) -> Result<PushEvent, Unreadable> {
    let repository = payload
        .repository
        .as_ref()
        .ok_or(Unreadable::Missing("repository"))?;
    let sender = sender(payload.sender.as_ref())?;
    let before = commit("before", payload.before.as_deref())?;
    let after = commit("after", payload.after.as_deref())?;
    let name = text("repository.full_name", repository.full_name.as_deref(), 256)?;
    Ok(PushEvent {
        delivery: delivery_id(delivery)?,
        repository_id: RepositoryId(repository.id.ok_or(Unreadable::Missing("repository.id"))?),
        repository_name: name.to_owned(),
        installation_id: payload
            .installation
            .as_ref()
            .and_then(|installation| installation.id),
        git_ref: text("ref", payload.git_ref.as_deref(), MAX_REF)?.to_owned(),
        deleted: payload.deleted.unwrap_or(false) || after.is_zero(),
        before,
        after,
        pushed_at: repository.pushed_at.as_ref().and_then(time),
        sender,
    })
}

fn sender(payload: Option<&SenderPayload>) -> Result<Pusher, Unreadable> {
    let sender = payload.ok_or(Unreadable::Missing("sender"))?;
    Ok(Pusher {
        id: sender.id.ok_or(Unreadable::Missing("sender.id"))?,
        login: text("sender.login", sender.login.as_deref(), 256)?.to_owned(),
    })
}

/// A time as it stands there, if it can be one.
fn time(value: &serde_json::Value) -> Option<String> {
    let text = match value {
        serde_json::Value::Number(seconds) => seconds.to_string(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Array(_)
        | serde_json::Value::Object(_) => return None,
    };
    (text.len() <= 64).then_some(text)
}

fn delivery_id(delivery: &str) -> Result<DeliveryId, Unreadable> {
    if delivery.is_empty() {
        Err(Unreadable::Missing("X-GitHub-Delivery"))
    } else if delivery.len() > MAX_DELIVERY || !delivery.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(Unreadable::Invalid {
            field: "X-GitHub-Delivery",
            expected: "an id of at most 100 printable ASCII characters",
        })
    } else {
        Ok(DeliveryId::new(delivery))
    }
}

fn text<'a>(field: &'static str, value: Option<&'a str>, most: usize) -> Result<&'a str, Unreadable> {
    let value = value.ok_or(Unreadable::Missing(field))?;
    if value.is_empty() || value.len() > most {
        return Err(Unreadable::Invalid {
            field,
            expected: "a text of the length that GitHub allows",
        });
    }
    Ok(value)
}

fn commit(field: &'static str, value: Option<&str>) -> Result<CommitSha, Unreadable> {
    let value = value.ok_or(Unreadable::Missing(field))?;
    if value.len() == 40 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(CommitSha::new(value.to_ascii_lowercase()))
    } else {
        Err(Unreadable::Invalid {
            field,
            expected: "40 hexadecimal digits",
        })
    }
}

#[cfg(test)]
mod tests;
