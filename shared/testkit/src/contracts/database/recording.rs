//! The journal.

use super::{busy, held_by, intent, key, ok, one, tidy};
use crate::scratch::{Administrator, Scratch};
use workflow::ports::database::{Databases, ExecuteError, Execution, Intent, Locked as _, Outcome, Owner};

/// What is written is read back, by version and in order, from another session too.
pub async fn the_journal_keeps_intents_and_outcomes<D: Databases>(
    databases: &D,
    server: &impl Administrator,
) {
    let scratch = Scratch::make(server).await;
    let mut session = held_by(databases, server, &scratch, Owner::Alone).await;
    assert_eq!(ok(session.journal(&key("1.0")).await), []);
    for (version, index, statement) in [
        ("1.0", 2, "SELECT * FROM nowhere"),
        ("1.0", 1, "CREATE TABLE t (id INT)"),
        ("2", 1, "INSERT INTO t VALUES (1), (2)"),
    ] {
        // What came of it is in the journal.
        let _ = session
            .execute(&key(version), &intent(index), statement, Execution::Alone)
            .await;
    }
    session.close().await;

    let mut session = held_by(databases, server, &scratch, Owner::Alone).await;
    let mut read = Vec::new();
    for version in ["1.0", "2"] {
        for entry in ok(session.journal(&key(version)).await) {
            assert!(entry.connection > 0);
            let before = entry.intent.before.is_some();
            read.push((version, entry.intent.index, entry.outcome, entry.rows, before));
            assert_eq!(entry.intent.digest, intent(1).digest);
            assert_eq!(entry.intent.base, intent(1).base);
        }
    }
    let versions = ["1.0", "1", "2", "3"].map(|version| key(version).version);
    let begun = ok(session.begun(&versions).await);
    assert_eq!(begun, ["1.0", "2"].map(|version| key(version).version).into());
    // What was there before is kept for as long as the outcome is not known.
    assert_eq!(
        read,
        [
            ("1.0", 1, Outcome::Done, Some(0), false),
            ("1.0", 2, Outcome::Failed, None, false),
            ("2", 1, Outcome::Done, Some(2), false),
        ]
    );
    tidy::<D>(session, server, scratch).await;
}

/// A new intent stands in place of the older one of its index.
pub async fn a_new_intent_replaces_the_old<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held_by(databases, server, &scratch, Owner::Alone).await;
    for (statement, outcome) in [
        ("SELECT * FROM nowhere", Outcome::Failed),
        ("SELECT 1", Outcome::Done),
    ] {
        let _ = session
            .execute(&key("1"), &intent(1), statement, Execution::WithOutcome)
            .await;
        let entries = ok(session.journal(&key("1")).await);
        let outcomes: Vec<_> = entries.iter().map(|entry| entry.outcome).collect();
        assert_eq!(outcomes, [outcome], "{statement}");
    }
    tidy::<D>(session, server, scratch).await;
}

/// As soon as the server knows of a newer owner, an older one that still holds the lock sends nothing any more.
pub async fn a_stale_owner_sends_nothing<D: Databases>(databases: &D, server: &impl Administrator) {
    for execution in [Execution::Alone, Execution::WithOutcome] {
        let scratch = Scratch::make(server).await;
        let mut older = held_by(databases, server, &scratch, Owner::Lease(4)).await;
        let made = older
            .execute(&key("1"), &intent(1), "CREATE TABLE t (id INT)", Execution::Alone)
            .await;
        assert!(made.is_ok(), "{made:?}");
        let newer = databases
            .lock(
                &server.login(),
                &scratch.target,
                Owner::Lease(5),
                std::time::Duration::ZERO,
            )
            .await;
        assert!(newer.is_ok(), "{:?}", newer.err());
        busy(databases, server, &scratch, "the older owner holds it").await;
        let stale = older
            .execute(&key("1"), &intent(2), "INSERT INTO t VALUES (1)", execution)
            .await;
        match stale {
            Err(ExecuteError::Stale(fault)) => assert!(fault.chain().contains("stale"), "{}", fault.chain()),
            other => panic!("{execution:?}: {other:?}"),
        }
        drop(older);
        let count = format!("SELECT COUNT(*) FROM {}.t", scratch.name());
        assert_eq!(one(server, &count).await, "0");
        // Who has no lease acts under the newest fence, and shuts nobody out.
        let mut alone = held_by(databases, server, &scratch, Owner::Alone).await;
        let entries = ok(alone.journal(&key("1")).await);
        assert_eq!(entries.len(), 1, "the stale owner left an intent");
        let sent = alone
            .execute(&key("1"), &intent(2), "INSERT INTO t VALUES (1)", execution)
            .await;
        assert!(sent.is_ok(), "{sent:?}");
        tidy::<D>(alone, server, scratch).await;
    }
}

/// What nobody came back to write is written with the reason to believe it.
pub async fn an_outcome_is_settled_with_its_reason<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held_by(databases, server, &scratch, Owner::Alone).await;
    let _ = session
        .execute(&key("1"), &intent(1), "SELECT * FROM nowhere", Execution::Alone)
        .await;
    ok(session
        .settle(&key("1"), 1, Outcome::Done, "somebody's word")
        .await);
    let entry = ok(session.journal(&key("1")).await).pop();
    assert_eq!(entry.map(|entry| entry.outcome), Some(Outcome::Done));
    let because = format!(
        "SELECT settled_because FROM _sluice.journal WHERE schema_name = '{}'",
        scratch.name()
    );
    assert_eq!(one(server, &because).await, "somebody's word");
    tidy::<D>(session, server, scratch).await;
}

/// An outcome without an intent is a broken invariant, not silence.
pub async fn an_outcome_without_intent_is_a_fault<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let mut session = held_by(databases, server, &scratch, Owner::Alone).await;
    assert!(session.settle(&key("1"), 1, Outcome::Done, "x").await.is_err());
    tidy::<D>(session, server, scratch).await;
}

/// What is remembered of a schema is set aside once it was dropped and made anew, and at no other time.
pub async fn what_is_gone_is_forgotten<D: Databases>(databases: &D, server: &impl Administrator) {
    let scratch = Scratch::make(server).await;
    let name = scratch.name();
    let mut session = held_by(databases, server, &scratch, Owner::Alone).await;
    assert!(!ok(session.is_made_anew().await), "nothing is remembered");
    let change = super::outcomes::applied_change("1");
    let last = change.clone();
    let versions = [change.version.key().clone()];
    let made = session
        .execute(
            &key("1"),
            &Intent {
                completes: Some(change),
                ..intent(1)
            },
            "CREATE TABLE t (id INT)",
            Execution::Alone,
        )
        .await;
    assert!(made.is_ok(), "{made:?}");
    ok(session.remember(&last).await);
    assert!(!ok(session.is_made_anew().await), "it holds a table");
    // Another change is under way: who knows what it has done.
    let begun = session
        .execute(&key("2"), &intent(1), "DROP TABLE t", Execution::Alone)
        .await;
    assert!(begun.is_ok(), "{begun:?}");
    assert!(!ok(session.is_made_anew().await), "a change is under way");
    server
        .run(&format!(
            "DELETE FROM _sluice.journal WHERE schema_name = '{name}' AND version_key = '{}'",
            key("2").version.as_str()
        ))
        .await;
    assert!(ok(session.is_made_anew().await), "it is empty");
    ok(session.set_aside().await);
    assert_eq!(ok(session.applied(&versions).await), []);
    assert_eq!(ok(session.journal(&key("1")).await), []);
    assert!(
        !ok(session.is_made_anew().await),
        "nothing is remembered any more"
    );
    tidy::<D>(session, server, scratch).await;
}
