//! A table of a thousand items in many chains: whatever single thing is changed in it is found, and nothing else is.

use jiff::{SignedDuration, Timestamp};
use model::audit::link;
use model::audit::verify::{Extent, Flaw, StoredChain, verify};
use model::{
    AuditActor, AuditChain, AuditEntry, AuditFunction, AuditHead, AuditItem, AuditRecord, AuditSeal, Deed,
    DeliveryId, IssueNumber, Principal,
};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

const ISSUES: u32 = 60;
const ITEMS: u32 = 1000;
const NEWEST: IssueNumber = IssueNumber(60);

/// The chains of the table, oldest first while it is made.
struct Table {
    chains: Vec<(AuditChain, Vec<AuditItem>)>,
}

fn actor(at: u32) -> AuditActor {
    match at % 3 {
        0 => AuditActor::Principal(Principal {
            arn: format!("arn:aws:sts::111122223333:assumed-role/dba/{at}"),
            unique_id: format!("AROA:{at}"),
            account: "111122223333".into(),
            access_key: "ASIAEXAMPLE".into(),
            source_ip: "192.0.2.1".into(),
            request_id: format!("request-{at}"),
        }),
        1 => AuditActor::Github {
            id: 42,
            login: "dev".into(),
            delivery: at
                .is_multiple_of(2)
                .then(|| DeliveryId::new(format!("delivery-{at}"))),
        },
        _ => AuditActor::Sluice(AuditFunction::Worker),
    }
}

fn entry(chain: AuditChain, first: bool, at: u32) -> AuditEntry {
    let deeds = [
        Deed::StageApproved,
        Deed::TaskBegun,
        Deed::TaskDone,
        Deed::TaskFailed,
    ];
    AuditEntry {
        chain,
        deed: match chain {
            AuditChain::Settings => Deed::SettingsApplied,
            AuditChain::Issue(_) if first => Deed::IssuePlanned,
            AuditChain::Issue(_) => deeds[(at % 4) as usize],
        },
        about: Some(format!("orders-prod/shop {at}")),
        by: actor(at),
        at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(i64::from(at)),
        before: at.is_multiple_of(2).then(|| format!("edition {at}")),
        after: Some(format!("edition {}", at + 1)),
        detail: at.is_multiple_of(3).then(|| "attempt 1".to_owned()),
        because: at.is_multiple_of(5).then(|| "looked".to_owned()),
    }
}

impl Table {
    fn head(&self, chain: AuditChain) -> Option<AuditHead> {
        let (_, items) = self.chains.iter().find(|(name, _)| *name == chain)?;
        items.last().map(AuditItem::head)
    }

    fn write(&mut self, chain: AuditChain, at: u32) {
        let head = self.head(chain);
        let seals: Vec<AuditSeal> = chain
            .sealed()
            .into_iter()
            .filter_map(|sealed| self.head(sealed))
            .map(|head| head.seal())
            .collect();
        let items = link(vec![entry(chain, head.is_none(), at)], head, &seals);
        match self.chains.iter_mut().find(|(name, _)| *name == chain) {
            Some((_, stored)) => stored.extend(items),
            None => self.chains.push((chain, items)),
        }
    }
}

/// As it is read: the newest issue's first, settings last.
fn table() -> Vec<StoredChain> {
    static TABLE: LazyLock<Vec<StoredChain>> = LazyLock::new(made);
    TABLE.clone()
}

fn made() -> Vec<StoredChain> {
    let mut table = Table { chains: Vec::new() };
    table.write(AuditChain::Settings, 0);
    for issue in 1..=ISSUES {
        table.write(AuditChain::Issue(IssueNumber(issue.into())), issue);
    }
    // Work goes on in all of them at once.
    for at in ISSUES + 1..ITEMS {
        let issue = (at * 7919) % (ISSUES + 1);
        let chain = match issue {
            0 => AuditChain::Settings,
            issue => AuditChain::Issue(IssueNumber(issue.into())),
        };
        table.write(chain, at);
    }
    let mut chains: Vec<StoredChain> = table
        .chains
        .into_iter()
        .map(|(chain, items)| StoredChain {
            chain,
            head: items.last().map(AuditItem::head),
            records: items
                .into_iter()
                .map(|item| AuditRecord::Item(Box::new(item)))
                .collect(),
        })
        .collect();
    chains.sort_by_key(|stored| std::cmp::Reverse(stored.chain));
    chains
}

fn flaws(chains: &[StoredChain]) -> Vec<Flaw> {
    verify(chains, Extent::All(NEWEST))
}

/// Every leaf of a document, by its path.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| leaves(value, &format!("{path}/{name}"), found)),
        Value::Array(values) => (0..)
            .zip(values)
            .for_each(|(at, value): (u32, _)| leaves(value, &format!("{path}/{at}"), found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push(path.to_owned()),
    }
}

/// Another value of the same kind.
fn other(value: &Value) -> Value {
    match value {
        Value::Null => Value::String("something".into()),
        Value::Number(number) => Value::from(number.as_u64().unwrap_or_default() + 1),
        Value::String(text) => {
            // Another one that reads as one: a hash, a time, a chain, a word.
            let mut text: Vec<char> = text.chars().collect();
            match text.iter().rposition(char::is_ascii_digit) {
                Some(at) => text[at] = if text[at] == '1' { '2' } else { '1' },
                None => text.push('x'),
            }
            Value::String(text.into_iter().collect())
        }
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Value::Null,
    }
}

/// What is stored once this document is in its place.
fn read_back(document: Value, chain: AuditChain, place: u64) -> AuditRecord {
    match serde_json::from_value(document) {
        Ok(item) => AuditRecord::Item(item),
        Err(error) => AuditRecord::Unreadable {
            chain,
            place,
            unreadable: error.to_string(),
        },
    }
}

#[test]
fn an_untouched_table_passes() {
    let table = table();
    let items: usize = table.iter().map(|chain| chain.records.len()).sum();
    assert_eq!(items, ITEMS as usize);
    assert_eq!(flaws(&table), []);
    for stored in &table {
        assert_eq!(
            verify(std::slice::from_ref(stored), Extent::One(stored.chain)),
            []
        );
    }
}

/// Every field of every item, each edited by itself, in a way that still reads and in one that clears it.
#[test]
fn any_edited_field_of_any_item_is_found() {
    let whole = table();
    let mut edits = 0;
    for chain in &whole {
        for place in 0..chain.records.len() {
            let document = serde_json::to_value(&chain.records[place]).unwrap();
            let mut paths = Vec::new();
            leaves(&document, "", &mut paths);
            for path in paths {
                for cleared in [false, true] {
                    let mut edited = document.clone();
                    let leaf = edited.pointer_mut(&path).unwrap();
                    let value = if cleared { Value::Null } else { other(leaf) };
                    if *leaf == value {
                        continue;
                    }
                    *leaf = value;
                    let mut stored = chain.clone();
                    stored.records[place] = read_back(edited, stored.chain, place as u64 + 1);
                    // Alone already; so it is found among the others, too.
                    let found = verify(std::slice::from_ref(&stored), Extent::One(stored.chain));
                    assert!(!found.is_empty(), "{}, item {}: {path}", stored.chain, place + 1);
                    assert!(found.iter().all(|flaw| flaw.chain == stored.chain), "{found:?}");
                    edits += 1;
                }
            }
        }
    }
    assert!(edits > 15 * ITEMS as usize, "{edits}");
}

#[test]
fn an_edited_end_of_a_chain_is_found() {
    for chain in 0..table().len() {
        for edit in [
            |head: &mut AuditHead| head.count += 1,
            |head: &mut AuditHead| head.count -= 1,
            |head: &mut AuditHead| head.hash = model::Checksum::of(b"other"),
            |head: &mut AuditHead| head.chain = AuditChain::Issue(IssueNumber(999)),
        ] {
            let mut table = table();
            edit(table[chain].head.as_mut().unwrap());
            assert!(!flaws(&table).is_empty(), "{}", table[chain].chain);
        }
        let mut table = table();
        table[chain].head = None;
        assert!(!flaws(&table).is_empty(), "{}", table[chain].chain);
    }
}

#[test]
fn any_removed_item_is_found() {
    let whole = table();
    for chain in &whole {
        for place in 0..chain.records.len() {
            let mut stored = chain.clone();
            stored.records.remove(place);
            let found = verify(std::slice::from_ref(&stored), Extent::One(stored.chain));
            assert!(!found.is_empty(), "{}, item {}", stored.chain, place + 1);
        }
    }
}

#[test]
fn a_removed_chain_is_found_and_named() {
    let whole = table();
    for chain in 0..whole.len() {
        for stands in [false, true] {
            let mut table = whole.clone();
            let name = table[chain].chain;
            if stands {
                table[chain].records.clear();
                table[chain].head = None;
            } else {
                table.remove(chain);
            }
            let found = flaws(&table);
            assert!(!found.is_empty(), "{name}");
            assert!(found.iter().all(|flaw| flaw.chain == name), "{name}: {found:?}");
        }
    }
}

/// Whoever removes the end of a chain and moves the stored end back is given away by the chain that sealed it, unless what
/// is removed came after that: then only an export shows it.
#[test]
fn a_removed_end_is_found_as_far_as_it_was_sealed() {
    let whole = table();
    let mut unseen = 0;
    for chain in 0..whole.len() {
        let sealed = whole
            .iter()
            .filter_map(|stored| stored.records.first())
            .filter_map(|record| match record {
                AuditRecord::Item(first) => first.seals.iter().find(|seal| seal.chain == whole[chain].chain),
                AuditRecord::Unreadable { .. } => None,
            })
            .map(|seal| usize::try_from(seal.number).unwrap())
            .max()
            .unwrap_or_default();
        for left in 1..whole[chain].records.len() {
            let mut table = whole.clone();
            table[chain].records.truncate(left);
            table[chain].head = match table[chain].records.last() {
                Some(AuditRecord::Item(last)) => Some(last.head()),
                Some(AuditRecord::Unreadable { .. }) | None => None,
            };
            let found = !flaws(&table).is_empty();
            assert_eq!(
                found,
                left < sealed,
                "{} cut to {left}, sealed at {sealed}",
                table[chain].chain
            );
            unseen += usize::from(!found);
        }
    }
    assert!(unseen > 0, "what a chain can't show is said in ARCHITECTURE.md");
}

/// A chain that somebody wrote anew, hashes and all, is given away by the one that sealed it.
#[test]
fn a_chain_that_was_written_anew_is_found() {
    let whole = table();
    for chain in 1..whole.len() {
        let mut table = whole.clone();
        let stored = &mut table[chain];
        let mut head: Option<AuditHead> = None;
        for record in &mut stored.records {
            let AuditRecord::Item(item) = record else {
                panic!("{record:?}")
            };
            item.after = Some("edition 1, and nothing else".into());
            item.previous = head.as_ref().map(|head| head.hash.clone());
            item.hash = item.computed_hash();
            head = Some(item.head());
        }
        stored.head = head;
        let name = stored.chain;
        let found = flaws(&table);
        assert!(found.iter().any(|flaw| flaw.chain == name), "{name}: {found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Two items that change places, in one chain or between two.
    #[test]
    fn any_two_items_that_changed_places_are_found(one in 0..ITEMS as usize, two in 0..ITEMS as usize) {
        prop_assume!(one != two);
        let mut table = table();
        let places: Vec<(usize, usize)> = table
            .iter()
            .enumerate()
            .flat_map(|(chain, stored)| (0..stored.records.len()).map(move |place| (chain, place)))
            .collect();
        let (a, b) = (places[one], places[two]);
        let first = table[a.0].records[a.1].clone();
        table[a.0].records[a.1] = std::mem::replace(&mut table[b.0].records[b.1], first);
        prop_assert!(!flaws(&table).is_empty());
    }

    /// An item that stands twice.
    #[test]
    fn a_doubled_item_is_found(one in 0..ITEMS as usize, at in 0..20_usize) {
        let mut table = table();
        let all: Vec<AuditRecord> = table.iter().flat_map(|stored| stored.records.clone()).collect();
        let chain = one % table.len();
        let at = at.min(table[chain].records.len());
        table[chain].records.insert(at, all[one].clone());
        prop_assert!(!flaws(&table).is_empty());
    }

    /// Two chains that change places, or one that stands twice.
    #[test]
    fn chains_that_were_moved_or_doubled_are_found(one in 0..60_usize, two in 0..60_usize) {
        prop_assume!(one != two);
        let mut moved = table();
        moved.swap(one, two);
        prop_assert!(!flaws(&moved).is_empty());
        let mut doubled = table();
        let again = doubled[one].clone();
        doubled.insert(two, again);
        prop_assert!(!flaws(&doubled).is_empty());
    }
}

#[test]
fn a_flaw_says_where_what_and_what_that_means() {
    let mut stored = table().remove(0);
    let AuditRecord::Item(item) = &mut stored.records[1] else {
        panic!("no item")
    };
    item.because = Some("because".into());
    let found = verify(std::slice::from_ref(&stored), Extent::One(stored.chain));
    assert_eq!(
        found.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["issue 60, item 2: its hash is not that of what it says: the item was edited after it was written"]
    );
}

#[test]
fn issues_from_before_there_was_an_audit_have_no_chain() {
    let mut table = table();
    // The chain of settings began before issue 40, and those of older issues never did.
    table.retain(|stored| match stored.chain {
        AuditChain::Settings => true,
        AuditChain::Issue(number) => number.0 >= 40,
    });
    let (oldest, seals) = (table.len() - 2, AuditChain::Issue(IssueNumber(39)));
    let mut head: Option<AuditHead> = None;
    for record in &mut table[oldest].records {
        let AuditRecord::Item(item) = record else {
            panic!("{record:?}")
        };
        item.seals.retain(|seal| seal.chain != seals);
        item.previous = head.as_ref().map(|head| head.hash.clone());
        item.hash = item.computed_hash();
        head = Some(item.head());
    }
    table[oldest].head = head;
    // Only the next chain's seal does not fit what this test wrote anew.
    let found = flaws(&table);
    assert!(
        found
            .iter()
            .all(|flaw| flaw.chain == AuditChain::Issue(IssueNumber(40))),
        "{found:?}"
    );
}
