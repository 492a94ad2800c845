//! The journal.

use super::{held, intent, key, ok, tidy};
use crate::scratch::{Administrator, Scratch};
use std::time::Duration;
use workflow::ports::database::{Databases, Executed, Locked as _, Outcome};

/// What is written is read back, by version and in order, from another session too.
pub async fn the_journal_keeps_intents_and_outcomes<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    assert_eq!(ok(session.journal(&key("1.0")).await), []);
    for index in [2, 1] {
        ok(session.intend(&key("1.0"), &intent(index, 7)).await);
    }
    ok(session.intend(&key("2"), &intent(1, 7)).await);
    let executed = Executed {
        duration: Duration::from_millis(12),
        rows: 3,
    };
    ok(session
        .settle(&key("1.0"), 1, Outcome::Done, Some(executed))
        .await);
    ok(session.settle(&key("1.0"), 2, Outcome::Failed, None).await);
    session.close().await;

    let mut session = held(databases, server, &scratch).await;
    let entries = ok(session.journal(&key("1.0")).await);
    let read: Vec<_> = entries
        .iter()
        .map(|entry| (entry.intent.clone(), entry.outcome, entry.duration, entry.rows))
        .collect();
    assert_eq!(
        read,
        [
            (intent(1, 7), Outcome::Done, Some(executed.duration), Some(3)),
            (intent(2, 7), Outcome::Failed, None, None),
        ]
    );
    tidy::<D>(session, server, scratch).await;
}

/// A new intent stands in place of the older one of its index, and its outcome is unknown again.
pub async fn a_new_intent_replaces_the_old<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    ok(session.intend(&key("1"), &intent(1, 1)).await);
    ok(session.settle(&key("1"), 1, Outcome::Failed, None).await);
    // The same once more, and under a newer lease: both are written.
    for fence in [1, 2] {
        ok(session.intend(&key("1"), &intent(1, fence)).await);
    }
    let entries = ok(session.journal(&key("1")).await);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries.first().map(|entry| entry.intent.fence), Some(2));
    assert_eq!(entries.first().map(|entry| entry.outcome), Some(Outcome::Unknown));
    tidy::<D>(session, server, scratch).await;
}

/// A fence lower than one already seen writes nothing.
pub async fn a_stale_fence_is_refused<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    ok(session.intend(&key("1"), &intent(1, 5)).await);
    let stale = session.intend(&key("1"), &intent(2, 4)).await;
    let fault = stale.err().map(|fault| fault.chain()).unwrap_or_default();
    assert!(fault.contains("stale"), "{fault}");
    assert_eq!(ok(session.journal(&key("1")).await).len(), 1);
    tidy::<D>(session, server, scratch).await;
}

/// An outcome without an intent is a broken invariant, not silence.
pub async fn an_outcome_without_intent_is_a_fault<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held(databases, server, &scratch).await;
    assert!(session.settle(&key("1"), 1, Outcome::Done, None).await.is_err());
    tidy::<D>(session, server, scratch).await;
}
