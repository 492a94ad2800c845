//! The function in one process, on fakes.

use crate::handler::{App, receive};
use jiff::Timestamp;
use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use model::{Digest, EnvironmentId, IssueNumber, Target, Verdict};
use serde_json::{Value, json};
use settings::Settings;
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::fixed_executions::{RUNBOOK, execution, execution_id, word};
use testkit::{FixedExecutions, MemoryLedger, MemoryQueue, fixtures};
use workflow::act::Heard;
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::executions::StepState;
use workflow::ports::ledger::{Commit as _, Committed, IssueLedger as _, SettingsLedger as _, Write};

/// Two minutes later; its names count.
#[derive(Default)]
struct Later(AtomicU32);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        fixtures::time(120)
    }
}

impl Ids for Later {
    fn next_id(&self) -> String {
        self.0.fetch_add(1, Ordering::Relaxed).to_string()
    }
}

type Fakes = App<MemoryLedger, MemoryQueue, FixedExecutions, Later>;

/// Issue 7 waits for the DBA, who approved in execution 1.
async fn app() -> Fakes {
    let ledger = MemoryLedger::default();
    let stored = fixtures::settings(1);
    let put = ledger.put_settings(&stored, fixtures::settings_audit()).await;
    assert_eq!(put.unwrap(), Committed::Yes);
    let prod = EnvironmentId::new("prod");
    let mut task = fixtures::task(7, &Target::new("demo-prod", "db_demo"), "1");
    task.environment = prod.clone();
    let mut issue = fixtures::issue(7);
    issue.environments = vec![prod.clone()];
    issue.tasks = vec![task.key()];
    let settings = Settings::read(&stored.text).unwrap();
    let policy = serde_json::to_string(settings.environment(&prod).unwrap()).unwrap();
    let digest = Digest::of_stage(&prod, &policy, &[&task]);
    let made = ledger.commit(vec![Write::Issue(issue), Write::Task(task)]).await;
    assert_eq!(made.unwrap(), Committed::Yes);
    let mut approved = execution(StepState::Succeeded, vec![word("dba", Verdict::Approved, 60)]);
    approved
        .parameters
        .insert("Digest".to_owned(), vec![digest.to_string()]);
    let mut executions = FixedExecutions::default();
    executions.put(1, approved);
    App {
        ledger,
        queue: MemoryQueue::default(),
        executions,
        clock: Later::default(),
        document: RUNBOOK.to_owned(),
    }
}

async fn invoke(app: &Fakes, event: Value) -> Result<Heard, Diagnostic> {
    receive(app, LambdaEvent::new(event, Context::default())).await
}

#[tokio::test]
async fn an_execution_that_is_named_is_heard() {
    let app = app().await;
    let named = json!({ "execution": execution_id(1).as_str() });
    let heard = invoke(&app, named)
        .await
        .map_err(|diagnostic| diagnostic.error_message)
        .unwrap();
    assert_eq!(
        serde_json::to_value(&heard).unwrap(),
        json!({
            "issue": 7, "environment": "prod",
            "approved_by": ["arn:aws:iam::000000000000:user/dba"], "rejected_by": [],
        })
    );
    assert_eq!(app.ledger.decisions(IssueNumber(7)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_fails_the_step_with_its_code_and_sentence() {
    let mut app = app().await;
    app.document = "another".to_owned();
    let named = json!({ "execution": execution_id(1).as_str() });
    let refused = invoke(&app, named).await.unwrap_err();
    assert_eq!(refused.error_type, "execution-foreign");
    assert!(
        refused.error_message.contains(RUNBOOK),
        "{}",
        refused.error_message
    );
    let none = json!({ "execution": execution_id(2).as_str() });
    assert_eq!(
        invoke(&app, none).await.unwrap_err().error_type,
        "execution-unknown"
    );
}

#[tokio::test]
async fn whoever_invokes_it_can_say_nothing_but_an_id() {
    let app = app().await;
    let id = execution_id(1);
    let api = json!({
        "resource": "/issues/{number}/approve", "path": "/issues/7/approve", "httpMethod": "POST",
        "requestContext": { "identity": { "userArn": "arn:aws:iam::000000000000:user/dba" } },
        "body": "{\"environment\": \"prod\", \"digest\": \"x\"}",
    });
    for event in [
        api,
        json!({ "execution": id.as_str(), "approver": "arn:aws:iam::000000000000:user/dba" }),
        json!({ "execution": { "document": RUNBOOK } }),
        json!({}),
        json!(null),
    ] {
        let refused = invoke(&app, event.clone()).await.unwrap_err();
        assert_eq!(refused.error_type, "execution-unknown", "{event}");
    }
    assert_eq!(app.ledger.decisions(IssueNumber(7)).await.unwrap(), []);
}
