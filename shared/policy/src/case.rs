//! A stage as policy sees it, and where its approval stands.

use crate::bypass::Bypass;
use crate::steps::{self, Step};
use crate::words::who;
use jiff::{SignedDuration, Timestamp};
use model::{ApprovalStatus, Decider, Decision, Digest, EnvironmentId, Issue, StepStanding, Task, Verdict};
use settings::{Environment, Settings};

/// One stage, with everything that policy looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// The issue.
    pub issue: &'a Issue,
    /// The stage.
    pub environment: &'a EnvironmentId,
    /// Its tasks.
    pub tasks: &'a [&'a Task],
    /// What an approval given now would cover.
    pub digest: &'a Digest,
    /// All decisions that were ever taken on the stage.
    pub decisions: &'a [Decision],
    /// The time.
    pub now: Timestamp,
}

/// What approvals come to.
pub(crate) struct Tally {
    /// How many count for each step.
    pub(crate) has: Vec<u32>,
    /// Who gave those that count, as AWS or GitHub names them.
    pub(crate) by: Vec<String>,
    /// Who they are, by name.
    pub(crate) people: Vec<String>,
    /// Whether any expired.
    pub(crate) expired: bool,
}

impl Tally {
    /// The first step that still needs somebody.
    pub(crate) fn open(&self, steps: &[Step<'_>]) -> Option<usize> {
        let mut pairs = steps.iter().zip(&self.has);
        pairs.position(|(step, has)| *has < step.needs)
    }
}

impl<'a> Case<'a> {
    /// The steps that its approval takes, in order.
    pub fn steps(&self) -> Vec<Step<'a>> {
        steps::of_tasks(self.policy(), self.tasks)
    }

    /// Where its approval stands.
    pub fn standing(&self) -> ApprovalStatus {
        let steps = self.steps();
        let words = self.last_words();
        let bypass = Bypass::of(self, &words);
        let no = |decision: &&&Decision| {
            decision.verdict == Verdict::Rejected && self.may_at_any(&steps, &decision.by)
        };
        // Who says no after both administrators spoke means them, too.
        if let Some(no) = words.iter().skip(bypass.passes.unwrap_or(0)).find(no) {
            return ApprovalStatus::Rejected {
                by: no.by.to_string(),
                because: no.because.clone(),
            };
        }
        if bypass.passes.is_some() {
            return bypass.standing();
        }
        if steps.is_empty() {
            return ApprovalStatus::NotRequired;
        }
        let tally = self.tally(&steps, &words);
        if tally.open(&steps).is_none() {
            return ApprovalStatus::Approved { by: tally.by };
        }
        ApprovalStatus::Waiting {
            needs: steps.iter().fold(0, |sum, step| sum.saturating_add(step.needs)),
            has: tally.has.iter().sum(),
            stale: self
                .decisions
                .iter()
                .any(|decision| &decision.digest != self.digest),
            expired: tally.expired,
            bypass: bypass.words.first().map(|word| word.by.to_string()),
            steps: steps
                .iter()
                .zip(tally.has)
                .map(|(step, has)| StepStanding {
                    name: step.name.to_owned(),
                    needs: step.needs,
                    has,
                    who: who(step.approvers),
                    because: step.because.clone(),
                })
                .collect(),
        }
    }

    /// Whether somebody's last word is this one and still counts: saying it again would change nothing.
    pub fn is_said(&self, by: &Decider, verdict: Verdict) -> bool {
        let words = self.last_words();
        let person = self.person(by);
        match verdict {
            Verdict::Rejected => words
                .iter()
                .any(|word| word.verdict == Verdict::Rejected && self.person(&word.by) == person),
            Verdict::Bypassed => {
                let bypass = Bypass::of(self, &words);
                bypass.words.iter().any(|word| self.person(&word.by) == person)
            }
            Verdict::Approved => {
                let tally = self.tally(&self.steps(), &words);
                tally.people.contains(&person)
            }
        }
    }

    /// What somebody decided on this digest after a time, if anything.
    pub fn word_after(&self, by: &Decider, at: Timestamp) -> Option<&'a Decision> {
        let person = self.person(by);
        let mut words = self.last_words().into_iter();
        words.find(|word| word.at > at && self.person(&word.by) == person)
    }

    pub(crate) fn policy(&self) -> Option<&'a Environment> {
        self.settings.environment(self.environment)
    }

    /// Each person's last decision on this digest, in the order in which they were taken.
    pub(crate) fn last_words(&self) -> Vec<&'a Decision> {
        let mut current: Vec<&Decision> = self
            .decisions
            .iter()
            .filter(|decision| &decision.digest == self.digest)
            .collect();
        current.sort_by_key(|decision| decision.at);
        let mut last: Vec<&Decision> = Vec::new();
        for decision in current {
            last.retain(|earlier| self.person(&earlier.by) != self.person(&decision.by));
            last.push(decision);
        }
        last
    }

    /// A person is a member, or else a principal without its session name or a GitHub account: whoever assumes a role
    /// twice, has two keys, or signs here and clicks there, is still one.
    pub(crate) fn person(&self, by: &Decider) -> String {
        let member = self.settings.member_of(by);
        member.map_or_else(|| by.policy_name(), |member| member.name.clone())
    }

    /// Counts approvals in the order in which they were given, each for the first step that still needs somebody: one
    /// that was given before its step's turn does not count.
    pub(crate) fn tally(&self, steps: &[Step<'_>], words: &[&Decision]) -> Tally {
        let mut tally = Tally {
            has: vec![0; steps.len()],
            by: Vec::new(),
            people: Vec::new(),
            expired: false,
        };
        for decision in words {
            let counts =
                decision.verdict == Verdict::Approved && self.not_provably_anothers(&decision.by).is_none();
            let open = tally.open(steps).filter(|_| counts);
            let Some((index, step)) = open.and_then(|index| Some((index, steps.get(index)?))) else {
                continue;
            };
            if !self.may_at(step, &decision.by) {
                continue;
            }
            if self.is_expired(decision) {
                tally.expired = true;
                continue;
            }
            if let Some(has) = tally.has.get_mut(index) {
                *has += 1;
                tally.by.push(decision.by.to_string());
                tally.people.push(self.person(&decision.by));
            }
        }
        tally
    }

    pub(crate) fn may_at(&self, step: &Step<'_>, by: &Decider) -> bool {
        let signed_for = match by {
            Decider::Principal(by) => step.approvers.principals.iter().any(|arn| by.is(arn)),
            // A principal's name is that of a key: whoever clicks comes with none.
            Decider::Github(_) if self.counts_on_github() => false,
            Decider::Github(_) => return false,
        };
        signed_for
            || self
                .settings
                .member_of(by)
                .is_some_and(|member| step.approvers.name(member))
    }

    /// Whether two who decide are one person.
    pub fn is_same_person(&self, one: &Decider, other: &Decider) -> bool {
        self.person(one) == self.person(other)
    }

    /// Whether the environment lets people decide on GitHub.
    pub(crate) fn counts_on_github(&self) -> bool {
        self.policy().is_some_and(|policy| policy.approve_on_github)
    }

    pub(crate) fn may_at_any(&self, steps: &[Step<'_>], by: &Decider) -> bool {
        steps.iter().any(|step| self.may_at(step, by))
    }

    /// Approvals expire where policy says so.
    pub fn is_expired(&self, decision: &Decision) -> bool {
        let after = self.policy().and_then(Environment::approvals_expire_after);
        after.is_some_and(|after| self.is_older(decision, after))
    }

    /// Whether a decision is that old, unless what it covers has begun: what is half applied is not held up by
    /// a clock.
    pub(crate) fn is_older(&self, decision: &Decision, age: SignedDuration) -> bool {
        let begun = self.tasks.iter().any(|task| task.has_begun());
        !begun && self.now.duration_since(decision.at) >= age
    }

    /// Whether somebody is a member with the role `admin`, as AWS signed it.
    pub(crate) fn is_administrator(&self, by: &Decider) -> bool {
        let signed = match by {
            Decider::Principal(_) => true,
            // There is no button for what takes an administrator.
            Decider::Github(_) => false,
        };
        let member = self.settings.member_of(by);
        signed && member.is_some_and(|member| member.has_role("admin"))
    }
}
