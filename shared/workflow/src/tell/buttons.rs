//! The buttons on a push's check run: what they are for is stored before GitHub shows them.

use super::Teller;
use crate::ports::clock::Clock;
use crate::ports::github::CheckAction;
use crate::ports::ledger::{ClickLedger, IssueLedger, TargetLedger, WriteBackLedger};
use crate::show::Shower;
use model::{ApprovalStatus, Button, Decider, Fault, Offer, Push, RefusedClick, StageView, Verdict};
use settings::Settings;

/// The most characters of what a button does.
const LONGEST: usize = 40;

/// What is offered to people on a check run.
#[derive(Debug, Clone)]
pub(super) struct Offered {
    /// What the buttons are for.
    pub(super) offer: Offer,
    /// How many changes that is.
    pub(super) changes: usize,
    /// The buttons.
    pub(super) actions: Vec<CheckAction>,
}

impl<L, G, E, C> Teller<'_, L, G, E, C>
where
    L: IssueLedger + TargetLedger + WriteBackLedger + ClickLedger,
    C: Clock,
{
    /// The buttons for the first stage that waits for somebody, where its environment lets people decide on GitHub and
    /// this check run shows all of it: nobody approves there what stands elsewhere.
    pub(super) async fn offered(&self, settings: &Settings, push: &Push) -> Result<Option<Offered>, Fault> {
        if !settings.environments.iter().any(|known| known.approve_on_github) {
            return Ok(None);
        }
        let Some(number) = push.shown_issue() else {
            return Ok(None);
        };
        let Some(issue) = self.ledger.issues(&[number]).await?.pop() else {
            return Ok(None);
        };
        let shower = Shower {
            ledger: self.ledger,
            settings,
            now: self.clock.now(),
        };
        let view = shower.issue_view(issue).await?;
        let shown = |stage: &&StageView| {
            let mut tasks = stage.tasks.iter().map(|view| &view.task);
            let environment = settings.environment(&stage.environment);
            waits(stage)
                && environment.is_some_and(|environment| environment.approve_on_github)
                && tasks.all(|task| push.shows(&task.key(), &task.change.checksum))
        };
        let Some(stage) = view.stages.iter().find(shown) else {
            return Ok(None);
        };
        let offer = Offer {
            issue: number,
            environment: stage.environment.clone(),
            digest: stage.digest.clone(),
        };
        let Some(actions) = actions(&offer, turn(stage)) else {
            return Ok(None);
        };
        let kept = self
            .ledger
            .keep_offer(&push.project, &push.commit, &offer)
            .await?;
        if kept != offer {
            tracing::error!(
                event = "buttons_withheld",
                issue.number = number.0,
                stage.environment = stage.environment.as_str(),
                "two digests begin alike, so that a button could mean either; approve with `sluice issue approve {number}`"
            );
            return Ok(None);
        }
        Ok(Some(Offered {
            offer,
            changes: stage.tasks.len(),
            actions,
        }))
    }

    /// The last click that was refused, unless the same account has decided since.
    pub(super) async fn refused_click(&self, push: &Push) -> Result<Option<RefusedClick>, Fault> {
        let refused = self.ledger.refused_click(&push.project, &push.commit).await?;
        let (Some(refused), Some(number)) = (refused, push.shown_issue()) else {
            return Ok(None);
        };
        let decided = self.ledger.decisions(number).await?.into_iter().any(|decision| {
            let same = match &decision.by {
                Decider::Github(by) => by.github_id == refused.by.github_id,
                Decider::Principal(_) => false,
            };
            same && decision.at > refused.at
        });
        Ok((!decided).then_some(refused))
    }
}

/// Whether somebody's word would change where a stage stands.
fn waits(stage: &StageView) -> bool {
    match &stage.approval {
        ApprovalStatus::Waiting { .. } | ApprovalStatus::Rejected { .. } => !matches!(
            stage.status,
            model::StageStatus::Done | model::StageStatus::Canceled
        ),
        ApprovalStatus::NotRequired | ApprovalStatus::Approved { .. } | ApprovalStatus::Bypassed { .. } => {
            false
        }
    }
}

/// How many decisions there are on what is shown.
fn turn(stage: &StageView) -> usize {
    let decisions = stage.decisions.iter();
    decisions.filter(|it| it.digest == stage.digest).count()
}

fn actions(offer: &Offer, turn: usize) -> Option<Vec<CheckAction>> {
    let whole = format!("Stage {} of issue {}", offer.environment, offer.issue);
    let description = if whole.chars().count() > LONGEST {
        format!("The stage that waits, of issue {}", offer.issue)
    } else {
        whole
    };
    [("Approve", Verdict::Approved), ("Reject", Verdict::Rejected)]
        .into_iter()
        .map(|(label, verdict)| {
            let name = offer.name();
            let button = Button { verdict, turn, name };
            Some(CheckAction {
                label: label.to_owned(),
                description: description.clone(),
                identifier: button.identifier()?,
            })
        })
        .collect()
}
