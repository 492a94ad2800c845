//! What others change on a target between an approval and its change.

use jiff::SignedDuration;
use model::{ApprovalStatus, AuditChain, Deed, IssueNumber, TaskStatus};
use scenarios::{DBA, SECURITY, Setup, scenario, whole_file};

const FIRST: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";
const SECOND: &str = "ALTER TABLE t ADD n INT;\n";

#[tokio::test]
async fn a_schema_that_others_changed_after_the_approval_is_approved_as_such() {
    scenario(Setup::default(), async |t| {
        t.push(&[(&whole_file("prod/db_demo", "1"), FIRST)]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        t.freeze(DBA, "prod", 8).await.unwrap();
        let path = whole_file("prod/db_demo", "2");
        t.push(&[
            (&path, SECOND),
            (&whole_file("prod/db_demo", "3"), "ALTER TABLE t ADD o INT;\n"),
        ])
        .await;
        t.settle().await;
        t.approve(DBA, 2, "prod").await.unwrap();
        t.sql("prod/db_demo", "ALTER TABLE t ADD by_hand INT").await;
        t.wait(SignedDuration::from_hours(8));
        t.sweep().await;
        t.settle().await;
        let view = t.view(2).await;
        let stage = &view.stages[0];
        assert!(
            matches!(stage.approval, ApprovalStatus::Waiting { stale: true, .. }),
            "{:?}",
            stage.approval
        );
        assert!(matches!(stage.tasks[0].status, TaskStatus::Waiting(_)));
        let drift = stage.tasks[0].task.drift.as_ref().unwrap();
        assert_eq!(drift.since.as_str(), "1");
        assert!(drift.to_string().contains("by_hand"), "{drift}");
        assert!(
            t.check(&view.issue.commit)
                .summary
                .contains("the schema is not as version 1 left it"),
            "{}",
            t.check(&view.issue.commit).summary
        );
        let deeds: Vec<Deed> = t
            .audit(AuditChain::Issue(IssueNumber(2)))
            .await
            .iter()
            .map(|item| item.deed)
            .collect();
        assert_eq!(deeds.last(), Some(&Deed::TaskHeld));
        // Once it is approved as it is, both run: the second one stands on what the first one left.
        t.approve(DBA, 2, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(2).await,
            "Done; prod/db_demo 2 Done; prod/db_demo 3 Done"
        );
        t.sql("prod/db_demo", "ALTER TABLE t DROP by_hand").await;
    })
    .await;
}

#[tokio::test]
async fn drift_holds_nothing_where_nobody_approves_or_in_an_emergency() {
    scenario(Setup::default(), async |t| {
        for environment in ["test", "prod"] {
            let place = format!("{environment}/db_demo");
            t.push(&[(&whole_file(&place, "1"), FIRST)]).await;
            t.settle().await;
        }
        t.approve(DBA, 2, "prod").await.unwrap();
        t.settle().await;
        for place in ["test/db_demo", "prod/db_demo"] {
            t.sql(place, "ALTER TABLE t ADD by_hand INT").await;
        }
        t.push(&[(&whole_file("test/db_demo", "2"), SECOND)]).await;
        t.settle().await;
        assert_eq!(t.status(3).await, "Done; test/db_demo 2 Done");
        t.push(&[(&whole_file("prod/db_demo", "2"), SECOND)]).await;
        t.settle().await;
        t.bypass(DBA, 4, "prod").await.unwrap();
        t.bypass(SECURITY, 4, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(4).await, "Done; prod/db_demo 2 Done");
        for place in ["test/db_demo", "prod/db_demo"] {
            t.sql(place, "ALTER TABLE t DROP by_hand").await;
        }
    })
    .await;
}
