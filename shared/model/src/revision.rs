//! Revisions: the record that a change is applied to a target.

use crate::change::Change;
use crate::checksum::Checksum;
use crate::ids::{DatabaseName, EnvironmentId, IssueNumber, ProjectId};
use crate::target::Target;
use crate::version::Version;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One applied change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Where.
    pub target: Target,
    /// The project.
    pub project: ProjectId,
    /// The environment.
    pub environment: EnvironmentId,
    /// The database's name as in the path.
    pub database: DatabaseName,
    /// What.
    pub change: Change,
    /// The issue.
    pub issue: IssueNumber,
    /// Runs that it took.
    pub attempt: u32,
    /// Who approved, by ARN.
    pub approved_by: Vec<String>,
    /// The statements, in order.
    pub statements: Vec<StatementRecord>,
    /// The version that was applied to the target last before this one; none for its first. Where the schema before this
    /// one is not the schema after that one, somebody else changed it in between.
    #[serde(default)]
    pub since: Option<Version>,
    /// The stored text of the schema before the first statement.
    pub before: Checksum,
    /// The stored text of the schema after the last statement.
    pub after: Checksum,
    /// When the last run began.
    pub started_at: Timestamp,
    /// When the last statement was done.
    pub finished_at: Timestamp,
}

/// One applied statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementRecord {
    /// Its place in the change, from 1.
    pub index: u32,
    /// Its line in the file, from 1.
    pub line: u32,
    /// The checksum of its text.
    pub digest: Checksum,
    /// How long the server took, in milliseconds; none where the outcome was adopted after a death.
    pub duration_ms: Option<u64>,
    /// Rows affected, as the server said; none where the outcome was adopted after a death.
    pub rows: Option<u64>,
}
