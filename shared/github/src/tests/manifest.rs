//! The App as it is made from `infra/github-app/manifest.json`: granted what we ask for, and nothing more.

use crate::Access;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

fn manifest() -> Value {
    serde_json::from_str(include_str!("../../../../infra/github-app/manifest.json")).unwrap()
}

fn permissions(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn the_app_is_granted_what_the_functions_ask_for_and_nothing_more() {
    let mut asked: BTreeMap<String, String> = BTreeMap::new();
    for access in Access::ALL {
        for (name, level) in permissions(&access.permissions()) {
            let level = level.as_str().unwrap();
            assert!(["read", "write"].contains(&level), "{name}: {level}");
            let kept = asked.entry(name).or_insert_with(|| level.to_owned());
            if level == "write" {
                "write".clone_into(kept);
            }
        }
    }
    let granted: BTreeMap<String, String> = permissions(&manifest()["default_permissions"])
        .into_iter()
        .map(|(name, level)| (name, level.as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(granted, asked);
}

#[test]
fn who_reads_asks_for_nothing_that_writes() {
    for (name, level) in permissions(&Access::Read.permissions()) {
        assert_eq!(level, "read", "{name}");
    }
}

#[test]
fn the_manifest_has_the_shape_that_github_reads() {
    let manifest = manifest();
    let fields: Vec<&String> = manifest.as_object().unwrap().keys().collect();
    let known = [
        "default_events",
        "default_permissions",
        "description",
        "hook_attributes",
        "name",
        "public",
        "redirect_url",
        "url",
    ];
    let mut sorted = fields.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        known.iter().collect::<Vec<_>>(),
        "GitHub ignores what it does not know"
    );
    assert_eq!(manifest["public"], false, "nobody else installs it");
    assert_eq!(manifest["hook_attributes"]["active"], true);
    let name = manifest["name"].as_str().unwrap();
    assert!(name.len() <= 34, "GitHub takes 34 characters");
    for url in [
        &manifest["url"],
        &manifest["hook_attributes"]["url"],
        &manifest["redirect_url"],
    ] {
        assert!(url.as_str().unwrap().starts_with("http"), "{url}");
    }
    // What an event is about must be readable for the App, or GitHub refuses the manifest.
    for event in manifest["default_events"].as_array().unwrap() {
        let about = match event.as_str().unwrap() {
            "push" => "contents",
            "pull_request" => "pull_requests",
            "check_run" => "checks",
            other => panic!("{other}: name the permission that it needs"),
        };
        assert!(
            manifest["default_permissions"][about].is_string(),
            "{event} needs {about}"
        );
    }
}
