//! The deliveries of the App's webhook: GitHub remembers them for three days, and sends none again by itself.

use crate::GitHub;
use crate::requests::Request;
use http::{Method, StatusCode};
use jiff::Timestamp;
use model::{DeliveryId, Fault, RepositoryId};
use serde::Deserialize;
use workflow::ports::github::{AppDeliveries, HookDelivery, HookPage, Redelivered};

const PAGE: usize = 100;

#[derive(Deserialize)]
struct Listed {
    id: u64,
    guid: String,
    delivered_at: Timestamp,
    status_code: u16,
    event: String,
    #[serde(default)]
    action: Option<String>,
    #[serde(default)]
    repository_id: Option<u64>,
}

impl AppDeliveries for GitHub {
    async fn deliveries(&self, older: Option<&str>) -> Result<Option<HookPage>, Fault> {
        const OPERATION: &str = "listing the deliveries of the GitHub App's webhook";
        // It stands in a query as GitHub wrote it.
        let cursor = older.map_or_else(String::new, |older| format!("&cursor={older}"));
        let request = Request::get(format!("/app/hook/deliveries?per_page={PAGE}{cursor}"));
        let answer = self.ask_as_app(OPERATION, request).await?;
        // An Enterprise Server from before there was such a list.
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let older = answer.next_query();
        let older = older.as_deref().and_then(|query| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find_map(|(key, value)| (key == "cursor").then(|| value.to_owned()))
        });
        let listed: Vec<Listed> = answer.json(OPERATION)?;
        Ok(Some(HookPage {
            deliveries: listed.into_iter().map(Listed::delivery).collect(),
            older,
        }))
    }

    async fn redeliver(&self, id: u64) -> Result<Redelivered, Fault> {
        let operation = format!("asking for the delivery {id} again");
        let request = Request {
            method: Method::POST,
            path: format!("/app/hook/deliveries/{id}/attempts"),
            body: None,
        };
        let answer = self.ask_as_app(&operation, request).await?;
        match answer.status {
            status if status.is_success() => Ok(Redelivered::Asked),
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY => {
                Ok(Redelivered::Refused(answer.message()))
            }
            _ => Err(answer.fault(&operation)),
        }
    }
}

impl Listed {
    fn delivery(self) -> HookDelivery {
        HookDelivery {
            id: self.id,
            guid: DeliveryId::new(self.guid),
            at: self.delivered_at,
            arrived: (200..300).contains(&self.status_code),
            event: self.event,
            action: self.action,
            repository: self.repository_id.map(RepositoryId),
        }
    }
}
