//! The buttons on check runs.

use super::MemoryLedger;
use model::{CommitSha, Fault, Offer, ProjectId, RefusedClick};
use workflow::ports::ledger::ClickLedger;

impl ClickLedger for MemoryLedger {
    async fn keep_offer(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        offer: &Offer,
    ) -> Result<Offer, Fault> {
        let key = (project.clone(), commit.clone(), offer.name());
        let mut state = self.state();
        let kept = state.offers.entry(key).or_insert_with(|| offer.clone());
        Ok(kept.clone())
    }

    async fn offer(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        name: &str,
    ) -> Result<Option<Offer>, Fault> {
        let key = (project.clone(), commit.clone(), name.to_owned());
        Ok(self.state().offers.get(&key).cloned())
    }

    async fn keep_refused_click(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        click: &RefusedClick,
    ) -> Result<(), Fault> {
        let key = (project.clone(), commit.clone());
        self.state().refused_clicks.insert(key, click.clone());
        Ok(())
    }

    async fn refused_click(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> Result<Option<RefusedClick>, Fault> {
        let key = (project.clone(), commit.clone());
        Ok(self.state().refused_clicks.get(&key).cloned())
    }
}
