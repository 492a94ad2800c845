//! Approving and rejecting a stage.

use super::{Actor, ROUNDS};
use crate::audit;
use crate::gates::{self, Stage};
use crate::ports::clock::{Clock, Ids};
use crate::ports::ledger::{Commit, Committed, IssueLedger, TargetLedger, Write};
use crate::ports::queue::Nudges;
use crate::show::{no_issue, tasks_of};
use jiff::Timestamp;
use model::{
    ApprovalStatus, Decider, Decision, Digest, EnvironmentId, Fault, IssueNumber, Refusal, StageStatus,
    Verdict,
};
use policy::Case;
use settings::Settings;

/// A person's wish to approve or reject.
#[derive(Debug, Clone)]
pub struct Approve {
    /// The issue.
    pub issue: IssueNumber,
    /// The stage; without it the one that waits for approval.
    pub environment: Option<EnvironmentId>,
    /// What that person was shown.
    pub digest: Digest,
    /// How many decisions on that there were when it was shown; none where nobody tells, and the wish is from now.
    pub turn: Option<usize>,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why.
    pub because: Option<String>,
    /// Who.
    pub by: Decider,
}

/// Takes a decision on a stage, exactly as it was shown. The same decision again changes nothing; another one
/// takes the place of that person's last.
pub async fn decide<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Approve,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    take(actor, settings, wish, None).await
}

/// Takes a decision that somebody took elsewhere, at a time of which that place vouches, in the request that it is
/// named by. Heard of again it changes nothing, also where that person thought again meanwhile.
pub(super) async fn decide_as_of<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Approve,
    at: Timestamp,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    take(actor, settings, wish, Some(at)).await
}

async fn take<L, Q, C>(
    actor: &Actor<'_, L, Q, C>,
    settings: &Settings,
    wish: &Approve,
    said_at: Option<Timestamp>,
) -> Result<Result<(), Refusal>, Fault>
where
    L: IssueLedger + TargetLedger + Commit,
    Q: Nudges,
    C: Clock + Ids,
{
    for _ in 0..ROUNDS {
        let Some(issue) = actor.ledger.issues(&[wish.issue]).await?.pop() else {
            return Ok(Err(no_issue(wish.issue)));
        };
        let tasks = tasks_of(actor.ledger, &issue).await?;
        let decisions = actor.ledger.decisions(issue.number).await?;
        let now = actor.clock.now();
        let stages = gates::stages(settings, &issue, &tasks, &decisions, now);
        let stage = match waiting_stage(&stages, wish) {
            Ok(stage) => stage,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let of_stage: Vec<Decision> = decisions
            .iter()
            .filter(|decision| &decision.environment == stage.environment)
            .cloned()
            .collect();
        let case = Case {
            settings,
            issue: &issue,
            environment: stage.environment,
            tasks: &stage.tasks,
            digest: &stage.digest,
            decisions: &of_stage,
            now,
        };
        let decision = Decision {
            issue: issue.number,
            environment: stage.environment.clone(),
            digest: stage.digest.clone(),
            verdict: wish.verdict,
            by: wish.by.clone(),
            member: settings.member_of(&wish.by).map(|member| member.name.clone()),
            because: wish.because.clone(),
            ordinal: ordinal(&of_stage, &stage.digest, &wish.by),
            at: said_at.map_or(now, |at| at.min(now)),
        };
        let refusal = against(&case, stage, wish).or_else(|| too_late(&case, &decision, said_at));
        let heard = said_at.is_some() && is_heard(&of_stage, &decision);
        if let Some(refusal) = refusal.filter(|_| !heard) {
            return Ok(Err(refusal));
        }
        let said = heard || case.is_said(&wish.by, wish.verdict);
        if !said && let Some(refusal) = late(&case, wish) {
            return Ok(Err(refusal));
        }
        let done = said || {
            let mut writes = vec![
                Write::Audit(audit::of_decision(&decision)),
                Write::Decision(decision),
                Write::IssueIs {
                    number: issue.number,
                    edition: issue.edition,
                },
            ];
            writes.extend(actor.errands(stage.tasks.iter().copied(), now));
            actor.ledger.commit(writes).await? == Committed::Yes
        };
        if done {
            let reason = format!("decided {}", wish.by.request());
            actor.nudge(stage.tasks.iter().copied(), &reason).await?;
            return Ok(Ok(()));
        }
    }
    Err(Fault::retry(
        format!("deciding on issue {}", wish.issue),
        "others wrote first, again and again",
    ))
}

/// Whether a decision came here before, in the same request.
fn is_heard(decisions: &[Decision], again: &Decision) -> bool {
    decisions.iter().any(|decision| {
        decision.digest == again.digest
            && decision.verdict == again.verdict
            && decision.by.request() == again.by.request()
            && decision.by.key() == again.by.key()
    })
}

/// What stands against a decision that was taken some time ago.
fn too_late(case: &Case<'_>, decision: &Decision, said_at: Option<Timestamp>) -> Option<Refusal> {
    let (who, at) = (decision.by.policy_name(), said_at?);
    if let Some(later) = case.word_after(&decision.by, at) {
        return Some(Refusal::new(
            "decision-overtaken",
            format!(
                "{who} decided on `{}` of issue {} again at {}, after this at {at}: the later word counts",
                decision.environment, decision.issue, later.at
            ),
        ));
    }
    (decision.verdict == Verdict::Approved && case.is_expired(decision)).then(|| {
        Refusal::new(
            "approval-expired",
            format!(
                "{who} approved at {at}, and approvals in `{}` no longer count after that time: approve again",
                decision.environment
            ),
        )
    })
}

/// How many decisions somebody took on a digest.
fn ordinal(decisions: &[Decision], digest: &Digest, by: &Decider) -> u32 {
    let own = decisions
        .iter()
        .filter(|decision| &decision.digest == digest && decision.by.key() == by.key());
    u32::try_from(own.count()).unwrap_or(u32::MAX)
}

/// What was wished before that person decided otherwise, and came only now, is not what that person wants. Which of two
/// clicks came first nobody can tell from their deliveries; that something was decided since it was shown, anybody can.
fn late(case: &Case<'_>, wish: &Approve) -> Option<Refusal> {
    let mut on_this = case.decisions.iter().filter(|it| &it.digest == case.digest);
    let since = wish.turn.is_some_and(|turn| turn != on_this.clone().count());
    (since && on_this.any(|it| case.is_same_person(&it.by, &wish.by))).then(|| {
        Refusal::new(
            "decided-since",
            format!(
                "you have decided on stage `{}` of issue {} since this was shown to you, and that counts; look at it again, \
                 and decide anew if you think otherwise now",
                case.environment, case.issue.number
            ),
        )
    })
}

fn waiting_stage<'s, 'a>(stages: &'s [Stage<'a>], wish: &Approve) -> Result<&'s Stage<'a>, Refusal> {
    if let Some(environment) = &wish.environment {
        return stages
            .iter()
            .find(|stage| stage.environment == environment)
            .ok_or_else(|| {
                Refusal::new(
                    "stage-unknown",
                    format!("issue {} has no stage `{environment}`", wish.issue),
                )
            });
    }
    if let Some(stage) = stages.iter().find(|stage| stage.digest == wish.digest) {
        return Ok(stage);
    }
    let waits = |stage: &&Stage<'_>| match stage.approval {
        ApprovalStatus::Waiting { .. } | ApprovalStatus::Rejected { .. } => true,
        ApprovalStatus::NotRequired | ApprovalStatus::Approved { .. } | ApprovalStatus::Bypassed { .. } => {
            false
        }
    };
    stages.iter().find(waits).ok_or_else(|| {
        Refusal::new(
            "nothing-waiting",
            format!("issue {} waits for nobody's approval", wish.issue),
        )
    })
}

/// What stands against a decision, if anything.
fn against(case: &Case<'_>, stage: &Stage<'_>, wish: &Approve) -> Option<Refusal> {
    let environment = stage.environment;
    let number = case.issue.number;
    // Before the digest, of which that is a part: whoever clicks on an old button is told what changed.
    if let Some(refusal) = case.off_on_github(&wish.by) {
        return Some(refusal);
    }
    // A bypass is of a freeze or a window, too, and so is thinking again.
    let to_be_bypassed = match wish.verdict {
        Verdict::Approved => false,
        Verdict::Bypassed => stage.held_by_time().is_some(),
        Verdict::Rejected => case.is_said(&wish.by, Verdict::Bypassed),
    };
    if stage.approval == ApprovalStatus::NotRequired && !to_be_bypassed {
        return Some(Refusal::new(
            "approval-not-required",
            format!("stage `{environment}` of issue {number} needs no approval"),
        ));
    }
    if matches!(stage.status, StageStatus::Done | StageStatus::Canceled) {
        return Some(Refusal::new(
            "stage-done",
            format!("stage `{environment}` of issue {number} is over; there is nothing left to decide"),
        ));
    }
    if stage.digest != wish.digest {
        return Some(Refusal::new(
            "digest-stale",
            format!(
                "what you were shown is not what would run: the digest is {} now; look at it again \
                 (`sluice issue show {number} --sql`) and decide on that",
                stage.digest
            ),
        ));
    }
    case.against(&wish.by, wish.verdict)
}
