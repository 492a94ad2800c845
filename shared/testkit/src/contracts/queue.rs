//! Properties of queues.

use super::ok;
use crate::fixtures;
use model::{DeliveryId, PullRequestNumber, RepositoryId, Target};
use std::collections::BTreeSet;
use std::future::Future;
use workflow::ports::queue::{ClickPointer, Deliveries, Nudges, Pointed, Pointer, PullRequestPointer};

/// The other end of both queues, as a consumer reads it.
pub trait Consumer: Sync {
    /// The pointers that arrived, once there are so many.
    fn pointers(&self, count: usize) -> impl Future<Output = Vec<Pointed>> + Send;

    /// The targets of the nudges that arrived, once there are so many.
    fn targets(&self, count: usize) -> impl Future<Output = Vec<Target>> + Send;
}

impl Consumer for crate::MemoryQueue {
    async fn pointers(&self, _count: usize) -> Vec<Pointed> {
        let pushes = self.take_pointers().into_iter().map(Pointed::Push);
        let pulls = self.take_pull_requests().into_iter().map(Pointed::PullRequest);
        let clicks = self.take_clicks().into_iter().map(Pointed::Click);
        pushes.chain(pulls).chain(clicks).collect()
    }

    async fn targets(&self, _count: usize) -> Vec<Target> {
        self.take_nudges().into_iter().map(|nudge| nudge.target).collect()
    }
}

/// Hands the names of all properties to a macro, which makes each a test.
#[macro_export]
macro_rules! queue_properties {
    ($each:ident) => {
        $each! {
            a_pointer_arrives_as_it_was_sent
            a_pointer_to_a_pull_request_arrives_as_it_was_sent
            a_click_arrives_as_it_was_sent
            nudges_with_different_reasons_all_arrive
            a_nudge_arrives_for_a_target_of_any_name
        }
    };
}

/// With and without a sender.
pub async fn a_pointer_arrives_as_it_was_sent<Q, C>(queue: &Q, consumer: &C)
where
    Q: Deliveries + Nudges,
    C: Consumer,
{
    let pointer = Pointer {
        delivery: DeliveryId::new("72d3162e-cc78-11e3-81ab-4c9367dc0958"),
        repository_id: RepositoryId(u64::MAX),
        git_ref: "refs/heads/feature/»λ«".to_owned(),
        before: fixtures::commit(0),
        after: fixtures::commit(2),
        sender: Some(fixtures::pusher()),
    };
    let found_by_us = Pointer {
        delivery: DeliveryId::new("sweeper-1"),
        sender: None,
        ..pointer.clone()
    };
    for sent in [pointer, found_by_us] {
        ok(queue.send(&sent, std::time::Duration::ZERO).await);
        assert_eq!(consumer.pointers(1).await, [Pointed::Push(sent)]);
    }
}

/// As one, and not as a branch.
pub async fn a_pointer_to_a_pull_request_arrives_as_it_was_sent<Q, C>(queue: &Q, consumer: &C)
where
    Q: Deliveries + Nudges,
    C: Consumer,
{
    let sent = PullRequestPointer {
        delivery: DeliveryId::new("72d3162e-cc78-11e3-81ab-4c9367dc0958"),
        repository_id: RepositoryId(u64::MAX),
        pull_request: PullRequestNumber(12),
    };
    ok(queue.send_pull_request(&sent).await);
    assert_eq!(consumer.pointers(1).await, [Pointed::PullRequest(sent)]);
}

/// As one, and as nothing else.
pub async fn a_click_arrives_as_it_was_sent<Q, C>(queue: &Q, consumer: &C)
where
    Q: Deliveries + Nudges,
    C: Consumer,
{
    let sent = ClickPointer {
        delivery: DeliveryId::new("72d3162e-cc78-11e3-81ab-4c9367dc0958"),
        repository_id: RepositoryId(u64::MAX),
        installation_id: 5001,
        check_run: u64::MAX,
        external_id: format!("sluice:shop:{}", fixtures::commit(2)),
        button: "a0000123456789abcdef".to_owned(),
        sender: fixtures::pusher(),
    };
    ok(queue.send_click(&sent).await);
    assert_eq!(consumer.pointers(1).await, [Pointed::Click(sent)]);
}

/// Those with the same reason may be merged; others not.
pub async fn nudges_with_different_reasons_all_arrive<Q, C>(queue: &Q, consumer: &C)
where
    Q: Deliveries + Nudges,
    C: Consumer,
{
    let target = fixtures::target("db_demo");
    for reason in ["planned", "approved", "continued"] {
        ok(queue.nudge(&target, reason).await);
    }
    let expected = [target.clone(), target.clone(), target];
    assert_eq!(consumer.targets(3).await, expected);
}

/// Names that no message attribute would take.
pub async fn a_nudge_arrives_for_a_target_of_any_name<Q, C>(queue: &Q, consumer: &C)
where
    Q: Deliveries + Nudges,
    C: Consumer,
{
    let names = ["db_demo", "größe", "a b", "\"quoted\"", &"x".repeat(200)].map(fixtures::target);
    for target in &names {
        ok(queue.nudge(target, "planned").await);
    }
    let found: BTreeSet<_> = consumer.targets(names.len()).await.into_iter().collect();
    assert_eq!(found, names.into_iter().collect());
}
