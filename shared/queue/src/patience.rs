//! Messages that were received and are to stay away for a while.

use aws_errors::Call;
use aws_sdk_sqs::Client;
use model::Fault;
use std::time::Duration;

/// SQS counts twelve hours from when a message was received; a little of that is over.
const LONGEST: Duration = Duration::from_hours(11);

/// Puts off messages of one queue.
#[derive(Debug, Clone)]
pub struct SqsPatience {
    client: Client,
    url: String,
}

impl SqsPatience {
    /// The queue with this URL, reached as the configuration says.
    pub fn configured(config: &aws_types::SdkConfig, url: impl Into<String>) -> Self {
        Self {
            client: Client::new(config),
            url: url.into(),
        }
    }

    /// The message with this receipt comes back after the wait, and not before.
    pub async fn put_off(&self, receipt: &str, wait: Duration) -> Result<(), Fault> {
        let seconds = i32::try_from(wait.min(LONGEST).as_secs()).unwrap_or(i32::MAX);
        let request = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt)
            .visibility_timeout(seconds);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let call = Call {
                    action: "sqs:ChangeMessageVisibility",
                    resource: &self.url,
                };
                Err(aws_errors::fault(call, error))
            }
        }
    }
}
