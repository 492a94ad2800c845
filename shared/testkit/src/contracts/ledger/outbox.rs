//! The outbox, and what GitHub answered.

use super::{Ledger, write};
use crate::contracts::ok;
use crate::fixtures;
use model::{
    DeliveryId, Digest, EnvironmentId, Errand, GithubAccount, IssueNumber, Offer, OutboxItem, Refusal,
    RefusedClick, Verdict,
};
use workflow::ports::ledger::Write;

async fn ids<L: Ledger>(ledger: &L, limit: u32) -> Vec<String> {
    let items = ok(ledger.outbox(fixtures::time(1000), limit).await);
    items.into_iter().map(|item| item.id).collect()
}

/// By id, which sorts by time of writing; at most as many as asked for.
pub async fn the_outbox_is_read_oldest_first<L: Ledger>(ledger: &L) {
    assert!(ids(ledger, 10).await.is_empty());
    for id in ["2", "1", "3"] {
        write(ledger, vec![Write::Outbox(fixtures::outbox(id))]).await;
    }
    assert_eq!(ids(ledger, 10).await, ["1", "2", "3"]);
    assert_eq!(ids(ledger, 2).await, ["1", "2"]);
    assert!(ids(ledger, 0).await.is_empty());
}

/// Postponing what is gone does not bring it back.
pub async fn a_postponed_item_stays_and_a_settled_one_is_gone<L: Ledger>(ledger: &L) {
    let task = fixtures::task(1, &fixtures::target("db_demo"), "1").key();
    let mut write_back = OutboxItem {
        errand: Errand::WriteBack { task },
        ..fixtures::outbox("2")
    };
    let writes = vec![
        Write::Outbox(fixtures::outbox("1")),
        Write::Outbox(write_back.clone()),
    ];
    write(ledger, writes).await;
    ok(ledger.settle_outbox("1").await);
    ok(ledger.settle_outbox("1").await);
    write_back.attempt = 1;
    write_back.due_at = fixtures::time(60);
    ok(ledger.postpone_outbox(&write_back).await);
    ok(ledger.postpone_outbox(&fixtures::outbox("1")).await);
    assert_eq!(ok(ledger.outbox(fixtures::time(60), 10).await), [write_back]);
    let early = ok(ledger.outbox(fixtures::time(59), 10).await);
    assert!(early.is_empty(), "what is put off stands in nobody's way");
}

/// It belongs to the push, and the last one written counts.
pub async fn the_check_run_of_a_push_is_kept<L: Ledger>(ledger: &L) {
    let (project, commit) = (fixtures::project(), fixtures::commit(2));
    assert_eq!(ok(ledger.check_run_id(&project, &commit).await), None);
    for id in [1, u64::MAX] {
        ok(ledger.keep_check_run_id(&project, &commit, id).await);
        assert_eq!(ok(ledger.check_run_id(&project, &commit).await), Some(id));
    }
    assert_eq!(
        ok(ledger.check_run_id(&project, &fixtures::commit(3)).await),
        None
    );
    assert_eq!(
        ok(ledger.push(&project, &commit).await),
        None,
        "no push comes of it"
    );
}

/// Whoever comes second with the same name is told what is kept, and another check run has buttons of its own.
pub async fn what_a_button_is_for_is_kept_once<L: Ledger>(ledger: &L) {
    let (project, commit) = (fixtures::project(), fixtures::commit(2));
    let first = Offer {
        issue: IssueNumber(7),
        environment: EnvironmentId::new("prod#1"),
        digest: Digest::claimed("0123456789abcdef-one"),
    };
    let second = Offer {
        digest: Digest::claimed("0123456789abcdef-two"),
        ..first.clone()
    };
    let name = first.name();
    assert_eq!(ok(ledger.offer(&project, &commit, &name).await), None);
    for offer in [&first, &first, &second] {
        assert_eq!(ok(ledger.keep_offer(&project, &commit, offer).await), first);
    }
    assert_eq!(ok(ledger.offer(&project, &commit, &name).await), Some(first));
    let other = fixtures::commit(3);
    assert_eq!(ok(ledger.offer(&project, &other, &name).await), None);
    assert_eq!(ok(ledger.keep_offer(&project, &other, &second).await), second);
}

/// In place of the one before.
pub async fn the_last_refused_click_is_kept<L: Ledger>(ledger: &L) {
    let (project, commit) = (fixtures::project(), fixtures::commit(2));
    assert_eq!(ok(ledger.refused_click(&project, &commit).await), None);
    for second in [1, 2] {
        let click = RefusedClick {
            by: GithubAccount {
                github_id: 7,
                login: "dev".to_owned(),
                delivery: DeliveryId::new(format!("delivery-{second}")),
            },
            verdict: Verdict::Approved,
            refusal: Refusal::new("approval-own", "somebody else has to"),
            at: fixtures::time(second),
        };
        ok(ledger.keep_refused_click(&project, &commit, &click).await);
        assert_eq!(ok(ledger.refused_click(&project, &commit).await), Some(click));
    }
    assert_eq!(
        ok(ledger.refused_click(&project, &fixtures::commit(3)).await),
        None
    );
}
