//! The pull request by which the latest schema is proposed: one for each branch, found again rather than made twice.

use super::decide;
use super::names::own_branch;
use super::{Place, WritingBack, states};
use crate::ports::clock::{Clock, Ids};
use crate::ports::commits::{Commits, Opened, Proposals, Proposed, PullRequest, PullRequestState};
use crate::ports::github::Repositories;
use crate::ports::ledger::{Commit, IssueLedger, TargetLedger, TextLedger, WriteBackLedger};
use model::write_back::{Attempt, Proposal, Written};
use model::{Fault, RepositoryRef, WriteBackBranch, WriteBackState};

/// How many versions one note settles after a merge.
const AT_ONCE: usize = decide::MOST_FILES;

impl<L, G, C> WritingBack<'_, L, G, C>
where
    L: IssueLedger + TargetLedger + TextLedger + WriteBackLedger + Commit,
    G: Repositories + Commits + Proposals,
    C: Clock + Ids,
{
    /// What became of our pull request: answers the one that is open, if any. None where something became of it that
    /// had to be noted first.
    pub(super) async fn follow(
        &self,
        place: &Place<'_>,
        repository: &RepositoryRef,
        branch: &WriteBackBranch,
    ) -> Result<Option<Option<PullRequest>>, Fault> {
        let own = own_branch(&place.project, &place.branch);
        let found = self.github.find_proposal(repository, &own, &place.branch).await?;
        let state = match (&branch.proposal, &found) {
            (_, Some(open)) if open.state == PullRequestState::Open => return Ok(Some(found)),
            (None, _) => return Ok(Some(None)),
            (Some(_), Some(pull_request)) => match &pull_request.state {
                PullRequestState::Merged { commit } => WriteBackState::Written {
                    commit: commit.clone(),
                },
                PullRequestState::Open | PullRequestState::Closed => closed(pull_request.number),
            },
            (Some(known), None) => closed(known.number),
        };
        let mut branch = branch.clone();
        let mut settled = Vec::new();
        branch.proposal = branch.proposal.and_then(|mut proposal| {
            settled = proposal
                .files
                .drain(..proposal.files.len().min(AT_ONCE))
                .collect::<Vec<Written>>();
            (!proposal.files.is_empty()).then_some(proposal)
        });
        let _ = self.note(branch, states(&settled, &state)).await?;
        Ok(None)
    }

    /// Our branch has the commit: the pull request says so, and is made where there is none.
    pub(super) async fn note_proposed(
        &self,
        place: &Place<'_>,
        repository: &RepositoryRef,
        branch: &WriteBackBranch,
        attempt: &Attempt,
    ) -> Result<(), Fault> {
        let found = self
            .github
            .find_proposal(repository, &attempt.onto, &place.branch)
            .await?;
        let open = found.filter(|found| found.state == PullRequestState::Open);
        let known = branch
            .proposal
            .clone()
            .filter(|known| open.as_ref().is_some_and(|open| open.number == known.number));
        let mut files = known.map(|known| known.files).unwrap_or_default();
        files.extend(attempt.files.iter().cloned());
        let text = report::write_back_proposal(&place.branch, &files);
        let proposed = Proposed {
            from: attempt.onto.clone(),
            into: place.branch.clone(),
            title: text.title,
            body: text.body,
        };
        let pull_request = if let Some(open) = open {
            if open.title != proposed.title || open.body != proposed.body {
                self.github.reword(repository, open.number, &proposed).await?;
            }
            open
        } else {
            // Somebody may have merged it already.
            let head = self.github.head(repository, &place.branch).await?;
            let merged = match &head {
                Some(head) => self.github.leads_to(repository, &attempt.commit, head).await?,
                None => false,
            };
            if merged {
                return self.note_written(branch, attempt, &attempt.commit).await;
            }
            match self.github.propose(repository, &proposed).await? {
                Opened::Yes(pull_request) => pull_request,
                Opened::Nothing => return self.note_written(branch, attempt, &attempt.commit).await,
                // Somebody else was first: the next look finds it.
                Opened::Already => return Ok(()),
            }
        };
        let state = WriteBackState::Proposed {
            number: pull_request.number,
            url: pull_request.url.clone(),
        };
        let mut branch = branch.clone();
        branch.newest = decide::newest(branch.newest, &attempt.files);
        branch.proposal = Some(Proposal {
            number: pull_request.number,
            url: pull_request.url,
            files,
        });
        let _ = self.note(branch, states(&attempt.files, &state)).await?;
        Ok(())
    }
}

fn closed(number: u64) -> WriteBackState {
    WriteBackState::Parked {
        reason: format!(
            "pull request {number} was closed without being merged; the next change proposes the schema again"
        ),
    }
}
