//! Issues and what belongs to them.

use crate::DynamoLedger;
use crate::keys::{self, DECISIONS, Key};
use model::{Decision, Fault, Issue, IssueNumber, Task, TaskKey};
use workflow::ports::ledger::IssueLedger;

impl IssueLedger for DynamoLedger {
    async fn issues(&self, numbers: &[IssueNumber]) -> Result<Vec<Issue>, Fault> {
        let keys: Vec<_> = numbers.iter().map(|number| Key::issue(*number)).collect();
        self.get_entities(&keys).await
    }

    async fn tasks(&self, keys: &[TaskKey]) -> Result<Vec<Task>, Fault> {
        let keys: Vec<_> = keys.iter().map(Key::task).collect();
        self.get_entities(&keys).await
    }

    async fn decisions(&self, issue: IssueNumber) -> Result<Vec<Decision>, Fault> {
        let items = self.query(&keys::issue_partition(issue), DECISIONS).await?;
        let mut decisions: Vec<Decision> = self.read_entities(items).await?;
        decisions.sort_by_key(|decision| decision.at);
        Ok(decisions)
    }
}
