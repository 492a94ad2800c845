//! Reviews of pull requests, and their rehearsals.

use crate::DynamoLedger;
use crate::keys::{Key, REHEARSALS};
use model::{Fault, ProjectId, PullRequest, PullRequestNumber, Rehearsal, RehearsalKey, Target};
use workflow::ports::ledger::{PullRequestLedger, RehearsalLedger, Shown};

impl PullRequestLedger for DynamoLedger {
    async fn pull_request(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
    ) -> Result<Option<PullRequest>, Fault> {
        self.get_entity(&Key::pull_request(project, number)).await
    }

    async fn shown(&self, project: &ProjectId, number: PullRequestNumber) -> Result<Shown, Fault> {
        let shown = self.get_entity(&Key::shown(project, number)).await?;
        Ok(shown.unwrap_or_default())
    }

    async fn keep_shown(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
        shown: &Shown,
    ) -> Result<(), Fault> {
        let item = self.to_item(&Key::shown(project, number), shown).await?;
        self.put_item(item).await
    }
}

impl RehearsalLedger for DynamoLedger {
    async fn rehearsals(&self, keys: &[RehearsalKey]) -> Result<Vec<Rehearsal>, Fault> {
        let keys: Vec<_> = keys.iter().map(Key::rehearsal).collect();
        self.get_entities(&keys).await
    }

    async fn pending_rehearsals(&self, target: &Target) -> Result<Vec<Rehearsal>, Fault> {
        let keys = self.open_keys(target, REHEARSALS).await?;
        let rehearsals: Vec<Rehearsal> = self.get_entities(&keys).await?;
        // Between the two reads one may have been answered.
        Ok(rehearsals.into_iter().filter(Rehearsal::is_pending).collect())
    }
}
