//! Targets: the pair of an instance and a database, the unit of order and of locking.

use crate::ids::{DatabaseName, InstanceId};
use crate::version::VersionKey;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One MySQL schema on one instance; written `instance/database`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Target {
    /// The instance, by its name in settings.
    pub instance: InstanceId,
    /// The schema on that instance.
    pub database: DatabaseName,
}

/// A text that is not `instance/database`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no target; write `instance/database`")]
pub struct TargetError(String);

impl Target {
    /// A target from its parts.
    pub fn new(instance: impl Into<String>, database: impl Into<String>) -> Self {
        Self {
            instance: InstanceId::new(instance),
            database: DatabaseName::new(database),
        }
    }

    /// Reads `instance/database`.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        match text.split_once('/') {
            Some((instance, database))
                if !instance.is_empty() && !database.is_empty() && !database.contains('/') =>
            {
                Ok(Self::new(instance, database))
            }
            Some(_) | None => Err(TargetError(text.to_owned())),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.instance, self.database)
    }
}

impl TryFrom<String> for Target {
    type Error = TargetError;

    fn try_from(text: String) -> Result<Self, TargetError> {
        Self::parse(&text)
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

/// Which task: there is one per target and version, ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskKey {
    /// Where it is applied.
    pub target: Target,
    /// Its place in the target's order.
    pub version: VersionKey,
}

impl fmt::Display for TaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.target, self.version.as_str())
    }
}
