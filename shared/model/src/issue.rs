//! Issues: the numbered record of the database work of one push.

use crate::ids::{CommitSha, EnvironmentId, IssueNumber, ProjectId};
use crate::target::TaskKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The facts of an issue. Its status is derived from its tasks by [`crate::status::issue_status`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Its number.
    pub number: IssueNumber,
    /// The project.
    pub project: ProjectId,
    /// One line for people.
    pub title: String,
    /// The branch.
    pub branch: String,
    /// The head that was planned.
    pub commit: CommitSha,
    /// Where GitHub shows that commit.
    pub url: String,
    /// Who pushed, as GitHub authenticated it: the newest, where several pushes were planned together.
    pub pusher: Pusher,
    /// Everybody whose pushes are in it, newest first. None of them may approve it.
    pub pushers: Vec<Pusher>,
    /// Whether that is everybody: a delivery that never came leaves somebody out.
    pub pushers_known: bool,
    /// Who wrote the commit, as the commit claims.
    pub creator: Creator,
    /// Who has to act: `sluice`, or those who approve.
    pub assignee: String,
    /// Its environments, in rollout order.
    pub environments: Vec<EnvironmentId>,
    /// Its tasks, by position.
    pub tasks: Vec<TaskKey>,
    /// Issues that have to be done before anything of this one begins, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<IssueNumber>,
    /// Whether all its tasks are stored. Large plans take several writes; nothing runs before the last.
    pub planned: bool,
    /// Counts writes; a write names the edition that it read.
    pub edition: u64,
    /// When it was planned.
    pub created_at: Timestamp,
}

/// Who pushed: GitHub's `sender`, the only identity policy trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pusher {
    /// GitHub's numeric id.
    pub id: u64,
    /// The login, for people.
    pub login: String,
}

/// Who wrote the commit: a claim, shown beside the pusher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creator {
    /// The name in the commit.
    pub name: String,
    /// The e-mail address in the commit.
    pub email: String,
    /// The member with that address or login, where settings know one.
    pub member: Option<String>,
}
