//! What stands against a decision.

use crate::case::Case;
use crate::steps::Step;
use crate::words::who;
use model::{Decider, Refusal, Verdict};

impl Case<'_> {
    /// What stands against somebody's decision, if anything.
    pub fn against(&self, by: &Decider, verdict: Verdict) -> Option<Refusal> {
        if let Some(refusal) = self.off_on_github(by) {
            return Some(refusal);
        }
        let steps = self.steps();
        let own = match verdict {
            Verdict::Approved => self.not_provably_anothers(by),
            Verdict::Rejected | Verdict::Bypassed => None,
        };
        if own.as_ref().is_some_and(|refusal| refusal.code == "approval-own") {
            return own;
        }
        let not_allowed = match verdict {
            Verdict::Approved => self.not_now(&steps, by),
            Verdict::Rejected if self.may_at_any(&steps, by) => None,
            // Who wanted to let it past may think again.
            Verdict::Rejected if self.is_said(by, Verdict::Bypassed) => None,
            Verdict::Rejected => Some(self.unknown(by, &all(&steps))),
            Verdict::Bypassed if self.is_administrator(by) => None,
            Verdict::Bypassed => Some(Refusal::new(
                "not-an-administrator",
                format!(
                    "{} is no member with the role `admin`; two administrators together let a stage past its policy",
                    by.policy_name()
                ),
            )),
        };
        not_allowed.or(own)
    }

    /// The refusal of whoever decides on GitHub where that does not count.
    pub fn off_on_github(&self, by: &Decider) -> Option<Refusal> {
        let off = match by {
            Decider::Principal(_) => false,
            Decider::Github(_) => !self.counts_on_github(),
        };
        off.then(|| {
            Refusal::new(
                "github-off",
                format!(
                    "approving on GitHub is off in `{}`; decide with `sluice issue approve {}`, or have an administrator set \
                     `approve_on_github = true` there",
                    self.environment, self.issue.number
                ),
            )
        })
    }

    /// Why somebody may not approve the step whose turn it is.
    fn not_now(&self, steps: &[Step<'_>], by: &Decider) -> Option<Refusal> {
        let mut others = self.last_words();
        others.retain(|decision| self.person(&decision.by) != self.person(by));
        let Some(open) = self.tally(steps, &others).open(steps) else {
            // Nothing is missing without that person: one more approval does no harm.
            return (!self.may_at_any(steps, by)).then(|| self.unknown(by, &all(steps)));
        };
        let step = steps.get(open)?;
        if self.may_at(step, by) {
            return None;
        }
        let later = steps.iter().skip(open + 1).find(|later| self.may_at(later, by));
        Some(match later {
            Some(later) => Refusal::new(
                "step-later",
                format!(
                    "step `{}` of `{}` comes first: {} approve it; then comes yours, `{}`",
                    step.name,
                    self.environment,
                    who(step.approvers),
                    later.name
                ),
            ),
            None => self.unknown(by, &who(step.approvers)),
        })
    }

    fn unknown(&self, by: &Decider, may: &str) -> Refusal {
        Refusal::new(
            "approver-unknown",
            format!(
                "{} may not approve in `{}`; {may} may",
                by.policy_name(),
                self.environment
            ),
        )
    }

    /// Nobody approves what they pushed or wrote. Where that can't be told, the answer is no.
    pub(crate) fn not_provably_anothers(&self, by: &Decider) -> Option<Refusal> {
        let (who, issue) = (by.policy_name(), self.issue);
        let member = self.settings.member_of(by);
        let Some((member, github_id)) = member.and_then(|member| Some((member, member.github_id?))) else {
            return Some(Refusal::new(
                "approver-unmapped",
                format!(
                    "settings do not say who {who} is on GitHub, so nobody can tell that they approve somebody else's \
                     push; an administrator adds a member with this principal and its `github_id`"
                ),
            ));
        };
        let pushed = issue.pushers.iter().any(|pusher| pusher.id == github_id);
        if pushed || issue.creator.member.as_deref() == Some(member.name.as_str()) {
            return Some(Refusal::new(
                "approval-own",
                format!("{who} pushed or wrote this change; somebody else has to approve it"),
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
}

/// Everybody who may approve any step.
fn all(steps: &[Step<'_>]) -> String {
    let mut all: Vec<String> = Vec::new();
    for step in steps {
        let words = who(step.approvers);
        if !all.contains(&words) {
            all.push(words);
        }
    }
    all.join(", ")
}
