//! Properties of a bus of events.

use super::ok;
use crate::fixtures;
use model::{Event, EventDetail, EventKind, EventTask, IssueNumber};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::Future;
use workflow::ports::events::Events;

/// Whoever listens at the other end.
pub trait Listener: Sync {
    /// The events that arrived, as EventBridge hands them on, once there are so many.
    fn heard(&self, count: usize) -> impl Future<Output = Vec<Value>> + Send;
}

impl Listener for crate::MemoryBus {
    async fn heard(&self, _count: usize) -> Vec<Value> {
        let heard = self.events().into_iter().map(|event| {
            json!({
                "source": "sluice",
                "detail-type": event.kind.word(),
                "detail": event.detail,
            })
        });
        heard.collect()
    }
}

/// Hands the names of all properties to a macro, which makes each a test.
#[macro_export]
macro_rules! event_properties {
    ($each:ident) => {
        $each! {
            an_event_arrives_as_it_was_told
            more_events_than_fit_a_call_all_arrive
        }
    };
}

fn event(number: u64) -> Event {
    let issue = fixtures::issue(7);
    let task = fixtures::task(7, &fixtures::target("db_demo"), "1");
    Event {
        kind: EventKind::TaskFailed,
        detail: EventDetail {
            id: format!("issue-7-{number}"),
            issue: IssueNumber(7),
            number,
            at: fixtures::time(1),
            summary: "issue 7 of »demo«: version 1 failed".to_owned(),
            project: issue.project,
            branch: issue.branch,
            commit: issue.commit,
            link: issue.url,
            by: Some("sluice: worker".to_owned()),
            environment: Some(task.environment),
            digest: None,
            needed: None,
            task: Some(EventTask {
                task: task.position,
                target: task.target,
                database: task.database,
                version: "1".to_owned(),
                attempt: Some(1),
                statement: Some(2),
                code: Some("mysql-1062".to_owned()),
                since: None,
            }),
        },
    }
}

/// With its source, its kind, and every part by its name.
pub async fn an_event_arrives_as_it_was_told<E: Events>(bus: &E, listener: &impl Listener) {
    ok(bus.tell(&[event(3)]).await);
    let heard = listener.heard(1).await;
    let [heard] = heard.as_slice() else {
        panic!("{heard:?}");
    };
    assert_eq!(heard["source"], "sluice");
    assert_eq!(heard["detail-type"], "sluice.task.failed");
    assert_eq!(heard["detail"], json!(event(3).detail));
    for (name, value) in [
        ("id", json!("issue-7-3")),
        ("issue", json!(7)),
        ("summary", json!("issue 7 of »demo«: version 1 failed")),
        ("statement", json!(2)),
        ("code", json!("mysql-1062")),
    ] {
        assert_eq!(heard["detail"][name], value, "{name}");
    }
}

/// A call of EventBridge takes ten.
pub async fn more_events_than_fit_a_call_all_arrive<E: Events>(bus: &E, listener: &impl Listener) {
    let events: Vec<Event> = (1..=23).map(event).collect();
    ok(bus.tell(&events).await);
    ok(bus.tell(&[]).await);
    let heard = listener.heard(23).await;
    let numbers: BTreeSet<u64> = heard
        .iter()
        .filter_map(|heard| heard["detail"]["number"].as_u64())
        .collect();
    assert_eq!(numbers, (1..=23).collect());
}
