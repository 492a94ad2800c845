//! No sequence of events lets anything through that nobody decided on.

use crate::cases::{NOW, Situation, Stage, decision, policies};
use jiff::SignedDuration;
use model::task::TaskRun;
use model::{ApprovalStatus, Decision, Digest, Pusher, Risk, Verdict};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What may happen to a stage.
#[derive(Debug, Clone)]
enum Event {
    Decided(usize, bool, bool),
    Edited(u8),
    Pushed(u64),
    RoleTaken(usize),
    Waited(i64),
    Risky(bool),
    Begun,
}

const PEOPLE: [&str; 8] = ["pat", "dan", "dan/role", "dee", "sam", "bo", "una", "ada"];

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..PEOPLE.len(), any::<bool>(), prop::bool::weighted(0.8)).prop_map(|(who, now, yes)| Event::Decided(who, now, yes)),
        1 => (0u8..3).prop_map(Event::Edited),
        1 => (1u64..7).prop_map(Event::Pushed),
        1 => (0..PEOPLE.len()).prop_map(Event::RoleTaken),
        1 => (1i64..40).prop_map(Event::Waited),
        1 => any::<bool>().prop_map(Event::Risky),
        1 => Just(Event::Begun),
    ]
}

fn happen(stage: &mut Stage, event: &Event, count: usize) {
    stage.now += SignedDuration::from_secs(1);
    match event {
        Event::Decided(who, now, yes) => {
            let text = format!("{}{}", PEOPLE[*who], if *yes { "" } else { " no" });
            let digest = if *now {
                stage.digest.clone()
            } else {
                Digest::claimed(format!("old {count}"))
            };
            stage.decisions.push(Decision {
                digest,
                at: stage.now,
                ..decision(&text, 0)
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

/// Why an approved stage should not be; written without a look at how it is decided.
fn wrong(stage: &Stage) -> Option<String> {
    let mut last: BTreeMap<String, &Decision> = BTreeMap::new();
    for decision in stage.decisions.iter().filter(|it| it.digest == stage.digest) {
        let member = stage.settings.member_by_principal(&decision.by);
        let name = member.map_or_else(|| decision.by.arn.clone(), |member| member.name.clone());
        last.insert(name, decision);
    }
    let hours = stage.settings.environments[0].approvals_expire_after_hours;
    let fresh = |decision: &Decision| {
        let age = stage.now.duration_since(decision.at);
        stage.task.has_begun() || hours.is_none_or(|hours| age < SignedDuration::from_hours(hours.into()))
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
        approvers.principals.iter().any(|arn| decision.by.is(arn))
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn nothing_runs_that_was_not_decided_on(policy in 0usize..13, events in prop::collection::vec(event(), 1..24)) {
        let (_, toml) = policies().into_iter().nth(policy).unwrap();
        let situation: Situation = toml::from_str("").unwrap();
        let mut stage = Stage::of(&toml, &situation);
        for (count, event) in events.iter().enumerate() {
            happen(&mut stage, event, count);
            let standing = stage.standing();
            match standing {
                ApprovalStatus::Approved { .. } => prop_assert_eq!(wrong(&stage), None, "{} after {:?}", toml, events),
                ApprovalStatus::NotRequired => prop_assert!(stage.ask(|case| case.steps().is_empty())),
                ApprovalStatus::Waiting { .. } | ApprovalStatus::Rejected { .. } => {}
            }
        }
    }
}
