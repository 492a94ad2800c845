//! Who pushed what is planned: the chain of deliveries from the head back to the head planned last.
//!
//! Policy trusts nobody but GitHub's authenticated senders, and a plan may hold several pushes: ours of the latest
//! schema, others that came close behind. Everybody in the chain counts.

use super::Planner;
use crate::ports::ledger::{DeliveryLedger, Moved, NewHead};
use crate::ports::queue::Pointer;
use model::{CommitSha, Fault, Pusher};

/// The longest chain that is followed.
const LONGEST: usize = 100;

impl<L: DeliveryLedger, Q, G, C> Planner<'_, L, Q, G, C> {
    /// Everybody whose pushes lead from `base` to `head`, newest first. None where the head's own delivery is still
    /// to come; where it was lost, the sweeper asks again without a sender, and whoever is known counts.
    pub(super) async fn pushers(
        &self,
        pointer: &Pointer,
        head: &CommitSha,
        base: Option<&CommitSha>,
    ) -> Result<Option<Vec<Pusher>>, Fault> {
        let mut pushers: Vec<Pusher> = Vec::new();
        let mut at = head.clone();
        for _ in 0..LONGEST {
            if Some(&at) == base || at.is_zero() {
                break;
            }
            let Some(moved) = self.moved_to(pointer, &at).await? else {
                break;
            };
            if !pushers.contains(&moved.sender) {
                pushers.push(moved.sender);
            }
            at = moved.before;
        }
        if pushers.is_empty() && pointer.sender.is_some() {
            return Ok(None);
        }
        Ok(Some(pushers))
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

/// Who is shown as the pusher: the newest that is a person.
pub(super) fn newest(pushers: &[Pusher]) -> Pusher {
    pushers
        .iter()
        .find(|pusher| !pusher.login.ends_with("[bot]"))
        .or(pushers.first())
        .cloned()
        .unwrap_or_else(|| Pusher {
            id: 0,
            login: "unknown".to_owned(),
        })
}
