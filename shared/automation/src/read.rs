//! The service's words in ours. What is not known is an error and never a default: on these words somebody's change runs.

use aws_sdk_ssm::types::{AutomationExecution, AutomationExecutionStatus, ExecutionMode, StepExecution};
use jiff::Timestamp;
use model::Verdict;
use serde::Deserialize;
use std::collections::HashMap;
use workflow::ports::executions::{Execution, Step, StepState, Word};

/// The output of `aws:approve` that says who decided what.
const DECISIONS: &str = "ApproverDecisions";

/// What could not be read.
type Unread = String;

/// One person's decision, as `aws:approve` puts it out.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    approver: String,
    decision: String,
    approval_decision_time: Timestamp,
    #[serde(default)]
    comment: Option<String>,
}

/// The output is a list of maps, each of its entries as text: a map, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    One(Said),
    Several(Vec<Said>),
}

pub(crate) fn execution(execution: AutomationExecution) -> Result<Execution, Unread> {
    if execution.step_executions_truncated {
        return Err("only a part of the steps".to_owned());
    }
    let status = execution
        .automation_execution_status
        .ok_or("an execution without a status")?;
    let steps = execution.step_executions.unwrap_or_default();
    Ok(Execution {
        document: execution.document_name.ok_or("an execution without a document")?,
        version: execution
            .document_version
            .ok_or("an execution without a version")?,
        automatic: execution.mode == Some(ExecutionMode::Auto),
        canceled: ["Cancelling", "Cancelled"].contains(&status.as_str()),
        parameters: execution.parameters.unwrap_or_default().into_iter().collect(),
        steps: steps.into_iter().map(step).collect::<Result<_, _>>()?,
    })
}

fn step(step: StepExecution) -> Result<Step, Unread> {
    let name = step.step_name.ok_or("a step without a name")?;
    let status = step
        .step_status
        .ok_or_else(|| format!("step {name} without a status"))?;
    Ok(Step {
        action: step
            .action
            .ok_or_else(|| format!("step {name} without an action"))?,
        state: state(&name, &status)?,
        overridden: step
            .overridden_parameters
            .is_some_and(|changed| !changed.is_empty()),
        words: words(&name, &step.outputs.unwrap_or_default())?,
        name,
    })
}

fn state(name: &str, status: &AutomationExecutionStatus) -> Result<StepState, Unread> {
    match status.as_str() {
        "Success" => Ok(StepState::Succeeded),
        "Pending" | "InProgress" | "Waiting" | "Cancelling" => Ok(StepState::Open),
        "Failed" | "TimedOut" | "Cancelled" | "Rejected" | "Exited" => Ok(StepState::Failed),
        other => Err(format!(
            "step {name} with the status {other}, which no step of ours has"
        )),
    }
}

fn words(name: &str, outputs: &HashMap<String, Vec<String>>) -> Result<Vec<Word>, Unread> {
    let mut words = Vec::new();
    for text in outputs.get(DECISIONS).into_iter().flatten() {
        let entry: Entry = serde_json::from_str(text)
            .map_err(|error| format!("a decision in step {name} that is not understood: {error}"))?;
        let decisions = match entry {
            Entry::One(decision) => vec![decision],
            Entry::Several(decisions) => decisions,
        };
        for decision in decisions {
            words.push(word(name, decision)?);
        }
    }
    Ok(words)
}

fn word(name: &str, decision: Said) -> Result<Word, Unread> {
    let verdict = match decision.decision.as_str() {
        "Approve" | "Approved" => Verdict::Approved,
        "Reject" | "Rejected" => Verdict::Rejected,
        other => {
            return Err(format!(
                "the decision `{other}` in step {name}, which is neither yes nor no"
            ));
        }
    };
    Ok(Word {
        by: decision.approver,
        verdict,
        at: decision.approval_decision_time,
        because: decision.comment.filter(|comment| !comment.trim().is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(text: &str) -> HashMap<String, Vec<String>> {
        HashMap::from([(DECISIONS.to_owned(), vec![text.to_owned()])])
    }

    #[test]
    fn what_is_not_known_is_an_error_and_no_default() {
        let decision =
            r#"{"Approver": "arn:a", "Decision": "Approve", "ApprovalDecisionTime": "2023-11-14T22:13:20Z"}"#;
        assert_eq!(
            words("Approve", &output(decision)).map(|words| words.len()),
            Ok(1)
        );
        assert_eq!(words("Approve", &HashMap::new()), Ok(Vec::new()));
        for (text, part) in [
            (decision.replace("Approve\"", "Revoke\""), "neither yes nor no"),
            (decision.replace("Approver", "Who"), "not understood"),
            (
                decision.replace("2023-11-14T22:13:20Z", "yesterday"),
                "not understood",
            ),
            ("Approve".to_owned(), "not understood"),
        ] {
            let unread = words("Approve", &output(&text)).unwrap_err();
            assert!(unread.contains(part), "{unread}");
        }
        let status = AutomationExecutionStatus::from("PendingApproval");
        assert!(state("Approve", &status).unwrap_err().contains("PendingApproval"));
    }
}
