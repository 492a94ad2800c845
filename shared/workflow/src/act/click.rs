//! Clicks on the buttons of a check run: approving and rejecting on GitHub.
//!
//! Who clicked is GitHub's signed `sender.id`. What was clicked on is what was stored before the button was shown: the
//! whole digest, of which the button itself brings the first 64 bits.

use super::{Actor, Approve, decide};
use crate::ports::clock::{Clock, Ids};
use crate::ports::ledger::{
    ClickLedger, Commit, Committed, IssueLedger, OutboxLedger, SettingsLedger, TargetLedger, Write,
};
use crate::ports::queue::{ClickPointer, Nudges};
use crate::settings_in_force;
use model::{
    Button, CommitSha, Decider, Errand, Fault, GithubAccount, OutboxItem, ProjectId, Refusal, RefusedClick,
};
use settings::Settings;

/// What became of a click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clicked {
    /// It is decided, or was before.
    Decided,
    /// It is not, and the check run says why.
    Refused(Refusal),
    /// It is on nothing of ours, so that there is no place to say more.
    Ignored(&'static str),
}

/// The key by which the check run of a push is known at GitHub.
pub(crate) fn external_id(project: &ProjectId, commit: &CommitSha) -> String {
    format!("sluice:{project}:{commit}")
}

fn of_external_id(text: &str) -> Option<(ProjectId, CommitSha)> {
    let (project, commit) = text.strip_prefix("sluice:")?.rsplit_once(':')?;
    Some((ProjectId::new(project), CommitSha::new(commit)))
}

/// Takes a click. The same click again changes nothing, however often and late it comes.
pub async fn click<L, Q, C>(actor: &Actor<'_, L, Q, C>, click: &ClickPointer) -> Result<Clicked, Fault>
where
    L: SettingsLedger + IssueLedger + TargetLedger + OutboxLedger + ClickLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    let Some((_, settings)) = settings_in_force(actor.ledger).await? else {
        return Ok(Clicked::Ignored("there are no settings"));
    };
    let Some((project, commit)) = place(&settings, click) else {
        return Ok(Clicked::Ignored("it is on no check run of a project of ours"));
    };
    let Some(button) = Button::read(&click.button) else {
        return Ok(Clicked::Ignored("it is on no button of ours"));
    };
    let refusal = match actor.ledger.check_run_id(&project, &commit).await? {
        // GitHub has it, and whoever made it is about to say so, or died and is followed.
        None => {
            return Err(Fault::retry(
                format!("taking a click on the check run of {commit}"),
                "it is not noted yet which check run that is",
            ));
        }
        Some(id) if id != click.check_run => Some(Refusal::new(
            "button-unknown",
            "the click was on an older check run of this commit; use the buttons of this one",
        )),
        Some(_) => decided(actor, &settings, click, (&project, &commit), &button).await?,
    };
    let Some(refusal) = refusal else {
        return Ok(Clicked::Decided);
    };
    let refused = RefusedClick {
        by: account(click),
        verdict: button.verdict,
        refusal: refusal.clone(),
        at: actor.clock.now(),
    };
    // Kept first: the errand tells of what is kept.
    actor
        .ledger
        .keep_refused_click(&project, &commit, &refused)
        .await?;
    let errand = OutboxItem {
        id: actor.clock.next_id(),
        errand: Errand::CheckRun { project, commit },
        attempt: 0,
        created_at: refused.at,
        due_at: refused.at,
    };
    match actor.ledger.commit(vec![Write::Outbox(errand)]).await? {
        Committed::Yes => Ok(Clicked::Refused(refusal)),
        Committed::Conflict => Err(Fault::Bug("an errand alone has no condition".to_owned())),
    }
}

/// The push whose check run was clicked on, where its project is read through that very installation.
fn place(settings: &Settings, click: &ClickPointer) -> Option<(ProjectId, CommitSha)> {
    let (project, commit) = of_external_id(&click.external_id)?;
    let repository = &settings.project(&project)?.repository;
    let ours = repository.id == click.repository_id && repository.installation_id == click.installation_id;
    ours.then_some((project, commit))
}

/// Takes the decision that a button stands for; answers what stands against it.
async fn decided<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    click: &ClickPointer,
    (project, commit): (&ProjectId, &CommitSha),
    button: &Button,
) -> Result<Option<Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + ClickLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    let Some(offer) = actor.ledger.offer(project, commit, &button.name).await? else {
        return Ok(Some(Refusal::new(
            "button-unknown",
            "there never was such a button on this check run; load the page again, and use those that it has",
        )));
    };
    let wish = Approve {
        issue: offer.issue,
        environment: Some(offer.environment),
        digest: offer.digest,
        turn: Some(button.turn),
        verdict: button.verdict,
        because: None,
        by: Decider::Github(account(click)),
    };
    Ok(decide(actor, settings, &wish).await?.err())
}

fn account(click: &ClickPointer) -> GithubAccount {
    GithubAccount {
        github_id: click.sender.id,
        login: click.sender.login.clone(),
        delivery: click.delivery.clone(),
    }
}
