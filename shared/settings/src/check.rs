//! What a document must hold beyond its shape: names, references, policies and paths that can mean only one thing.

mod name;
mod people;
mod policy;
mod principal;
mod project;

use crate::node::Node;
use crate::problem::{Place, Problem, Problems};
use crate::schema::{Settings, Tls};

/// Everything that is wrong with settings, each at its place in the document that they were read from.
pub(crate) fn problems(settings: &Settings, document: &Node) -> Vec<Problem> {
    let mut problems = Problems::of(document);
    names(settings, &mut problems);
    people::check(settings, &mut problems);
    policy::check(settings, &mut problems);
    let instances = Place::top("instances");
    for (index, instance) in settings.instances.iter().enumerate() {
        let loopback = matches!(
            instance.host.as_deref(),
            None | Some("localhost" | "127.0.0.1" | "::1")
        );
        if instance.tls == Tls::Disabled && !loopback {
            problems.add(
                &instances.at(index).at("tls"),
                "TLS can be disabled for loopback addresses only; leave it out, and the server is verified against \
                 Amazon's roots",
            );
        }
    }
    project::check(settings, &mut problems);
    problems.into_sorted()
}

/// Names are unique, and those that stand in keys, URLs and paths are plain.
fn names(settings: &Settings, problems: &mut Problems<'_>) {
    let projects: Vec<&str> = settings.projects.iter().map(|it| it.name.as_str()).collect();
    let environments: Vec<&str> = settings.environments.iter().map(|it| it.name.as_str()).collect();
    let instances: Vec<&str> = settings.instances.iter().map(|it| it.name.as_str()).collect();
    let members: Vec<&str> = settings.members.iter().map(|it| it.name.as_str()).collect();
    for (list, names) in [
        ("projects", &projects),
        ("environments", &environments),
        ("instances", &instances),
        ("members", &members),
    ] {
        name::unique(&Place::top(list), names, problems);
    }
    for (list, names) in [
        ("projects", &projects),
        ("environments", &environments),
        ("instances", &instances),
    ] {
        for (index, text) in names.iter().enumerate() {
            name::plain(&Place::top(list).at(index).at("name"), text, problems);
        }
    }
}
