//! What whoever listens hears of a story: each thing once, in words that quote nobody.

use futures::stream::{self, StreamExt};
use jiff::SignedDuration;
use model::EventKind;
use scenarios::{Afterwards, Blow, DBA, Mishap, SECURITY, Setup, World, scenario, whole_file};
use settings::{Approvers, RiskRule};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Its second statement fails because of rows.
const BAD: &str = "INSERT INTO hits (what) VALUES ('4711-secret'), ('4711-secret');\n\
    ALTER TABLE hits ADD UNIQUE KEY (what);\n";

fn setup() -> Setup {
    Setup {
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20));",
        ..Setup::default()
    }
}

/// A push that fails in `test` and waits in `prod`; it is mended; it is approved and done. `before` comes before each part.
async fn story(t: &World, before: impl Fn(usize)) {
    let (test, prod) = (whole_file("test/db_demo", "1"), whole_file("prod/db_demo", "1"));
    let good = BAD.replace("UNIQUE KEY", "KEY");
    before(0);
    t.push(&[(&test, BAD), (&prod, &good)]).await;
    t.settle().await;
    t.recover().await;
    before(1);
    t.push(&[(&test, &good)]).await;
    t.settle().await;
    t.recover().await;
    t.approve(DBA, 1, "prod").await.unwrap();
    before(2);
    t.settle().await;
    t.recover().await;
    t.take_faults();
    assert_eq!(
        t.status(1).await,
        "Done; test/db_demo 1 Done; prod/db_demo 1 Done"
    );
}

const HEARD: [&str; 11] = [
    "sluice.issue.planned",
    "sluice.task.begun",
    "sluice.task.failed",
    "sluice.issue.waiting_for_approval",
    "sluice.task.replaced",
    "sluice.task.begun",
    "sluice.task.done",
    "sluice.issue.approved",
    "sluice.task.begun",
    "sluice.task.done",
    "sluice.issue.done",
];

#[tokio::test]
async fn every_step_of_an_issue_is_heard_once_and_quotes_nobody() {
    scenario(setup(), async |t| {
        story(t, |_| {}).await;
        assert_eq!(t.heard_kinds(1), HEARD);
        let told = t.events.inner().events();
        assert_eq!(
            told.len(),
            HEARD.len(),
            "nothing is told twice where nothing goes wrong"
        );
        let heard = t.heard(1);
        let failed = heard
            .iter()
            .find(|event| event.kind == EventKind::TaskFailed)
            .unwrap();
        let task = failed.detail.task.as_ref().unwrap();
        assert_eq!(
            (task.attempt, task.statement, task.code.as_deref()),
            (Some(1), Some(2), Some("mysql-1062"))
        );
        assert!(
            failed
                .detail
                .summary
                .ends_with("failed at statement 2 (mysql-1062); `sluice issue show 1` says why"),
            "{}",
            failed.detail.summary
        );
        let of = |kind| heard.iter().find(|event| event.kind == kind).unwrap();
        assert_eq!(
            of(EventKind::IssueWaiting).detail.digest,
            of(EventKind::IssueApproved).detail.digest,
            "what was waited for is what was approved"
        );
        for part in ["secret", "ALTER", "INSERT", "hits", "Duplicate"] {
            assert!(!format!("{heard:?}").contains(part), "{part}: {heard:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_approval_is_waited_for_once_for_each_step_and_digest() {
    let setup = Setup {
        policy: |environment| {
            if environment.name.as_str() == "prod" {
                environment.approvals_expire_after = Some("24h".to_owned());
                environment.rules = vec![RiskRule {
                    name: "security".to_owned(),
                    findings: vec!["destructive".to_owned()],
                    tables: Vec::new(),
                    blocking: false,
                    rows_over: None,
                    without_key: false,
                    approvals: 1,
                    approvers: Approvers {
                        roles: vec!["security".to_owned()],
                        principals: Vec::new(),
                        github_ids: Vec::new(),
                    },
                }];
            }
        },
        ..setup()
    };
    scenario(setup, async |t| {
        let path = whole_file("prod/db_demo", "1");
        t.push(&[(&path, "DROP TABLE hits;\n")]).await;
        t.settle().await;
        t.recover().await;
        let steps = |t: &World| -> Vec<String> {
            let heard = t.heard(1);
            let needed = heard.iter().filter_map(|event| event.detail.needed.clone());
            needed
                .map(|needed| format!("{} {}", needed.step, needed.who))
                .collect()
        };
        assert_eq!(steps(t).len(), 1, "{:?}", steps(t));
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        t.recover().await;
        assert_eq!(steps(t).len(), 2, "{:?}", steps(t));
        assert!(steps(t)[1].starts_with("security "), "{:?}", steps(t));
        // Nobody writes down that an approval expired: the sweeper finds it.
        t.wait(SignedDuration::from_hours(25));
        t.sweep().await;
        t.settle().await;
        assert_eq!(steps(t).len(), 3, "{:?}", steps(t));
        assert_eq!(steps(t)[2], steps(t)[0]);
        t.push(&[(&path, "DELETE FROM hits WHERE n = 1;\nDROP TABLE hits;\n")])
            .await;
        t.settle().await;
        assert_eq!(
            steps(t).len(),
            4,
            "another text is another digest: {:?}",
            steps(t)
        );
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        t.approve(SECURITY, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        assert_eq!(t.heard_kinds(1).last(), Some(&"sluice.issue.done"));
    })
    .await;
}

#[tokio::test]
async fn what_others_changed_meanwhile_is_heard_of() {
    scenario(Setup { ..Setup::small() }, async |t| {
        t.push(&[(
            &whole_file("test/db_demo", "1"),
            "CREATE TABLE a (id INT PRIMARY KEY);\n",
        )])
        .await;
        t.settle().await;
        let schema = t.target("test/db_demo").database.clone();
        t.sql(
            "test/db_demo",
            &format!("CREATE TABLE `{schema}`.by_hand (id INT PRIMARY KEY)"),
        )
        .await;
        t.push(&[(
            &whole_file("test/db_demo", "2"),
            "CREATE TABLE b (id INT PRIMARY KEY);\n",
        )])
        .await;
        t.settle().await;
        let heard = t.heard(2);
        let drift = heard
            .iter()
            .find(|event| event.kind == EventKind::TaskDrift)
            .unwrap();
        let task = drift.detail.task.as_ref().unwrap();
        assert_eq!((task.version.as_str(), task.since.as_deref()), ("2", Some("1")));
        assert!(t.heard(1).iter().all(|event| event.kind != EventKind::TaskDrift));
        t.sql("test/db_demo", &format!("DROP TABLE `{schema}`.by_hand"))
            .await;
    })
    .await;
}

/// How many stories are told at once: they wait for the server most of the time.
const AT_ONCE: usize = 6;
/// The calls that telling makes; each is made so often in a part of the story, at most.
const CALLS: [(&str, usize); 4] = [
    ("Events::tell", 2),
    ("EventLedger::announced", 2),
    ("AuditLedger::audit_items", 4),
    ("OutboxLedger::settle_outbox", 4),
];

/// Whether the blow was dealt.
async fn struck(part: usize, blow: Blow) -> bool {
    let calls = AtomicUsize::new(0);
    scenario(setup(), async |t| {
        story(t, |now| {
            if now == part {
                t.fate.deal(blow);
            }
        })
        .await;
        let mut heard = t.heard_kinds(1);
        let mut expected = HEARD.to_vec();
        heard.sort_unstable();
        expected.sort_unstable();
        assert_eq!(heard, expected, "part {part}, {blow:?}");
        calls.store(t.events.inner().events().len(), Ordering::Relaxed);
    })
    .await;
    calls.into_inner() > HEARD.len()
}

/// The reporter dies before and after any of its calls, or does not hear what came of it: everything is heard in the end, and
/// nothing that did not happen.
#[tokio::test]
async fn killed_at_any_call_of_telling_everything_is_heard_and_nothing_else() {
    let ways = [
        (Mishap::RequestLost, Afterwards::Dead),
        (Mishap::ReplyLost, Afterwards::Dead),
        (Mishap::RequestLost, Afterwards::Well),
        (Mishap::ReplyLost, Afterwards::Well),
    ];
    let mut cells = Vec::new();
    for part in 0..3 {
        for (of, times) in CALLS {
            for nth in 1..=times {
                cells.extend(ways.map(|(mishap, afterwards)| {
                    let blow = Blow {
                        nth,
                        of: Some(of),
                        mishap,
                        afterwards,
                    };
                    (part, blow)
                }));
            }
        }
    }
    let told = stream::iter(cells).map(|(part, blow)| struck(part, blow));
    let doubled: Vec<bool> = told.buffer_unordered(AT_ONCE).collect().await;
    // Who dies between telling and noting it tells again.
    assert!(doubled.into_iter().filter(|doubled| *doubled).count() >= 6);
}
