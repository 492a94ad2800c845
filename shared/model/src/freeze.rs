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
    /// At most one of each environment; those that are over may still be among them.
    pub freezes: Vec<Freeze>,
}

impl Freezes {
    /// The one that holds an environment now.
    pub fn of(&self, environment: &EnvironmentId, now: Timestamp) -> Option<&Freeze> {
        let mut freezes = self.freezes.iter();
        freezes.find(|freeze| &freeze.environment == environment && freeze.holds(now))
    }

    /// The next edition: this freeze in place of the environment's last one, without those that are over.
    #[must_use]
    pub fn with(&self, freeze: Freeze, now: Timestamp) -> Self {
        let mut next = self.without(&freeze.environment, now);
        next.freezes.push(freeze);
        next
    }

    /// The next edition, in which nothing holds this environment.
    #[must_use]
    pub fn without(&self, environment: &EnvironmentId, now: Timestamp) -> Self {
        let others = self.freezes.iter();
        let others = others.filter(|other| &other.environment != environment && other.holds(now));
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
    fn an_environment_has_one_freeze_which_ends_by_itself() {
        let now = Timestamp::UNIX_EPOCH;
        let freeze = |name: &str, hours: i64| Freeze {
            environment: EnvironmentId::new(name),
            until: now + SignedDuration::from_hours(hours),
            because: String::new(),
            by: String::new(),
            at: now,
        };
        let freezes = Freezes::default()
            .with(freeze("prod", 8), now)
            .with(freeze("stage", 1), now)
            .with(freeze("prod", 9), now);
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
        let lifted = freezes.without(&EnvironmentId::new("prod"), later);
        assert_eq!(lifted.freezes, [], "what is over is forgotten, too");
    }
}
