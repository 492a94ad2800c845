//! Freezes, and what two administrators do in an emergency.

use jiff::SignedDuration;
use model::{ApprovalStatus, AuditChain, Deed, Gate, IssueNumber, TaskStatus};
use scenarios::{DBA, DEVELOPER, SECURITY, Setup, World, scenario, whole_file};

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";

async fn status(t: &World, issue: u64) -> TaskStatus {
    t.view(issue).await.stages[0].tasks[0].status.clone()
}

async fn said(t: &World, issue: u64) -> String {
    let commit = t.view(issue).await.issue.commit;
    t.check(&commit).summary
}

async fn deeds(t: &World, chain: AuditChain) -> Vec<Deed> {
    let items = t.audit(chain).await;
    items.into_iter().map(|item| item.deed).collect()
}

#[tokio::test]
async fn nothing_begins_in_a_frozen_environment_and_all_of_it_when_that_ends() {
    scenario(Setup::default(), async |t| {
        t.freeze(DEVELOPER, "test", 8).await.unwrap();
        let (test, prod) = (whole_file("test/db_demo", "1"), whole_file("prod/db_demo", "1"));
        t.push(&[(&test, SQL), (&prod, SQL)]).await;
        t.settle().await;
        let TaskStatus::Waiting(Gate::Frozen { until, because }) = status(t, 1).await else {
            panic!("{:?}", status(t, 1).await);
        };
        assert!(because == "inventory (by developer)", "{because}");
        assert!(
            said(t, 1).await.contains(&format!("Frozen until {until}")),
            "{}",
            said(t, 1).await
        );
        t.wait(SignedDuration::from_hours(8));
        t.sweep().await;
        t.settle().await;
        assert!(
            t.status(1).await.contains("test/db_demo 1 Done"),
            "{}",
            t.status(1).await
        );
    })
    .await;
}

#[tokio::test]
async fn a_freeze_is_lifted_by_who_froze_or_an_administrator_and_approvals_stand() {
    scenario(Setup::default(), async |t| {
        let path = whole_file("prod/db_demo", "1");
        t.push(&[(&path, SQL)]).await;
        t.settle().await;
        t.freeze(DBA, "prod", 8).await.unwrap();
        // Approving is possible at any time, and stays what it is when the freeze ends.
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert!(matches!(
            status(t, 1).await,
            TaskStatus::Waiting(Gate::Frozen { .. })
        ));
        let refused = t.unfreeze(DEVELOPER, "prod").await;
        assert_eq!(refused.unwrap_err().code, "freeze-of-others");
        // Whoever freezes beside it, longer or not, lifts their own and nothing else.
        for hours in [1, 9] {
            t.freeze(DEVELOPER, "prod", hours).await.unwrap();
            assert_eq!(t.unfreeze(DEVELOPER, "prod").await.unwrap().len(), 1);
        }
        t.freeze(DEVELOPER, "prod", 9).await.unwrap();
        assert_eq!(
            t.freeze(DBA, "elsewhere", 1).await.unwrap_err().code,
            "environment-unknown"
        );
        assert_eq!(t.freeze(DBA, "prod", 0).await.unwrap_err().code, "freeze-over");
        assert_eq!(
            t.freeze("stranger", "prod", 1).await.unwrap_err().code,
            "not-a-member"
        );
        assert_eq!(t.unfreeze(SECURITY, "prod").await.unwrap(), []);
        assert_eq!(t.unfreeze(SECURITY, "prod").await.unwrap_err().code, "not-frozen");
        t.sweep().await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        let frozen: Vec<Deed> = deeds(t, AuditChain::Settings)
            .await
            .into_iter()
            .filter(|deed| matches!(deed, Deed::EnvironmentFrozen | Deed::EnvironmentUnfrozen))
            .collect();
        assert_eq!(
            frozen,
            [
                Deed::EnvironmentFrozen,
                Deed::EnvironmentFrozen,
                Deed::EnvironmentUnfrozen,
                Deed::EnvironmentFrozen,
                Deed::EnvironmentUnfrozen,
                Deed::EnvironmentFrozen,
                Deed::EnvironmentUnfrozen
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn two_administrators_let_a_stage_past_policy_and_freeze_and_everybody_sees_it() {
    scenario(Setup::default(), async |t| {
        t.freeze(DBA, "prod", 8).await.unwrap();
        t.push(&[(&whole_file("prod/db_demo", "1"), SQL)]).await;
        t.settle().await;
        assert_eq!(
            t.bypass(DEVELOPER, 1, "prod").await.unwrap_err().code,
            "not-an-administrator"
        );
        t.bypass(DBA, 1, "prod").await.unwrap();
        t.bypass(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        assert!(
            said(t, 1).await.contains("one more administrator may"),
            "{}",
            said(t, 1).await
        );
        t.bypass(SECURITY, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        let view = t.view(1).await;
        let ApprovalStatus::Bypassed { by, because } = &view.stages[0].approval else {
            panic!("{view:?}");
        };
        assert_eq!((by.len(), because.len()), (2, 2));
        let text = said(t, 1).await;
        assert!(
            text.contains("EMERGENCY BYPASS by") && text.contains("the shop is down"),
            "{text}"
        );
        let told = deeds(t, AuditChain::Issue(IssueNumber(1))).await;
        let bypasses = told.iter().filter(|deed| **deed == Deed::StageBypassed);
        assert_eq!(bypasses.count(), 2, "{told:?}");
        let revision = t.revision("prod/db_demo", "1").await.revision;
        assert_eq!(revision.approved_by.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_emergency_that_is_edited_is_decided_anew() {
    scenario(Setup::default(), async |t| {
        let path = whole_file("prod/db_demo", "1");
        t.push(&[(&path, SQL)]).await;
        t.settle().await;
        t.bypass(DBA, 1, "prod").await.unwrap();
        t.push(&[(&path, "CREATE TABLE other (id INT);\n")]).await;
        t.settle().await;
        t.bypass(SECURITY, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        t.bypass(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        // What needs no approval and waits for nothing has nothing to be let past.
        t.push(&[(
            &whole_file("test/db_demo", "1"),
            "ALTER TABLE nowhere ADD a INT;\n",
        )])
        .await;
        t.settle().await;
        assert_eq!(
            t.bypass(DBA, 2, "test").await.unwrap_err().code,
            "approval-not-required"
        );
    })
    .await;
}
