//! Baselines: what counts as applied in a target before Sluice applies anything to it.

use crate::ids::ProjectId;
use crate::target::Target;
use crate::version::{Version, VersionKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The baselines of a project's targets. Files for a target without one wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baselines {
    /// The project.
    pub project: ProjectId,
    /// One for each target that has one.
    pub targets: Vec<Baseline>,
    /// Counts writes; a write names the edition that it read.
    pub edition: u64,
}

/// What counts as applied in one target, and who said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The target.
    pub target: Target,
    /// How far.
    pub up_to: UpTo,
    /// Who said so, by ARN.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The edition of the project's baselines that brought it: heads planned before it are planned again.
    pub edition: u64,
}

/// How far a target's history was applied before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpTo {
    /// Nothing was.
    Nothing,
    /// Everything was up to this version, itself included.
    Version(Version),
    /// Everything was that the repository held when this was first planned. Which version was the highest is then known.
    All(Option<Version>),
}

impl Baselines {
    /// Those of a project that has none.
    pub fn none(project: ProjectId) -> Self {
        Self {
            project,
            targets: Vec::new(),
            edition: 0,
        }
    }

    /// Whether the baseline of any target came after this edition.
    pub fn came_after(&self, edition: u64) -> bool {
        self.targets.iter().any(|baseline| baseline.came_after(edition))
    }

    /// The baseline of a target.
    pub fn of(&self, target: &Target) -> Option<&Baseline> {
        self.targets.iter().find(|baseline| &baseline.target == target)
    }
}

impl Baseline {
    /// Whether it came after this edition: a head that was planned by that one is planned again.
    pub fn came_after(&self, edition: u64) -> bool {
        self.edition > edition
    }
}

impl UpTo {
    /// Whether a version counts as applied.
    pub fn covers(&self, version: &VersionKey) -> bool {
        match self {
            Self::Nothing | Self::All(None) => false,
            Self::Version(last) | Self::All(Some(last)) => version <= last.key(),
        }
    }

    /// The highest version that counts as applied.
    pub fn last(&self) -> Option<&Version> {
        match self {
            Self::Nothing | Self::All(None) => None,
            Self::Version(last) | Self::All(Some(last)) => Some(last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_covers_what_is_not_higher() {
        let version = |text: &str| Version::parse(text).unwrap();
        for (up_to, covered, not) in [
            (UpTo::Nothing, vec![], vec!["1", "9"]),
            (
                UpTo::Version(version("1.9")),
                vec!["1", "1.9", "1.09"],
                vec!["1.10", "2"],
            ),
            (UpTo::All(None), vec![], vec!["1"]),
            (UpTo::All(Some(version("9"))), vec!["8", "9"], vec!["10"]),
        ] {
            for text in covered {
                assert!(up_to.covers(version(text).key()), "{up_to:?} {text}");
            }
            for text in not {
                assert!(!up_to.covers(version(text).key()), "{up_to:?} {text}");
            }
        }
    }
}
