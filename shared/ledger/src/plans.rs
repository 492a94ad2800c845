//! What was planned.

use crate::DynamoLedger;
use crate::entity::{Item, key_of, number_of, text_of};
use crate::keys::Key;
use crate::writes::{BASELINES, COMMIT, NUMBER};
use model::{Baselines, CommitSha, Fault, IssueNumber, ProjectId, Push};
use std::collections::HashMap;
use workflow::ports::ledger::{PlanLedger, PlannedHead};

impl PlanLedger for DynamoLedger {
    async fn head(&self, project: &ProjectId, branch: &str) -> Result<Option<PlannedHead>, Fault> {
        let key = Key::head(project, branch);
        match self.get(&key).await? {
            Some(item) => planned_head(&item, &key).map(Some),
            None => Ok(None),
        }
    }

    async fn baselines(&self, project: &ProjectId) -> Result<Option<Baselines>, Fault> {
        self.get_entity(&Key::baselines(project)).await
    }

    async fn heads(
        &self,
        project: &ProjectId,
        branches: &[String],
    ) -> Result<Vec<Option<PlannedHead>>, Fault> {
        let keys: Vec<Key> = branches.iter().map(|branch| Key::head(project, branch)).collect();
        let mut found = HashMap::new();
        for item in self.get_all(&keys).await? {
            let key = key_of(&item)?;
            let head = planned_head(&item, &key)?;
            found.insert(key, head);
        }
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
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

fn planned_head(item: &Item, key: &Key) -> Result<PlannedHead, Fault> {
    Ok(PlannedHead {
        commit: CommitSha::new(text_of(item, key, COMMIT)?),
        baselines: number_of(item, key, BASELINES)?,
    })
}
