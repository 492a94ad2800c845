//! Queues made for one test.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use futures::FutureExt as _;
use model::{Fault, Target};
use queue::{SqsDeliveries, SqsNudges, SqsPatience, read_nudge, read_pointer};
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use testkit::contracts::queue::Consumer;
use workflow::ports::queue::{ClickPointer, Deliveries, Nudges, Pointed, Pointer, PullRequestPointer};

/// How long a message may take to arrive; the emulator needs milliseconds.
const WAIT_SECONDS: i32 = 10;

/// Both queues, made for one test.
pub(crate) struct Queues {
    client: Client,
    deliveries: (SqsDeliveries, String),
    nudges: (SqsNudges, String),
}

impl Queues {
    async fn create() -> Self {
        let config = testkit::platform::config().await;
        let client = Client::new(&config);
        let name = testkit::platform::unique_name("sluice-test");
        let deliveries = create(&client, &format!("{name}-deliveries"), false).await;
        let nudges = create(&client, &format!("{name}-changes.fifo"), true).await;
        Self {
            deliveries: (SqsDeliveries::configured(&config, &deliveries), deliveries),
            nudges: (SqsNudges::configured(&config, &nudges), nudges),
            client,
        }
    }

    async fn delete(&self) {
        for url in [&self.deliveries.1, &self.nudges.1] {
            self.client.delete_queue().queue_url(url).send().await.unwrap();
        }
    }

    /// Receives a delivery, puts it off by nothing, and receives it again: a message is away for half a minute otherwise.
    pub(crate) async fn comes_back(&self) -> bool {
        let url = &self.deliveries.1;
        let patience = SqsPatience::configured(&testkit::platform::config().await, url);
        for receives in 1..=2 {
            let request = self
                .client
                .receive_message()
                .queue_url(url)
                .wait_time_seconds(WAIT_SECONDS);
            let message = request.send().await.unwrap().messages.unwrap_or_default().pop();
            let Some(message) = message else { return false };
            let receipt = message.receipt_handle.unwrap();
            let wait = if receives == 1 {
                Duration::ZERO
            } else {
                Duration::from_hours(12)
            };
            patience.put_off(&receipt, wait).await.unwrap();
        }
        true
    }

    /// The bodies of so many messages, in the order in which they came; fewer where no more arrive.
    async fn receive(&self, url: &str, count: usize) -> Vec<String> {
        let mut bodies = Vec::new();
        while bodies.len() < count {
            let request = self
                .client
                .receive_message()
                .queue_url(url)
                .max_number_of_messages(10)
                .wait_time_seconds(WAIT_SECONDS);
            let messages = request.send().await.unwrap().messages.unwrap_or_default();
            assert!(!messages.is_empty(), "{} of {count} messages came", bodies.len());
            for message in messages {
                let receipt = message.receipt_handle().unwrap();
                let done = self
                    .client
                    .delete_message()
                    .queue_url(url)
                    .receipt_handle(receipt);
                done.send().await.unwrap();
                bodies.push(message.body.unwrap());
            }
        }
        bodies
    }
}

async fn create(client: &Client, name: &str, fifo: bool) -> String {
    let mut request = client.create_queue().queue_name(name);
    if fifo {
        request = request
            .attributes(QueueAttributeName::FifoQueue, "true")
            .attributes(QueueAttributeName::ContentBasedDeduplication, "false");
    }
    request.send().await.unwrap().queue_url.unwrap()
}

impl Consumer for Queues {
    async fn pointers(&self, count: usize) -> Vec<Pointed> {
        let bodies = self.receive(&self.deliveries.1, count).await;
        bodies.iter().map(|body| read_pointer(body).unwrap()).collect()
    }

    async fn targets(&self, count: usize) -> Vec<Target> {
        let bodies = self.receive(&self.nudges.1, count).await;
        bodies.iter().map(|body| read_nudge(body).unwrap()).collect()
    }
}

impl Deliveries for Queues {
    async fn send(&self, pointer: &Pointer, delay: std::time::Duration) -> Result<(), Fault> {
        self.deliveries.0.send(pointer, delay).await
    }

    async fn send_pull_request(&self, pointer: &PullRequestPointer) -> Result<(), Fault> {
        self.deliveries.0.send_pull_request(pointer).await
    }

    async fn send_click(&self, click: &ClickPointer) -> Result<(), Fault> {
        self.deliveries.0.send_click(click).await
    }
}

impl Nudges for Queues {
    async fn nudge(&self, target: &Target, reason: &str) -> Result<(), Fault> {
        self.nudges.0.nudge(target, reason).await
    }
}

/// Runs a test on queues of its own, which are deleted however it ends.
pub(crate) async fn on_queues(test: impl AsyncFnOnce(&Queues)) {
    let queues = Queues::create().await;
    let outcome = AssertUnwindSafe(test(&queues)).catch_unwind().await;
    queues.delete().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
