//! Buttons on check runs: checked and kept as GitHub does, which tells nobody what they are, and clicked by people.

use crate::deliveries::{deliver, signed};
use crate::desk::Desk;
use crate::emulator::ask;
use crate::message::{Answer, Asked};
use crate::route::in_repository;
use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// The keys of a button, and how many characters each may have.
const KEYS: [(&str, usize); 3] = [("label", 20), ("description", 40), ("identifier", 20)];
/// How many buttons a check run may have.
const MOST: usize = 3;

/// The buttons of check runs, by GitHub's id.
#[derive(Debug, Default)]
pub(crate) struct Buttons(HashMap<u64, Shown>);

#[derive(Debug, Default)]
struct Shown {
    external_id: Value,
    now: Vec<Value>,
    /// Every identifier that there ever was: who has an old page open clicks on what stands there.
    ever: BTreeSet<String>,
}

/// Somebody clicks.
#[derive(Deserialize)]
struct Click {
    repository: String,
    check_run: u64,
    identifier: String,
    sender: Value,
}

/// Whether a request makes or changes a check run.
fn writes_check_run(asked: &Asked) -> bool {
    in_repository(&asked.path).is_some_and(|(_, rest)| match asked.method {
        Method::POST => rest == "check-runs",
        Method::PATCH => rest.starts_with("check-runs/"),
        _ => false,
    })
}

/// GitHub's refusal of buttons that can't be.
pub(crate) fn refusal(asked: &Asked) -> Option<Answer> {
    if !writes_check_run(asked) {
        return None;
    }
    let wrong = wrong(asked.json().get("actions")?)?;
    let message = format!("Invalid request.\n\n{wrong}");
    Some(Answer::refused(StatusCode::UNPROCESSABLE_ENTITY, &message))
}

fn wrong(actions: &Value) -> Option<String> {
    let Some(actions) = actions.as_array() else {
        return Some(format!("For 'properties/actions', {actions} is not an array."));
    };
    let count = actions.len();
    if count > MOST {
        return Some(format!(
            "No more than {MOST} items are allowed; {count} were supplied."
        ));
    }
    actions.iter().find_map(|action| {
        KEYS.iter().find_map(|(key, most)| match action[*key].as_str() {
            None => Some(format!("\"{key}\" wasn't supplied.")),
            Some(text) if text.chars().count() > *most => {
                let count = text.chars().count();
                Some(format!(
                    "Only {most} characters are allowed; {count} were supplied."
                ))
            }
            Some(_) => None,
        })
    })
}

/// Keeps the buttons of a check run that was made or changed.
pub(crate) fn note(desk: &Desk, asked: &Asked, answer: &Answer) {
    if !writes_check_run(asked) || !answer.status.is_success() {
        return;
    }
    let (body, answer) = (asked.json(), answer.read());
    let (Some(id), Some(actions)) = (answer["id"].as_u64(), body["actions"].as_array()) else {
        return;
    };
    let mut buttons = desk.buttons();
    let shown = buttons.0.entry(id).or_default();
    shown.now.clone_from(actions);
    shown.external_id = body["external_id"].clone();
    let identifiers = actions.iter().filter_map(|action| action["identifier"].as_str());
    shown.ever.extend(identifiers.map(ToOwned::to_owned));
}

/// The buttons that a check run has, as people see them.
pub(crate) fn shown(desk: &Desk, id: &str) -> Answer {
    let id: Option<u64> = id.parse().ok();
    let buttons = desk.buttons();
    let now = id.and_then(|id| buttons.0.get(&id)).map(|shown| &shown.now);
    Answer::json(StatusCode::OK, &json!(now.cloned().unwrap_or_default()))
}

/// Somebody clicks on a button that there is or was, and the App is told.
pub(crate) async fn click(desk: &Desk, asked: &Asked) -> Answer {
    let click: Click = match serde_json::from_slice(&asked.body) {
        Ok(click) => click,
        Err(error) => return Answer::refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    };
    let external_id = {
        let buttons = desk.buttons();
        let shown = buttons.0.get(&click.check_run);
        let there = shown.filter(|shown| shown.ever.contains(&click.identifier));
        there.map(|shown| shown.external_id.clone())
    };
    let Some(external_id) = external_id else {
        return Answer::refused(StatusCode::NOT_FOUND, "there never was such a button");
    };
    let Click {
        repository,
        check_run,
        identifier,
        sender,
    } = click;
    let found = ask(desk, &format!("/repos/{repository}/check-runs/{check_run}")).await;
    let mut run = found.unwrap_or_else(|| json!({}));
    run["id"] = json!(check_run);
    run["external_id"] = external_id;
    run["app"] = json!({ "id": desk.config.app_id, "slug": "sluice" });
    let home = ask(desk, &format!("/repos/{repository}")).await;
    let payload = json!({
        "action": "requested_action",
        "check_run": run,
        "requested_action": { "identifier": identifier },
        "repository": home.unwrap_or_else(|| json!({})),
        "sender": sender,
        "installation": { "id": desk.config.installation_id },
    });
    let parcel = signed(desk, "check_run", &payload);
    deliver(desk, parcel, false).await;
    Answer::json(StatusCode::OK, &json!({}))
}

#[cfg(test)]
mod tests {
    use super::wrong;
    use serde_json::json;

    #[test]
    fn buttons_are_as_github_takes_them() {
        let good = json!({ "label": "Approve", "description": "Stage prod", "identifier": "a000" });
        assert_eq!(wrong(&json!([])), None);
        assert_eq!(wrong(&json!([good, good, good])), None);
        assert!(wrong(&json!([good, good, good, good])).is_some());
        for (key, length) in [("label", 21), ("description", 41), ("identifier", 21)] {
            let mut long = good.clone();
            long[key] = json!("ä".repeat(length));
            assert!(wrong(&json!([long])).is_some(), "{key}");
            long[key] = json!("ä".repeat(length - 1));
            assert_eq!(wrong(&json!([long])), None, "{key}");
            long[key] = json!(null);
            assert!(wrong(&json!([long])).is_some(), "{key}");
        }
        assert!(wrong(&json!({})).is_some());
    }
}
