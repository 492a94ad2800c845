//! What stands against a decision.

use crate::case::Case;
use crate::steps::Step;
use crate::words::who;
use model::{Principal, Refusal, Verdict};

impl Case<'_> {
    /// What stands against somebody's decision, if anything.
    pub fn against(&self, by: &Principal, verdict: Verdict) -> Option<Refusal> {
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
            Verdict::Rejected => Some(self.unknown(by, &all(&steps))),
            Verdict::Bypassed if self.is_administrator(by) => None,
            Verdict::Bypassed => Some(Refusal::new(
                "not-an-administrator",
                format!(
                    "{} is no member with the role `admin`; two administrators together let a stage past its policy",
                    by.policy_arn()
                ),
            )),
        };
        not_allowed.or(own)
    }

    /// Why somebody may not approve the step whose turn it is.
    fn not_now(&self, steps: &[Step<'_>], by: &Principal) -> Option<Refusal> {
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

    fn unknown(&self, by: &Principal, may: &str) -> Refusal {
        Refusal::new(
            "approver-unknown",
            format!(
                "{} may not approve in `{}`; {may} may",
                by.policy_arn(),
                self.environment
            ),
        )
    }

    /// Nobody approves what they pushed or wrote. Where that can't be told, the answer is no.
    pub(crate) fn not_provably_anothers(&self, by: &Principal) -> Option<Refusal> {
        let (principal, issue) = (by.policy_arn(), self.issue);
        let member = self.settings.member_by_principal(by);
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
