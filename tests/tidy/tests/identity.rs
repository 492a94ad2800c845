//! Who we are at GitHub: the App's events, and which function may do what.

use serde_json::Value;
use std::collections::BTreeSet;
use tidy::fault::TidyError;
use tidy::sources;

/// What every App is told, whatever it subscribes to.
const UNASKED: [&str; 5] = [
    "ping",
    "installation",
    "installation_repositories",
    "installation_target",
    "github_app_authorization",
];

#[test]
fn the_app_subscribes_to_every_event_that_is_read() -> Result<(), TidyError> {
    let manifest: Value = serde_json::from_str(&sources::text("infra/github-app/manifest.json")?)
        .map_err(|error| TidyError::Template(format!("infra/github-app/manifest.json: {error}")))?;
    let subscribed: BTreeSet<&str> = manifest["default_events"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let source = sources::text("shared/github_events/src/event.rs")?;
    let read: BTreeSet<&str> = source
        .split_once("match event {")
        .map_or("", |(_, rest)| rest)
        .split("\n    }\n")
        .next()
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| line.starts_with("        \""))
        .filter_map(|line| line.split('"').nth(1))
        .collect();
    assert!(read.contains("push"), "the test reads the wrong lines: {read:?}");
    let unheard: Vec<&&str> = read
        .iter()
        .filter(|event| !subscribed.contains(**event) && !UNASKED.contains(*event))
        .collect();
    assert!(
        unheard.is_empty(),
        "infra/github-app/manifest.json: add {unheard:?} to default_events"
    );
    Ok(())
}

#[test]
fn only_the_reporter_may_write_at_github() -> Result<(), TidyError> {
    let mut minting = Vec::new();
    for function in [
        "approvals",
        "planner",
        "reporter",
        "runbook",
        "sweeper",
        "webhook",
        "worker",
    ] {
        for path in sources::rust_files(&format!("functions/{function}/src"))? {
            let text = std::fs::read_to_string(&path).map_err(|source| TidyError::Read { path, source })?;
            for access in ["Access::Read", "Access::Write"] {
                minting.extend(text.matches(access).map(|_| (function, access)));
            }
        }
    }
    let expected = [
        ("planner", "Access::Read"),
        ("reporter", "Access::Write"),
        ("sweeper", "Access::Read"),
    ];
    assert_eq!(minting, expected, "tokens are narrowed to what the function does");
    Ok(())
}
