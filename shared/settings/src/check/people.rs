//! People: what tells one from another, and who may change settings.

use super::principal;
use crate::problem::{Place, Problems};
use crate::schema::Settings;
use model::Whom;
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
    let (mut ids, mut emails, mut logins) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut principals: Vec<(usize, Whom)> = Vec::new();
    for (index, member) in settings.members.iter().enumerate() {
        let at = |key: &str| list.at(index).at(key);
        once(&mut ids, member.github_id, index, &at("github_id"), problems);
        let email = member.email.as_ref().map(|email| email.to_lowercase());
        once(&mut emails, email, index, &at("email"), problems);
        let login = member.github_login.as_ref().map(|login| login.to_lowercase());
        once(&mut logins, login, index, &at("github_login"), problems);
        for (place, arn) in member.principals.iter().enumerate() {
            let at = at("principals").at(place);
            if let Some(wrong) = principal::wrong(arn) {
                problems.add(&at, wrong);
                continue;
            }
            let whom = Whom::read(arn);
            // A role alone and one of its sessions may be two people's: the session is the closer name.
            let other = principals.iter().find(|(other, known)| {
                let as_close = known.session().is_some() == whom.session().is_some();
                *other != index && as_close && known.shares(&whom)
            });
            if let Some((other, _)) = other {
                let line = problems.line(&list.at(*other));
                problems.add(&at, same(line));
            }
            principals.push((index, whom));
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
        problems.add(place, same(line));
    }
}

fn same(line: usize) -> String {
    format!("the member of line {line} has the same; it has to tell one person from another")
}
