//! Approving in Systems Manager, on the deployed template: its runbook and its function, and a stand-in for the service.

use driver::{Keys, Trouble, Who};
use e2e::{Ground, SOON};
use model::IssueView;
use serde_json::{Value, json};
use std::process::{Command, Stdio};

/// Runs the AWS CLI as somebody; what it printed, or what it complained of.
fn aws(ground: &Ground, who: &Keys, words: &[&str]) -> Result<Result<Value, String>, Trouble> {
    let stack = &ground.driver.stack;
    let output = Command::new(&stack.aws_cli)
        .args(words)
        .args(["--output", "json"])
        .current_dir(ground.folder.path())
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", ground.folder.path())
        .env("AWS_ENDPOINT_URL", &stack.aws_endpoint_url)
        .env("AWS_DEFAULT_REGION", &stack.region)
        .env("AWS_ACCESS_KEY_ID", &who.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &who.secret_access_key)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Trouble(format!("the AWS CLI can't be run: {error}")))?;
    if !output.status.success() {
        return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let printed = if text.trim().is_empty() {
        Ok(Value::Null)
    } else {
        serde_json::from_str(&text)
    };
    printed
        .map(Ok)
        .map_err(|error| Trouble(format!("{words:?} printed no JSON: {error}: {text}")))
}

fn must(ground: &Ground, who: &Keys, words: &[&str]) -> Result<Value, Trouble> {
    aws(ground, who, words)?.map_err(|complaint| Trouble(format!("{words:?}: {complaint}")))
}

/// An issue of the developer's, of two tasks, that waits for the DBA.
fn waiting(ground: &mut Ground, table: &str) -> Result<IssueView, Trouble> {
    let text = format!("CREATE TABLE {table} (id INT);\n");
    let places = ground.databases("prod", 2)?;
    let files: Vec<_> = places.iter().map(|place| place.ddl("1", &text)).collect();
    let commit = ground.push(&files, "Asked in Systems Manager")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    ground.driver.issue_once(number, "Waiting", SOON)
}

/// The developer starts the runbook for an issue; the execution's id.
fn start(ground: &Ground, issue: &IssueView) -> Result<String, Trouble> {
    let document = ground
        .driver
        .outputs("sluice")?
        .remove("ApproveRunbookName")
        .unwrap_or_default();
    let stage = &issue.stages[0];
    let begun_with = format!(
        "Issue={},Environment={},Digest={}",
        issue.issue.number, stage.environment, stage.digest
    );
    let developer = &ground.driver.stack.principals.developer;
    let words = [
        "ssm",
        "start-automation-execution",
        "--document-name",
        &document,
        "--parameters",
        &begun_with,
    ];
    let started = must(ground, developer, &words)?;
    Ok(started["AutomationExecutionId"]
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

/// Somebody answers in an execution; how it stands after that.
fn answer(ground: &Ground, who: &Keys, execution: &str, signal: &str) -> Result<Value, Trouble> {
    let words = [
        "ssm",
        "send-automation-signal",
        "--automation-execution-id",
        execution,
        "--signal-type",
        signal,
    ];
    let because = ["--payload", "Comment=looked at it"];
    must(ground, who, &[&words[..], &because[..]].concat())?;
    let words = [
        "ssm",
        "get-automation-execution",
        "--automation-execution-id",
        execution,
    ];
    Ok(must(ground, who, &words)?["AutomationExecution"].clone())
}

/// What was decided about an issue, as its audit has it.
fn decided(ground: &Ground, issue: &IssueView) -> Result<Vec<Value>, Trouble> {
    let number = issue.issue.number.to_string();
    let words = ["audit", "export", "--issue", number.as_str()];
    let exported = ground.driver.sluice(Who::Developer, &words)?;
    let lines = exported.stdout.lines().map(serde_json::from_str::<Value>);
    let mut lines: Vec<Value> = lines
        .collect::<Result<_, _>>()
        .map_err(|error| Trouble(error.to_string()))?;
    lines.retain(|line| {
        line["deed"]
            .as_str()
            .is_some_and(|deed| deed.starts_with("stage_"))
    });
    Ok(lines)
}

#[test]
fn who_approves_in_systems_manager_approves() -> Result<(), Trouble> {
    let mut ground = Ground::take("runbook")?;
    let issue = waiting(&mut ground, "asked")?;
    let principals = ground.driver.stack.principals.clone();
    let execution = start(&ground, &issue)?;
    let ended = answer(&ground, &principals.dba, &execution, "Approve")?;
    assert_eq!(ended["AutomationExecutionStatus"], "Success", "{ended:#}");
    ground.driver.issue_once(issue.issue.number.0, "Done", SOON)?;
    let decided_once = decided(&ground, &issue)?;
    let [decision] = decided_once.as_slice() else {
        panic!("{decided_once:#?}");
    };
    assert_eq!(decision["deed"], "stage_approved");
    assert_eq!(decision["because"], "looked at it");
    let by = &decision["by"]["principal"];
    assert_eq!(by["arn"], principals.dba.arn.as_str());
    assert_eq!(by["request_id"], execution.as_str());
    assert_eq!(by["source_ip"], "ssm.amazonaws.com");

    // Named again, by whoever may: it was heard, and nothing changes.
    let again = ground
        .driver
        .invoke("runbook", &json!({ "execution": execution }))?;
    assert!(!again.failed, "{:#}", again.payload);
    assert_eq!(decided(&ground, &issue)?.len(), 1);
    Ok(())
}

#[test]
fn a_refusal_stands_on_the_executions_page_and_a_rejection_is_one() -> Result<(), Trouble> {
    let mut ground = Ground::take("runbook_no")?;
    let issue = waiting(&mut ground, "refused")?;
    let principals = ground.driver.stack.principals.clone();
    let own = start(&ground, &issue)?;
    let ended = answer(&ground, &principals.developer, &own, "Approve")?;
    assert_eq!(ended["AutomationExecutionStatus"], "Failed", "{ended:#}");
    let told = ended["StepExecutions"][1]["FailureMessage"]
        .as_str()
        .unwrap_or_default();
    assert!(
        told.contains("approval-own") && told.contains("pushed or wrote this change"),
        "{told}"
    );
    assert_eq!(decided(&ground, &issue)?, [Value::Null; 0]);

    let no = start(&ground, &issue)?;
    let ended = answer(&ground, &principals.dba, &no, "Reject")?;
    assert_eq!(ended["AutomationExecutionStatus"], "Failed", "{ended:#}");
    assert_eq!(ended["StepExecutions"][1]["StepStatus"], "Success", "{ended:#}");
    let rejected = decided(&ground, &issue)?;
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0]["deed"], "stage_rejected");
    ground.driver.issue_once(issue.issue.number.0, "Waiting", SOON)?;
    Ok(())
}

#[test]
fn whoever_invokes_the_runbooks_function_gains_nothing() -> Result<(), Trouble> {
    let mut ground = Ground::take("runbook_past")?;
    let issue = waiting(&mut ground, "gained")?;
    let principals = ground.driver.stack.principals.clone();
    let undecided = start(&ground, &issue)?;
    let crafted = json!({
        "path": format!("/issues/{}/approve", issue.issue.number), "httpMethod": "POST",
        "requestContext": { "identity": { "userArn": principals.dba.arn } },
        "body": json!({ "digest": issue.stages[0].digest }).to_string(),
    });
    for (event, code) in [
        (json!({ "execution": undecided }), "execution-undecided"),
        (
            json!({ "execution": "00000000-0000-4000-8000-000000000000" }),
            "execution-unknown",
        ),
        (
            json!({ "execution": undecided, "approver": principals.dba.arn }),
            "execution-unknown",
        ),
        (crafted, "execution-unknown"),
    ] {
        let invoked = ground.driver.invoke("runbook", &event)?;
        assert!(invoked.failed, "{:#}", invoked.payload);
        assert_eq!(invoked.payload["errorType"], code, "{:#}", invoked.payload);
    }
    assert_eq!(decided(&ground, &issue)?, [Value::Null; 0]);
    let function = ground.driver.stack.functions["runbook"].clone();
    let words = [
        "lambda",
        "invoke",
        "--function-name",
        &function,
        "--payload",
        "{}",
        "answer.json",
    ];
    let refused = aws(&ground, &principals.dba, &words)?.unwrap_err();
    assert!(refused.contains("AccessDenied"), "{refused}");
    Ok(())
}
