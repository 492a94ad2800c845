//! An execution that is not one of ours, or in which nothing was decided, decides nothing.

use crate::bed::{Bed, NAMED};
use model::Verdict;
use testkit::FixedExecutions;
use testkit::fixed_executions::{execution_id, word};
use workflow::ports::executions::{Execution, StepState};

async fn good(bed: &Bed) -> Execution {
    let words = vec![word("dba", Verdict::Approved, 30)];
    bed.execution(StepState::Succeeded, words).await
}

/// Each edit of a good execution is refused with this code, and nothing is decided.
async fn refused(code: &str, edits: &[fn(&mut Execution)]) {
    for (number, edit) in edits.iter().enumerate() {
        let bed = Bed::make().await;
        let mut execution = good(&bed).await;
        edit(&mut execution);
        let refusal = bed.hear(execution).await.unwrap_err();
        assert_eq!(refusal.code, code, "edit {number}: {refusal}");
        assert!(
            refusal.message.contains(execution_id(NAMED).as_str()),
            "edit {number}: {refusal}"
        );
        assert_eq!(bed.decisions().await, [], "edit {number}");
    }
}

#[tokio::test]
async fn another_document_with_the_same_steps_decides_nothing() {
    refused(
        "execution-foreign",
        &[
            |it| it.document = "sluice-ApproveRunbook".to_owned(),
            |it| it.document = format!("arn:aws:ssm:us-east-1:111122223333:document/{}", it.document),
            // Somebody edited ours.
            |it| it.version = "2".to_owned(),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_step_that_only_bears_the_name_decides_nothing() {
    refused(
        "execution-foreign",
        &[
            |it| it.steps[0].action = "aws:executeScript".to_owned(),
            |it| it.steps[0].name = "Other".to_owned(),
            |it| it.steps.push(it.steps[0].clone()),
            |it| it.steps.clear(),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_somebody_drives_by_hand_may_show_approvers_something_else() {
    refused(
        "execution-foreign",
        &[|it| it.automatic = false, |it| it.steps[0].overridden = true],
    )
    .await;
}

#[tokio::test]
async fn parameters_that_can_not_be_read_decide_nothing() {
    refused(
        "execution-foreign",
        &[
            |it| it.parameters.clear(),
            |it| it.parameters.get_mut("Issue").unwrap().push("8".to_owned()),
            |it| it.parameters.get_mut("Issue").unwrap()[0] = "seven".to_owned(),
            |it| it.parameters.get_mut("Environment").unwrap().clear(),
            |it| it.parameters.get_mut("Digest").unwrap()[0].clear(),
        ],
    )
    .await;
}

#[tokio::test]
async fn where_nobody_has_decided_nothing_is_decided() {
    refused(
        "execution-undecided",
        &[
            |it| it.steps[0].state = StepState::Open,
            |it| it.steps[0].state = StepState::Failed, // out of time, after one of two
            |it| it.steps[0].words.clear(),
            |it| it.canceled = true,
        ],
    )
    .await;
}

#[tokio::test]
async fn another_issue_or_stage_is_judged_by_its_own_digest() {
    for (name, value, code) in [
        ("Issue", "8", "issue-unknown"),
        ("Environment", "test", "stage-unknown"),
    ] {
        let bed = Bed::make().await;
        let mut execution = good(&bed).await;
        execution
            .parameters
            .insert(name.to_owned(), vec![value.to_owned()]);
        assert_eq!(bed.hear(execution).await.unwrap_err().code, code);
    }
}

#[tokio::test]
async fn what_is_no_execution_of_this_account_is_unknown() {
    let bed = Bed::make().await;
    let none = FixedExecutions::default();
    let id = execution_id(NAMED);
    for text in [
        id.as_str(),
        "",
        "7",
        "arn:aws:ssm:us-east-1:111122223333:automation-execution/00000050-f944-41e6-9d32-8fb2db27a909",
    ] {
        assert_eq!(
            bed.name(&none, text).await.unwrap_err().code,
            "execution-unknown",
            "{text}"
        );
    }
}
