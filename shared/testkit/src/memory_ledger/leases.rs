//! Leases, the outbox, texts and deliveries.

use super::{Lease, MemoryLedger};
use jiff::Timestamp;
use model::{Checksum, CommitSha, Fault, OutboxItem, ProjectId, Target};
use workflow::ports::ledger::{
    DeliveryLedger, Fence, HookLedger, LeaseLedger, Moved, NewHead, Noted, OutboxLedger, TextLedger,
};
use workflow::sweep::HookWatch;

impl LeaseLedger for MemoryLedger {
    async fn acquire_lease(
        &self,
        target: &Target,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Fence>, Fault> {
        let mut state = self.state();
        let there = state.leases.get(target);
        if there.is_some_and(|lease| lease.until > now && lease.owner.as_deref() != Some(owner)) {
            return Ok(None);
        }
        let fence = Fence(there.map_or(1, |lease| lease.fence.0 + 1));
        let lease = Lease {
            owner: Some(owner.to_owned()),
            until,
            fence,
        };
        state.leases.insert(target.clone(), lease);
        Ok(Some(fence))
    }

    async fn release_lease(&self, target: &Target, fence: Fence) -> Result<(), Fault> {
        if let Some(lease) = self.state().leases.get_mut(target)
            && lease.fence == fence
        {
            lease.owner = None;
            lease.until = Timestamp::UNIX_EPOCH;
        }
        Ok(())
    }
}

impl OutboxLedger for MemoryLedger {
    async fn outbox(&self, now: Timestamp, limit: u32) -> Result<Vec<OutboxItem>, Fault> {
        Ok(self
            .state()
            .outbox
            .values()
            .filter(|item| item.due_at <= now)
            .take(limit as usize)
            .cloned()
            .collect())
    }

    async fn settle_outbox(&self, id: &str) -> Result<(), Fault> {
        self.state().outbox.remove(id);
        Ok(())
    }

    async fn postpone_outbox(&self, item: &OutboxItem) -> Result<(), Fault> {
        if let Some(there) = self.state().outbox.get_mut(&item.id) {
            *there = item.clone();
        }
        Ok(())
    }

    async fn check_run_id(&self, project: &ProjectId, commit: &CommitSha) -> Result<Option<u64>, Fault> {
        let key = (project.clone(), commit.clone());
        Ok(self.state().check_runs.get(&key).copied())
    }

    async fn keep_check_run_id(&self, project: &ProjectId, commit: &CommitSha, id: u64) -> Result<(), Fault> {
        self.state()
            .check_runs
            .insert((project.clone(), commit.clone()), id);
        Ok(())
    }
}

impl TextLedger for MemoryLedger {
    async fn put_text(&self, text: &str) -> Result<Checksum, Fault> {
        let checksum = Checksum::of(text.as_bytes());
        self.state().texts.insert(checksum.clone(), text.to_owned());
        Ok(checksum)
    }

    async fn text(&self, checksum: &Checksum) -> Result<Option<String>, Fault> {
        Ok(self.state().texts.get(checksum).cloned())
    }
}

impl DeliveryLedger for MemoryLedger {
    async fn is_noted(&self, key: &str) -> Result<bool, Fault> {
        Ok(self.state().deliveries.contains_key(key))
    }

    async fn note(&self, key: &str, expires: Timestamp) -> Result<Noted, Fault> {
        let mut state = self.state();
        if state.deliveries.contains_key(key) {
            return Ok(Noted::Duplicate);
        }
        state.deliveries.insert(key.to_owned(), expires);
        Ok(Noted::First)
    }

    async fn keep_moved(&self, head: &NewHead, moved: &Moved, _expires: Timestamp) -> Result<(), Fault> {
        self.state().moved.insert(head.clone(), moved.clone());
        Ok(())
    }

    async fn moved(&self, head: &NewHead) -> Result<Option<Moved>, Fault> {
        Ok(self.state().moved.get(head).cloned())
    }
}

impl HookLedger for MemoryLedger {
    async fn hook_watch(&self) -> Result<Option<HookWatch>, Fault> {
        Ok(self.state().hook_watch.clone())
    }

    async fn keep_hook_watch(&self, watch: &HookWatch) -> Result<(), Fault> {
        self.state().hook_watch = Some(watch.clone());
        Ok(())
    }
}
