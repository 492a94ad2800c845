//! Taking in a delivery: everything the webhook decides after the signature was verified.

use crate::ports::ledger::{DeliveryLedger, Moved, NewHead, SettingsLedger};
use crate::ports::queue::{ClickPointer, Deliveries, Pointer, PullRequestPointer};
use crate::settings_in_force;
use github_events::{ClickEvent, PullRequestAction, PullRequestEvent, PushEvent};
use jiff::{SignedDuration, Timestamp};
use model::Fault;
use std::time::Duration;

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intake {
    /// Queued for the planner.
    Queued,
    /// The same content was queued before.
    Duplicate,
    /// None of our business, and why.
    Ignored(String),
}

/// How long a delivery is remembered: GitHub redelivers for three days.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Queues a pointer to a push, once.
///
/// Who pushed is kept first: the planner may see this head before it sees this pointer. Then the pointer is sent, and
/// noted after: a death in between makes a duplicate, never a loss. What is noted is
/// the content, since the delivery's id is not covered by the signature.
pub async fn accept(
    ledger: &(impl SettingsLedger + DeliveryLedger),
    queue: &impl Deliveries,
    push: &PushEvent,
    now: Timestamp,
) -> Result<Intake, Fault> {
    let Some((_, settings)) = settings_in_force(ledger).await? else {
        return Ok(Intake::Ignored(
            "there are no settings yet; apply some with `sluice settings apply`".into(),
        ));
    };
    if !settings.knows_repository(push.repository_id) {
        return Ok(Intake::Ignored(format!(
            "no project reads repository {}",
            push.repository_id
        )));
    }
    if !push.git_ref.starts_with("refs/heads/") {
        return Ok(Intake::Ignored("only branches are read, not tags".into()));
    }
    if push.deleted || push.after.is_zero() {
        return Ok(Intake::Ignored(
            "the branch was deleted; there is nothing to plan".into(),
        ));
    }
    if settings
        .projects_of(push.repository_id, &push.git_ref)
        .next()
        .is_none()
    {
        return Ok(Intake::Ignored("no project reads this branch".into()));
    }
    let key = github_events::content_key(push);
    if ledger.is_noted(key.as_str()).await? {
        return Ok(Intake::Duplicate);
    }
    let head = NewHead {
        repository: push.repository_id,
        git_ref: push.git_ref.clone(),
        after: push.after.clone(),
    };
    let moved = Moved {
        before: push.before.clone(),
        sender: push.sender.clone(),
    };
    ledger.keep_moved(&head, &moved, now + REMEMBERED).await?;
    queue.send(&pointer_to(push), Duration::ZERO).await?;
    ledger.note(key.as_str(), now + REMEMBERED).await?;
    Ok(Intake::Queued)
}

/// For how long the same delivery about a pull request counts as one. Planning it again does no harm, and is what a
/// redelivery is for: only a flood of the same is kept out.
const SAME: i64 = 10 * 60;

/// Queues a pointer to a pull request, once in a while. By the same rules as a push: sent first, noted after, by content.
pub async fn accept_pull_request(
    ledger: &(impl SettingsLedger + DeliveryLedger),
    queue: &impl Deliveries,
    event: &PullRequestEvent,
    now: Timestamp,
) -> Result<Intake, Fault> {
    let Some((_, settings)) = settings_in_force(ledger).await? else {
        return Ok(Intake::Ignored(
            "there are no settings yet; apply some with `sluice settings apply`".into(),
        ));
    };
    if !settings.knows_repository(event.repository_id) {
        return Ok(Intake::Ignored(format!(
            "no project reads repository {}",
            event.repository_id
        )));
    }
    let reads = |branch: &str| {
        let git_ref = format!("refs/heads/{branch}");
        settings
            .projects_of(event.repository_id, &git_ref)
            .next()
            .is_some()
    };
    let read_before = match &event.action {
        // What was said of it has to be taken back.
        PullRequestAction::BaseChanged { from } => reads(from),
        PullRequestAction::Opened
        | PullRequestAction::Synchronize
        | PullRequestAction::Reopened
        | PullRequestAction::ReadyForReview
        | PullRequestAction::Closed => false,
    };
    if !reads(&event.base) && !read_before {
        return Ok(Intake::Ignored(
            "no project reads the branch that it would go into".into(),
        ));
    }
    let content = github_events::pull_request_content_key(event);
    let key = format!("{content}-{}", now.as_second() / SAME);
    if ledger.is_noted(&key).await? {
        return Ok(Intake::Duplicate);
    }
    let pointer = PullRequestPointer {
        delivery: event.delivery.clone(),
        repository_id: event.repository_id,
        pull_request: event.number,
    };
    queue.send_pull_request(&pointer).await?;
    ledger
        .note(&key, now + SignedDuration::from_secs(2 * SAME))
        .await?;
    Ok(Intake::Queued)
}

/// Queues a click. Nothing is noted of it: the same click again changes nothing, and the same person may click there again
/// once what stood against it is gone.
pub async fn accept_click(
    ledger: &impl SettingsLedger,
    queue: &impl Deliveries,
    event: ClickEvent,
) -> Result<Intake, Fault> {
    let Some((_, settings)) = settings_in_force(ledger).await? else {
        return Ok(Intake::Ignored(
            "there are no settings yet; apply some with `sluice settings apply`".into(),
        ));
    };
    if !settings.knows_repository(event.repository_id) {
        return Ok(Intake::Ignored(format!(
            "no project reads repository {}",
            event.repository_id
        )));
    }
    let click = ClickPointer {
        delivery: event.delivery,
        repository_id: event.repository_id,
        installation_id: event.installation_id,
        check_run: event.check_run,
        external_id: event.external_id,
        button: event.button,
        sender: event.sender,
    };
    queue.send_click(&click).await?;
    Ok(Intake::Queued)
}

fn pointer_to(push: &PushEvent) -> Pointer {
    Pointer {
        delivery: push.delivery.clone(),
        repository_id: push.repository_id,
        git_ref: push.git_ref.clone(),
        before: push.before.clone(),
        after: push.after.clone(),
        sender: Some(push.sender.clone()),
    }
}
