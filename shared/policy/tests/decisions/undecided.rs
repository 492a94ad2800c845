//! No sequence of events lets anything through that nobody decided on.

use crate::cases::{NOW, Situation, Stage, decision, policies};
use jiff::SignedDuration;
use model::task::TaskRun;
use model::{ApprovalStatus, Decider, Decision, Digest, Pusher, Risk, Verdict};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What may happen to a stage.
#[derive(Debug, Clone)]
enum Event {
    Decided(usize, bool, Verdict),
    Edited(u8),
    Pushed(u64),
    RoleTaken(usize),
    Waited(i64),
    Risky(bool),
    Begun,
}

const PEOPLE: [&str; 17] = [
    "pat",
    "dan",
    "dan/role",
    "dee",
    "sam",
    "bo",
    "una",
    "ada",
    "abe",
    "abe/role",
    "dev/dan",
    "sso/dee@x",
    "sso/eve@x",
    "sso/mallory",
    "github:1",
    "github:3",
    "github:99",
];

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..PEOPLE.len(), any::<bool>(), verdict()).prop_map(|(who, now, verdict)| Event::Decided(who, now, verdict)),
        1 => (0u8..3).prop_map(Event::Edited),
        1 => (1u64..7).prop_map(Event::Pushed),
        1 => (0..PEOPLE.len()).prop_map(Event::RoleTaken),
        1 => (1i64..40).prop_map(Event::Waited),
        1 => any::<bool>().prop_map(Event::Risky),
        1 => Just(Event::Begun),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        7 => Just(Verdict::Approved),
        2 => Just(Verdict::Rejected),
        2 => Just(Verdict::Bypassed),
    ]
}

fn happen(stage: &mut Stage, event: &Event, count: usize) {
    stage.now += SignedDuration::from_secs(1);
    match event {
        Event::Decided(who, now, verdict) => {
            let digest = if *now {
                stage.digest.clone()
            } else {
                Digest::claimed(format!("old {count}"))
            };
            stage.decisions.push(Decision {
                digest,
                at: stage.now,
                verdict: *verdict,
                ..decision(PEOPLE[*who], 0)
            });
        }
        Event::Edited(text) => stage.digest = Digest::claimed(format!("{NOW}{text}")),
        Event::Pushed(id) => stage.issue.pushers.push(Pusher {
            id: *id,
            login: String::new(),
        }),
        Event::RoleTaken(who) => {
            let name = PEOPLE[*who].split('/').next().unwrap();
            let members = stage.settings.members.iter_mut();
            for member in members.filter(|member| member.name == name) {
                member.roles.clear();
            }
        }
        Event::Waited(hours) => stage.now += SignedDuration::from_hours(*hours),
        Event::Risky(yes) => {
            let found = yes.then(|| "destructive".to_owned());
            stage.task.risk = Risk::of(found, []);
        }
        Event::Begun => stage.task.run = TaskRun::Running { next: 1, of: 2 },
    }
}

/// The member that somebody is, by who signed: written down for the people of these tests.
fn name_of(stage: &Stage, by: &Decider) -> String {
    let name = match by {
        Decider::Github(by) => {
            let mut members = stage.settings.members.iter();
            let member = members.find(|member| member.github_id == Some(by.github_id));
            return member.map_or_else(
                || format!("github {}", by.github_id),
                |member| member.name.clone(),
            );
        }
        Decider::Principal(by) => by.arn.as_str(),
    };
    let known = [
        ("arn:aws:sts::1:assumed-role/sso/dee@", "dee"),
        ("arn:aws:sts::1:assumed-role/sso/eve@", "eve"),
        ("arn:aws:sts::1:assumed-role/sso/", "somebody"),
        ("arn:aws:sts::1:assumed-role/dan/", "dan"),
    ];
    let known = known.into_iter().find(|(begin, _)| name.starts_with(begin));
    let user = name.strip_prefix("arn:aws:iam::1:user/");
    known.map(|(_, name)| name).or(user).unwrap_or(name).to_owned()
}

/// Why an approved stage should not be; written without a look at how it is decided.
fn wrong(stage: &Stage) -> Option<String> {
    let mut last: BTreeMap<String, &Decision> = BTreeMap::new();
    for decision in stage.decisions.iter().filter(|it| it.digest == stage.digest) {
        let name = name_of(stage, &decision.by);
        last.insert(name, decision);
    }
    let after = stage.settings.environments[0].approvals_expire_after();
    let fresh = |decision: &Decision| {
        let age = stage.now.duration_since(decision.at);
        stage.task.has_begun() || after.is_none_or(|after| age < after)
    };
    let steps = stage.ask(|case| {
        let steps = case.steps();
        steps
            .into_iter()
            .map(|step| (step.needs, step.approvers.clone()))
            .collect::<Vec<_>>()
    });
    let may = |name: &str, approvers: &settings::Approvers, decision: &Decision| {
        let member = stage.settings.members.iter().find(|member| member.name == name);
        let named = match &decision.by {
            Decider::Principal(by) => approvers.principals.iter().any(|arn| by.is(arn)),
            Decider::Github(_) if !stage.settings.environments[0].approve_on_github => return false,
            Decider::Github(_) => false,
        };
        let id = member.and_then(|member| member.github_id);
        named
            || id.is_some_and(|id| approvers.github_ids.contains(&id))
            || member.is_some_and(|member| member.roles.iter().any(|role| approvers.roles.contains(role)))
    };
    for (name, decision) in &last {
        let no = decision.verdict == Verdict::Rejected;
        if no && steps.iter().any(|(_, approvers)| may(name, approvers, decision)) {
            return Some(format!("{name} said no"));
        }
    }
    let valid: Vec<(&String, &&Decision)> = last
        .iter()
        .filter(|(name, decision)| {
            let member = stage.settings.members.iter().find(|member| &&member.name == name);
            let id = member.and_then(|member| member.github_id);
            decision.verdict == Verdict::Approved
                && fresh(decision)
                && id.is_some_and(|id| stage.issue.pushers.iter().all(|pusher| pusher.id != id))
        })
        .collect();
    let total: u32 = steps.iter().map(|(needs, _)| needs).sum();
    if valid.len() < usize::try_from(total).unwrap() {
        return Some(format!("{} people for {total} approvals", valid.len()));
    }
    steps.iter().find_map(|(needs, approvers)| {
        let able = valid
            .iter()
            .filter(|(name, decision)| may(name, approvers, decision))
            .count();
        (able < usize::try_from(*needs).unwrap()).then(|| format!("{able} of {needs} for {approvers:?}"))
    })
}

/// Why a stage that passes its policy should not; written without a look at how it is decided.
fn wrongly_bypassed(stage: &Stage) -> Option<String> {
    let name = |decision: &Decision| {
        let member = stage.settings.member_of(&decision.by)?;
        Some((member.name.clone(), member.roles.clone()))
    };
    let administrators: BTreeMap<String, &Decision> = stage
        .decisions
        .iter()
        .filter(|it| it.digest == stage.digest)
        .filter_map(|it| name(it).map(|(name, roles)| (name, roles, it)))
        .filter(|(_, roles, _)| roles.iter().any(|role| role == "admin"))
        .map(|(name, _, it)| (name, it))
        .collect();
    let fresh = |it: &Decision| {
        let age = stage.now.duration_since(it.at);
        stage.task.has_begun() || age < SignedDuration::from_hours(24)
    };
    let words: Vec<&&Decision> = administrators
        .values()
        .filter(|it| it.verdict == Verdict::Bypassed && fresh(it) && matches!(it.by, Decider::Principal(_)))
        .collect();
    if words.len() < 2 {
        return Some(format!("{} administrators", words.len()));
    }
    // Whoever approves may still say no to what two administrators said.
    let mut times: Vec<_> = words.iter().map(|it| it.at).collect();
    times.sort();
    let mut last: BTreeMap<String, &Decision> = BTreeMap::new();
    for decision in stage.decisions.iter().filter(|it| it.digest == stage.digest) {
        last.extend(name(decision).map(|(name, _)| (name, decision)));
    }
    let steps = stage.ask(|case| {
        let steps = case.steps().into_iter();
        steps.map(|step| step.approvers.roles.clone()).collect::<Vec<_>>()
    });
    last.into_iter()
        .filter(|(_, it)| it.verdict == Verdict::Rejected && it.at > times[1])
        .filter(|(_, it)| {
            stage.settings.environments[0].approve_on_github || matches!(it.by, Decider::Principal(_))
        })
        .find(|(_, it)| {
            let roles = name(it).map(|(_, roles)| roles).unwrap_or_default();
            steps.iter().flatten().any(|role| roles.contains(role))
        })
        .map(|(name, _)| format!("{name} said no afterwards"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn nothing_runs_that_was_not_decided_on(policy in 0usize..17, events in prop::collection::vec(event(), 1..24)) {
        let (_, toml) = policies().into_iter().nth(policy).unwrap();
        let situation: Situation = toml::from_str("").unwrap();
        let mut stage = Stage::of(&toml, &situation);
        for (count, event) in events.iter().enumerate() {
            happen(&mut stage, event, count);
            let standing = stage.standing();
            match standing {
                ApprovalStatus::Approved { .. } => prop_assert_eq!(wrong(&stage), None, "{} after {:?}", toml, events),
                ApprovalStatus::Bypassed { .. } => {
                    prop_assert_eq!(wrongly_bypassed(&stage), None, "{} after {:?}", toml, events);
                }
                ApprovalStatus::NotRequired => prop_assert!(stage.ask(|case| case.steps().is_empty())),
                ApprovalStatus::Waiting { .. } | ApprovalStatus::Rejected { .. } => {}
            }
        }
    }
}
