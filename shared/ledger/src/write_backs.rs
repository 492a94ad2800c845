//! How far the latest schemas are on their way into the repository.

use crate::DynamoLedger;
use crate::keys::Key;
use model::{Fault, ProjectId, TaskKey, WriteBack, WriteBackBranch};
use workflow::ports::ledger::WriteBackLedger;

impl WriteBackLedger for DynamoLedger {
    async fn write_back_branch(
        &self,
        project: &ProjectId,
        branch: &str,
    ) -> Result<Option<WriteBackBranch>, Fault> {
        self.get_entity(&Key::write_back_branch(project, branch)).await
    }

    async fn write_backs(&self, keys: &[TaskKey]) -> Result<Vec<WriteBack>, Fault> {
        let keys: Vec<Key> = keys.iter().map(Key::write_back).collect();
        self.get_entities(&keys).await
    }
}
