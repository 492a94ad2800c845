use super::script::{Reply, Scripted, answered_by, no, operator, reply, scripted, wait};
use crate::{Access, GitHub};
use http::StatusCode;
use jiff::Timestamp;
use model::{DeliveryId, RepositoryId};
use serde_json::{Value, json};
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use testkit::contracts::hooks::Stage;
use workflow::ports::github::{AppDeliveries as _, HookDelivery, Redelivered};

/// GitHub's list of deliveries, the oldest first.
#[derive(Default)]
struct List {
    entries: Vec<Value>,
}

impl List {
    fn add(&mut self, guid: &str, event: &str, arrived: bool) -> Value {
        let id = self.entries.len() + 1;
        let (status, code) = if arrived { ("OK", 200) } else { ("timed out", 0) };
        let entry = json!({
            "id": id, "guid": guid, "delivered_at": "2026-11-28T16:00:00Z", "redelivery": id > 1, "duration": 0.27,
            "status": status, "status_code": code, "event": event, "action": null,
            "installation_id": 5001, "repository_id": 7, "throttled_at": null,
        });
        self.entries.push(entry.clone());
        entry
    }

    fn answer(&mut self, line: &str) -> Reply {
        if let Some(query) = line.strip_prefix("GET /app/hook/deliveries?") {
            let cursor = query.split('&').find_map(|pair| pair.strip_prefix("cursor=v1_"));
            let below: u64 = cursor.map_or(u64::MAX, |cursor| cursor.parse().unwrap());
            let older = self
                .entries
                .iter()
                .rev()
                .filter(|entry| entry["id"].as_u64().unwrap() < below);
            let page: Vec<&Value> = older.take(100).collect();
            let last = page.last().map_or(0, |entry| entry["id"].as_u64().unwrap());
            let link = format!(
                "<https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_{last}>; rel=\"next\""
            );
            let answer = reply(200, json!(page));
            return if last > 1 {
                answer.with("link", &link)
            } else {
                answer
            };
        }
        let id: usize = line
            .trim_start_matches("POST /app/hook/deliveries/")
            .trim_end_matches("/attempts")
            .parse()
            .unwrap();
        match self.entries.get(id - 1).cloned() {
            Some(entry) => {
                self.add(
                    entry["guid"].as_str().unwrap(),
                    entry["event"].as_str().unwrap(),
                    true,
                );
                reply(202, json!({}))
            }
            None => no(404, "Not Found"),
        }
    }
}

struct RealStage {
    scripted: Scripted,
    list: Arc<Mutex<List>>,
}

fn stage(_statement: &str) -> Ready<RealStage> {
    let list: Arc<Mutex<List>> = Arc::default();
    let answering = Arc::clone(&list);
    ready(RealStage {
        scripted: answered_by("", Access::Read, move |asked| {
            answering.lock().unwrap().answer(&asked.line)
        }),
        list,
    })
}

impl Stage for RealStage {
    type GitHub = GitHub;

    fn github(&self) -> &GitHub {
        &self.scripted.github
    }

    fn deliver(&self, event: &str, arrived: bool) -> HookDelivery {
        let mut list = self.list.lock().unwrap();
        let guid = format!("72d3162e-cc78-11e3-81ab-{:012}", list.entries.len());
        let entry = list.add(&guid, event, arrived);
        HookDelivery {
            id: entry["id"].as_u64().unwrap(),
            guid: DeliveryId::new(guid),
            at: "2026-11-28T16:00:00Z".parse::<Timestamp>().unwrap(),
            arrived,
            event: event.to_owned(),
            action: None,
            repository: Some(RepositoryId(7)),
        }
    }
}

testkit::hook_contract!(stage);

#[tokio::test]
async fn deliveries_are_asked_for_as_the_app_itself() {
    let scripted = scripted(vec![reply(200, json!([])), reply(202, json!({}))]);
    scripted.github.deliveries(None).await.unwrap();
    scripted.github.redeliver(12).await.unwrap();
    assert_eq!(
        scripted.lines(),
        [
            "GET /app/hook/deliveries?per_page=100",
            "POST /app/hook/deliveries/12/attempts"
        ]
    );
    for seen in scripted.seen() {
        let token = seen
            .headers
            .iter()
            .find_map(|line| line.strip_prefix("authorization: Bearer "));
        assert_eq!(
            token.unwrap().split('.').count(),
            3,
            "a signed token of the App: {seen:?}"
        );
    }
}

#[tokio::test]
async fn a_github_without_the_list_is_no_fault() {
    let scripted = scripted(vec![no(404, "Not Found")]);
    assert_eq!(scripted.github.deliveries(None).await.unwrap(), None);
}

#[tokio::test]
async fn limits_hold_for_the_app_too() {
    let limited = || no(403, "API rate limit exceeded").with("retry-after", "17");
    let busy = scripted(vec![limited(), limited()]);
    assert_eq!(wait(busy.github.deliveries(None).await), 17);
    assert_eq!(wait(busy.github.redeliver(1).await), 17);
    let denied = no(401, "A JSON web token could not be decoded");
    let text = operator(scripted(vec![denied]).github.deliveries(None).await);
    assert!(text.contains("id and private key"), "{text}");
}

#[tokio::test]
async fn a_delivery_that_is_too_old_is_refused() {
    for status in [
        StatusCode::BAD_REQUEST,
        StatusCode::NOT_FOUND,
        StatusCode::UNPROCESSABLE_ENTITY,
    ] {
        let scripted = scripted(vec![no(status.as_u16(), "too old")]);
        let expected = Redelivered::Refused("too old".to_owned());
        assert_eq!(scripted.github.redeliver(1).await.unwrap(), expected);
    }
}
