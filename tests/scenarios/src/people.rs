//! People: who they are, and what they decide.

use crate::world::{World, must};
use jiff::{SignedDuration, Timestamp};
use model::{CommitSha, Digest, EnvironmentId, Freeze, IssueNumber, Principal, Pusher, Refusal, Verdict};
use settings::Member;
use workflow::act::{
    self, Actor, Approve, Cancel, Depend, FreezeWish, Reopen, Resolve, Retry, RunAt, Skip, UnfreezeWish,
};
use workflow::ports::clock::{Clock as _, Ids};

/// Writes and pushes; may not approve.
pub const DEVELOPER: &str = "developer";
/// Approves.
pub const DBA: &str = "dba";

/// Approves what is dangerous.
pub const SECURITY: &str = "security";

/// Who pushes.
pub(crate) fn pusher(user: &str) -> Pusher {
    Pusher {
        id: match user {
            DBA => 7,
            SECURITY => 8,
            _ => 42,
        },
        login: user.to_owned(),
    }
}

pub(crate) fn members() -> Vec<Member> {
    let member = |name: &str, email: &str, roles: &[&str]| Member {
        name: name.to_owned(),
        email: Some(email.to_owned()),
        github_login: Some(name.to_owned()),
        github_id: Some(pusher(name).id),
        principals: vec![arn(name)],
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    vec![
        member(DEVELOPER, "dana@example.com", &["dba"]),
        member(DBA, "dba@example.com", &["dba", "admin"]),
        member(SECURITY, "sam@example.com", &["security", "admin"]),
    ]
}

fn arn(user: &str) -> String {
    format!("arn:aws:iam::000000000000:user/{user}")
}

impl World {
    /// Who calls the API.
    pub fn principal(&self, user: &str) -> Principal {
        Principal {
            arn: arn(user),
            unique_id: format!("AIDA{user}"),
            account: "000000000000".to_owned(),
            access_key: "AKIAEXAMPLE".to_owned(),
            source_ip: "127.0.0.1".to_owned(),
            request_id: self.clock.next_id(),
        }
    }

    /// What somebody who approves a stage now is shown.
    pub async fn digest(&self, issue: u64, environment: &str) -> Digest {
        let view = self.view(issue).await;
        let stage = view
            .stages
            .into_iter()
            .find(|stage| stage.environment.as_str() == environment);
        match stage {
            Some(stage) => stage.digest,
            None => panic!("issue {issue} has no stage {environment}"),
        }
    }

    /// Somebody looks at a stage and approves what is there.
    pub async fn approve(&self, who: &str, issue: u64, environment: &str) -> Result<(), Refusal> {
        let digest = self.digest(issue, environment).await;
        self.decide(who, issue, environment, digest, Verdict::Approved)
            .await
    }

    /// Somebody looks at a stage and rejects what is there.
    pub async fn reject(&self, who: &str, issue: u64, environment: &str) -> Result<(), Refusal> {
        let digest = self.digest(issue, environment).await;
        self.decide(who, issue, environment, digest, Verdict::Rejected)
            .await
    }

    /// An administrator looks at a stage and wants it to pass its policy.
    pub async fn bypass(&self, who: &str, issue: u64, environment: &str) -> Result<(), Refusal> {
        let digest = self.digest(issue, environment).await;
        self.decide(who, issue, environment, digest, Verdict::Bypassed)
            .await
    }

    /// Somebody wants nothing to begin in an environment for so many hours.
    pub async fn freeze(&self, who: &str, environment: &str, hours: i64) -> Result<Vec<Freeze>, Refusal> {
        let wish = FreezeWish {
            environment: EnvironmentId::new(environment),
            until: self.clock.now() + SignedDuration::from_hours(hours),
            because: "inventory".to_owned(),
            by: self.principal(who),
        };
        let settings = self.settings().await;
        let frozen = Box::pin(act::freeze(&self.ledger, &self.clock, &settings, &wish)).await;
        must("freezing", frozen)
    }

    /// Somebody wants a freeze to end now.
    pub async fn unfreeze(&self, who: &str, environment: &str) -> Result<Vec<Freeze>, Refusal> {
        let wish = UnfreezeWish {
            environment: EnvironmentId::new(environment),
            because: "all is counted".to_owned(),
            by: self.principal(who),
        };
        let settings = self.settings().await;
        let lifted = Box::pin(act::unfreeze(&self.ledger, &self.clock, &settings, &wish)).await;
        must("unfreezing", lifted)
    }

    /// Somebody decides on what was shown at some time.
    pub async fn decide(
        &self,
        who: &str,
        issue: u64,
        environment: &str,
        digest: Digest,
        verdict: Verdict,
    ) -> Result<(), Refusal> {
        let wish = Approve {
            issue: IssueNumber(issue),
            environment: Some(EnvironmentId::new(environment)),
            digest,
            turn: None,
            verdict,
            because: (verdict == Verdict::Bypassed).then(|| "the shop is down".to_owned()),
            by: self.principal(who).into(),
        };
        must(
            "deciding",
            Box::pin(act::decide(&self.actor(), &self.settings().await, &wish)).await,
        )
    }

    /// Somebody wants every failed task of an issue to run again.
    pub async fn retry(&self, who: &str, issue: u64) -> Result<(), Refusal> {
        let wish = Retry {
            issue: IssueNumber(issue),
            task: None,
            by: self.principal(who),
        };
        let settings = self.settings().await;
        let retried = Box::pin(act::retry(&self.actor(), &settings, &wish)).await;
        must("retrying", retried)
    }

    /// Somebody wants a task to end, also where it runs.
    pub async fn end_task(&self, who: &str, issue: u64, task: u32, because: &str) -> Result<(), Refusal> {
        let wish = Cancel {
            issue: IssueNumber(issue),
            task: Some(task),
            because: because.to_owned(),
            by: self.principal(who),
        };
        let settings = self.settings().await;
        let canceled = Box::pin(act::cancel(&self.actor(), &settings, &wish)).await;
        must("canceling", canceled)
    }

    /// Somebody says whether a statement happened of which nothing tells.
    pub async fn resolve(&self, who: &str, issue: u64, applied: bool) -> Result<(), Refusal> {
        let wish = Resolve {
            issue: IssueNumber(issue),
            task: None,
            applied,
            because: "looked at the server".to_owned(),
            by: self.principal(who),
        };
        let settings = self.settings().await;
        let resolved = Box::pin(act::resolve(&self.actor(), &settings, &wish)).await;
        must("resolving", resolved)
    }

    /// Somebody wants a task, or all that is not done, never to run, and the rest to go on.
    pub async fn skip(&self, who: &str, issue: u64, task: Option<u32>) -> Result<(), Refusal> {
        let wish = Skip {
            issue: IssueNumber(issue),
            task,
            because: "done by hand".to_owned(),
            by: self.principal(who),
        };
        let settings = self.settings().await;
        must(
            "skipping",
            Box::pin(act::skip(&self.actor(), &settings, &wish)).await,
        )
    }

    /// Somebody wants what was canceled or skipped to wait again.
    pub async fn reopen(&self, who: &str, issue: u64, task: Option<u32>) -> Result<(), Refusal> {
        let wish = Reopen {
            issue: IssueNumber(issue),
            task,
            because: "it is needed".to_owned(),
            by: self.principal(who),
        };
        let settings = self.settings().await;
        must(
            "reopening",
            Box::pin(act::reopen(&self.actor(), &settings, &wish)).await,
        )
    }

    /// Somebody says that an issue waits for another one, or no longer does.
    pub async fn depend(&self, who: &str, issue: u64, on: u64, waits: bool) -> Result<(), Refusal> {
        let wish = Depend {
            issue: IssueNumber(issue),
            on: IssueNumber(on),
            waits,
            by: self.principal(who),
        };
        let settings = self.settings().await;
        let depends = Box::pin(act::depend(&self.actor(), &settings, &wish)).await;
        must("saying what comes first", depends)
    }

    /// Somebody says when what waits may begin.
    pub async fn run_at(&self, who: &str, issue: u64, at: Option<Timestamp>) -> Result<(), Refusal> {
        let wish = RunAt {
            issue: IssueNumber(issue),
            task: None,
            at,
            by: self.principal(who),
        };
        let settings = self.settings().await;
        must(
            "scheduling",
            Box::pin(act::run_at(&self.actor(), &settings, &wish)).await,
        )
    }

    /// Somebody wants every task of an issue that has not begun, or failed, never to run.
    pub async fn cancel(&self, who: &str, issue: u64, because: &str) -> Result<(), Refusal> {
        let wish = Cancel {
            issue: IssueNumber(issue),
            task: None,
            because: because.to_owned(),
            by: self.principal(who),
        };
        let settings = self.settings().await;
        let canceled = Box::pin(act::cancel(&self.actor(), &settings, &wish)).await;
        must("canceling", canceled)
    }

    /// The head of the branch.
    pub fn head(&self) -> CommitSha {
        match self
            .github
            .inner()
            .head_of(&self.repository, crate::setup::BRANCH)
        {
            Some(head) => head,
            None => panic!("the branch is gone"),
        }
    }

    pub(crate) fn actor(&self) -> Actor<'_, crate::world::Ledger, crate::world::Queue, crate::StoryClock> {
        Actor {
            ledger: &self.ledger,
            queue: &self.queue,
            clock: &self.clock,
        }
    }
}
