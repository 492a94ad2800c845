//! Freezes: for a while nothing begins in an environment.

use crate::ids::EnvironmentId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A person's word that nothing begins in an environment until a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// The environment.
    pub environment: EnvironmentId,
    /// From then on it holds nothing.
    pub until: Timestamp,
    /// Why.
    pub because: String,
    /// The member whose it is: who froze ends it earlier, and nobody else but administrators.
    pub member: String,
    /// Who, by ARN.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
}

impl Freeze {
    /// Whether it still holds.
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// Every freeze, with the edition that the next one replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freezes {
    /// Counts from 1; 0 where there never was any.
    pub edition: u64,
    /// At most one of each environment and member; those that are over may still be among them.
    pub freezes: Vec<Freeze>,
}

impl Freezes {
    /// The one that holds an environment now, and longest.
    pub fn of(&self, environment: &EnvironmentId, now: Timestamp) -> Option<&Freeze> {
        let freezes = self.freezes.iter();
        let held = freezes.filter(|freeze| &freeze.environment == environment && freeze.holds(now));
        held.max_by_key(|freeze| freeze.until)
    }

    /// A member's own.
    pub fn own(&self, environment: &EnvironmentId, member: &str, now: Timestamp) -> Option<&Freeze> {
        let mut freezes = self.freezes.iter();
        freezes
            .find(|freeze| &freeze.environment == environment && freeze.member == member && freeze.holds(now))
    }

    /// The next edition: this freeze in place of that member's last one there, without those that are over.
    #[must_use]
    pub fn with(&self, freeze: Freeze, now: Timestamp) -> Self {
        let mut next = self.without(&freeze.environment, Some(&freeze.member), now);
        next.freezes.push(freeze);
        next
    }

    /// The next edition, without what a member froze in an environment, or anybody where nobody is named.
    #[must_use]
    pub fn without(&self, environment: &EnvironmentId, member: Option<&str>, now: Timestamp) -> Self {
        let lifted = |other: &Freeze| {
            &other.environment == environment && member.is_none_or(|member| member == other.member)
        };
        let others = self.freezes.iter();
        let others = others.filter(|other| !lifted(other) && other.holds(now));
        Self {
            edition: self.edition + 1,
            freezes: others.cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn the_longest_freeze_holds_an_environment_and_ends_by_itself() {
        let now = Timestamp::UNIX_EPOCH;
        let freeze = |name: &str, member: &str, hours: i64| Freeze {
            environment: EnvironmentId::new(name),
            member: member.to_owned(),
            until: now + SignedDuration::from_hours(hours),
            because: String::new(),
            by: String::new(),
            at: now,
        };
        let freezes = Freezes::default()
            .with(freeze("prod", "ada", 8), now)
            .with(freeze("stage", "ada", 1), now)
            .with(freeze("prod", "bob", 9), now);
        assert_eq!(freezes.edition, 3);
        let until = |freezes: &Freezes, name: &str, hours: i64| {
            let then = now + SignedDuration::from_hours(hours);
            let held = freezes.of(&EnvironmentId::new(name), then);
            held.map(|freeze| freeze.until.duration_since(now).as_hours())
        };
        assert_eq!(until(&freezes, "prod", 8), Some(9));
        assert_eq!(until(&freezes, "prod", 9), None);
        assert_eq!(until(&freezes, "test", 0), None);
        let later = now + SignedDuration::from_hours(2);
        let prod = EnvironmentId::new("prod");
        let bobs = freezes.without(&prod, Some("bob"), later);
        assert_eq!(until(&bobs, "prod", 2), Some(8), "hers still holds");
        let lifted = freezes.without(&prod, None, later);
        assert_eq!(lifted.freezes, [], "what is over is forgotten, too");
    }
}
