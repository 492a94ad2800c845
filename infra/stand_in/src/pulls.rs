//! Pull requests: the emulator keeps the head that a pull request was opened with, and tells of no push to it. Here
//! answers and events have the head that the branch really has.

use crate::deliveries::{deliver, signed};
use crate::desk::Desk;
use crate::emulator::{ask, ask_as};
use crate::message::{Answer, Asked};
use crate::route::in_repository;
use bytes::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The heads of pull requests, by repository and number.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    /// The newest one known, also of those that are closed by now.
    newest: HashMap<(String, u64), String>,
    /// The one that was told of last: whoever reads a pull request meanwhile makes its new head known, and tells nobody.
    told: HashMap<(String, u64), String>,
}

/// The head of a branch.
pub(crate) async fn head_of(desk: &Desk, repository: &str, branch: &str) -> Option<String> {
    let found = ask(desk, &format!("/repos/{repository}/git/ref/heads/{branch}")).await?;
    found["object"]["sha"].as_str().map(ToOwned::to_owned)
}

/// The number of the pull request that a path is about, and what follows it.
fn named(path: &str) -> Option<(String, u64, &str)> {
    let (repository, rest) = in_repository(path)?;
    let rest = rest.strip_prefix("pulls/")?;
    let (number, rest) = rest.split_once('/').unwrap_or((rest, ""));
    Some((repository, number.parse().ok()?, rest))
}

/// The pull request as it is before a request that may change it.
pub(crate) async fn before(desk: &Desk, asked: &Asked) -> Option<Value> {
    let (repository, number, rest) = named(&asked.path)?;
    if asked.method != Method::PATCH || !rest.is_empty() {
        return None;
    }
    ask(desk, &format!("/repos/{repository}/pulls/{number}")).await
}

/// Puts the real heads into a pull request.
pub(crate) async fn renew(desk: &Desk, pull: &mut Value) {
    let Some(number) = pull["number"].as_u64() else {
        return;
    };
    let key = (text(&pull["base"]["repo"]["full_name"]), number);
    if pull["state"] != "open" {
        if let Some(head) = desk.heads().newest.get(&key) {
            pull["head"]["sha"] = json!(head);
        }
        return;
    }
    for side in ["head", "base"] {
        let repository = text(&pull[side]["repo"]["full_name"]);
        if let Some(head) = head_of(desk, &repository, &text(&pull[side]["ref"])).await {
            pull[side]["sha"] = json!(head);
        }
    }
    desk.heads().newest.insert(key, text(&pull["head"]["sha"]));
}

/// Puts the real heads into an answer that tells of pull requests.
pub(crate) async fn renewed(desk: &Desk, asked: &Asked, mut answer: Answer) -> Answer {
    let tells = in_repository(&asked.path).is_some_and(|(_, rest)| {
        rest == "pulls" || named(&asked.path).is_some_and(|(_, _, rest)| rest.is_empty())
    });
    if !tells || !answer.status.is_success() {
        return answer;
    }
    let mut body = answer.read();
    if let Value::Array(pulls) = &mut body {
        for pull in pulls {
            renew(desk, pull).await;
        }
    } else {
        renew(desk, &mut body).await;
    }
    answer.body = Bytes::from(body.to_string());
    answer
}

/// The files of a pull request, which the emulator does not tell: those that its head changed since it left the base.
pub(crate) async fn files(desk: &Desk, asked: &Asked) -> Option<Answer> {
    let (repository, number, rest) = named(&asked.path)?;
    if asked.method != Method::GET || rest != "files" {
        return None;
    }
    let mut pull = ask(desk, &format!("/repos/{repository}/pulls/{number}")).await?;
    let (base, home) = (
        text(&pull["base"]["sha"]),
        text(&pull["head"]["repo"]["full_name"]),
    );
    renew(desk, &mut pull).await;
    let head = text(&pull["head"]["sha"]);
    // A fork does not know what its origin got since; what it began with is what it then leaves.
    let default = text(&pull["head"]["repo"]["default_branch"]);
    let mut compared = None;
    for from in [base, default] {
        if compared.is_none() {
            compared = ask(desk, &format!("/repos/{home}/compare/{from}...{head}")).await;
        }
    }
    let compared = compared?;
    let files = compared["files"].as_array().cloned().unwrap_or_default();
    let asked_for = |name: &str, otherwise: usize| {
        let value = asked.parameter(name).and_then(|text| text.parse().ok());
        value.unwrap_or(otherwise).max(1)
    };
    let (page, size) = (asked_for("page", 1), asked_for("per_page", 30).min(100));
    let shown: Vec<Value> = files.iter().skip((page - 1) * size).take(size).cloned().collect();
    let mut answer = Answer::json(StatusCode::OK, &json!(shown));
    if page * size < files.len() {
        let (url, path, next) = (&desk.config.url, &asked.path, page + 1);
        answer.set(
            "link",
            &format!("<{url}{path}?per_page={size}&page={next}>; rel=\"next\""),
        );
    }
    Some(answer)
}

/// What a fork knows and its origin is asked for: GitHub keeps the objects of both in one place, so that the head of a
/// pull request can be read where it was opened.
pub(crate) async fn of_a_fork(desk: &Desk, asked: &Asked) -> Option<Answer> {
    let (repository, rest) = in_repository(&asked.path)?;
    let is_object = ["git/trees/", "git/commits/", "git/blobs/", "commits/"]
        .iter()
        .any(|objects| rest.starts_with(objects));
    if asked.method != Method::GET || !is_object || rest.contains("/check-") {
        return None;
    }
    let forks = ask(desk, &format!("/repos/{repository}/forks")).await?;
    let query = asked
        .target()
        .split_once('?')
        .map(|(_, query)| format!("?{query}"));
    for fork in forks.as_array().into_iter().flatten() {
        let name = text(&fork["full_name"]);
        let path = format!("/repos/{name}/{rest}{}", query.as_deref().unwrap_or_default());
        if let Some(found) = ask(desk, &path).await {
            return Some(Answer::json(StatusCode::OK, &found));
        }
    }
    None
}

/// Tells of what the emulator tells nobody: another base, and made ready or a draft.
pub(crate) async fn changed(desk: &Desk, asked: &Asked, answer: &Answer, before: &Value) {
    let pull = answer.read();
    let body = asked.json();
    if body["base"].is_string() && pull["base"]["ref"] != before["base"]["ref"] {
        let changes = json!({ "base": {
            "ref": { "from": before["base"]["ref"] },
            "sha": { "from": before["base"]["sha"] },
        }});
        tell(
            desk,
            asked.token(),
            "edited",
            pull.clone(),
            &json!({ "changes": changes }),
        )
        .await;
    }
    if body["draft"].is_boolean() && pull["draft"] != before["draft"] {
        let action = if pull["draft"] == true {
            "converted_to_draft"
        } else {
            "ready_for_review"
        };
        tell(desk, asked.token(), action, pull, &json!({})).await;
    }
}

/// Tells of a push to the head of each open pull request that comes from this branch.
pub(crate) async fn synchronize(desk: &Desk, token: &str, repository: &str, branch: &str) {
    // The branch may be one of a fork.
    for home in desk.config.repositories.clone() {
        let open = ask(desk, &format!("/repos/{home}/pulls?state=open&per_page=100")).await;
        let pulls = open.and_then(|open| open.as_array().cloned()).unwrap_or_default();
        for mut pull in pulls {
            if pull["head"]["repo"]["full_name"] != repository || pull["head"]["ref"] != branch {
                continue;
            }
            let key = (home.clone(), pull["number"].as_u64().unwrap_or_default());
            let opened_with = text(&pull["head"]["sha"]);
            renew(desk, &mut pull).await;
            let new = text(&pull["head"]["sha"]);
            let told = desk.heads().told.insert(key, new.clone());
            let old = told.unwrap_or(opened_with);
            if new != old {
                let more = json!({ "before": old, "after": new });
                tell(desk, token, "synchronize", pull, &more).await;
            }
        }
    }
}

async fn tell(desk: &Desk, token: &str, action: &str, pull: Value, more: &Value) {
    let home = text(&pull["base"]["repo"]["full_name"]);
    if !desk.config.repositories.contains(&home) {
        return;
    }
    let mut payload = json!({
        "action": action,
        "number": pull["number"],
        "repository": pull["base"]["repo"],
        "pull_request": pull,
        "sender": sender(desk, token).await,
        "installation": { "id": desk.config.installation_id },
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        payload[name] = value.clone();
    }
    let parcel = signed(desk, "pull_request", &payload);
    deliver(desk, parcel, false).await;
}

/// Who a token belongs to, as a delivery names its sender.
pub(crate) async fn sender(desk: &Desk, token: &str) -> Value {
    let is_person = desk.config.people.iter().any(|person| person.token == token);
    let user = if is_person {
        ask_as(desk, token, "/user").await
    } else {
        ask(desk, "/users/sluice%5Bbot%5D").await
    };
    let user = user.unwrap_or_else(|| json!({ "id": 1, "login": "sluice[bot]", "type": "Bot" }));
    json!({ "id": user["id"], "login": user["login"], "type": user["type"] })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
