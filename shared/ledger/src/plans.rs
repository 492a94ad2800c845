//! What was planned.

use crate::DynamoLedger;
use crate::entity::{number_of, text_of};
use crate::keys::Key;
use crate::writes::{COMMIT, NUMBER};
use model::{CommitSha, Fault, IssueNumber, ProjectId, Push};
use workflow::ports::ledger::PlanLedger;

impl PlanLedger for DynamoLedger {
    async fn head(&self, project: &ProjectId, branch: &str) -> Result<Option<CommitSha>, Fault> {
        let key = Key::head(project, branch);
        match self.get(&key).await? {
            Some(item) => Ok(Some(CommitSha::new(text_of(&item, &key, COMMIT)?))),
            None => Ok(None),
        }
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
