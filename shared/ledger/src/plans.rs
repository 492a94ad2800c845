//! What was planned.

use crate::DynamoLedger;
use crate::entity::{number_of, text_of};
use crate::keys::Key;
use crate::writes::{BASELINES, COMMIT, NUMBER};
use model::{Baselines, CommitSha, Fault, IssueNumber, ProjectId, Push};
use workflow::ports::ledger::{PlanLedger, PlannedHead};

impl PlanLedger for DynamoLedger {
    async fn head(&self, project: &ProjectId, branch: &str) -> Result<Option<PlannedHead>, Fault> {
        let key = Key::head(project, branch);
        match self.get(&key).await? {
            Some(item) => Ok(Some(PlannedHead {
                commit: CommitSha::new(text_of(&item, &key, COMMIT)?),
                baselines: number_of(&item, &key, BASELINES)?,
            })),
            None => Ok(None),
        }
    }

    async fn baselines(&self, project: &ProjectId) -> Result<Option<Baselines>, Fault> {
        self.get_entity(&Key::baselines(project)).await
    }

    async fn push(&self, project: &ProjectId, commit: &CommitSha) -> Result<Option<Push>, Fault> {
        self.get_entity(&Key::push(project, commit)).await
    }

    async fn last_issue(&self) -> Result<IssueNumber, Fault> {
        let key = Key::issue_counter();
        match self.get(&key).await? {
            Some(item) => Ok(IssueNumber(number_of(&item, &key, NUMBER)?)),
            None => Ok(IssueNumber(0)),
        }
    }
}
