//! What somebody altered by hand in the table is found.

use crate::bed::{Bed, on_a_table};
use aws_sdk_dynamodb::types::AttributeValue;
use model::audit::verify::{Extent, Flaw, StoredChain, verify};
use model::{AuditChain, Deed, Fault, IssueNumber};
use testkit::fixtures;
use workflow::ports::ledger::{AuditLedger as _, Commit as _, Committed, Write};

const CHAIN: AuditChain = AuditChain::Issue(IssueNumber(1));
const PARTITION: &str = "AUDIT#issue-1";

fn place(number: u64) -> String {
    format!("item#{number:020}")
}

async fn write(bed: &Bed, second: i64) -> Result<Committed, Fault> {
    let entry = fixtures::audit(CHAIN, Deed::TaskBegun, second);
    bed.ledger.commit(vec![Write::Audit(entry)]).await
}

async fn three(bed: &Bed) {
    for second in 1..=3 {
        assert_eq!(write(bed, second).await.unwrap(), Committed::Yes);
    }
    assert_eq!(flaws(bed).await, []);
}

async fn flaws(bed: &Bed) -> Vec<Flaw> {
    let part = bed.ledger.audit_items(CHAIN, 0, 100).await.unwrap();
    let stored = StoredChain {
        chain: CHAIN,
        records: part.records,
        head: bed.ledger.audit_head(CHAIN).await.unwrap(),
    };
    verify(&[stored], Extent::One(CHAIN))
}

async fn words(bed: &Bed) -> String {
    let flaws = flaws(bed).await;
    flaws
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn an_item_that_was_edited_in_the_table_is_found() {
    on_a_table(async |bed| {
        three(bed).await;
        let mut item = bed.item(PARTITION, &place(2)).await;
        item.insert("because".into(), AttributeValue::S("nobody looks".into()));
        bed.put(item.clone()).await;
        let words = words(bed).await;
        assert!(
            words.contains("issue 1, item 2: its hash is not that of what it says"),
            "{words}"
        );
        // Also where it is no item any more.
        item.insert("by".into(), AttributeValue::S("me".into()));
        bed.put(item).await;
        let words = self::words(bed).await;
        assert!(words.contains("issue 1, item 2: it can't be read"), "{words}");
    })
    .await;
}

#[tokio::test]
async fn an_item_that_was_removed_from_the_table_is_found() {
    on_a_table(async |bed| {
        three(bed).await;
        bed.forget(PARTITION, &place(2)).await;
        let words = words(bed).await;
        assert!(
            words.contains("issue 1, item 3: item 2 must stand in this place"),
            "{words}"
        );
        bed.forget(PARTITION, &place(3)).await;
        let words = self::words(bed).await;
        assert!(
            words.contains("it must have 3 items, and 1 are stored"),
            "{words}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_end_that_was_altered_in_the_table_is_found() {
    on_a_table(async |bed| {
        three(bed).await;
        let head = bed.item(PARTITION, "head").await;
        let mut other = head.clone();
        other.insert("count".into(), AttributeValue::S("three".into()));
        bed.put(other).await;
        let words = words(bed).await;
        assert!(
            words.contains("items are stored, but not where the chain ends"),
            "{words}"
        );
        assert!(
            write(bed, 4).await.is_err(),
            "nothing is put after an end that can't be read"
        );
        bed.put(head).await;
        assert_eq!(flaws(bed).await, []);
        assert_eq!(write(bed, 4).await.unwrap(), Committed::Yes);
    })
    .await;
}

/// An end that was moved back would have the audit written over: the commit fails, and says why.
#[tokio::test]
async fn nothing_is_written_over_an_item_of_the_audit() {
    on_a_table(async |bed| {
        three(bed).await;
        let end = bed.item(PARTITION, "head").await;
        assert_eq!(write(bed, 4).await.unwrap(), Committed::Yes);
        bed.put(end).await;
        let fault = write(bed, 5).await.unwrap_err();
        assert!(
            fault.chain().contains("the audit was altered by hand"),
            "{}",
            fault.chain()
        );
        let words = words(bed).await;
        assert!(
            words.contains("it must have 3 items, and 4 are stored"),
            "{words}"
        );
    })
    .await;
}
