//! Who may decide: members, and the approvers of each environment.

use crate::problem::{Place, Problems};
use crate::schema::{Environment, Settings};
use std::collections::HashMap;
use std::hash::Hash;

pub(super) fn check(settings: &Settings, problems: &mut Problems<'_>) {
    let members = &settings.members;
    if !members
        .iter()
        .any(|member| member.has_role("admin") && !member.principals.is_empty())
    {
        problems.add(
            &Place::top("members"),
            "nobody could change these settings; give a member with principals the role `admin`",
        );
    }
    one_person_each(settings, problems);
    for (index, environment) in settings.environments.iter().enumerate() {
        approvers(
            settings,
            environment,
            &Place::top("environments").at(index),
            problems,
        );
    }
}

/// What tells people apart belongs to one of them: else nobody knows who approved, and whether it was the pusher.
fn one_person_each(settings: &Settings, problems: &mut Problems<'_>) {
    let list = Place::top("members");
    let (mut ids, mut emails, mut logins, mut principals) =
        (HashMap::new(), HashMap::new(), HashMap::new(), HashMap::new());
    for (index, member) in settings.members.iter().enumerate() {
        let at = |key: &str| list.at(index).at(key);
        once(&mut ids, member.github_id, index, &at("github_id"), problems);
        let email = member.email.as_ref().map(|email| email.to_lowercase());
        once(&mut emails, email, index, &at("email"), problems);
        let login = member.github_login.as_ref().map(|login| login.to_lowercase());
        once(&mut logins, login, index, &at("github_login"), problems);
        for (place, arn) in member.principals.iter().enumerate() {
            let at = at("principals").at(place);
            once(&mut principals, Some(arn.clone()), index, &at, problems);
            if !arn.starts_with("arn:") {
                problems.add(
                    &at,
                    format!("`{arn}` is no ARN; write that of an IAM user or role, as `aws sts get-caller-identity` says it"),
                );
            } else if arn.contains(":assumed-role/") && arn.matches('/').count() > 1 {
                problems.add(
                    &at,
                    "it ends with a session's name, which whoever assumes the role may choose; write the role's own ARN",
                );
            }
        }
    }
}

fn once<T: Hash + Eq>(
    seen: &mut HashMap<T, usize>,
    value: Option<T>,
    member: usize,
    place: &Place,
    problems: &mut Problems<'_>,
) {
    let Some(value) = value else { return };
    if let Some(other) = seen.insert(value, member) {
        let line = problems.line(&Place::top("members").at(other));
        problems.add(
            place,
            format!("the member of line {line} has the same; it has to tell one person from another"),
        );
    }
}

fn approvers(settings: &Settings, environment: &Environment, place: &Place, problems: &mut Problems<'_>) {
    let approvers = &environment.approvers;
    let able = settings
        .members
        .iter()
        .filter(|member| member.may_approve(approvers))
        .count();
    if environment.approvals > 0 && approvers.roles.is_empty() && approvers.principals.is_empty() {
        problems.add(
            &place.at("approvers"),
            "approvals are asked for, but nobody may give them; name roles or principals",
        );
    }
    if environment.blocking_over_mib.is_some() && able == 0 {
        problems.add(
            &place.at("blocking_over_mib"),
            "what blocks a large table has to be approved, but nobody can: name approvers whose members have \
             principals and a `github_id`",
        );
    }
    if able < usize::try_from(environment.approvals).unwrap_or(usize::MAX) {
        problems.add(
            &place.at("approvals"),
            format!(
                "{} asked for, but {able} members can give one: that takes an approver's role or principal, \
                 `principals` to sign with, and a `github_id` that tells them from who pushed",
                environment.approvals
            ),
        );
    }
    for (index, role) in approvers.roles.iter().enumerate() {
        if !settings.members.iter().any(|member| member.has_role(role)) {
            problems.add(
                &place.at("approvers").at("roles").at(index),
                format!("no member has the role `{role}`; give it to somebody, or name another one"),
            );
        }
    }
}
