//! Heads that moved without a delivery.

use crate::ports::clock::Ids;
use crate::ports::github::Repositories;
use crate::ports::ledger::{PlanLedger, PlannedHead};
use crate::ports::queue::Pointer;
use model::{CommitSha, DeliveryId, Fault};
use settings::{Project, branch};

/// How many branches of a project one sweep sends to the planner; the next one finds the others.
const MOST: usize = 200;

/// A pointer for each branch of a project whose head is not the one planned last: its webhook never came. And for each
/// that was planned before the baseline of a target was set.
pub(super) async fn missed(
    ledger: &impl PlanLedger,
    github: &impl Repositories,
    ids: &impl Ids,
    project: &Project,
) -> Result<Vec<Pointer>, Fault> {
    let heads = heads(github, project).await?;
    let branches: Vec<String> = heads.iter().map(|(branch, _)| branch.clone()).collect();
    let planned = match branches.as_slice() {
        [] => Vec::new(),
        [branch] => vec![ledger.head(&project.name, branch).await?],
        several => ledger.heads(&project.name, several).await?,
    };
    let baselines = ledger.baselines(&project.name).await?;
    // One that was planned before the baseline of a target was set may have files that wait for it.
    let is_behind = |planned: &PlannedHead| {
        let baselines = baselines.as_ref();
        baselines.is_some_and(|baselines| baselines.came_after(planned.baselines))
    };
    let moved = heads
        .into_iter()
        .zip(planned)
        .filter(|((_, head), planned)| {
            planned
                .as_ref()
                .is_none_or(|planned| &planned.commit != head || is_behind(planned))
        })
        // A branch never planned begins where it is, unless deliveries tell of pushes before.
        .map(|((branch, head), planned)| {
            let before = planned.map_or_else(|| head.clone(), |planned| planned.commit);
            (branch, before, head)
        });
    Ok(moved
        .take(MOST)
        .map(|(branch, before, after)| pointer(ids, project, &branch, before, after))
        .collect())
}

/// The branches that a project reads, with their heads.
async fn heads(github: &impl Repositories, project: &Project) -> Result<Vec<(String, CommitSha)>, Fault> {
    if branch::is_exact(&project.branch) {
        let head = github.head(&project.repository, &project.branch).await?;
        return Ok(head
            .map(|head| (project.branch.clone(), head))
            .into_iter()
            .collect());
    }
    let beginning = branch::beginning(&project.branch);
    let mut heads = github.branches(&project.repository, beginning).await?;
    heads.retain(|(name, _)| branch::branch_of(&project.branch, &format!("refs/heads/{name}")).is_some());
    Ok(heads)
}

fn pointer(ids: &impl Ids, project: &Project, branch: &str, before: CommitSha, after: CommitSha) -> Pointer {
    Pointer {
        delivery: DeliveryId::new(format!("sweep-{}", ids.next_id())),
        repository_id: project.repository.id,
        git_ref: format!("refs/heads/{branch}"),
        before,
        after,
        sender: None,
    }
}
