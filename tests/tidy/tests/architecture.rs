//! The arrows that must never exist, held over what Cargo resolves.

use std::collections::BTreeSet;
use tidy::fault::TidyError;
use tidy::workspace::Workspace;

const PURE: [&str; 7] = [
    "model",
    "sql",
    "catalog",
    "review",
    "settings",
    "report",
    "github_events",
];
const ADAPTERS: [&str; 8] = [
    "github",
    "ledger",
    "queue",
    "mysql",
    "secrets",
    "kms",
    "automation",
    "bus",
];
const INTERNET: [&str; 6] = [
    "webhook",
    "planner",
    "reporter",
    "approvals",
    "runbook",
    "sweeper",
];
const VENDORS: [(&str, &str); 8] = [
    ("sqlx", "mysql"),
    ("octocrab", "github"),
    ("aws-sdk-dynamodb", "ledger"),
    ("aws-sdk-sqs", "queue"),
    ("aws-sdk-secretsmanager", "secrets"),
    ("aws-sdk-kms", "kms"),
    ("aws-sdk-ssm", "automation"),
    ("aws-sdk-eventbridge", "bus"),
];

fn does_io(name: &str) -> bool {
    let vendors = ["tokio", "sqlx", "octocrab", "reqwest", "hyper"];
    let families = ["aws-", "aws_", "lambda_", "sqlx-"];
    vendors.contains(&name) || families.iter().any(|family| name.starts_with(family))
}

#[test]
fn pure_crates_do_no_io_so_decisions_stay_testable_in_microseconds() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    for pure in PURE {
        let found: Vec<String> = workspace
            .all(pure)
            .into_iter()
            .filter(|name| does_io(name))
            .collect();
        assert!(
            found.is_empty(),
            "{pure} → {found:?}: move what needs it into an adapter behind a port"
        );
    }
    Ok(())
}

#[test]
fn ports_point_inwards() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    let found: Vec<String> = workspace
        .all("workflow")
        .into_iter()
        .filter(|name| does_io(name) || ADAPTERS.contains(&name.as_str()))
        .collect();
    assert!(
        found.is_empty(),
        "workflow → {found:?}: say what is needed as a port in workflow"
    );
    Ok(())
}

#[test]
fn adapters_do_not_know_each_other() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    for adapter in ADAPTERS {
        let all = workspace.all(adapter);
        let found: Vec<&str> = ADAPTERS
            .into_iter()
            .filter(|other| all.contains(*other))
            .collect();
        assert!(
            found.is_empty(),
            "{adapter} → {found:?}: composition happens in functions/"
        );
    }
    Ok(())
}

#[test]
fn functions_do_not_know_each_other_and_nothing_else_knows_them() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    let functions = workspace.members_in("functions");
    assert_eq!(functions.len(), 7, "{functions:?}");
    for member in workspace.members() {
        let direct = workspace.direct(&member.name);
        let found: Vec<&String> = functions
            .iter()
            .filter(|function| direct.contains(*function))
            .collect();
        assert!(
            found.is_empty(),
            "{} → {found:?}: what two need goes to shared/",
            member.name
        );
    }
    Ok(())
}

#[test]
fn only_the_worker_can_hold_a_target_connection() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    for function in INTERNET {
        let all = workspace.all(function);
        assert!(
            !all.contains("mysql"),
            "{function} → mysql: internet-facing code never reaches a target"
        );
        assert!(
            !all.contains("sqlx"),
            "{function} → sqlx: internet-facing code never reaches a target"
        );
    }
    assert!(
        workspace.all("worker").contains("mysql"),
        "the test reads the wrong graph"
    );
    Ok(())
}

#[test]
fn the_worker_has_no_way_out() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    let all = workspace.all("worker");
    for outside in ["github", "octocrab", "reqwest"] {
        assert!(
            !all.contains(outside),
            "worker → {outside}: code that holds the database has no way out"
        );
    }
    Ok(())
}

#[test]
fn one_place_knows_each_vendor() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    for member in workspace.members() {
        let direct = workspace.direct(&member.name);
        for (vendor, home) in VENDORS {
            let wrong = direct.contains(vendor) && member.name.as_str() != home;
            assert!(!wrong, "{} → {vendor}: only {home} knows it", member.name);
        }
    }
    Ok(())
}

#[test]
fn only_who_speaks_to_github_can_sign_as_the_app() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    let signers: Vec<String> = workspace
        .members_in("functions")
        .into_iter()
        .filter(|function| workspace.all(function).contains("kms"))
        .collect();
    assert_eq!(signers, ["planner", "reporter", "sweeper"]);
    Ok(())
}

#[test]
fn the_testkit_stays_in_tests() -> Result<(), TidyError> {
    let workspace = Workspace::load()?;
    let shipped = workspace
        .members_in("functions")
        .into_iter()
        .chain(workspace.members_in("shared"));
    for member in shipped.chain(["cli".to_owned()]) {
        assert!(
            !workspace.all(&member).contains("testkit"),
            "{member} → testkit: a dev-dependency at most"
        );
    }
    Ok(())
}

#[test]
fn crates_are_called_like_their_folders_and_not_like_cupboards() -> Result<(), TidyError> {
    let cupboards = BTreeSet::from(["utils", "util", "common", "helpers", "core", "types", "manager"]);
    for member in Workspace::load()?.members() {
        let folder = member.manifest_path.parent().and_then(|path| path.file_name());
        assert_eq!(folder, Some(member.name.as_str()));
        assert!(
            !cupboards.contains(member.name.as_str()),
            "{}: name it after what it knows",
            member.name
        );
    }
    Ok(())
}
