//! The audit: chains of items, each written with what it records.

use crate::DynamoLedger;
use crate::commit::{Outcome, refuse_doubles};
use crate::entity::{Item, key_of, text};
use crate::keys::{AUDIT_ITEMS, Key, PK, SK, audit_partition, audit_place};
use crate::writes::{Action, Expected};
use model::audit::link;
use model::{AuditChain, AuditEntry, AuditHead, AuditItem, AuditRecord, AuditSeal, Fault};
use std::collections::BTreeMap;
use std::time::Duration;
use workflow::ports::ledger::{AuditLedger, AuditPart};

/// The attribute of a chain's end that conditions look at.
const HASH: &str = "hash";
/// How often a commit is tried because others moved a chain on meanwhile: twenty workers of one issue may come at once.
const TRIES: u64 = 60;
/// The longest wait before another try, in milliseconds; that before the second is as long as the number of tries.
const LONGEST_WAIT: u64 = 100;

impl AuditLedger for DynamoLedger {
    async fn audit_items(&self, chain: AuditChain, after: u64, limit: u32) -> Result<AuditPart, Fault> {
        let request = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(&audit_partition(chain)))
            .expression_attribute_values(":first", text(&audit_place(after.saturating_add(1))))
            .expression_attribute_values(":last", text(&audit_place(u64::MAX)))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .consistent_read(true);
        let answer = request
            .send()
            .await
            .map_err(|error| self.fault("dynamodb:Query", error))?;
        let mut part = AuditPart::default();
        for item in answer.items.unwrap_or_default() {
            let place = place_of(&item)?;
            part.last = Some(place);
            part.records
                .push(match self.read_entity::<AuditItem>(item).await {
                    Ok(item) => AuditRecord::Item(Box::new(item)),
                    // Somebody wrote it by hand: whoever verifies has to hear of it.
                    Err(Fault::Bug(unreadable)) => AuditRecord::Unreadable {
                        chain,
                        place,
                        unreadable,
                    },
                    Err(fault @ (Fault::Retry { .. } | Fault::Operator { .. })) => return Err(fault),
                });
        }
        Ok(part)
    }

    async fn audit_head(&self, chain: AuditChain) -> Result<Option<AuditHead>, Fault> {
        match self.get_entity(&Key::audit_head(chain)).await {
            // What can't be read says nothing of where the chain ends, and that is what is told of it.
            Err(Fault::Bug(_)) => Ok(None),
            other => other,
        }
    }
}

impl DynamoLedger {
    /// All of the actions and entries, or none. Where nothing but a chain's end moved meanwhile, it is read again.
    pub(crate) async fn transact_audited(
        &self,
        actions: Vec<Action>,
        entries: Vec<AuditEntry>,
    ) -> Result<Outcome, Fault> {
        if entries.is_empty() {
            return self.transact(actions).await;
        }
        let own = actions.len();
        let mut read: Option<BTreeMap<AuditChain, AuditHead>> = None;
        let mut outcome = Outcome::Contended;
        for round in 1..=TRIES {
            let heads = self.heads_of(&entries).await?;
            if outcome == Outcome::Overtaken && read.as_ref() == Some(&heads) {
                return Err(altered(&entries));
            }
            let (links, turn) = self.links(&entries, &heads).await?;
            let mut all = actions.clone();
            all.extend(links);
            refuse_doubles(&all)?;
            let items = all.into_iter().map(|action| action.item).collect();
            outcome = self.try_transact(items, own).await?;
            match outcome {
                Outcome::Done | Outcome::Refused => return Ok(outcome),
                Outcome::Contended | Outcome::Overtaken => {}
            }
            read = Some(heads);
            // Each writer of a chain waits for another time, told by its own item's hash, or they would meet again.
            let most = (round * 10).min(LONGEST_WAIT);
            tokio::time::sleep(Duration::from_millis(turn % most + 1)).await;
        }
        Ok(Outcome::Contended)
    }

    /// Where the chains of these entries end.
    async fn heads_of(&self, entries: &[AuditEntry]) -> Result<BTreeMap<AuditChain, AuditHead>, Fault> {
        let mut chains: Vec<AuditChain> = entries.iter().map(|entry| entry.chain).collect();
        chains.sort();
        chains.dedup();
        self.heads(&chains).await
    }

    async fn heads(&self, chains: &[AuditChain]) -> Result<BTreeMap<AuditChain, AuditHead>, Fault> {
        let mut heads = BTreeMap::new();
        // One by one: nearly always there is one.
        for chain in chains {
            let Some(head) = self.get_entity::<AuditHead>(&Key::audit_head(*chain)).await? else {
                continue;
            };
            if head.chain != *chain {
                return Err(Fault::Bug(format!(
                    "where the audit of {chain} ends, {} is named: it was altered by hand",
                    head.chain
                )));
            }
            heads.insert(*chain, head);
        }
        Ok(heads)
    }

    /// The actions that put entries after these ends, and a number that is another one for every writer.
    async fn links(
        &self,
        entries: &[AuditEntry],
        heads: &BTreeMap<AuditChain, AuditHead>,
    ) -> Result<(Vec<Action>, u64), Fault> {
        let mut chains: BTreeMap<AuditChain, Vec<AuditEntry>> = BTreeMap::new();
        for entry in entries {
            chains.entry(entry.chain).or_default().push(entry.clone());
        }
        let (mut actions, mut turn) = (Vec::new(), 0);
        for (chain, entries) in chains {
            let head = heads.get(&chain);
            let seals = match head {
                Some(_) => Vec::new(),
                None => self.seals(chain).await?,
            };
            let items = link(entries, head.cloned(), &seals);
            for item in &items {
                let key = Key::audit_item(chain, item.number);
                actions.push(self.put_entity(key, item, Expected::Nothing).await?);
            }
            if let Some(last) = items.last() {
                let expected = head.map_or(Expected::Nothing, |head| {
                    Expected::Holds(HASH, text(head.hash.as_str()))
                });
                let key = Key::audit_head(chain);
                actions.push(self.put_entity(key, &last.head(), expected).await?);
                let digits = last.hash.as_str().get(..8).unwrap_or_default();
                turn = u64::from_str_radix(digits, 16).unwrap_or_default();
            }
        }
        Ok((actions, turn))
    }

    /// What the first item of a chain says of the chains before it.
    async fn seals(&self, chain: AuditChain) -> Result<Vec<AuditSeal>, Fault> {
        let sealed = chain.sealed();
        if sealed.is_empty() {
            return Ok(Vec::new());
        }
        let heads = self.heads(&sealed).await?;
        Ok(sealed
            .iter()
            .filter_map(|chain| heads.get(chain))
            .map(AuditHead::seal)
            .collect())
    }
}

/// The ends of the chains stand where they stood, and yet nothing can be put after them.
fn altered(entries: &[AuditEntry]) -> Fault {
    let chains: Vec<String> = entries.iter().map(|entry| entry.chain.to_string()).collect();
    Fault::operator(
        format!("writing the audit of {}", chains.join(", ")),
        "an item stands after the end of the chain, so the audit was altered by hand; `sluice audit verify` says where, \
         and docs/audit.md what to do",
        "the place after the end is taken",
    )
}

/// The place of an item in its chain, as its key says.
fn place_of(item: &Item) -> Result<u64, Fault> {
    let key = key_of(item)?;
    let digits = key
        .sk
        .strip_prefix(AUDIT_ITEMS)
        .and_then(|digits| digits.parse().ok());
    digits.ok_or_else(|| Fault::Bug(format!("{key} is no place of an item of the audit")))
}
