//! The audit: written with what it records, or not at all.

use super::{Ledger, commit, write};
use crate::contracts::ok;
use crate::fixtures;
use futures::future::join_all;
use model::audit::verify::{Extent, StoredChain, verify};
use model::{
    AuditActor, AuditChain, AuditEntry, AuditFunction, AuditItem, AuditRecord, Deed, Fault, IssueNumber,
};
use workflow::ports::ledger::{AuditPart, Committed, MAX_WRITES, Write, weight};

fn chain(issue: u64) -> AuditChain {
    AuditChain::Issue(IssueNumber(issue))
}

fn said(issue: u64, deed: Deed, second: i64) -> Write {
    Write::Audit(fixtures::audit(chain(issue), deed, second))
}

/// A chain as it is stored.
async fn stored<L: Ledger>(ledger: &L, chain: AuditChain) -> StoredChain {
    let part = ok(ledger.audit_items(chain, 0, 1000).await);
    StoredChain {
        chain,
        records: part.records,
        head: ok(ledger.audit_head(chain).await),
    }
}

fn items(stored: &StoredChain) -> Vec<AuditItem> {
    let item = |record: &AuditRecord| match record {
        AuditRecord::Item(item) => (**item).clone(),
        AuditRecord::Unreadable { unreadable, .. } => panic!("{unreadable}"),
    };
    stored.records.iter().map(item).collect()
}

/// Fails the test unless these are whole.
async fn verified<L: Ledger>(ledger: &L, newest: u64) {
    let mut chains = Vec::new();
    let mut next = Some(AuditChain::newest(IssueNumber(newest)));
    while let Some(chain) = next {
        chains.push(stored(ledger, chain).await);
        next = chain.older();
    }
    let flaws = verify(&chains, Extent::All(IssueNumber(newest)));
    assert!(flaws.is_empty(), "{flaws:?}");
}

/// Every way of having done something, and every part of it that may be missing, comes back; also in parts.
pub async fn the_audit_is_read_back_in_parts<L: Ledger>(ledger: &L) {
    assert_eq!(ok(ledger.audit_head(chain(1)).await), None);
    let nothing = ok(ledger.audit_items(chain(1), 0, 10).await);
    assert_eq!(nothing, AuditPart::default());
    let bare = AuditEntry {
        about: None,
        before: None,
        after: None,
        because: None,
        detail: Some("`%#\u{1f600}".to_owned()),
        by: AuditActor::Github {
            id: 1 << 53,
            login: String::new(),
            delivery: None,
        },
        ..fixtures::audit(chain(1), Deed::IssuePlanned, 1)
    };
    let click = AuditEntry {
        by: AuditActor::from(&fixtures::account(7)),
        ..fixtures::audit(chain(1), Deed::StageApproved, 4)
    };
    let worker = AuditEntry {
        by: AuditActor::Sluice(AuditFunction::Worker),
        ..fixtures::audit(chain(1), Deed::TaskBegun, 2)
    };
    let person = fixtures::audit(chain(1), Deed::StageApproved, 3);
    let entries = [bare, worker, person, click];
    for entry in entries.clone() {
        write(ledger, vec![Write::Audit(entry)]).await;
    }
    let all = stored(ledger, chain(1)).await;
    assert_eq!(items(&all), model::audit::link(entries.to_vec(), None, &[]));
    for (after, limit, expected) in [(0, 2, Some(2)), (2, 2, Some(4)), (4, 2, None), (1, 1, Some(2))] {
        let part = ok(ledger.audit_items(chain(1), after, limit).await);
        assert_eq!(part.last, expected, "after {after}, at most {limit}");
        let first = usize::try_from(after).unwrap_or_default();
        let whole = all.records.iter().skip(first).take(limit as usize);
        assert_eq!(part.records, whole.cloned().collect::<Vec<_>>());
    }
    verified(ledger, 1).await;
}

/// Several entries of several chains in one commit come one after another.
pub async fn entries_of_one_commit_are_chained<L: Ledger>(ledger: &L) {
    let first = vec![
        said(1, Deed::IssuePlanned, 1),
        said(2, Deed::IssuePlanned, 2),
        said(1, Deed::TaskBegun, 3),
    ];
    write(ledger, first).await;
    let second = vec![said(1, Deed::TaskDone, 4), said(1, Deed::TaskBegun, 5)];
    write(ledger, second).await;
    let items = items(&stored(ledger, chain(1)).await);
    let told: Vec<_> = items.iter().map(|item| (item.number, item.deed)).collect();
    let expected = [
        (1, Deed::IssuePlanned),
        (2, Deed::TaskBegun),
        (3, Deed::TaskDone),
        (4, Deed::TaskBegun),
    ];
    assert_eq!(told, expected);
    verified(ledger, 2).await;
}

/// Workers of one issue commit at once: all of them get through, and the chain has no gap and no fork.
pub async fn twenty_commits_at_once_make_one_chain<L: Ledger>(ledger: &L) {
    let commits = (0..20).map(|worker| async move {
        let outbox = Write::Outbox(fixtures::outbox(&worker.to_string()));
        commit(ledger, vec![outbox, said(1, Deed::TaskBegun, worker)]).await
    });
    let outcomes = join_all(commits).await;
    assert!(
        outcomes.iter().all(|outcome| *outcome == Committed::Yes),
        "{outcomes:?}"
    );
    let stored = stored(ledger, chain(1)).await;
    assert_eq!(stored.head.as_ref().map(|head| head.count), Some(20));
    let mut times: Vec<_> = items(&stored).iter().map(|item| item.at).collect();
    times.sort();
    assert_eq!(times, (0..20).map(fixtures::time).collect::<Vec<_>>());
    assert_eq!(ok(ledger.outbox(fixtures::time(1000), 100).await).len(), 20);
    verified(ledger, 1).await;
}

/// What did not happen is not in the audit.
pub async fn a_refused_commit_leaves_nothing_in_the_audit<L: Ledger>(ledger: &L) {
    let issue = || Write::Issue(fixtures::issue(1));
    write(ledger, vec![issue(), said(1, Deed::IssuePlanned, 1)]).await;
    let again = commit(ledger, vec![issue(), said(1, Deed::IssuePlanned, 2)]).await;
    assert_eq!(again, Committed::Conflict);
    let first = commit(ledger, vec![issue(), said(2, Deed::IssuePlanned, 2)]).await;
    assert_eq!(first, Committed::Conflict);
    assert_eq!(items(&stored(ledger, chain(1)).await).len(), 1);
    assert_eq!(ok(ledger.audit_head(chain(2)).await), None);
    verified(ledger, 1).await;
}

/// Settings that are in force are in the audit, and others are not.
pub async fn settings_are_applied_with_their_place_in_the_audit<L: Ledger>(ledger: &L) {
    for (version, expected) in [(1, Committed::Yes), (1, Committed::Conflict), (2, Committed::Yes)] {
        let settings = fixtures::settings(version);
        let applied = ledger.put_settings(&settings, fixtures::settings_audit());
        assert_eq!(ok(applied.await), expected);
    }
    assert_eq!(items(&stored(ledger, AuditChain::Settings).await).len(), 2);
    verified(ledger, 0).await;
}

/// The first item of an issue's chain names the newest of the issue's before, and that of settings.
pub async fn a_chain_seals_those_before_it<L: Ledger>(ledger: &L) {
    let settings = Write::Audit(fixtures::settings_audit());
    write(ledger, vec![settings.clone(), said(1, Deed::IssuePlanned, 1)]).await;
    write(ledger, vec![said(1, Deed::TaskBegun, 2)]).await;
    let one = stored(ledger, chain(1)).await;
    let zero = stored(ledger, AuditChain::Settings).await;
    let begun = vec![said(2, Deed::IssuePlanned, 3), said(2, Deed::TaskBegun, 4)];
    write(ledger, begun).await;
    let later = vec![settings, said(1, Deed::TaskDone, 5), said(2, Deed::TaskDone, 6)];
    write(ledger, later).await;
    let two = items(&stored(ledger, chain(2)).await);
    let seal = |stored: &StoredChain| stored.head.as_ref().map(model::AuditHead::seal);
    let expected: Vec<_> = [seal(&one), seal(&zero)].into_iter().flatten().collect();
    let counts: Vec<_> = two.iter().map(|item| item.seals.len()).collect();
    assert_eq!(counts, [2, 0, 0]);
    assert_eq!(two.first().map(|first| first.seals.clone()), Some(expected));
    // Of what was put there in the same commit, nothing was stored yet.
    assert!(items(&one).iter().all(|item| item.seals.is_empty()));
    verified(ledger, 2).await;
}

/// A commit has room for as many entries as fit with the ends of their chains.
pub async fn the_end_of_a_chain_is_a_write_too<L: Ledger>(ledger: &L) {
    let entries = |count: usize| -> Vec<Write> {
        let entry = |at| said(1, Deed::TaskBegun, at);
        (0..).take(count).map(entry).collect()
    };
    assert_eq!(weight(&entries(MAX_WRITES - 1)), MAX_WRITES);
    let outcome = ledger.commit(entries(MAX_WRITES)).await;
    assert!(matches!(outcome, Err(Fault::Bug(_))), "{outcome:?}");
    write(ledger, entries(MAX_WRITES - 1)).await;
    verified(ledger, 1).await;
}
