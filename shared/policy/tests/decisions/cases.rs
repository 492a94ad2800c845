//! Policies, people and situations, read from their files.

use jiff::{SignedDuration, Timestamp};
use model::task::{Blocking, Reach, TaskRun};
use model::{
    Decider, Decision, DeliveryId, Digest, EnvironmentId, GithubAccount, Issue, IssueNumber, Principal, Risk,
    Task, Verdict,
};
use policy::Case;
use serde::Deserialize;
use settings::Settings;
use std::collections::BTreeMap;

/// What is there now.
pub(crate) const NOW: &str = "now";

/// A situation as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "it is a file's line, not a state")]
pub(crate) struct Situation {
    #[serde(default)]
    pub(crate) findings: Vec<String>,
    #[serde(default)]
    pub(crate) tables: Vec<String>,
    #[serde(default)]
    pub(crate) blocks: bool,
    #[serde(default)]
    pub(crate) rows: u64,
    #[serde(default)]
    pub(crate) without_key: bool,
    #[serde(default)]
    pub(crate) begun: bool,
    #[serde(default = "yes")]
    pub(crate) pushers_known: bool,
    #[serde(default)]
    pub(crate) decided: Vec<String>,
}

fn yes() -> bool {
    true
}

pub(crate) fn policies() -> BTreeMap<String, String> {
    toml::from_str(include_str!("policies.toml")).unwrap()
}

pub(crate) fn situations() -> BTreeMap<String, Situation> {
    toml::from_str(include_str!("situations.toml")).unwrap()
}

/// The settings with this policy.
pub(crate) fn settings(policy: &str) -> Settings {
    let text = include_str!("people.toml").replace("#POLICY", policy);
    Settings::read(&text).unwrap_or_else(|problems| panic!("{policy}: {problems:#?}"))
}

pub(crate) fn time() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

/// `dan` is the user, `dan/role` the role as whoever assumed it has it, `sso/dee@x` that session of the role `sso`, and
/// `github:3` the account of GitHub with that id.
pub(crate) fn decider(who: &str) -> Decider {
    if let Some(id) = who.strip_prefix("github:") {
        return Decider::Github(GithubAccount {
            github_id: id.parse().unwrap(),
            login: "login".to_owned(),
            delivery: DeliveryId::new("d"),
        });
    }
    let arn = match who.split_once('/') {
        Some((name, "role")) => format!("arn:aws:sts::1:assumed-role/{name}/session-{name}"),
        Some((role, session)) => format!("arn:aws:sts::1:assumed-role/{role}/{session}"),
        None => format!("arn:aws:iam::1:user/{who}"),
    };
    Decider::Principal(Principal {
        unique_id: arn.clone(),
        arn,
        account: "1".to_owned(),
        access_key: "AKIA".to_owned(),
        source_ip: "192.0.2.1".to_owned(),
        request_id: "r".to_owned(),
    })
}

/// A decision `position` minutes after the first.
pub(crate) fn decision(text: &str, position: usize) -> Decision {
    let mut words = text.split(' ');
    let who = words.next().unwrap();
    let mut at = time() - SignedDuration::from_mins(60 - i64::try_from(position).unwrap());
    let (mut verdict, mut digest) = (Verdict::Approved, NOW);
    for word in words {
        match word {
            "no" => verdict = Verdict::Rejected,
            "bypass" => verdict = Verdict::Bypassed,
            "then" => digest = "then",
            hours => at = time() - SignedDuration::from_hours(hours.parse().unwrap()),
        }
    }
    Decision {
        issue: IssueNumber(7),
        environment: EnvironmentId::new("prod"),
        digest: Digest::claimed(digest),
        verdict,
        by: decider(who),
        member: None,
        because: match verdict {
            Verdict::Approved => None,
            Verdict::Bypassed => Some("the shop is down".to_owned()),
            Verdict::Rejected => Some("not now".to_owned()),
        },
        ordinal: 0,
        at,
    }
}

/// A stage with everything that policy looks at.
pub(crate) struct Stage {
    pub(crate) settings: Settings,
    pub(crate) issue: Issue,
    pub(crate) task: Task,
    pub(crate) environment: EnvironmentId,
    pub(crate) digest: Digest,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) now: Timestamp,
}

impl Stage {
    pub(crate) fn of(policy: &str, situation: &Situation) -> Self {
        let target = testkit::fixtures::target("shop");
        let mut task = testkit::fixtures::task(7, &target, "1");
        task.environment = EnvironmentId::new("prod");
        task.risk = Risk::of(situation.findings.clone(), situation.tables.clone());
        if situation.blocks {
            task.blocks.push(Blocking {
                statement: 1,
                table: "orders".to_owned(),
                algorithm: "COPY".to_owned(),
                bytes: 9 << 30,
            });
        }
        if situation.rows > 0 {
            task.reaches.push(Reach {
                statement: 1,
                rows: situation.rows,
                without_key: situation.without_key,
            });
        }
        if situation.begun {
            task.run = TaskRun::Running { next: 2, of: 3 };
        }
        let mut issue = testkit::fixtures::issue(7);
        issue.pushers = vec![model::Pusher {
            id: 1,
            login: "pat".to_owned(),
        }];
        issue.creator.member = None;
        issue.pushers_known = situation.pushers_known;
        let decided = situation.decided.iter().enumerate();
        Self {
            settings: settings(policy),
            issue,
            task,
            environment: EnvironmentId::new("prod"),
            digest: Digest::claimed(NOW),
            decisions: decided.map(|(place, text)| decision(text, place)).collect(),
            now: time(),
        }
    }

    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method is one of a case of one lifetime"
    )]
    pub(crate) fn standing(&self) -> model::ApprovalStatus {
        self.ask(|case| case.standing())
    }

    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Case<'_>) -> T) -> T {
        let tasks = [&self.task];
        question(&Case {
            settings: &self.settings,
            issue: &self.issue,
            environment: &self.environment,
            tasks: &tasks,
            digest: &self.digest,
            decisions: &self.decisions,
            now: self.now,
        })
    }
}
