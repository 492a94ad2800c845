//! Policies: steps, risk, expiry and windows, from the push to the server.

use jiff::{SignedDuration, Timestamp};
use model::{Gate, TaskStatus};
use scenarios::{DBA, DEVELOPER, SECURITY, Setup, World, scenario, whole_file};
use settings::{Approvers, Environment, RiskRule, Rollout, Step};
use workflow::ports::clock::Clock as _;

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";

fn path(version: &str) -> String {
    whole_file("prod/db_demo", version)
}

fn role(role: &str) -> Approvers {
    Approvers {
        roles: vec![role.to_owned()],
        principals: Vec::new(),
        github_ids: Vec::new(),
    }
}

fn prod(policy: fn(&mut Environment)) -> Setup {
    Setup {
        policy,
        ..Setup::default()
    }
}

/// What is said on the commit of an issue.
async fn said(t: &World, issue: u64) -> String {
    let commit = t.view(issue).await.issue.commit;
    t.check(&commit).summary
}

fn in_steps(environment: &mut Environment) {
    if environment.approvals > 0 {
        environment.approvals = 0;
        environment.approvers = Approvers::default();
        environment.steps = ["dba", "security"]
            .map(|name| Step {
                name: name.to_owned(),
                approvals: 1,
                approvers: role(name),
            })
            .to_vec();
    }
}

#[tokio::test]
async fn steps_are_taken_in_their_order() {
    scenario(prod(in_steps), async |t| {
        t.push(&[(&path("1"), SQL)]).await;
        t.settle().await;
        let refusal = t.approve(SECURITY, 1, "prod").await.unwrap_err();
        assert_eq!(refusal.code, "step-later", "{}", refusal.message);
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        let text = said(t, 1).await;
        assert!(
            text.contains("1 of 2") && text.contains("Step `security` is next"),
            "{text}"
        );
        // The same person once more is no second person.
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        t.approve(SECURITY, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
        assert_eq!(
            t.revision("prod/db_demo", "1").await.revision.approved_by.len(),
            2
        );
    })
    .await;
}

fn with_a_rule(environment: &mut Environment) {
    environment.rules = vec![RiskRule {
        name: "danger".to_owned(),
        findings: vec!["destructive".to_owned()],
        tables: vec!["Money*".to_owned()],
        blocking: false,
        rows_over: None,
        without_key: false,
        approvals: 1,
        approvers: role("security"),
    }];
}

#[tokio::test]
async fn what_is_dangerous_needs_one_more_also_where_nobody_approves() {
    scenario(prod(with_a_rule), async |t| {
        let test = |version: &str| whole_file("test/db_demo", version);
        t.push(&[(&test("1"), SQL), (&test("2"), "CREATE TABLE money (id INT);\n")])
            .await;
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Waiting; test/db_demo 2 Waiting"
        );
        let text = said(t, 1).await;
        assert!(text.contains("because it changes `money`"), "{text}");
        assert_eq!(
            t.approve(DBA, 1, "test").await.unwrap_err().code,
            "approver-unknown"
        );
        t.approve(SECURITY, 1, "test").await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Done; test/db_demo 2 Done"
        );

        // What is not dangerous runs at once.
        t.push(&[(&test("3"), "ALTER TABLE t ADD n INT;\n")]).await;
        t.settle().await;
        assert_eq!(t.status(2).await, "Done; test/db_demo 3 Done");

        t.push(&[(&path("1"), "CREATE TABLE gone (id INT);\nDROP TABLE gone;\n")])
            .await;
        t.settle().await;
        t.approve(DBA, 3, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(3).await, "Open; prod/db_demo 1 Waiting");
        let text = said(t, 3).await;
        assert!(text.contains("because review found `destructive`"), "{text}");
        t.approve(SECURITY, 3, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(3).await, "Done; prod/db_demo 1 Done");
    })
    .await;
}

#[tokio::test]
async fn an_edit_that_makes_it_dangerous_is_asked_about_again() {
    scenario(prod(with_a_rule), async |t| {
        let file = whole_file("test/db_demo", "2");
        let first = whole_file("test/db_demo", "1");
        // The lower version fails, so that the other one waits.
        t.push(&[(&first, "ALTER TABLE nowhere ADD a INT;\n"), (&file, SQL)])
            .await;
        t.settle().await;
        t.push(&[(&first, "SELECT 1;\n"), (&file, "DROP TABLE IF EXISTS money;\n")])
            .await;
        t.settle().await;
        let view = t.view(1).await;
        assert!(
            view.stages[0].tasks.iter().any(|task| !task.task.risk.is_none()),
            "{view:?}"
        );
        assert!(t.status(1).await.contains("2 Waiting"), "{}", t.status(1).await);
    })
    .await;
}

fn expiring(environment: &mut Environment) {
    environment.approvals_expire_after = Some("24h".to_owned());
}

#[tokio::test]
async fn an_approval_that_expired_can_be_given_again() {
    let setup = Setup {
        file_path_template: Some("{{DB_NAME}}##{{VERSION}}##{{TYPE}}.sql"),
        prepared: "CREATE TABLE shelf (id INT PRIMARY KEY);",
        ..prod(expiring)
    };
    scenario(setup, async |t| {
        let file = "bytebase/db_demo##1##dml.sql";
        // The test stage fails, so that what is approved for production does not run at once.
        t.sql("test/db_demo", "INSERT INTO shelf VALUES (1)").await;
        t.push(&[(file, "INSERT INTO shelf VALUES (1);\n")]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.wait(SignedDuration::from_hours(24));
        t.sql("test/db_demo", "DELETE FROM shelf").await;
        t.retry(DEVELOPER, 1).await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Open; test/db_demo 1 Done; prod/db_demo 1 Waiting"
        );
        let text = said(t, 1).await;
        assert!(text.contains("0 of 1; earlier approvals have expired"), "{text}");
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(
            t.status(1).await,
            "Done; test/db_demo 1 Done; prod/db_demo 1 Done"
        );
    })
    .await;
}

fn nightly(environment: &mut Environment) {
    environment.rollout = (environment.name.as_str() == "prod").then(|| Rollout {
        days: Vec::new(),
        from: "01:00".to_owned(),
        to: "03:00".to_owned(),
        time_zone: "Europe/Amsterdam".to_owned(),
    });
}

#[tokio::test]
async fn nothing_begins_outside_the_window_and_all_of_it_when_it_opens() {
    scenario(prod(nightly), async |t| {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // Noon of some day ahead, in winter.
        let day = t.clock.now().max(at("2031-01-15T11:00:00Z"));
        t.wait(day.duration_since(t.clock.now()));
        t.push(&[(&path("1"), SQL)]).await;
        t.settle().await;
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        let view = t.view(1).await;
        let TaskStatus::Waiting(Gate::Window { opens }) = view.stages[0].tasks[0].status else {
            panic!("{view:?}");
        };
        assert_eq!(opens, at("2031-01-16T00:00:00Z"));
        assert!(said(t, 1).await.contains("when the rollout window opens"));
        t.wait(opens.duration_since(t.clock.now()) - SignedDuration::from_secs(90));
        t.sweep().await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 1 Waiting");
        t.wait(SignedDuration::from_secs(91));
        t.sweep().await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 1 Done");
    })
    .await;
}

fn careful_with_rows(environment: &mut Environment) {
    let rule = |name: &str, rows_over, without_key| RiskRule {
        name: name.to_owned(),
        findings: Vec::new(),
        tables: Vec::new(),
        blocking: false,
        rows_over,
        without_key,
        approvals: 1,
        approvers: role("security"),
    };
    environment.rules = vec![rule("many", Some(50), false), rule("scan", None, true)];
}

#[tokio::test]
async fn what_looks_at_many_rows_or_at_all_of_them_is_approved_as_such() {
    let setup = Setup {
        prepared: "CREATE TABLE hits (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20));\n\
            INSERT INTO hits (what) WITH RECURSIVE s AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM s WHERE i < 400) \
            SELECT 'x' FROM s;\nANALYZE TABLE hits;",
        ..prod(careful_with_rows)
    };
    scenario(setup, async |t| {
        let dml = |version: &str| whole_file("test/db_demo", version).replace("##ddl##", "##dml##");
        // Few rows, by the key: nobody is asked.
        t.push(&[(&dml("1"), "UPDATE hits SET what = 'y' WHERE n = 3;\n")])
            .await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");

        t.push(&[(&dml("2"), "UPDATE hits SET what = 'z' WHERE n < 200;\n")])
            .await;
        t.settle().await;
        assert_eq!(t.status(2).await, "Open; test/db_demo 2 Waiting");
        let text = said(t, 2).await;
        assert!(text.contains("looks at more than 50 rows"), "{text}");
        t.approve(SECURITY, 2, "test").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(2).await, "Done; test/db_demo 2 Done");

        // What an earlier statement of the same file alters hides nothing.
        t.push(&[(
            &dml("3").replace("##dml##", "##ddl##"),
            "ALTER TABLE hits ADD f INT;\nUPDATE hits SET f = 1 WHERE n = 1;\n\
             CREATE TABLE fresh (a INT);\nINSERT INTO fresh SELECT 1;\nUPDATE fresh SET a = 2;\n",
        )])
        .await;
        t.settle().await;
        let view = t.view(3).await;
        let reaches = &view.stages[0].tasks[0].task.reaches;
        assert_eq!(reaches.len(), 1, "{reaches:?}");
        assert!(reaches[0].to_string().contains("can't be told"), "{reaches:?}");
        t.cancel(DEVELOPER, 3, "the story").await.unwrap();

        let scan = "UPDATE hits SET what = 'w' WHERE n = 1;\nDELETE FROM hits WHERE what = 'y';\n";
        t.push(&[(&dml("4"), scan)]).await;
        t.settle().await;
        let view = t.view(4).await;
        let reaches = &view.stages[0].tasks[0].task.reaches;
        assert_eq!(reaches.len(), 1, "{reaches:?}");
        assert!(reaches[0].without_key && reaches[0].statement == 2, "{reaches:?}");
        for _ in 0..2 {
            t.approve(SECURITY, 4, "test").await.unwrap();
            t.settle().await;
        }
        assert_eq!(t.status(4).await, "Open; test/db_demo 4 Waiting");
    })
    .await;
}
