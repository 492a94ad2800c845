//! Reviews of pull requests, and their rehearsals.

use super::MemoryLedger;
use model::{Fault, ProjectId, PullRequest, PullRequestNumber, Rehearsal, RehearsalKey, Target};
use workflow::ports::ledger::{PullRequestLedger, RehearsalLedger, Shown};

impl PullRequestLedger for MemoryLedger {
    async fn pull_request(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
    ) -> Result<Option<PullRequest>, Fault> {
        let key = (project.clone(), number);
        Ok(self.state().pull_requests.get(&key).cloned())
    }

    async fn shown(&self, project: &ProjectId, number: PullRequestNumber) -> Result<Shown, Fault> {
        let key = (project.clone(), number);
        Ok(self.state().shown.get(&key).cloned().unwrap_or_default())
    }

    async fn keep_shown(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
        shown: &Shown,
    ) -> Result<(), Fault> {
        let key = (project.clone(), number);
        self.state().shown.insert(key, shown.clone());
        Ok(())
    }
}

impl RehearsalLedger for MemoryLedger {
    async fn rehearsals(&self, keys: &[RehearsalKey]) -> Result<Vec<Rehearsal>, Fault> {
        let state = self.state();
        let found = keys.iter().filter_map(|key| state.rehearsals.get(key));
        Ok(found.cloned().collect())
    }

    async fn pending_rehearsals(&self, target: &Target) -> Result<Vec<Rehearsal>, Fault> {
        let state = self.state();
        let pending = state
            .rehearsals
            .values()
            .filter(|rehearsal| &rehearsal.target == target && rehearsal.is_pending());
        Ok(pending.cloned().collect())
    }
}
