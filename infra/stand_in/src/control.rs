//! `/_stand_in/…`: what stories order and ask, and where the emulator leaves its deliveries.

use crate::buttons;
use crate::deliveries::{Parcel, again, deliver, new_guid, pushed_now, signed};
use crate::desk::Desk;
use crate::faults::Fault;
use crate::message::{Answer, Asked};
use crate::pulls::renew;
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Dropping {
    drop: bool,
}

#[derive(Deserialize)]
struct Rule {
    repository: String,
    branch: String,
    protected: bool,
}

/// The answer to a request about the stand-in itself; none for any other.
pub(crate) async fn answer(desk: &Desk, asked: &Asked) -> Option<Answer> {
    let what = asked.path.strip_prefix("/_stand_in/")?;
    Some(match (asked.method.as_str(), what) {
        ("POST", "webhook") => receive(desk, asked).await,
        ("GET", "calls") => Answer::json(StatusCode::OK, &desk.calls().counted()),
        ("DELETE", "calls") => {
            desk.calls().forget();
            done()
        }
        ("GET", "log") => {
            let (calls, deliveries) = (desk.calls().log(), desk.deliveries().log());
            Answer::json(
                StatusCode::OK,
                &json!({ "calls": calls, "deliveries": deliveries }),
            )
        }
        ("POST", "clicks") => buttons::click(desk, asked).await,
        ("GET", what) if what.starts_with("buttons/") => {
            buttons::shown(desk, what.trim_start_matches("buttons/"))
        }
        ("POST", what) if what.starts_with("deliveries/") => {
            let id = what
                .trim_start_matches("deliveries/")
                .trim_end_matches("/attempts");
            again(desk, id.parse().ok()).await;
            done()
        }
        ("PUT", "webhooks") => match serde_json::from_slice(&asked.body) {
            Ok(Dropping { drop }) => {
                desk.deliveries().drop_all(drop);
                done()
            }
            Err(error) => wrong(&error),
        },
        ("PUT", "rules") => match serde_json::from_slice(&asked.body) {
            Ok(Rule {
                repository,
                branch,
                protected,
            }) => {
                desk.rules().protect(&repository, &branch, protected);
                done()
            }
            Err(error) => wrong(&error),
        },
        ("POST", "faults") => match serde_json::from_slice::<Fault>(&asked.body) {
            Ok(fault) => {
                desk.faults().order(fault);
                done()
            }
            Err(error) => wrong(&error),
        },
        ("GET", "faults") => Answer::json(StatusCode::OK, &json!(desk.faults().left())),
        ("DELETE", "faults") => {
            desk.faults().clear();
            done()
        }
        _ => Answer::refused(StatusCode::NOT_FOUND, "the stand-in knows no such order"),
    })
}

/// Takes a delivery of the emulator's. It goes on as it is, under a name of its own: the emulator names deliveries by
/// the millisecond, and two may have one. What tells of a pull request gets the real heads, what tells of a push the time
/// of it, and both are signed anew.
async fn receive(desk: &Desk, asked: &Asked) -> Answer {
    let event = asked.header("x-github-event").to_owned();
    let mut payload = asked.json();
    let parcel = if event == "pull_request" {
        let mut pull = payload["pull_request"].take();
        renew(desk, &mut pull).await;
        payload["number"] = pull["number"].clone();
        payload["pull_request"] = pull;
        signed(desk, &event, &payload)
    } else if event == "push" {
        payload["repository"]["pushed_at"] = pushed_now();
        signed(desk, &event, &payload)
    } else {
        Parcel {
            event,
            guid: new_guid(),
            signature: asked.header("x-hub-signature-256").to_owned(),
            body: asked.body.clone(),
        }
    };
    deliver(desk, parcel, false).await;
    done()
}

fn done() -> Answer {
    Answer::json(StatusCode::OK, &Value::Object(serde_json::Map::new()))
}

fn wrong(error: &serde_json::Error) -> Answer {
    Answer::refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string())
}
