//! The buttons on check runs.

use crate::DynamoLedger;
use crate::commit::Outcome;
use crate::keys::Key;
use crate::writes::Expected;
use model::{CommitSha, Fault, Offer, ProjectId, RefusedClick};
use workflow::ports::ledger::ClickLedger;

impl ClickLedger for DynamoLedger {
    async fn keep_offer(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        offer: &Offer,
    ) -> Result<Offer, Fault> {
        let key = Key::offer(project, commit, &offer.name());
        // Most are there: a check run is told of again and again.
        if let Some(kept) = self.get_entity(&key).await? {
            return Ok(kept);
        }
        let action = self.put_entity(key.clone(), offer, Expected::Nothing).await?;
        if let Outcome::Done = self.transact(vec![action]).await? {
            return Ok(offer.clone());
        }
        self.get_entity(&key)
            .await?
            .ok_or_else(|| Fault::retry("keeping what a button is for", "somebody else is doing so"))
    }

    async fn offer(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        name: &str,
    ) -> Result<Option<Offer>, Fault> {
        self.get_entity(&Key::offer(project, commit, name)).await
    }

    async fn keep_refused_click(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        click: &RefusedClick,
    ) -> Result<(), Fault> {
        let item = self.to_item(&Key::refused_click(project, commit), click).await?;
        self.put_item(item).await
    }

    async fn refused_click(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> Result<Option<RefusedClick>, Fault> {
        self.get_entity(&Key::refused_click(project, commit)).await
    }
}
