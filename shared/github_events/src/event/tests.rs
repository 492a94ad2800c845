use super::*;
use crate::signature::verify;
use hmac::{Hmac, KeyInit as _, Mac as _};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;

const ZERO: &str = "0000000000000000000000000000000000000000";
const BEFORE: &str = "d1fade6aabdd3887bd90b13a63c8f7ef7eb30833";
const AFTER: &str = "85dc488d18478f6e6cdc6d8bd7e72d108f0b8674";

/// Signs and reads, as GitHub and the webhook would.
pub(super) fn read_signed(body: &[u8], event: &str, delivery: &str) -> Result<Event, Unreadable> {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"s3cret").unwrap();
    mac.update(body);
    let header = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    read(
        &verify(&[b"s3cret"], body, Some(&header)).unwrap(),
        event,
        delivery,
    )
}

fn payload() -> Value {
    json!({
        "ref": "refs/heads/main",
        "before": BEFORE,
        "after": AFTER,
        "deleted": false,
        "forced": false,
        "repository": {"id": 1, "full_name": "sluice-demo/shop", "owner": {"id": 2}},
        "pusher": {"name": "dana", "email": "dana@example.com"},
        "sender": {"id": 3, "login": "dana", "type": "User"},
        "installation": {"id": 5001, "node_id": "x"},
        "commits": [{"id": AFTER, "added": ["a.sql"]}],
    })
}

fn read_push(payload: &Value) -> Result<PushEvent, Unreadable> {
    match read_signed(payload.to_string().as_bytes(), "push", "d-1")? {
        Event::Push(push) => Ok(push),
        other @ (Event::Ping | Event::PullRequest(_) | Event::Click(_) | Event::Other { .. }) => {
            panic!("not a push: {other:?}")
        }
    }
}

fn without(path: &str) -> Value {
    let mut payload = payload();
    let (parent, field) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = if parent.is_empty() {
        &mut payload
    } else {
        &mut payload[parent]
    };
    parent.as_object_mut().unwrap().remove(field);
    payload
}

#[test]
fn a_push_is_read() {
    let push = read_push(&payload()).unwrap();
    assert_eq!(
        push,
        PushEvent {
            delivery: DeliveryId::new("d-1"),
            repository_id: RepositoryId(1),
            repository_name: "sluice-demo/shop".into(),
            installation_id: Some(5001),
            git_ref: "refs/heads/main".into(),
            before: CommitSha::new(BEFORE),
            after: CommitSha::new(AFTER),
            deleted: false,
            pushed_at: None,
            sender: Pusher {
                id: 3,
                login: "dana".into()
            },
        }
    );
}

#[test]
fn what_some_senders_leave_out_is_not_needed() {
    for field in ["installation", "deleted", "forced", "pusher", "commits"] {
        assert!(read_push(&without(field)).is_ok(), "{field}");
    }
    assert_eq!(read_push(&without("installation")).unwrap().installation_id, None);
}

#[test]
fn what_is_needed_is_named_when_missing() {
    for field in [
        "ref",
        "before",
        "after",
        "repository",
        "repository.id",
        "repository.full_name",
        "sender",
        "sender.id",
        "sender.login",
    ] {
        assert_eq!(read_push(&without(field)), Err(Unreadable::Missing(field)));
    }
    let body = payload().to_string();
    assert_eq!(
        read_signed(body.as_bytes(), "push", ""),
        Err(Unreadable::Missing("X-GitHub-Delivery"))
    );
}

#[test]
fn a_deleted_ref_is_known_by_the_flag_or_by_the_zeros() {
    let mut deleted = payload();
    deleted["deleted"] = json!(true);
    assert!(read_push(&deleted).unwrap().deleted);
    let mut zeros = without("deleted");
    zeros["after"] = json!(ZERO);
    assert!(read_push(&zeros).unwrap().deleted);
    let mut created = without("deleted");
    created["before"] = json!(ZERO);
    assert!(!read_push(&created).unwrap().deleted);
}

#[test]
fn errors_never_echo_the_payload() {
    let bad = [
        ("push", json!({"ref": {"secret": "hunter2"}}).to_string()),
        (
            "push",
            json!({"ref": "r", "repository": {"id": "hunter2"}}).to_string(),
        ),
        ("push", r#"{"ref": "hunter2"#.to_owned()),
        ("push", "payload=hunter2".to_owned()),
        ("push", {
            let mut payload = payload();
            payload["after"] = json!("hunter2");
            payload.to_string()
        }),
    ];
    for (event, body) in bad {
        let error = read_signed(body.as_bytes(), event, "d").unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_form_is_told_from_json() {
    let error = read_signed(b"payload=%7B%7D", "push", "d").unwrap_err();
    assert_eq!(error, Unreadable::NotJson { line: 1, column: 1 });
    assert!(error.to_string().contains("application/json"), "{error}");
}

#[test]
fn other_events_are_told_by_name() {
    assert_eq!(read_signed(b"{\"zen\":\"x\"}", "ping", ""), Ok(Event::Ping));
    let other = |event: &str, action: Option<&str>| {
        Ok(Event::Other {
            event: event.to_owned(),
            action: action.map(str::to_owned),
        })
    };
    assert_eq!(
        read_signed(b"{\"action\":\"created\"}", "installation", "d"),
        other("installation", Some("created"))
    );
    assert_eq!(read_signed(b"[]", "star", "d"), other("star", None));
    assert_eq!(read_signed(b"{}", "st\u{202e}ar\n", "d"), other("star", None));
}

#[test]
fn the_content_key_is_of_the_content_alone() {
    let push = read_push(&payload()).unwrap();
    let again = PushEvent {
        delivery: DeliveryId::new("d-2"),
        repository_name: "renamed/shop".into(),
        ..push.clone()
    };
    assert_eq!(content_key(&push), content_key(&again));
    for other in [
        PushEvent {
            repository_id: RepositoryId(2),
            ..push.clone()
        },
        PushEvent {
            git_ref: "refs/heads/dev".into(),
            ..push.clone()
        },
        PushEvent {
            before: CommitSha::new(ZERO),
            ..push.clone()
        },
        PushEvent {
            after: CommitSha::new(ZERO),
            ..push.clone()
        },
        // Forced away, back, and away again.
        PushEvent {
            pushed_at: Some("1557933657".into()),
            ..push.clone()
        },
    ] {
        assert_ne!(content_key(&push), content_key(&other), "{other:?}");
    }
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in any::<Vec<u8>>(), event in "push|ping|star|\\PC*", delivery in "\\PC*") {
        let _ = read_signed(&body, &event, &delivery);
    }

    #[test]
    fn no_json_makes_it_panic(git_ref in any::<Option<String>>(), after in "[0-9a-fA-F]{0,41}", id in any::<i64>()) {
        let mut payload = payload();
        payload["ref"] = json!(git_ref);
        payload["after"] = json!(after);
        payload["repository"]["id"] = json!(id);
        let _ = read_push(&payload);
    }
}
