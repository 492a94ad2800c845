//! Which versions still wait to be written.

use super::decide::Waiting;
use super::{Place, WritingBack};
use crate::ports::ledger::{IssueLedger, TargetLedger, WriteBackLedger};
use model::write_back::Written;
use model::{Fault, Revision, TaskKey};

/// How many versions back from an errand's own are looked at: what lies further back has an errand of its own, or was
/// parked long ago.
const LONGEST: usize = 20;

impl<L, G, C> WritingBack<'_, L, G, C>
where
    L: IssueLedger + TargetLedger + WriteBackLedger,
{
    /// The versions of a target that still wait to be written to this branch: this one, and back from it in the order
    /// in which they were applied, until one that is written. Costs nothing for what was written long ago.
    pub(super) async fn waiting(&self, place: &Place<'_>, last: &TaskKey) -> Result<Vec<Waiting>, Fault> {
        let mut waiting = Vec::new();
        let mut at = Some(last.clone());
        for _ in 0..LONGEST {
            let Some(key) = at.take() else { break };
            let Some(revision) = self.ledger.revision(&key).await? else {
                break;
            };
            let stored = self.ledger.write_backs(std::slice::from_ref(&key)).await?.pop();
            at = revision.since.as_ref().map(|since| TaskKey {
                target: revision.target.clone(),
                version: since.key().clone(),
            });
            match stored.map(|stored| stored.state.is_open()) {
                Some(false) => break,
                Some(true) => waiting.extend(self.to_write(place, revision).await?),
                // Of what did not change the schema nothing is stored. What an errand asks for is to be written.
                None if &key == last => waiting.extend(self.to_write(place, revision).await?),
                None => {}
            }
        }
        Ok(waiting)
    }

    /// The revision as a version that waits; none where it belongs to another branch or project.
    async fn to_write(&self, place: &Place<'_>, revision: Revision) -> Result<Option<Waiting>, Fault> {
        if revision.project != place.project {
            return Ok(None);
        }
        let issue = self.ledger.issues(&[revision.issue]).await?.pop();
        if issue.is_none_or(|issue| issue.branch != place.branch) {
            return Ok(None);
        }
        let path = place.settings.and_then(|project| {
            self.settings
                .schema_path(project, &revision.environment, revision.database.as_str())
        });
        let file = Written {
            target: revision.target.clone(),
            environment: revision.environment.clone(),
            version: revision.change.version.clone(),
            path: path.unwrap_or_default(),
            finished_at: revision.finished_at,
        };
        Ok(Some(Waiting { file, revision }))
    }

    /// What waits of the other targets that an issue changed and that are due as well, target by target.
    pub(super) async fn others(
        &self,
        place: &Place<'_>,
        first: &Waiting,
        due: &[TaskKey],
    ) -> Result<Vec<Vec<Waiting>>, Fault> {
        let Some(issue) = self.ledger.issues(&[first.revision.issue]).await?.pop() else {
            return Ok(Vec::new());
        };
        let mut last: Vec<&TaskKey> = Vec::new();
        for key in due.iter().filter(|key| issue.tasks.contains(key)) {
            let newer = |other: &&TaskKey| other.target == key.target;
            if key.target != first.file.target && !last.iter().any(newer) {
                last.push(key);
            }
        }
        let mut others = Vec::new();
        for key in last {
            let waiting = self.waiting(place, key).await?;
            if !waiting.is_empty() {
                others.push(waiting);
            }
        }
        Ok(others)
    }
}
