//! What the audit says of a story: who, what, and in which order.

use jiff::SignedDuration;
use model::{AuditActor, AuditChain, AuditFunction, AuditItem, Deed, IssueNumber};
use scenarios::{DBA, Setup, scenario, whole_file};

const ISSUE: AuditChain = AuditChain::Issue(IssueNumber(1));
/// Its second statement fails because of rows.
const BAD: &str = "INSERT INTO hits (what) VALUES ('4711-secret'), ('4711-secret');\n\
    ALTER TABLE hits ADD UNIQUE KEY (what);\n";

fn setup() -> Setup {
    Setup {
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20));",
        ..Setup::default()
    }
}

fn who(item: &AuditItem) -> String {
    match &item.by {
        AuditActor::Principal(by) => by.arn.rsplit('/').next().unwrap_or_default().to_owned(),
        AuditActor::Github { login, .. } => format!("github {login}"),
        AuditActor::Sluice(AuditFunction::Planner) => "planner".to_owned(),
        AuditActor::Sluice(AuditFunction::Worker) => "worker".to_owned(),
    }
}

#[tokio::test]
async fn every_step_of_an_issue_is_in_its_audit() {
    scenario(setup(), async |t| {
        let path = whole_file("prod/db_demo", "1");
        t.push(&[(&path, BAD)]).await;
        t.settle().await;
        t.reject(DBA, 1, "prod").await.unwrap();
        t.wait(SignedDuration::from_secs(1));
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        t.retry(DBA, 1).await.unwrap();
        t.settle().await;
        t.push(&[(&path, &BAD.replace("UNIQUE KEY", "KEY"))]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        let items = t.audit(ISSUE).await;
        let told: Vec<String> = items
            .iter()
            .map(|item| format!("{} {}", item.deed.word(), who(item)))
            .collect();
        assert_eq!(
            told,
            [
                "issue_planned github developer",
                "stage_rejected dba",
                "stage_approved dba",
                "task_begun worker",
                "task_failed worker",
                "task_retried dba",
                "task_begun worker",
                "task_failed worker",
                "task_replaced github developer",
                "stage_approved dba",
                "task_begun worker",
                "task_done worker",
            ]
        );
        let failed = items.iter().find(|item| item.deed == Deed::TaskFailed);
        assert_eq!(
            failed.and_then(|item| item.detail.as_deref()),
            Some("attempt 1, statement 2, mysql-1062")
        );
        let settings: Vec<_> = t
            .audit(AuditChain::Settings)
            .await
            .iter()
            .map(|item| item.deed)
            .collect();
        assert_eq!(settings.first(), Some(&Deed::SettingsApplied));
        assert!(settings.contains(&Deed::BaselineSet), "{settings:?}");
    })
    .await;
}

#[tokio::test]
async fn the_audit_quotes_no_server() {
    scenario(setup(), async |t| {
        let path = whole_file("prod/db_demo", "1");
        t.push(&[(&path, BAD)]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        let view = format!("{:?}", t.view(1).await);
        assert!(view.contains("Duplicate entry '4711-secret'"), "{view}");
        let items = t.audit(ISSUE).await;
        assert_eq!(items.last().map(|item| item.deed), Some(Deed::TaskFailed));
        for part in ["secret", "ALTER", "INSERT", "hits", "Duplicate"] {
            assert!(!format!("{items:?}").contains(part), "{part}: {items:?}");
        }
    })
    .await;
}
