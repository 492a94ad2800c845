//! What was decided in our runbook counts as it would through the API.

use crate::bed::{Bed, NAMED};
use model::{ApprovalStatus, AuditActor, Deed, Verdict};
use testkit::fixed_executions::{execution_id, word};
use testkit::fixtures;
use workflow::ports::executions::{StepState, Word};

fn yes(user: &str, seconds: i64) -> Word {
    word(user, Verdict::Approved, seconds)
}

fn no(user: &str, seconds: i64) -> Word {
    word(user, Verdict::Rejected, seconds)
}

#[tokio::test]
async fn two_who_approved_in_one_execution_are_two() {
    let bed = Bed::make().await;
    let heard = bed.approved(vec![yes("sam", 60), yes("dba", 30)]).await.unwrap();
    assert_eq!(heard.issue.0, 7);
    assert_eq!(heard.approved_by, ["dba", "sam"].map(|user| yes(user, 0).by));
    assert!(matches!(bed.standing().await, ApprovalStatus::Approved { .. }));
    let nudged = bed.queue.take_nudges();
    assert!(!nudged.is_empty(), "the worker looks at once");
}

#[tokio::test]
async fn the_audit_has_the_approver_the_execution_and_the_time_of_the_word() {
    let bed = Bed::make().await;
    let word = Word {
        because: Some("read it".to_owned()),
        ..yes("dba", 30)
    };
    bed.approved(vec![word]).await.unwrap();
    let audit = bed.audit().await;
    let [item] = audit.as_slice() else {
        panic!("{audit:?}");
    };
    let AuditActor::Principal(by) = &item.by else {
        panic!("{item:?}");
    };
    assert_eq!(item.deed, Deed::StageApproved);
    assert_eq!(item.at, fixtures::time(30));
    assert_eq!(item.because.as_deref(), Some("read it"));
    assert_eq!(by.arn, "arn:aws:iam::000000000000:user/dba");
    assert_eq!(by.account, "000000000000");
    assert_eq!(by.request_id, execution_id(NAMED).as_str());
    assert_eq!(by.source_ip, "ssm.amazonaws.com");
}

#[tokio::test]
async fn named_again_it_changes_nothing_also_when_its_approver_thought_again() {
    let bed = Bed::make().await;
    let execution = bed.execution(StepState::Succeeded, vec![yes("dba", 30)]).await;
    let first = bed.hear(execution.clone()).await.unwrap();
    assert_eq!(bed.hear(execution.clone()).await.unwrap(), first);
    assert_eq!(bed.decisions().await.len(), 1);
    bed.decide("dba", Verdict::Rejected).await.unwrap();
    bed.hear(execution).await.unwrap();
    assert_eq!(bed.decisions().await.len(), 2);
    assert!(matches!(bed.standing().await, ApprovalStatus::Rejected { .. }));
}

#[tokio::test]
async fn who_thought_again_before_it_was_heard_is_taken_at_the_later_word() {
    let bed = Bed::make().await;
    // The API hears the rejection two minutes into the story, the execution ends after it.
    bed.decide("dba", Verdict::Rejected).await.unwrap();
    bed.wait(10);
    let refusal = bed
        .approved(vec![yes("dba", 30), yes("sam", 700)])
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "decision-overtaken");
    assert!(
        refusal.message.contains("user/sam approved, and that counts"),
        "{refusal}"
    );
    assert!(matches!(bed.standing().await, ApprovalStatus::Rejected { .. }));
    assert_eq!(bed.decisions().await.len(), 2);
}

#[tokio::test]
async fn an_approval_is_as_old_as_the_word() {
    let bed = Bed::make().await;
    bed.wait(120);
    let refusal = bed.approved(vec![yes("dba", 30)]).await.unwrap_err();
    assert_eq!(refusal.code, "approval-expired");
    assert_eq!(bed.decisions().await, []);
    bed.approved(vec![yes("dba", 7000)]).await.unwrap();
    let ApprovalStatus::Waiting { has: 1, .. } = bed.standing().await else {
        panic!("{:?}", bed.standing().await);
    };
}

#[tokio::test]
async fn who_rejects_in_it_rejects_and_approvals_beside_it_count_for_nothing() {
    let bed = Bed::make().await;
    let execution = bed
        .execution(StepState::Failed, vec![yes("sam", 30), no("dba", 60)])
        .await;
    let heard = bed.hear(execution).await.unwrap();
    assert_eq!((heard.approved_by.len(), heard.rejected_by.len()), (0, 1));
    let decisions = bed.decisions().await;
    assert_eq!(decisions.len(), 1);
    assert_eq!(decisions[0].verdict, Verdict::Rejected);
    assert!(matches!(bed.standing().await, ApprovalStatus::Rejected { .. }));
}

#[tokio::test]
async fn whom_the_api_would_refuse_is_refused_here_with_the_same_sentence() {
    let bed = Bed::make().await;
    for user in ["dev", "stranger"] {
        let through_the_api = bed.decide(user, Verdict::Approved).await.unwrap_err();
        assert_eq!(
            bed.approved(vec![yes(user, 60)]).await.unwrap_err(),
            through_the_api
        );
    }
    let rejected = bed.execution(StepState::Failed, vec![no("stranger", 60)]).await;
    assert_eq!(bed.hear(rejected).await.unwrap_err().code, "approver-unknown");
    assert_eq!(bed.decisions().await, []);
}

#[tokio::test]
async fn one_who_may_not_takes_nothing_from_one_who_may() {
    let bed = Bed::make().await;
    let refusal = bed
        .approved(vec![yes("dev", 30), yes("dba", 60)])
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "approval-own");
    assert!(
        refusal.message.contains("user/dba approved, and that counts"),
        "{refusal}"
    );
    assert_eq!(bed.decisions().await.len(), 1);
}

#[tokio::test]
async fn one_person_who_approves_here_and_through_the_api_counts_once() {
    let bed = Bed::make().await;
    bed.decide("dba", Verdict::Approved).await.unwrap();
    bed.wait(1);
    bed.approved(vec![yes("dba", 150)]).await.unwrap();
    assert_eq!(bed.decisions().await.len(), 1);
    let ApprovalStatus::Waiting { has: 1, .. } = bed.standing().await else {
        panic!("{:?}", bed.standing().await);
    };
}

#[tokio::test]
async fn what_was_not_shown_can_not_be_approved_here_either() {
    let bed = Bed::make().await;
    let mut execution = bed.execution(StepState::Succeeded, vec![yes("dba", 30)]).await;
    execution
        .parameters
        .insert("Digest".to_owned(), vec!["a0".repeat(32)]);
    assert_eq!(bed.hear(execution).await.unwrap_err().code, "digest-stale");
    assert_eq!(bed.decisions().await, []);
}
