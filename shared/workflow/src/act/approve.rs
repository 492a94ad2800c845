//! Approving and rejecting a stage.

use super::{Actor, ROUNDS};
use crate::gates::{self, Stage};
use crate::ports::clock::{Clock, Ids};
use crate::ports::ledger::{Commit, Committed, IssueLedger, TargetLedger, Write};
use crate::ports::queue::Nudges;
use crate::show::{no_issue, tasks_of};
use model::{
    ApprovalStatus, Decision, Digest, EnvironmentId, Fault, Issue, IssueNumber, Principal, Refusal,
    StageStatus, Verdict,
};
use settings::{Member, Settings};

/// A person's wish to approve or reject.
#[derive(Debug, Clone)]
pub struct Approve {
    /// The issue.
    pub issue: IssueNumber,
    /// The stage; without it the one that waits for approval.
    pub environment: Option<EnvironmentId>,
    /// What that person was shown.
    pub digest: Digest,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why.
    pub because: Option<String>,
    /// Who.
    pub by: Principal,
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
    for _ in 0..ROUNDS {
        let Some(issue) = actor.ledger.issues(&[wish.issue]).await?.pop() else {
            return Ok(Err(no_issue(wish.issue)));
        };
        let tasks = tasks_of(actor.ledger, &issue).await?;
        let decisions = actor.ledger.decisions(issue.number).await?;
        let stages = gates::stages(settings, &issue, &tasks, &decisions);
        let stage = match waiting_stage(&stages, wish) {
            Ok(stage) => stage,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(refusal) = against(settings, &issue, stage, wish) {
            return Ok(Err(refusal));
        }
        let now = actor.clock.now();
        let decision = Decision {
            issue: issue.number,
            environment: stage.environment.clone(),
            digest: stage.digest.clone(),
            verdict: wish.verdict,
            by: wish.by.clone(),
            member: settings
                .member_by_principal(&wish.by)
                .map(|member| member.name.clone()),
            because: wish.because.clone(),
            at: now,
        };
        if decisions
            .iter()
            .rfind(|earlier| by_same(earlier, &decision))
            .is_some_and(|last| last.verdict == wish.verdict)
        {
            actor
                .nudge(
                    stage.tasks.iter().copied(),
                    &format!("decided {}", wish.by.request_id),
                )
                .await?;
            return Ok(Ok(()));
        }
        let mut writes = vec![
            Write::Decision(decision),
            Write::IssueIs {
                number: issue.number,
                edition: issue.edition,
            },
        ];
        writes.extend(actor.errands(stage.tasks.iter().copied(), now));
        if actor.ledger.commit(writes).await? == Committed::Yes {
            actor
                .nudge(
                    stage.tasks.iter().copied(),
                    &format!("decided {}", wish.by.request_id),
                )
                .await?;
            return Ok(Ok(()));
        }
    }
    Err(Fault::retry(
        format!("deciding on issue {}", wish.issue),
        "others wrote first, again and again",
    ))
}

fn by_same(earlier: &Decision, decision: &Decision) -> bool {
    earlier.environment == decision.environment
        && earlier.digest == decision.digest
        && earlier.by.unique_id == decision.by.unique_id
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
        ApprovalStatus::NotRequired | ApprovalStatus::Approved { .. } => false,
    };
    stages.iter().find(waits).ok_or_else(|| {
        Refusal::new(
            "nothing-waiting",
            format!("issue {} waits for nobody's approval", wish.issue),
        )
    })
}

/// What stands against a decision, if anything.
fn against(settings: &Settings, issue: &Issue, stage: &Stage<'_>, wish: &Approve) -> Option<Refusal> {
    let environment = stage.environment;
    let number = issue.number;
    if stage.approval == ApprovalStatus::NotRequired {
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
    let principal = wish.by.policy_arn();
    let member = settings.member_by_principal(&wish.by);
    let approvers = settings.environment(environment).map(|known| &known.approvers);
    let allowed = approvers.is_some_and(|approvers| {
        approvers.principals.iter().any(|arn| wish.by.is(arn))
            || member.is_some_and(|member| approvers.roles.iter().any(|role| member.has_role(role)))
    });
    let own = match wish.verdict {
        Verdict::Approved => not_provably_anothers(issue, member, principal),
        Verdict::Rejected => None,
    };
    if own.as_ref().is_some_and(|refusal| refusal.code == "approval-own") {
        return own;
    }
    if !allowed {
        return Some(Refusal::new(
            "approver-unknown",
            format!(
                "{principal} may not approve in `{environment}`; {} may",
                approvers
                    .map(who)
                    .filter(|who| !who.is_empty())
                    .unwrap_or_else(|| "nobody".to_owned())
            ),
        ));
    }
    own
}

/// Nobody approves what they pushed or wrote. Where that can't be told, the answer is no.
fn not_provably_anothers(issue: &Issue, member: Option<&Member>, principal: &str) -> Option<Refusal> {
    let Some((member, github_id)) = member.and_then(|member| Some((member, member.github_id?))) else {
        return Some(Refusal::new(
            "approver-unmapped",
            format!(
                "settings do not say who {principal} is on GitHub, so nobody can tell that they approve somebody \
                 else's push; an administrator adds a member with this principal and its `github_id`"
            ),
        ));
    };
    let pushed = issue.pushers.iter().any(|pusher| pusher.id == github_id);
    if pushed || issue.creator.member.as_deref() == Some(member.name.as_str()) {
        return Some(Refusal::new(
            "approval-own",
            format!("{principal} pushed or wrote this change; somebody else has to approve it"),
        ));
    }
    if !issue.pushers_known {
        return Some(Refusal::new(
            "pusher-unknown",
            format!(
                "a delivery of the push behind issue {} never came, so who pushed is not known; redeliver it (the \
                 App's page on GitHub, Advanced, Recent Deliveries) and approve then",
                issue.number
            ),
        ));
    }
    None
}

fn who(approvers: &settings::Approvers) -> String {
    let roles = approvers
        .roles
        .iter()
        .map(|role| format!("members with the role `{role}`"));
    roles
        .chain(approvers.principals.iter().cloned())
        .collect::<Vec<_>>()
        .join(", ")
}
