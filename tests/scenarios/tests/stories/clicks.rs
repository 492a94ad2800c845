//! Approving on GitHub: the buttons on a commit's check run, by whom, once, and never on what was not shown.

use github_events::ClickEvent;
use model::{AuditActor, AuditChain, CommitSha, Decider, Deed, IssueNumber};
use scenarios::{Afterwards, Blow, DBA, DEVELOPER, Mishap, SECURITY, Setup, World, scenario, whole_file};
use settings::Environment;
use workflow::act::Clicked;
use workflow::ports::ledger::IssueLedger;
use workflow::ports::queue::ClickPointer;

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";
const OTHER: &str = "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY);\n";

fn path() -> String {
    whole_file("prod/db_demo", "1")
}

fn on_github(environment: &mut Environment) {
    environment.approve_on_github = environment.approvals > 0;
}

fn clicking() -> Setup {
    Setup {
        policy: on_github,
        ..Setup::default()
    }
}

async fn pushed(t: &World) -> CommitSha {
    let commit = t.push(&[(&path(), SQL)]).await;
    t.settle().await;
    commit
}

fn pointer(click: ClickEvent) -> ClickPointer {
    ClickPointer {
        delivery: click.delivery,
        repository_id: click.repository_id,
        installation_id: click.installation_id,
        check_run: click.check_run,
        external_id: click.external_id,
        button: click.button,
        sender: click.sender,
    }
}

/// The code with which a click is refused.
async fn refused(t: &World, click: ClickEvent) -> String {
    match t.take_click(&pointer(click)).await {
        Some(Clicked::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

async fn decisions(t: &World) -> Vec<String> {
    let decisions = t.ledger.inner().decisions(IssueNumber(1)).await.unwrap();
    let told = decisions.iter().map(|it| format!("{:?} {}", it.verdict, it.by));
    told.collect()
}

#[tokio::test]
async fn a_click_approves_and_the_audit_says_who() {
    scenario(clicking(), async |t| {
        let commit = pushed(t).await;
        let check = t.check(&commit);
        let labels: Vec<&str> = check.actions.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(labels, ["Approve", "Reject"]);
        assert!(
            check
                .actions
                .iter()
                .all(|it| it.description == "Stage prod of issue 1")
        );
        let summary = check.summary;
        assert!(
            summary.contains("are for stage `prod` of issue 1, its one change"),
            "{summary}"
        );
        t.click(DBA, &commit, "Approve").await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        assert_eq!(decisions(t).await, ["Approved dba (GitHub account 7)"]);
        let check = t.check(&commit);
        assert!(check.actions.is_empty(), "nothing is left to decide: {check:#?}");
        assert!(!check.summary.contains("buttons"), "{}", check.summary);
        let revision = t.revision("prod/db_demo", "1").await.revision;
        assert_eq!(revision.approved_by, ["dba (GitHub account 7)"]);
        let items = t.audit(AuditChain::Issue(IssueNumber(1))).await;
        let approved = items
            .iter()
            .find(|item| item.deed == Deed::StageApproved)
            .unwrap();
        let AuditActor::Github {
            id: 7,
            delivery: Some(_),
            ..
        } = &approved.by
        else {
            panic!("{approved:?}");
        };
        assert_eq!(approved.detail.as_deref(), Some("member dba"));
    })
    .await;
}

#[tokio::test]
async fn a_refused_click_is_told_on_the_check_run_until_the_same_account_decides() {
    scenario(clicking(), async |t| {
        let commit = pushed(t).await;
        t.click(DEVELOPER, &commit, "Approve").await;
        let summary = t.check(&commit).summary;
        assert!(
            summary.contains("would approve at") && summary.contains("developer (GitHub account 42)"),
            "{summary}"
        );
        assert!(
            summary.contains("pushed or wrote this change") && summary.contains("`approval-own`"),
            "{summary}"
        );
        assert_eq!(decisions(t).await, Vec::<String>::new());
        t.click(SECURITY, &commit, "Reject").await;
        let summary = t.check(&commit).summary;
        assert!(
            summary.contains("`approver-unknown`") && !summary.contains("approval-own"),
            "{summary}"
        );
        // Whoever may reject what they pushed may.
        t.click(DEVELOPER, &commit, "Reject").await;
        t.click(DBA, &commit, "Approve").await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        t.click(DEVELOPER, &commit, "Approve").await;
        assert!(t.check(&commit).summary.contains("approval-own"));
    })
    .await;
}

#[tokio::test]
async fn whom_settings_do_not_know_gains_nothing_by_a_login() {
    scenario(clicking(), async |t| {
        let commit = pushed(t).await;
        let button = t.check(&commit).actions[0].identifier.clone();
        // Called as the DBA is, and with another number.
        let click = t.a_click_on(t.stranger(), &commit, &button).await;
        assert_eq!(refused(t, click).await, "approver-unknown");
        t.settle().await;
        let summary = t.check(&commit).summary;
        assert!(
            summary.contains("GitHub account 583231 may not approve in `prod`"),
            "{summary}"
        );
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
    })
    .await;
}

#[tokio::test]
async fn a_click_on_what_is_no_more_is_refused() {
    scenario(clicking(), async |t| {
        let commit = pushed(t).await;
        let stale = t.a_click(DBA, &commit, "Approve").await;
        let fix = t.push(&[(&path(), OTHER)]).await;
        t.settle().await;
        assert_eq!(refused(t, stale.clone()).await, "digest-stale");
        t.settle().await;
        // The old commit shows another text, and has no buttons for the new one.
        let old = t.check(&commit);
        assert!(
            old.actions.is_empty() && old.summary.contains("`digest-stale`"),
            "{old:#?}"
        );
        // A button of another check run is none of this one.
        let mixed = ClickEvent {
            button: t.check(&fix).actions[0].identifier.clone(),
            ..stale
        };
        assert_eq!(refused(t, mixed).await, "button-unknown");
        t.click(DBA, &fix, "Approve").await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
    })
    .await;
}

#[tokio::test]
async fn a_click_that_is_on_nothing_of_ours_is_none() {
    scenario(clicking(), async |t| {
        let commit = pushed(t).await;
        let click = t.a_click(DBA, &commit, "Approve").await;
        let with = |change: fn(&mut ClickPointer)| {
            let mut click = pointer(click.clone());
            change(&mut click);
            click
        };
        for foreign in [
            with(|click| click.repository_id = model::RepositoryId(99)),
            with(|click| click.installation_id = 99),
            with(|click| click.external_id = "sluice:other:1".to_owned()),
            with(|click| click.external_id = "rubbish".to_owned()),
            with(|click| click.button = "rerun".to_owned()),
        ] {
            let clicked = t.take_click(&foreign).await;
            assert!(
                matches!(clicked, Some(Clicked::Ignored(_))),
                "{foreign:?}: {clicked:?}"
            );
        }
        let older = with(|click| click.check_run = 1);
        assert!(matches!(t.take_click(&older).await, Some(Clicked::Refused(_))));
        // GitHub has a check run of which nobody noted the number yet: the click waits.
        let unnoted = with(|click| click.external_id = format!("sluice:demo:{}", "0".repeat(40)));
        assert_eq!(t.take_click(&unnoted).await, None);
        assert_eq!(t.take_faults().len(), 1);
        t.settle().await;
        assert_eq!(decisions(t).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn twenty_deliveries_of_a_click_are_one_decision() {
    scenario(clicking(), async |t| {
        let commit = pushed(t).await;
        let click = t.a_click(DBA, &commit, "Approve").await;
        let pointer = pointer(click.clone());
        let clicked = futures::future::join_all((0..20).map(|_| t.take_click(&pointer))).await;
        assert!(
            clicked.iter().all(|it| *it == Some(Clicked::Decided)),
            "{clicked:?}"
        );
        assert_eq!(decisions(t).await.len(), 1);
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        t.deliver_click(&click).await;
        t.settle().await;
        assert_eq!(decisions(t).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_late_delivery_takes_no_later_word_back() {
    let two = Setup {
        environments: vec![("test", 0), ("prod", 2)],
        ..clicking()
    };
    scenario(two, async |t| {
        let commit = pushed(t).await;
        let yes = t.a_click(DBA, &commit, "Approve").await;
        let no = t.a_click(DBA, &commit, "Reject").await;
        // The second click arrives first.
        t.deliver_click(&no).await;
        t.settle().await;
        assert_eq!(refused(t, yes.clone()).await, "decided-since");
        t.settle().await;
        assert!(t.check(&commit).summary.contains("`decided-since`"));
        assert_eq!(decisions(t).await, ["Rejected dba (GitHub account 7)"]);
        // On the page of now it counts; and the old one that comes again does not.
        t.click(DBA, &commit, "Approve").await;
        t.deliver_click(&no).await;
        t.settle().await;
        assert_eq!(
            decisions(t).await,
            [
                "Rejected dba (GitHub account 7)",
                "Approved dba (GitHub account 7)"
            ]
        );
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        // Signed by AWS it is the same person.
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(decisions(t).await.len(), 2);
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
    })
    .await;
}

#[tokio::test]
async fn one_person_counts_once_however_they_approve() {
    let two = Setup {
        environments: vec![("test", 0), ("prod", 2)],
        ..clicking()
    };
    scenario(two, async |t| {
        let commit = pushed(t).await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        t.click(DBA, &commit, "Approve").await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        let by: Vec<Decider> = t.view(1).await.stages[0]
            .decisions
            .iter()
            .map(|it| it.by.clone())
            .collect();
        assert!(matches!(by.as_slice(), [Decider::Principal(_)]), "{by:?}");
    })
    .await;
}

#[tokio::test]
async fn where_it_is_off_there_are_no_buttons_and_old_ones_do_nothing() {
    scenario(clicking(), async |t| {
        let commit = pushed(t).await;
        let click = t.a_click(DBA, &commit, "Approve").await;
        t.apply(&Setup::default()).await;
        let code = refused(t, click).await;
        assert_eq!(code, "github-off");
        t.settle().await;
        let check = t.check(&commit);
        assert!(check.actions.is_empty(), "{check:#?}");
        assert!(
            check.summary.contains("approving on GitHub is off in `prod`"),
            "{}",
            check.summary
        );
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
    })
    .await;
}

/// The processes that take a click and tell of it fail at each of their calls, in each way.
#[tokio::test]
async fn whatever_call_fails_a_click_is_one_decision() {
    for (label, end) in [
        ("Approve", "Done; prod/db_demo 1 Done"),
        ("Reject", "Open; prod/db_demo 1 Waiting"),
    ] {
        let mut calls = 1;
        let mut nth = 0;
        while nth < calls {
            nth += 1;
            for (mishap, afterwards) in [
                (Mishap::RequestLost, Afterwards::Well),
                (Mishap::ReplyLost, Afterwards::Well),
                (Mishap::RequestLost, Afterwards::Dead),
                (Mishap::ReplyLost, Afterwards::Dead),
            ] {
                scenario(clicking(), async |t| {
                    let commit = pushed(t).await;
                    let click = t.a_click(DBA, &commit, label).await;
                    let pointer = pointer(click.clone());
                    t.fate.deal(Blow {
                        nth,
                        of: None,
                        mishap,
                        afterwards,
                    });
                    t.take_click(&pointer).await;
                    t.tell_all().await;
                    calls = calls.max(t.fate.calls().len());
                    // SQS brings it again, and so does GitHub.
                    t.recover().await;
                    t.deliver_click(&click).await;
                    t.recover().await;
                    t.take_faults();
                    assert_eq!(t.status(1).await, end, "call {nth}, {mishap:?}, {afterwards:?}");
                    assert_eq!(
                        decisions(t).await.len(),
                        1,
                        "call {nth}, {mishap:?}, {afterwards:?}"
                    );
                })
                .await;
            }
        }
        println!("{label}: {calls} calls");
    }
}
