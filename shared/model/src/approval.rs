//! People's decisions: approvals of a stage, and rulings over a task.

use crate::decider::Decider;
use crate::digest::Digest;
use crate::ids::{EnvironmentId, IssueNumber};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One person's decision on one digest: the tasks of one environment of one issue, as they stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The issue.
    pub issue: IssueNumber,
    /// The stage.
    pub environment: EnvironmentId,
    /// What was decided on.
    pub digest: Digest,
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided, as AWS or GitHub signed it.
    pub by: Decider,
    /// The member that this is, where settings know one.
    pub member: Option<String>,
    /// Why, in that person's words.
    pub because: Option<String>,
    /// How many decisions the decider took on this digest before: the same one, sent twice at once, is one.
    #[serde(default)]
    pub ordinal: u32,
    /// When.
    pub at: Timestamp,
}

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may run.
    Approved,
    /// It may run past policy, window and freeze, where another administrator says so, too.
    Bypassed,
    /// It may not.
    Rejected,
}

/// A decision never to run a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Canceled or skipped.
    pub kind: RulingKind,
    /// Who: a principal's ARN, or `sluice` where the file was deleted.
    pub by: String,
    /// Why.
    pub because: String,
    /// When.
    pub at: Timestamp,
}

/// A person's wish that a task begins no earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// When it may begin.
    pub at: Timestamp,
    /// Who: a principal's ARN.
    pub by: String,
}

/// The two ways of never running a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RulingKind {
    /// Stopped before it started; the issue is canceled if nothing else is left of it.
    Canceled,
    /// Decided never to run; later tasks go on as if it had run.
    Skipped,
}
