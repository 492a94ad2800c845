//! The way from the webhook to the planner: a standard queue of pointers.

use crate::SEND;
use aws_errors::Call;
use aws_sdk_sqs::Client;
use model::Fault;
use serde::Serialize;
use std::time::Duration;
use workflow::ports::queue::{ClickPointer, Deliveries, Pointed, Pointer, PullRequestPointer};

/// The longest delay that SQS takes, in seconds.
const LONGEST_DELAY: i32 = 900;

/// The queue of deliveries.
#[derive(Debug, Clone)]
pub struct SqsDeliveries {
    client: Client,
    url: String,
}

impl SqsDeliveries {
    /// The queue with this URL.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self {
            client,
            url: url.into(),
        }
    }

    /// The queue with this URL, reached as the configuration says.
    pub fn configured(config: &aws_types::SdkConfig, url: impl Into<String>) -> Self {
        Self::new(Client::new(config), url)
    }
}

impl Deliveries for SqsDeliveries {
    async fn send(&self, pointer: &Pointer, delay: Duration) -> Result<(), Fault> {
        self.send_body(pointer, delay).await
    }

    async fn send_pull_request(&self, pointer: &PullRequestPointer) -> Result<(), Fault> {
        self.send_body(pointer, Duration::ZERO).await
    }

    async fn send_click(&self, click: &ClickPointer) -> Result<(), Fault> {
        self.send_body(click, Duration::ZERO).await
    }
}

impl SqsDeliveries {
    async fn send_body(&self, pointer: &(impl Serialize + Sync), delay: Duration) -> Result<(), Fault> {
        let body = serde_json::to_string(pointer)
            .map_err(|error| Fault::Bug(format!("a pointer can't be written as JSON: {error}")))?;
        let delay = i32::try_from(delay.as_secs())
            .unwrap_or(LONGEST_DELAY)
            .min(LONGEST_DELAY);
        let request = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .delay_seconds(delay);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let call = Call {
                    action: SEND,
                    resource: &self.url,
                };
                Err(aws_errors::fault(call, error))
            }
        }
    }
}

/// The pointer in a message's body. Nobody but Sluice writes to the queue, so anything else is a bug.
pub fn read_pointer(body: &str) -> Result<Pointed, Fault> {
    serde_json::from_str(body).map_err(|error| {
        Fault::Bug(format!(
            "a message of the deliveries queue is no pointer: {error}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_before_pull_requests_is_still_a_pointer() {
        let body = r#"{"delivery":"d","repository_id":1,"ref":"refs/heads/main","before":"0","after":"1","sender":null}"#;
        assert!(
            matches!(read_pointer(body), Ok(Pointed::Push(pointer)) if pointer.git_ref == "refs/heads/main")
        );
        let body = r#"{"delivery":"d","repository_id":1,"pull_request":5}"#;
        assert!(
            matches!(read_pointer(body), Ok(Pointed::PullRequest(pointer)) if pointer.pull_request.0 == 5)
        );
        let body = r#"{"delivery":"d","repository_id":1,"installation_id":2,"check_run":3,"external_id":"sluice:shop:1",
            "button":"a000","sender":{"id":4,"login":"dana"}}"#;
        assert!(matches!(read_pointer(body), Ok(Pointed::Click(click)) if click.check_run == 3));
    }

    #[test]
    fn a_body_that_is_no_pointer_is_a_bug() {
        for body in ["", "{}", "[]", r#"{"target":"a/b"}"#] {
            assert!(matches!(read_pointer(body), Err(Fault::Bug(_))), "{body}");
        }
    }
}
