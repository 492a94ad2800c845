//! Systems Manager keeps the contract, on answers of the shape that its documentation gives.

#[cfg(test)]
mod bed;

use bed::{answering, systems_manager};
use model::Fault;
use testkit::contracts;
use testkit::fixed_executions::{execution_id, recorded};
use workflow::ports::executions::Executions as _;

const NOT_FOUND: &str =
    r#"{"__type": "AutomationExecutionNotFoundException", "Message": "no such execution"}"#;

#[tokio::test]
async fn each_execution_is_told_as_it_is() {
    let server = answering(|id| {
        let (number, _) = recorded()
            .into_iter()
            .find(|(number, _)| execution_id(*number).as_str() == id)?;
        Some((200, bed::recorded(number)))
    });
    contracts::executions::each_execution_is_told_as_it_is(&systems_manager(&server)).await;
}

#[tokio::test]
async fn an_execution_that_is_not_there_is_none() {
    let server = answering(|_| Some((400, NOT_FOUND.to_owned())));
    contracts::executions::an_execution_that_is_not_there_is_none(&systems_manager(&server)).await;
}

#[tokio::test]
async fn who_may_not_read_executions_is_told_the_permission() {
    let denied = r#"{"__type": "AccessDeniedException", "Message": "not authorized"}"#;
    let server = answering(|_| Some((400, denied.to_owned())));
    let fault = systems_manager(&server)
        .execution(&execution_id(1))
        .await
        .unwrap_err();
    assert!(matches!(fault, Fault::Operator { .. }), "{}", fault.chain());
    assert!(
        fault.to_string().contains("ssm:GetAutomationExecution"),
        "{fault}"
    );
}

#[tokio::test]
async fn an_answer_that_is_not_understood_decides_nothing() {
    for (from, to) in [
        (r#"\"Decision\":\"Approve\""#, r#"\"Decision\":\"Maybe\""#),
        (
            r#""StepExecutionsTruncated": false"#,
            r#""StepExecutionsTruncated": true"#,
        ),
        (r#""StepStatus": "Success""#, r#""StepStatus": "Splendid""#),
        (r#""DocumentVersion": "1","#, ""),
    ] {
        let whole = bed::recorded(1);
        let text = whole.replace(from, to);
        assert_ne!(text, whole, "{from}");
        let server = answering(move |_| Some((200, text.clone())));
        let fault = systems_manager(&server)
            .execution(&execution_id(1))
            .await
            .unwrap_err();
        assert!(matches!(fault, Fault::Bug(_)), "{}", fault.chain());
    }
}
