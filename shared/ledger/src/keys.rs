//! Where each thing is stored.

use aws_sdk_dynamodb::types::AttributeValue;
use model::{
    AuditChain, Checksum, CommitSha, Decision, IssueNumber, ProjectId, PullRequestNumber, RehearsalKey,
    Target, TaskKey, VersionKey,
};
use std::collections::HashMap;
use std::fmt;
use workflow::ports::ledger::NewHead;

/// The attribute of the partition key.
pub(crate) const PK: &str = "pk";
/// The attribute of the sort key.
pub(crate) const SK: &str = "sk";
/// The attribute of the sparse index, and its name.
pub(crate) const OPEN: &str = "open";

/// The partition of the list of open issues.
pub(crate) const OPEN_ISSUES: &str = "OPEN";
/// The partition of the outbox.
pub(crate) const OUTBOX: &str = "OUTBOX";
/// What the sort keys of an issue's decisions start with.
pub(crate) const DECISIONS: &str = "decision#";
/// What the sort keys of a target's revisions start with.
pub(crate) const REVISIONS: &str = "revision#";
/// What the sort keys of a target's tasks start with.
pub(crate) const TASKS: &str = "task#";
/// What the sort keys of a target's rehearsals start with.
pub(crate) const REHEARSALS: &str = "rehearsal#";
/// What the sort keys of a text's parts start with.
pub(crate) const PARTS: &str = "part#";

/// What the sort keys of a chain's items start with.
pub(crate) const AUDIT_ITEMS: &str = "item#";

/// The primary key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The partition.
    pub(crate) pk: String,
    /// The place in it.
    pub(crate) sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }

    /// As attributes.
    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.pk.clone())),
            (SK.to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }

    /// The settings in force.
    pub(crate) fn settings() -> Self {
        Self::new("SETTINGS", "current")
    }

    /// One version of the settings.
    pub(crate) fn settings_version(version: u64) -> Self {
        Self::new("SETTINGS", format!("v#{version:010}"))
    }

    /// The freezes.
    pub(crate) fn freezes() -> Self {
        Self::new("SETTINGS", "freezes")
    }

    /// The newest issue's number.
    pub(crate) fn issue_counter() -> Self {
        Self::new("COUNTER", "issue")
    }

    /// A delivery, by its content.
    pub(crate) fn delivery(content: &str) -> Self {
        Self::new(format!("DELIVERY#{content}"), "delivery")
    }

    /// Who moved a ref to a head.
    pub(crate) fn moved(head: &NewHead) -> Self {
        let text = format!("{}\n{}\n{}", head.repository, head.git_ref, head.after);
        Self::new(format!("DELIVERY#{}", Checksum::of(text.as_bytes())), "moved")
    }

    /// The record of a push.
    pub(crate) fn push(project: &ProjectId, commit: &CommitSha) -> Self {
        Self::new(push_partition(project, commit), "push")
    }

    /// GitHub's id of a push's check run.
    pub(crate) fn check_run(project: &ProjectId, commit: &CommitSha) -> Self {
        Self::new(push_partition(project, commit), "check_run")
    }

    /// What buttons on a push's check run are for.
    pub(crate) fn offer(project: &ProjectId, commit: &CommitSha, name: &str) -> Self {
        Self::new(push_partition(project, commit), format!("offer#{}", part(name)))
    }

    /// The last click on a push's check run that was refused.
    pub(crate) fn refused_click(project: &ProjectId, commit: &CommitSha) -> Self {
        Self::new(push_partition(project, commit), "refused_click")
    }

    /// The review of a pull request.
    pub(crate) fn pull_request(project: &ProjectId, number: PullRequestNumber) -> Self {
        Self::new(pull_request_partition(project, number), "review")
    }

    /// What GitHub shows of a pull request.
    pub(crate) fn shown(project: &ProjectId, number: PullRequestNumber) -> Self {
        Self::new(pull_request_partition(project, number), "shown")
    }

    /// The rehearsal of a pull request, beside the tasks of its target.
    pub(crate) fn rehearsal(key: &RehearsalKey) -> Self {
        let place = format!("{REHEARSALS}{}#{:010}", part(key.project.as_str()), key.number.0);
        Self::new(target_partition(&key.target), place)
    }

    /// The planned head of a branch.
    pub(crate) fn head(project: &ProjectId, branch: &str) -> Self {
        Self::new(format!("BRANCH#{}#{branch}", part(project.as_str())), "head")
    }

    /// The baselines of a project.
    pub(crate) fn baselines(project: &ProjectId) -> Self {
        Self::new(format!("PROJECT#{}", part(project.as_str())), "baselines")
    }

    /// What the sweeper remembers of the webhook's deliveries.
    pub(crate) fn hook_watch() -> Self {
        Self::new("SWEEPER", "deliveries")
    }

    /// An issue.
    pub(crate) fn issue(number: IssueNumber) -> Self {
        Self::new(issue_partition(number), "issue")
    }

    /// An entry of the list of open issues. A partition of its own, so that the list is one query.
    pub(crate) fn open_issue(number: IssueNumber) -> Self {
        Self::new(OPEN_ISSUES, open_place(number))
    }

    /// A decision: every one of each principal is kept.
    pub(crate) fn decision(decision: &Decision) -> Self {
        let who = Checksum::of(decision.by.key().as_bytes());
        let environment = part(decision.environment.as_str());
        let digest = part(decision.digest.as_str());
        Self::new(
            issue_partition(decision.issue),
            format!("{DECISIONS}{environment}#{digest}#{who}#{:020}", decision.ordinal),
        )
    }

    /// A task.
    pub(crate) fn task(key: &TaskKey) -> Self {
        Self::new(
            target_partition(&key.target),
            format!("{TASKS}{}", key.version.as_str()),
        )
    }

    /// A revision.
    pub(crate) fn revision(key: &TaskKey) -> Self {
        Self::new(target_partition(&key.target), revision_place(&key.version))
    }

    /// The lease on a target.
    pub(crate) fn lease(target: &Target) -> Self {
        Self::new(target_partition(target), "lease")
    }

    /// What write-back knows of a branch.
    pub(crate) fn write_back_branch(project: &ProjectId, branch: &str) -> Self {
        Self::new(
            format!("WRITE_BACK#{}#{branch}", part(project.as_str())),
            "branch",
        )
    }

    /// Where the write-back of a revision stands. Not in its target's partition: who writes it may not write there.
    pub(crate) fn write_back(key: &TaskKey) -> Self {
        Self::new(
            format!("WRITE_BACK#{}", key.target),
            format!("version#{}", key.version.as_str()),
        )
    }

    /// A part of a text.
    pub(crate) fn text_part(checksum: &Checksum, index: usize) -> Self {
        Self::new(text_partition(checksum), format!("{PARTS}{index:04}"))
    }

    /// An item of the audit. Not in its issue's partition: who writes it may not write decisions.
    pub(crate) fn audit_item(chain: AuditChain, number: u64) -> Self {
        Self::new(audit_partition(chain), audit_place(number))
    }

    /// Where a chain of the audit ends.
    pub(crate) fn audit_head(chain: AuditChain) -> Self {
        Self::new(audit_partition(chain), "head")
    }

    /// How far others were told of an issue.
    pub(crate) fn announced(number: IssueNumber) -> Self {
        Self::new(format!("EVENTS#{:010}", number.0), "announced")
    }

    /// An item of the outbox.
    pub(crate) fn outbox(id: &str) -> Self {
        Self::new(OUTBOX, id)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pk `{}`, sk `{}`", self.pk, self.sk)
    }
}

/// The partition of an issue.
pub(crate) fn issue_partition(number: IssueNumber) -> String {
    format!("ISSUE#{:010}", number.0)
}

/// The place of an entry in the list of open issues.
pub(crate) fn open_place(number: IssueNumber) -> String {
    format!("issue#{:010}", number.0)
}

/// The partition of a target.
pub(crate) fn target_partition(target: &Target) -> String {
    format!("TARGET#{target}")
}

/// The partition of a text.
pub(crate) fn text_partition(checksum: &Checksum) -> String {
    format!("TEXT#{checksum}")
}

/// The place of a revision in its target's partition.
pub(crate) fn revision_place(version: &VersionKey) -> String {
    format!("{REVISIONS}{}", version.as_str())
}

/// The partition of a chain of the audit.
pub(crate) fn audit_partition(chain: AuditChain) -> String {
    format!("AUDIT#{chain}")
}

/// The place of an item in its chain's partition. All numbers have as many digits as the largest there is.
pub(crate) fn audit_place(number: u64) -> String {
    format!("{AUDIT_ITEMS}{number:020}")
}

fn push_partition(project: &ProjectId, commit: &CommitSha) -> String {
    format!("PUSH#{}#{}", part(project.as_str()), part(commit.as_str()))
}

fn pull_request_partition(project: &ProjectId, number: PullRequestNumber) -> String {
    format!("PULL#{}#{:010}", part(project.as_str()), number.0)
}

/// A name as one part of a key: what separates parts can't stand in it.
fn part(name: &str) -> String {
    name.replace('%', "%25").replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn two_branches_never_share_a_key(
            a in "[a#%]{1,4}", b in "[a#%]{1,4}", c in "[a#%]{1,4}", d in "[a#%]{1,4}",
        ) {
            let one = Key::head(&ProjectId::new(&a), &b);
            let other = Key::head(&ProjectId::new(&c), &d);
            prop_assert_eq!(one == other, a == c && b == d);
        }
    }

    #[test]
    fn numbers_sort_as_text() {
        assert!(issue_partition(IssueNumber(9)) < issue_partition(IssueNumber(10)));
        assert!(Key::settings_version(9).sk < Key::settings_version(10).sk);
    }
}
