//! The queues keep the contract, over the emulator's SQS.

#[cfg(test)]
mod bed;

use bed::on_queues;
use model::{DeliveryId, RepositoryId};
use queue::SqsNudges;
use std::time::Duration;
use testkit::contracts;
use testkit::contracts::queue::Consumer as _;
use workflow::ports::queue::{Deliveries as _, Nudges as _, Pointer};

macro_rules! held_by_sqs {
    ($($property:ident)+) => {$(
        #[tokio::test]
        async fn $property() {
            on_queues(async |queues| contracts::queue::$property(queues, queues).await).await;
        }
    )+};
}

testkit::queue_properties!(held_by_sqs);

#[tokio::test]
async fn nudges_for_the_same_reason_are_merged() {
    on_queues(async |queues| {
        let target = testkit::fixtures::target("db_demo");
        for _ in 0..3 {
            queues.nudge(&target, "planned").await.unwrap();
        }
        queues.nudge(&target, "approved").await.unwrap();
        assert_eq!(queues.targets(2).await, [target.clone(), target]);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_is_put_off_comes_back_when_it_is_due() {
    on_queues(async |queues| {
        let pointer = Pointer {
            delivery: DeliveryId::new("72d3162e-cc78-11e3-81ab-4c9367dc0958"),
            repository_id: RepositoryId(7),
            git_ref: "refs/heads/main".to_owned(),
            before: testkit::fixtures::commit(0),
            after: testkit::fixtures::commit(1),
            sender: None,
        };
        queues.send(&pointer, Duration::ZERO).await.unwrap();
        assert!(queues.comes_back().await);
    })
    .await;
}

#[tokio::test]
async fn a_missing_queue_needs_an_operator() {
    let config = testkit::platform::config().await;
    let url = "http://localhost/000000000000/no-such-queue.fifo";
    let fault = SqsNudges::configured(&config, url)
        .nudge(&testkit::fixtures::target("db_demo"), "planned")
        .await
        .unwrap_err();
    assert_eq!(fault.class(), "fault.operator", "{}", fault.chain());
    assert!(fault.to_string().contains(url), "{fault}");
}
