//! Verifying: what is stored against what the hashes say. Pure, one chain at a time.

use super::{AuditActor, AuditChain, AuditHead, AuditItem, AuditRecord, AuditSeal, Deed};
use crate::approval::Decision;
use crate::digest::Digest;
use crate::ids::IssueNumber;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// A chain as it was read: its items in the order in which they are stored, and then where it says that it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChain {
    /// Which.
    pub chain: AuditChain,
    /// Its items.
    pub records: Vec<AuditRecord>,
    /// Its end; none where nothing is stored.
    pub head: Option<AuditHead>,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every chain there is, up to this issue.
    All(IssueNumber),
    /// One chain. What it says of others is not looked at.
    One(AuditChain),
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// The chain.
    pub chain: AuditChain,
    /// The item; none where the chain as a whole is meant.
    pub number: Option<u64>,
    /// What is wrong.
    pub wrong: String,
    /// What that means.
    pub means: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.chain {
            AuditChain::Settings => f.write_str("settings")?,
            AuditChain::Issue(number) => write!(f, "issue {number}")?,
        }
        if let Some(number) = self.number {
            write!(f, ", item {number}")?;
        }
        write!(f, ": {}: {}", self.wrong, self.means)
    }
}

/// Decisions that are stored beside a chain and that it does not know: nobody made them through Sluice. A chain that began
/// after its issue can't tell.
pub fn unsaid(stored: &StoredChain, decisions: &[Decision]) -> Vec<Flaw> {
    let items = stored.records.iter().filter_map(|record| match record {
        AuditRecord::Item(item) => Some(item),
        AuditRecord::Unreadable { .. } => None,
    });
    let items: Vec<_> = items.collect();
    if items.first().is_none_or(|first| first.deed != Deed::IssuePlanned) {
        return Vec::new();
    }
    let said = |decision: &&Decision| {
        items.iter().any(|item| {
            item.deed == decision.verdict.deed()
                && item.at == decision.at
                && item.about.as_deref() == Some(decision.environment.as_str())
                && item.after == Some(decided(decision))
                && item.by == AuditActor::from(&decision.by)
        })
    };
    let unsaid = decisions.iter().filter(|decision| !said(decision));
    let flaw = |decision: &Decision| Flaw {
        chain: stored.chain,
        number: None,
        wrong: format!(
            "a decision of {} on `{}` at {} is stored, and no item says that it was made",
            decision.by, decision.environment, decision.at
        ),
        means: "it was put there or edited by hand; what it approves is not approved".to_owned(),
    };
    unsaid.map(flaw).collect()
}

/// What an item says was decided on.
pub fn decided(decision: &Decision) -> String {
    format!("digest {}", decision.digest)
}

/// What an item says was decided on, where it says so.
pub fn decided_on(item: &AuditItem) -> Option<Digest> {
    let digest = item.after.as_deref()?.strip_prefix("digest ")?;
    Some(Digest::claimed(digest))
}

/// Verifies chains in the order in which they are read: the newest issue's first, settings last.
#[derive(Debug)]
pub struct Verifier {
    extent: Extent,
    /// The chain that must come next, where all are looked at.
    next: Option<AuditChain>,
    /// Issues without a chain: from before there was an audit, unless an older one has one from its planning on.
    without: Vec<IssueNumber>,
    /// What newer chains say of those that were not read yet.
    seals: BTreeMap<AuditChain, Vec<(AuditChain, AuditSeal)>>,
    items: u64,
    chains: u64,
    flaws: Vec<Flaw>,
}

/// What verifying came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// How many chains have items.
    pub chains: u64,
    /// How many items there are.
    pub items: u64,
    /// What is wrong; nothing where all is as it was written.
    pub flaws: Vec<Flaw>,
}

/// Verifies chains that were read whole, the newest issue's first.
pub fn verify(chains: &[StoredChain], extent: Extent) -> Vec<Flaw> {
    let mut verifier = Verifier::new(extent);
    for chain in chains {
        verifier.chain(chain);
    }
    verifier.finish().flaws
}

impl Verifier {
    /// Begins.
    pub fn new(extent: Extent) -> Self {
        Self {
            extent,
            next: Some(match extent {
                Extent::All(newest) => AuditChain::newest(newest),
                Extent::One(chain) => chain,
            }),
            without: Vec::new(),
            seals: BTreeMap::new(),
            items: 0,
            chains: 0,
            flaws: Vec::new(),
        }
    }

    /// Looks at the next chain. Those of which nothing is stored may be left out.
    pub fn chain(&mut self, stored: &StoredChain) {
        if !self.is_next(stored.chain) {
            self.flaw(
                stored.chain,
                None,
                "the chain stands where another one must be",
                "chains were moved or doubled",
            );
            return;
        }
        let Some(head) = &stored.head else {
            if stored.records.is_empty() {
                self.nothing(stored.chain);
            } else {
                self.flaw(
                    stored.chain,
                    None,
                    "items are stored, but not where the chain ends",
                    "the chain's end was removed",
                );
                self.items(stored);
            }
            return;
        };
        if self.next_is_planned(stored) {
            // From here on every issue has a chain: those above it must have had one.
            for number in std::mem::take(&mut self.without) {
                self.flaw(
                    AuditChain::Issue(number),
                    None,
                    "nothing is stored of it",
                    "the whole chain was removed",
                );
            }
        }
        self.items(stored);
        self.end(stored, head);
    }

    /// Looks at the next chain, and whether it knows the decisions that are stored beside it.
    pub fn chain_with(&mut self, stored: &StoredChain, decisions: &[Decision]) {
        self.chain(stored);
        self.flaws.extend(unsaid(stored, decisions));
    }

    /// What is wrong, once all chains were looked at.
    pub fn finish(mut self) -> Verified {
        while let Some(chain) = self.next {
            self.nothing(chain);
            self.next = self.after(chain);
        }
        Verified {
            chains: self.chains,
            items: self.items,
            flaws: self.flaws,
        }
    }

    fn after(&self, chain: AuditChain) -> Option<AuditChain> {
        match self.extent {
            Extent::All(_) => chain.older(),
            Extent::One(_) => None,
        }
    }

    /// Goes on to a chain; those on the way have nothing. Answers whether it is on the way at all.
    fn is_next(&mut self, chain: AuditChain) -> bool {
        // Settings come last, whatever the order of the type says.
        let due = match (self.next, chain) {
            (None, _) | (Some(AuditChain::Settings), AuditChain::Issue(_)) => false,
            (Some(_), AuditChain::Settings) => {
                matches!(self.extent, Extent::All(_)) || self.next == Some(chain)
            }
            (Some(AuditChain::Issue(next)), AuditChain::Issue(number)) => match self.extent {
                Extent::All(_) => number.0 > 0 && number <= next,
                Extent::One(_) => number == next,
            },
        };
        if !due {
            return false;
        }
        while let Some(next) = self.next.filter(|next| *next != chain) {
            self.nothing(next);
            self.next = self.after(next);
        }
        self.next = self.after(chain);
        true
    }

    /// Nothing is stored of a chain.
    fn nothing(&mut self, chain: AuditChain) {
        let seals = self.seals.remove(&chain).unwrap_or_default();
        if let AuditChain::Issue(number) = chain
            && seals.is_empty()
        {
            self.without.push(number);
        }
        for (by, seal) in seals {
            self.flaw(
                chain,
                Some(seal.number),
                "nothing is stored of the chain",
                &format!("the whole chain was removed: the first item of {by} names this item of it"),
            );
        }
    }

    /// Whether the chain of an issue begins with its planning.
    fn next_is_planned(&self, stored: &StoredChain) -> bool {
        match (self.extent, stored.chain, stored.records.first()) {
            (Extent::All(_), AuditChain::Issue(_), Some(AuditRecord::Item(first))) => {
                first.deed == Deed::IssuePlanned
            }
            (
                Extent::All(_) | Extent::One(_),
                AuditChain::Issue(_) | AuditChain::Settings,
                Some(AuditRecord::Item(_) | AuditRecord::Unreadable { .. }) | None,
            ) => false,
        }
    }

    /// Every item of a chain against the one before it, and against what newer chains say of it.
    fn items(&mut self, stored: &StoredChain) {
        self.chains += 1;
        let seals = self.seals.remove(&stored.chain).unwrap_or_default();
        let mut before: Option<&AuditItem> = None;
        let mut due = 1;
        for record in &stored.records {
            self.items += 1;
            match record {
                AuditRecord::Unreadable {
                    place, unreadable, ..
                } => {
                    self.flaw(
                        stored.chain,
                        Some(*place),
                        &format!("it can't be read ({unreadable})"),
                        "the item was edited",
                    );
                    before = None;
                    due = place.saturating_add(1);
                }
                AuditRecord::Item(item) => {
                    self.item(stored.chain, item, before, due);
                    before = Some(item);
                    due = item.number.saturating_add(1);
                }
            }
        }
        self.sealed(stored, seals);
    }

    fn item(&mut self, chain: AuditChain, item: &AuditItem, before: Option<&AuditItem>, due: u64) {
        let number = Some(item.number);
        if item.chain != chain {
            let wrong = format!("it says that it belongs to {}", item.chain);
            self.flaw(
                chain,
                number,
                &wrong,
                "an item of another chain was put here, or this one was edited",
            );
        }
        if item.computed_hash() != item.hash {
            self.flaw(
                chain,
                number,
                "its hash is not that of what it says",
                "the item was edited after it was written",
            );
        }
        if item.number != due {
            let wrong = format!("item {due} must stand in this place");
            self.flaw(chain, number, &wrong, "items were removed, doubled or moved");
            return;
        }
        // What can't be read is no measure for what comes after it; that it is there was told.
        let measured = before.is_some() || due == 1;
        if measured && item.previous.as_ref() != before.map(|before| &before.hash) {
            self.flaw(
                chain,
                number,
                "it does not name the hash of the item before it",
                "the item before was edited or replaced after this one was written, or this one was",
            );
        }
        if due == 1 {
            self.remember_seals(chain, item);
        }
    }

    /// What a chain's first item says of others is looked at when those are read.
    fn remember_seals(&mut self, chain: AuditChain, first: &AuditItem) {
        if self.extent == Extent::One(chain) {
            return;
        }
        for seal in &first.seals {
            if chain.sealed().contains(&seal.chain) {
                self.seals
                    .entry(seal.chain)
                    .or_default()
                    .push((chain, seal.clone()));
            } else {
                let wrong = format!("it names an item of {}", seal.chain);
                self.flaw(chain, Some(first.number), &wrong, "the item was edited");
            }
        }
    }

    /// What newer chains say of this one.
    fn sealed(&mut self, stored: &StoredChain, seals: Vec<(AuditChain, AuditSeal)>) {
        let mut told = false;
        for (by, seal) in seals {
            let place = seal
                .number
                .checked_sub(1)
                .and_then(|place| usize::try_from(place).ok());
            let found = place.and_then(|place| stored.records.get(place));
            let holds = match found {
                Some(AuditRecord::Item(item)) => item.number == seal.number && item.hash == seal.hash,
                Some(AuditRecord::Unreadable { .. }) | None => false,
            };
            // One missing item has every later chain complain of it.
            if !holds && !told {
                told = true;
                self.flaw(
                    stored.chain,
                    Some(seal.number),
                    &format!("the first item of {by} names another hash for it"),
                    "the item was edited or removed after that chain began, or that chain's first item was edited",
                );
            }
        }
    }

    /// Where a chain says that it ends, against where it does.
    fn end(&mut self, stored: &StoredChain, head: &AuditHead) {
        let count = u64::try_from(stored.records.len()).unwrap_or(u64::MAX);
        if head.chain != stored.chain {
            let wrong = format!("its end says that it belongs to {}", head.chain);
            self.flaw(stored.chain, None, &wrong, "the chain's end was edited");
        }
        if head.count != count {
            let wrong = format!("it must have {} items, and {count} are stored", head.count);
            self.flaw(
                stored.chain,
                None,
                &wrong,
                "items were removed or added, or the chain's end was edited",
            );
        }
        let ends = match stored.records.last() {
            Some(AuditRecord::Item(last)) => last.hash == head.hash,
            Some(AuditRecord::Unreadable { .. }) | None => false,
        };
        if !ends {
            self.flaw(
                stored.chain,
                None,
                "its newest item has not the hash that its end names",
                "the newest item was edited or removed, or the chain's end was edited",
            );
        }
    }

    fn flaw(&mut self, chain: AuditChain, number: Option<u64>, wrong: &str, means: &str) {
        self.flaws.push(Flaw {
            chain,
            number,
            wrong: wrong.to_owned(),
            means: means.to_owned(),
        });
    }
}
