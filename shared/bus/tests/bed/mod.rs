//! A bus made for one test, with a queue behind it.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::Target;
use aws_sdk_sqs::types::QueueAttributeName;
use bus::EventBus;
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;
use testkit::contracts::events::Listener;

/// How long an event may take to arrive; the emulator needs milliseconds.
const WAIT_SECONDS: i32 = 10;

/// The other end of the bus: a queue that a rule brings every event of ours to.
pub(crate) struct Heard {
    client: aws_sdk_sqs::Client,
    url: String,
    arn: String,
}

impl Heard {
    async fn create(config: &aws_types::SdkConfig, name: &str) -> Self {
        let client = aws_sdk_sqs::Client::new(config);
        let made = client.create_queue().queue_name(name).send().await.unwrap();
        let url = made.queue_url.unwrap();
        let arn = QueueAttributeName::QueueArn;
        let request = client.get_queue_attributes().queue_url(&url);
        let answer = request.attribute_names(arn.clone()).send().await.unwrap();
        let arn = answer.attributes.unwrap()[&arn].clone();
        Self { client, url, arn }
    }
}

impl Listener for Heard {
    async fn heard(&self, count: usize) -> Vec<serde_json::Value> {
        let mut heard = Vec::new();
        while heard.len() < count {
            let request = self.client.receive_message().queue_url(&self.url);
            let request = request.max_number_of_messages(10).wait_time_seconds(WAIT_SECONDS);
            let messages = request.send().await.unwrap().messages.unwrap_or_default();
            assert!(!messages.is_empty(), "{} of {count} events came", heard.len());
            for message in messages {
                let receipt = message.receipt_handle().unwrap();
                let done = self.client.delete_message().queue_url(&self.url);
                done.receipt_handle(receipt).send().await.unwrap();
                heard.push(serde_json::from_str(message.body().unwrap()).unwrap());
            }
        }
        heard
    }
}

/// A bus made for one test, gone however the test ends.
pub(crate) async fn on_a_bus(test: impl AsyncFnOnce(&EventBus, &Heard)) {
    let config = testkit::platform::config().await;
    let client = Client::new(&config);
    let name = testkit::platform::unique_name("sluice-test");
    client.create_event_bus().name(&name).send().await.unwrap();
    let heard = Heard::create(&config, &name).await;
    let pattern = format!("{{\"source\":[\"{}\"]}}", bus::SOURCE);
    let rule = client.put_rule().name(&name).event_bus_name(&name);
    rule.event_pattern(pattern).send().await.unwrap();
    let target = Target::builder().id("queue").arn(&heard.arn).build().unwrap();
    let targets = client.put_targets().rule(&name).event_bus_name(&name);
    targets.targets(target).send().await.unwrap();
    let outcome = AssertUnwindSafe(test(&EventBus::configured(&config, &name), &heard))
        .catch_unwind()
        .await;
    let request = heard.client.delete_queue().queue_url(&heard.url);
    request.send().await.unwrap();
    let request = client.remove_targets().rule(&name).event_bus_name(&name);
    request.ids("queue").send().await.unwrap();
    let request = client.delete_rule().name(&name).event_bus_name(&name);
    request.send().await.unwrap();
    client.delete_event_bus().name(&name).send().await.unwrap();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
