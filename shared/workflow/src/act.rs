//! Acting: what people decide through the API, or by a click on GitHub. Who they are is what AWS or GitHub signed, never a
//! claim.

mod approve;
mod baseline;
mod change_settings;
mod click;
mod depend;
mod freeze;
mod runbook;
mod schedule;
mod settle;
mod task;

pub use approve::{Approve, decide};
pub use baseline::{BaselinesView, SetBaseline, TargetBaseline, set_baseline, show_baselines};
pub use change_settings::{Applied, apply_settings};
pub(crate) use click::external_id;
pub use click::{Clicked, click};
pub use depend::{Depend, depend};
pub use freeze::{FreezeWish, UnfreezeWish, freeze, show_freezes, unfreeze};
pub use runbook::{APPROVE, Heard, PARAMETERS, VERSION, hear};
pub use schedule::{RunAt, run_at};
pub use settle::{Reopen, Skip, reopen, skip};
pub use task::{Cancel, Resolve, Retry, cancel, resolve, retry};

use crate::ports::clock::{Clock, Ids};
use crate::ports::ledger::{Commit, IssueLedger, TargetLedger, Write};
use crate::ports::queue::Nudges;
use jiff::Timestamp;
use model::{Errand, Fault, OutboxItem, Principal, Refusal, Task};
use settings::Settings;

/// What acting needs of the world.
#[derive(Debug)]
pub struct Actor<'a, L, Q, C> {
    /// The ledger.
    pub ledger: &'a L,
    /// The way to the worker.
    pub queue: &'a Q,
    /// Time and names.
    pub clock: &'a C,
}

/// How often an act is tried again because somebody else wrote first.
const ROUNDS: u32 = 8;

impl<L, Q, C> Actor<'_, L, Q, C>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    /// The check runs that tell of these tasks have something new to tell, and so have the events of their issues.
    fn errands<'t>(&self, tasks: impl IntoIterator<Item = &'t Task>, now: Timestamp) -> Vec<Write> {
        let tasks: Vec<&Task> = tasks.into_iter().collect();
        let mut issues: Vec<_> = tasks.iter().map(|task| task.issue).collect();
        issues.sort();
        issues.dedup();
        let mut commits: Vec<_> = tasks
            .into_iter()
            .flat_map(|task| {
                task.answered_on
                    .iter()
                    .map(|commit| (task.project.clone(), commit.clone()))
            })
            .collect();
        commits.sort();
        commits.dedup();
        let check_runs = commits
            .into_iter()
            .map(|(project, commit)| Errand::CheckRun { project, commit });
        let events = issues.into_iter().map(|issue| Errand::Events { issue });
        check_runs
            .chain(events)
            .map(|errand| Write::Outbox(OutboxItem::new(self.clock.next_id(), errand, now)))
            .collect()
    }

    async fn nudge<'t>(&self, tasks: impl IntoIterator<Item = &'t Task>, reason: &str) -> Result<(), Fault> {
        let keys: Vec<_> = tasks.into_iter().map(Task::key).collect();
        for target in crate::gates::targets_of(&keys) {
            self.queue.nudge(&target, reason).await?;
        }
        Ok(())
    }
}

/// Being allowed to call the API is not enough to decide about tasks: settings have to know the caller.
fn no_member(settings: &Settings, by: &Principal) -> Option<Refusal> {
    match settings.member_by_principal(by) {
        Some(_) => None,
        None => Some(Refusal::new(
            "not-a-member",
            format!(
                "settings know no member with the principal {}; an administrator adds one",
                by.policy_arn()
            ),
        )),
    }
}
