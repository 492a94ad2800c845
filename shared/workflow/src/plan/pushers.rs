//! Who pushed what is planned: the chain of deliveries from the head back to the head planned last.
//!
//! Policy trusts nobody but GitHub's authenticated senders, and a plan may hold several pushes: ours of the latest
//! schema, others that came close behind. Everybody in the chain counts.

use super::Planner;
use crate::ports::ledger::{DeliveryLedger, Moved, NewHead};
use crate::ports::queue::Pointer;
use model::{CommitSha, Fault, Pusher};

/// The longest chain that is followed.
const LONGEST: usize = 200;

/// On how many commits a plan is answered: a check run is kept up to date on each.
const MOST_ANSWERED: usize = 10;

/// The deliveries that lead to a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    /// Everybody who pushed, newest first.
    pub(super) pushers: Vec<Pusher>,
    /// The heads that were pushed, each with who did, newest first.
    pub(super) heads: Vec<(CommitSha, Pusher)>,
    /// Where the oldest of them began; the head itself where no delivery told of it.
    pub(super) from: CommitSha,
    /// Whether it reaches back to the head planned last, or to the branch's beginning.
    pub(super) whole: bool,
}

impl<L: DeliveryLedger, Q, G, C> Planner<'_, L, Q, G, C> {
    /// Follows the deliveries back from a head to `last`, the head planned last. Before the first plan of a branch
    /// there is none: the chain goes as far as deliveries were heard of, and what they changed is what is planned.
    pub(super) async fn chain(
        &self,
        pointer: &Pointer,
        head: &CommitSha,
        last: Option<&CommitSha>,
    ) -> Result<Chain, Fault> {
        let mut chain = Chain {
            pushers: Vec::new(),
            heads: Vec::new(),
            from: head.clone(),
            whole: false,
        };
        for _ in 0..LONGEST {
            if Some(&chain.from) == last || chain.from.is_zero() {
                chain.whole = true;
                return Ok(chain);
            }
            let Some(moved) = self.moved_to(pointer, &chain.from).await? else {
                break;
            };
            chain.heads.push((chain.from.clone(), moved.sender.clone()));
            if !chain.pushers.contains(&moved.sender) {
                chain.pushers.push(moved.sender);
            }
            if moved.before == chain.from {
                break;
            }
            chain.from = moved.before;
        }
        // A branch that was never planned is known from where deliveries were first heard of.
        chain.whole = last.is_none() && !chain.pushers.is_empty();
        Ok(chain)
    }

    async fn moved_to(&self, pointer: &Pointer, after: &CommitSha) -> Result<Option<Moved>, Fault> {
        if let Some(sender) = pointer.sender.as_ref().filter(|_| &pointer.after == after) {
            return Ok(Some(Moved {
                before: pointer.before.clone(),
                sender: sender.clone(),
            }));
        }
        let head = NewHead {
            repository: pointer.repository_id,
            git_ref: pointer.git_ref.clone(),
            after: after.clone(),
        };
        self.ledger.moved(&head).await
    }
}

impl Chain {
    /// The heads that people pushed since the one planned last, newest first: what they changed is answered on each. Our
    /// own commit of the latest schema may have come on top before they were planned; it is nobody's to read.
    pub(super) fn answered(&self, head: &CommitSha, last: Option<&CommitSha>) -> Vec<CommitSha> {
        let people = |(_, pusher): &&(CommitSha, Pusher)| is_person(pusher);
        let newest = self.heads.iter().find(people).map(|(commit, _)| commit);
        let since = self.heads.iter().take_while(|(commit, _)| Some(commit) != last);
        let mut answered = vec![newest.unwrap_or(head).clone()];
        for (commit, _) in since.filter(people) {
            if !answered.contains(commit) && answered.len() < MOST_ANSWERED {
                answered.push(commit.clone());
            }
        }
        answered
    }
}

fn is_person(pusher: &Pusher) -> bool {
    !pusher.login.ends_with("[bot]")
}

/// Who is shown as the pusher: the newest that is a person.
pub(super) fn newest(pushers: &[Pusher]) -> Pusher {
    pushers
        .iter()
        .find(|pusher| is_person(pusher))
        .or(pushers.first())
        .cloned()
        .unwrap_or_else(|| Pusher {
            id: 0,
            login: "unknown".to_owned(),
        })
}
