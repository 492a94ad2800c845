//! Leases on targets.

use super::Ledger;
use crate::contracts::ok;
use crate::fixtures::{target, time};
use workflow::ports::ledger::Fence;

async fn acquire<L: Ledger>(ledger: &L, owner: &str, now: i64, until: i64) -> Option<Fence> {
    ok(ledger
        .acquire_lease(&target("db_demo"), owner, time(now), time(until))
        .await)
}

async fn fence<L: Ledger>(ledger: &L, owner: &str, now: i64, until: i64) -> Fence {
    match acquire(ledger, owner, now, until).await {
        Some(fence) => fence,
        None => panic!("{owner} should have got the lease at {now}"),
    }
}

/// Nobody else gets it before; its owner may go on with it; another target is another lease.
pub async fn a_lease_is_for_one_owner_until_its_time<L: Ledger>(ledger: &L) {
    let first = fence(ledger, "a", 0, 10).await;
    assert_eq!(acquire(ledger, "b", 0, 10).await, None);
    assert_eq!(acquire(ledger, "b", 9, 19).await, None);
    let longer = fence(ledger, "a", 5, 15).await;
    assert!(longer > first);
    assert_eq!(acquire(ledger, "b", 10, 20).await, None, "it was made longer");
    assert!(fence(ledger, "b", 15, 20).await > longer);
    assert_eq!(acquire(ledger, "a", 16, 20).await, None);
    let elsewhere = ledger
        .acquire_lease(&target("other"), "c", time(0), time(10))
        .await;
    assert!(ok(elsewhere).is_some());
}

/// Fences never start again, whatever happens to the lease.
pub async fn a_lease_given_back_is_free_and_its_fence_grows<L: Ledger>(ledger: &L) {
    let first = fence(ledger, "a", 0, 100).await;
    ok(ledger.release_lease(&target("db_demo"), first).await);
    let second = fence(ledger, "b", 1, 100).await;
    assert!(second > first);
    ok(ledger.release_lease(&target("db_demo"), second).await);
    ok(ledger.release_lease(&target("db_demo"), second).await);
    assert!(fence(ledger, "a", 2, 100).await > second);
}

/// A late release changes nothing; neither does one of a lease that nobody ever took.
pub async fn who_lost_the_lease_can_not_give_it_back<L: Ledger>(ledger: &L) {
    ok(ledger.release_lease(&target("db_demo"), Fence(1)).await);
    let lost = fence(ledger, "a", 0, 10).await;
    fence(ledger, "b", 10, 20).await;
    ok(ledger.release_lease(&target("db_demo"), lost).await);
    assert_eq!(acquire(ledger, "c", 11, 20).await, None);
}
