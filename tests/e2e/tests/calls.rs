//! No permission is missing and none is idle: every call that the functions made while the stories ran is held to the
//! IAM statements of template.yaml, both ways. It runs after the stories, as a step of its own of `cargo xtask test`.

use driver::{Driver, Trouble};
use e2e::Ground;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tidy::permissions::{Call, Names, Statement, calls, function_of, idle, purpose, refused, statements};
use tidy::template::Template;

/// Physical to logical names: resources of the stack, and secrets that its parameters name.
fn names(driver: &Driver) -> Result<Names, Trouble> {
    let resources = driver.resources()?.into_iter();
    let mut names: Names = resources.map(|(logical, physical)| (physical, logical)).collect();
    for (parameter, value) in driver.parameters()? {
        for arn in value.split(',').filter(|arn| arn.starts_with("arn:")) {
            names.insert(arn.to_owned(), parameter.clone());
        }
        if parameter == "EventBusName" {
            names.insert(value, parameter);
        }
    }
    Ok(names)
}

/// Every call that a function made, with how often; pages go back in time until nothing new is on them.
fn recorded(driver: &Driver, names: &Names) -> Result<BTreeMap<Call, u64>, Trouble> {
    let (mut seen, mut made) = (BTreeSet::new(), BTreeMap::new());
    let mut end = None;
    loop {
        let page = driver.calls_before(end)?;
        let fresh: Vec<&Value> = page
            .iter()
            .filter(|event| seen.insert(event["EventId"].to_string()))
            .collect();
        if fresh.is_empty() {
            return Ok(made);
        }
        end = page.last().and_then(|event| event["EventTime"].as_f64());
        for event in fresh {
            let text = event["CloudTrailEvent"].as_str().unwrap_or_default();
            let event: Value = serde_json::from_str(text)
                .map_err(|error| Trouble(format!("a recorded call is no JSON: {error}")))?;
            let Some(function) = function_of(&event) else {
                continue;
            };
            // The stack that `sam deploy` makes for its story has a ledger of its own, which these names do not know.
            let ours = |call: &Call| !call.resource.contains("sluice-by-sam");
            for call in calls(&event, function, names).into_iter().filter(ours) {
                *made.entry(call).or_default() += 1;
            }
        }
    }
}

/// Each statement with its story and how many calls needed it.
fn table(statements: &[Statement], made: &BTreeMap<Call, u64>) -> String {
    let mut table = String::new();
    for statement in statements {
        let count: u64 = made
            .iter()
            .filter(|(call, _)| statement.covers(call))
            .map(|(_, count)| count)
            .sum();
        let story = purpose(&statement.sid).map_or("no story", |purpose| purpose.story);
        let proof = purpose(&statement.sid).map_or("", |purpose| purpose.proof.word());
        let _infallible = writeln!(table, "{:40} {count:>6} calls  {proof:16} {story}", statement.sid);
    }
    table
}

#[test]
#[ignore = "it judges the calls of the stories, so it runs after them: `cargo xtask test` does"]
fn no_permission_is_missing_and_none_is_idle() -> Result<(), Trouble> {
    let ground = Ground::take("calls")?;
    let tidied = |error: tidy::fault::TidyError| Trouble(error.to_string());
    let statements = statements(&Template::load().map_err(tidied)?).map_err(tidied)?;
    let names = names(&ground.driver)?;
    let made = recorded(&ground.driver, &names)?;
    assert!(!made.is_empty(), "no call of a function was recorded");
    println!("{}", table(&statements, &made));
    let made: Vec<Call> = made.into_keys().collect();
    let refused = refused(&statements, &made);
    assert!(refused.is_empty(), "calls without a permission: {refused:#?}");
    let idle = idle(&statements, &made);
    assert!(idle.is_empty(), "permissions without a call: {idle:#?}");
    Ok(())
}
