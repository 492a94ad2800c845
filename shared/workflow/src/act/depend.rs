//! Saying that an issue waits for another one.

use super::no_member;
use super::{Actor, ROUNDS};
use crate::audit;
use crate::ports::clock::{Clock, Ids};
use crate::ports::ledger::{Commit, Committed, IssueLedger, TargetLedger, Write};
use crate::ports::queue::Nudges;
use crate::show::{no_issue, tasks_of};
use model::{Fault, Issue, IssueNumber, Principal, Refusal};
use settings::Settings;

/// A person's wish that an issue waits for another one, or no longer does.
#[derive(Debug, Clone)]
pub struct Depend {
    /// The issue that waits.
    pub issue: IssueNumber,
    /// The one that has to be done first.
    pub on: IssueNumber,
    /// Whether it waits.
    pub waits: bool,
    /// Who.
    pub by: Principal,
}

/// How many issues may stand behind one, all in all.
const MOST: usize = 50;

/// Lets an issue wait for another one. What has begun goes on.
pub async fn depend<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Depend,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    if let Some(refusal) = no_member(settings, &wish.by) {
        return Ok(Err(refusal));
    }
    for _ in 0..ROUNDS {
        let Some(mut issue) = actor.ledger.issues(&[wish.issue]).await?.pop() else {
            return Ok(Err(no_issue(wish.issue)));
        };
        if issue.depends_on.contains(&wish.on) == wish.waits {
            return Ok(Ok(()));
        }
        let before = if wish.waits {
            match behind(actor.ledger, wish).await? {
                Ok(before) => before,
                Err(refusal) => return Ok(Err(refusal)),
            }
        } else {
            Vec::new()
        };
        issue.depends_on.retain(|other| *other != wish.on);
        issue.depends_on.extend(wish.waits.then_some(wish.on));
        issue.depends_on.sort();
        issue.edition += 1;
        let now = actor.clock.now();
        let tasks = tasks_of(actor.ledger, &issue).await?;
        let mut writes = vec![Write::Audit(audit::of_dependency(&issue, wish.on, &wish.by, now))];
        // So that nobody closes a circle at the same time.
        writes.extend(before.iter().map(|other| Write::IssueIs {
            number: other.number,
            edition: other.edition,
        }));
        writes.push(Write::Issue(issue));
        writes.extend(actor.errands(tasks.iter(), now));
        if actor.ledger.commit(writes).await? == Committed::Yes {
            let rest = tasks.iter().filter(|task| !task.is_settled());
            actor
                .nudge(rest, &format!("depends {}", wish.by.request_id))
                .await?;
            return Ok(Ok(()));
        }
    }
    Err(Fault::retry(
        format!("editing issue {}", wish.issue),
        "others wrote first, again and again",
    ))
}

/// The issue that is to come first, and all that it waits for itself.
async fn behind(ledger: &impl IssueLedger, wish: &Depend) -> Result<Result<Vec<Issue>, Refusal>, Fault> {
    let mut found: Vec<Issue> = Vec::new();
    let mut next = vec![wish.on];
    while !next.is_empty() {
        if next.contains(&wish.issue) {
            return Ok(Err(circle(wish)));
        }
        let issues = ledger.issues(&next).await?;
        if found.is_empty() && issues.is_empty() {
            return Ok(Err(no_issue(wish.on)));
        }
        next = issues.iter().flat_map(|issue| issue.depends_on.clone()).collect();
        found.extend(issues);
        next.retain(|number| found.iter().all(|issue| issue.number != *number));
        next.sort();
        next.dedup();
        if found.len() + next.len() > MOST {
            return Ok(Err(Refusal::new(
                "depends-too-many",
                format!(
                    "issue {} waits for more than {MOST} others, all in all; that is the limit",
                    wish.on
                ),
            )));
        }
    }
    Ok(Ok(found))
}

fn circle(wish: &Depend) -> Refusal {
    let Depend { issue, on, .. } = wish;
    let message = if issue == on {
        format!("issue {issue} can't wait for itself")
    } else {
        format!(
            "issue {on} waits for issue {issue} itself, directly or by others: neither would ever begin; \
             `sluice issue show {on}` says what it waits for"
        )
    };
    Refusal::new("depends-in-circle", message)
}
