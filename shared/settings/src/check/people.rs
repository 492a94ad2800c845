//! People: what tells one from another, and who may change settings.

use crate::problem::{Place, Problems};
use crate::schema::Settings;
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
