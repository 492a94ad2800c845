//! The audit: chains of items, and where each ends.

use super::{MemoryLedger, State};
use model::{AuditChain, AuditEntry, AuditHead, AuditItem, AuditRecord, AuditSeal, Fault};
use workflow::ports::ledger::{AuditLedger, AuditPart};

impl AuditLedger for MemoryLedger {
    async fn audit_items(&self, chain: AuditChain, after: u64, limit: u32) -> Result<AuditPart, Fault> {
        let state = self.state();
        let items = state.audit.get(&chain).map(Vec::as_slice).unwrap_or_default();
        let found = (1..).zip(items).filter(|(place, _)| *place > after);
        let found: Vec<(u64, &AuditItem)> = found.take(limit as usize).collect();
        Ok(AuditPart {
            last: found.last().map(|(place, _)| *place),
            records: found
                .into_iter()
                .map(|(_, item)| AuditRecord::Item(Box::new(item.clone())))
                .collect(),
        })
    }

    async fn audit_head(&self, chain: AuditChain) -> Result<Option<AuditHead>, Fault> {
        Ok(self.state().audit_heads.get(&chain).cloned())
    }
}

impl State {
    /// Puts an entry at the end of its chain. `seals` are where chains ended before the commit.
    pub(super) fn audit(&mut self, entry: AuditEntry, seals: &[AuditSeal]) {
        let chain = entry.chain;
        let sealed = chain.sealed().into_iter();
        let mine = sealed.filter_map(|sealed| seals.iter().find(|seal| seal.chain == sealed).cloned());
        let item = AuditItem::after(entry, self.audit_heads.get(&chain), mine.collect());
        self.audit_heads.insert(chain, item.head());
        self.audit.entry(chain).or_default().push(item);
    }

    /// Where these chains end.
    pub(super) fn seals(&self, chains: impl IntoIterator<Item = AuditChain>) -> Vec<AuditSeal> {
        let mut sealed: Vec<AuditChain> = chains.into_iter().flat_map(AuditChain::sealed).collect();
        sealed.sort();
        sealed.dedup();
        let heads = sealed.iter().filter_map(|chain| self.audit_heads.get(chain));
        heads.map(AuditHead::seal).collect()
    }
}
