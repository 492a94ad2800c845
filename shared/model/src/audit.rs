//! The audit: who decided and did what, in chains of hashes that show what was changed afterwards.

mod canonical;
pub mod verify;

use crate::approval::Verdict;
use crate::checksum::Checksum;
use crate::decider::{Decider, GithubAccount};
use crate::ids::{DeliveryId, IssueNumber};
use crate::principal::Principal;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One chain of items: an issue has its own, and so have settings and baselines together. Written `issue-7`, `settings`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AuditChain {
    /// What belongs to no issue: settings and baselines.
    Settings,
    /// What belongs to an issue.
    Issue(IssueNumber),
}

/// A text that names no chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no chain of the audit; write `settings` or `issue-7`")]
pub struct ChainError(String);

impl AuditChain {
    /// Reads `settings` or `issue-7`.
    pub fn parse(text: &str) -> Result<Self, ChainError> {
        if text == "settings" {
            return Ok(Self::Settings);
        }
        let number = text.strip_prefix("issue-").and_then(|digits| digits.parse().ok());
        number
            .map(|number| Self::Issue(IssueNumber(number)))
            // One text for each chain: no `issue-007`.
            .filter(|chain| chain.to_string() == text)
            .ok_or_else(|| ChainError(text.to_owned()))
    }

    /// The chains whose newest items are named by the first item of this one.
    pub fn sealed(self) -> Vec<Self> {
        match self {
            Self::Settings => Vec::new(),
            Self::Issue(IssueNumber(0 | 1)) => vec![Self::Settings],
            Self::Issue(IssueNumber(number)) => vec![Self::Issue(IssueNumber(number - 1)), Self::Settings],
        }
    }

    /// The chain that is looked at after this one: from the newest issue down, and settings last, so that what a chain
    /// seals is read after it.
    pub fn older(self) -> Option<Self> {
        match self {
            Self::Settings => None,
            Self::Issue(IssueNumber(0 | 1)) => Some(Self::Settings),
            Self::Issue(IssueNumber(number)) => Some(Self::Issue(IssueNumber(number - 1))),
        }
    }

    /// The newest chain where this is the newest issue's number.
    pub fn newest(last_issue: IssueNumber) -> Self {
        match last_issue.0 {
            0 => Self::Settings,
            _ => Self::Issue(last_issue),
        }
    }
}

impl fmt::Display for AuditChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings => f.write_str("settings"),
            Self::Issue(number) => write!(f, "issue-{number}"),
        }
    }
}

impl TryFrom<String> for AuditChain {
    type Error = ChainError;

    fn try_from(text: String) -> Result<Self, ChainError> {
        Self::parse(&text)
    }
}

impl From<AuditChain> for String {
    fn from(chain: AuditChain) -> Self {
        chain.to_string()
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditActor {
    /// A caller of the API, as AWS signed it.
    Principal(Principal),
    /// The sender of a push or a click, as GitHub authenticated it; the planner wrote what came of it.
    Github {
        /// GitHub's numeric id; 0 where no delivery told.
        id: u64,
        /// The login, for people.
        login: String,
        /// The delivery of a click; none for a push, of which there may be several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delivery: Option<DeliveryId>,
    },
    /// Sluice itself, by one of its functions.
    Sluice(AuditFunction),
}

impl From<&Decider> for AuditActor {
    fn from(by: &Decider) -> Self {
        match by {
            Decider::Principal(by) => Self::Principal(by.clone()),
            Decider::Github(GithubAccount {
                github_id,
                login,
                delivery,
            }) => Self::Github {
                id: *github_id,
                login: login.clone(),
                delivery: Some(delivery.clone()),
            },
        }
    }
}

/// In words: an ARN, `github: dana (3)`, `sluice: worker`. The key, the address and the request are not in them.
impl fmt::Display for AuditActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal(by) => by.fmt(f),
            Self::Github { id: 0, .. } => f.write_str("github: nobody told who"),
            Self::Github { id, login, .. } => write!(f, "github: {login} ({id})"),
            Self::Sluice(AuditFunction::Planner) => f.write_str("sluice: planner"),
            Self::Sluice(AuditFunction::Worker) => f.write_str("sluice: worker"),
        }
    }
}

/// The functions of Sluice that act by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditFunction {
    /// It plans pushes.
    Planner,
    /// It applies changes.
    Worker,
}

impl Verdict {
    /// What a decision is called in the audit.
    pub fn deed(self) -> Deed {
        match self {
            Self::Approved => Deed::StageApproved,
            Self::Bypassed => Deed::StageBypassed,
            Self::Rejected => Deed::StageRejected,
        }
    }
}

macro_rules! deeds {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal;)+) => {
        /// What was done or decided.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Deed {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $name,)+
        }

        impl Deed {
            /// Its stable word.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

deeds! {
    /// A push became an issue.
    IssuePlanned = "issue_planned";
    /// A delivery came late: from now on it is known who pushed.
    PushersKnown = "pushers_known";
    /// A person said which issues come first, or no longer do.
    IssueDepends = "issue_depends";
    /// A person approved a stage.
    StageApproved = "stage_approved";
    /// An administrator lets a stage past its policy, once another one says so, too.
    StageBypassed = "stage_bypassed";
    /// A person rejected a stage.
    StageRejected = "stage_rejected";
    /// A person wants another run of a failed task.
    TaskRetried = "task_retried";
    /// A task never runs: a person decided that, or its file is gone.
    TaskCanceled = "task_canceled";
    /// A person wants a running task to end.
    TaskCancelAsked = "task_cancel_asked";
    /// A task never runs, and later ones go on as if it had.
    TaskSkipped = "task_skipped";
    /// A task that never was to run waits again.
    TaskReopened = "task_reopened";
    /// A person said when a task may begin.
    TaskScheduled = "task_scheduled";
    /// A person said whether an ambiguous statement happened.
    TaskResolved = "task_resolved";
    /// The file of a task has another text.
    TaskReplaced = "task_replaced";
    /// The file of a task has another name.
    TaskRenamed = "task_renamed";
    /// A task goes back to its approvers: it blocks writes to a large table, looks at many rows, or others
    /// changed the schema.
    TaskHeld = "task_held";
    /// A run of a task began, or went on.
    TaskBegun = "task_begun";
    /// All of a task is applied.
    TaskDone = "task_done";
    /// A statement of a task did not happen.
    TaskFailed = "task_failed";
    /// Whether a statement happened can't be known.
    TaskAmbiguous = "task_ambiguous";
    /// Settings were put in force.
    SettingsApplied = "settings_applied";
    /// For a while nothing begins in an environment.
    EnvironmentFrozen = "environment_frozen";
    /// A freeze was lifted before its time.
    EnvironmentUnfrozen = "environment_unfrozen";
    /// An administrator said what was applied before.
    BaselineSet = "baseline_set";
    /// What "everything" of a baseline meant was found.
    BaselineResolved = "baseline_resolved";
}

/// Something that was done, before it has its place in a chain. No SQL and no literal of one is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The chain that it belongs to.
    pub chain: AuditChain,
    /// What was done.
    pub deed: Deed,
    /// To what: a stage, a task's target and version, a project.
    pub about: Option<String>,
    /// By whom.
    pub by: AuditActor,
    /// When.
    pub at: Timestamp,
    /// The digest or edition before.
    pub before: Option<String>,
    /// The digest or edition after.
    pub after: Option<String>,
    /// More of it: the attempt, the statement, a code.
    pub detail: Option<String>,
    /// Why, in a person's words.
    pub because: Option<String>,
}

/// What the first item of a chain says of another chain: this was its newest item then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSeal {
    /// The other chain.
    pub chain: AuditChain,
    /// The number of its newest item.
    pub number: u64,
    /// The hash of that.
    pub hash: Checksum,
}

/// One link of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditItem {
    /// The chain.
    pub chain: AuditChain,
    /// Its place in the chain, from 1 without gaps.
    pub number: u64,
    /// What was done.
    pub deed: Deed,
    /// To what: a stage, a task's target and version, a project.
    pub about: Option<String>,
    /// By whom.
    pub by: AuditActor,
    /// When.
    pub at: Timestamp,
    /// The digest or edition before.
    pub before: Option<String>,
    /// The digest or edition after.
    pub after: Option<String>,
    /// More of it: the attempt, the statement, a code.
    pub detail: Option<String>,
    /// Why, in a person's words.
    pub because: Option<String>,
    /// The hash of the item before; none for the first.
    pub previous: Option<Checksum>,
    /// What the first item says of the chains before; empty in any other.
    pub seals: Vec<AuditSeal>,
    /// The hash of all the above.
    pub hash: Checksum,
}

/// Where a chain ends: stored beside it, moved with every item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The chain.
    pub chain: AuditChain,
    /// How many items it has.
    pub count: u64,
    /// The hash of the newest.
    pub hash: Checksum,
}

impl AuditHead {
    /// What a chain that begins now says of this one.
    pub fn seal(&self) -> AuditSeal {
        AuditSeal {
            chain: self.chain,
            number: self.count,
            hash: self.hash.clone(),
        }
    }
}

impl AuditItem {
    /// The item of an entry after the end of its chain; `seals` are for the first item only.
    pub fn after(entry: AuditEntry, head: Option<&AuditHead>, seals: Vec<AuditSeal>) -> Self {
        let mut item = Self {
            chain: entry.chain,
            number: head.map_or(0, |head| head.count) + 1,
            deed: entry.deed,
            about: entry.about,
            by: entry.by,
            at: entry.at,
            before: entry.before,
            after: entry.after,
            detail: entry.detail,
            because: entry.because,
            previous: head.map(|head| head.hash.clone()),
            seals: if head.is_none() { seals } else { Vec::new() },
            hash: Checksum::of(&[]),
        };
        item.hash = item.computed_hash();
        item
    }

    /// The end of the chain once this is its newest item.
    pub fn head(&self) -> AuditHead {
        AuditHead {
            chain: self.chain,
            count: self.number,
            hash: self.hash.clone(),
        }
    }

    /// The hash that this item must have.
    pub fn computed_hash(&self) -> Checksum {
        Checksum::of(canonical::text(self).as_bytes())
    }
}

/// Puts entries of one chain after its end, one after another.
pub fn link(entries: Vec<AuditEntry>, head: Option<AuditHead>, seals: &[AuditSeal]) -> Vec<AuditItem> {
    let mut head = head;
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        let item = AuditItem::after(entry, head.as_ref(), seals.to_vec());
        head = Some(item.head());
        items.push(item);
    }
    items
}

/// An item as it is stored: readable, or not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AuditRecord {
    /// An item.
    Item(Box<AuditItem>),
    /// Something stands there that is no item.
    Unreadable {
        /// The chain.
        chain: AuditChain,
        /// The place.
        place: u64,
        /// What is wrong with it.
        unreadable: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_has_one_name() {
        for (text, expected) in [
            ("settings", Some(AuditChain::Settings)),
            ("issue-7", Some(AuditChain::Issue(IssueNumber(7)))),
            ("issue-07", None),
            ("issue-", None),
            ("7", None),
            ("Settings", None),
        ] {
            assert_eq!(AuditChain::parse(text).ok(), expected, "{text}");
        }
        assert_eq!(AuditChain::Issue(IssueNumber(7)).to_string(), "issue-7");
    }

    #[test]
    fn chains_are_looked_at_after_those_that_seal_them() {
        let mut chain = AuditChain::newest(IssueNumber(3));
        let mut seen = vec![chain];
        while let Some(older) = chain.older() {
            assert!(chain.sealed().iter().all(|sealed| !seen.contains(sealed)));
            chain = older;
            seen.push(chain);
        }
        let names: Vec<String> = seen.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["issue-3", "issue-2", "issue-1", "settings"]);
        assert_eq!(AuditChain::newest(IssueNumber(0)), AuditChain::Settings);
    }
}
