//! The story of the tutorial.

use scenarios::{DBA, DEVELOPER, Setup, scenario};
use workflow::intake::Intake;
use workflow::ports::github::CheckState;

const TEST: &str = "bytebase/test/db_demo##202303100000##ddl##create_t2.sql";
const PROD: &str = "bytebase/prod/db_demo##202303100000##ddl##create_t2.sql";
const SQL: &str = "CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255));\n";

#[tokio::test]
async fn a_push_becomes_a_schema_change() {
    scenario(Setup::default(), async |t| {
        let pushed = t.push(&[(TEST, SQL)]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 202303100000 Done");
        assert_eq!(t.columns("test/db_demo", "t2").await, ["id", "course"]);
        let issue = t.view(1).await.issue;
        assert_eq!(issue.creator.member.as_deref(), Some(DEVELOPER));
        assert_eq!(
            (issue.pusher.login.as_str(), issue.assignee.as_str()),
            (DEVELOPER, "sluice")
        );
        let check = t.check(&pushed);
        assert_eq!(
            (check.state, check.title.as_str()),
            (CheckState::Success, "Issue 1: 1 done")
        );
        let revision = t.revision("test/db_demo", "202303100000").await;
        assert!(
            revision.diff.contains("+CREATE TABLE `t2` ("),
            "{}",
            revision.diff
        );
        let written = t.written_back("bytebase/test/.db_demo##LATEST.sql").unwrap();
        assert_eq!(written, revision.schema);
        assert_eq!(t.write_backs(), 1);
    })
    .await;
}

#[tokio::test]
async fn production_waits_for_somebody_else() {
    scenario(Setup::default(), async |t| {
        let pushed = t.push(&[(PROD, SQL)]).await;
        t.settle().await;
        assert_eq!(t.status(1).await, "Open; prod/db_demo 202303100000 Waiting");
        assert_eq!(t.check(&pushed).state, CheckState::ActionRequired);
        assert_eq!(t.view(1).await.issue.assignee, "dba");
        let refusal = t.approve(DEVELOPER, 1, "prod").await.unwrap_err();
        assert_eq!(refusal.code, "approval-own");
        t.settle().await;
        assert!(t.columns("prod/db_demo", "t2").await.is_empty());
        t.approve(DBA, 1, "prod").await.unwrap();
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; prod/db_demo 202303100000 Done");
        assert_eq!(t.columns("prod/db_demo", "t2").await, ["id", "course"]);
        assert_eq!(t.check(&pushed).state, CheckState::Success);
        let approved = &t.revisions("prod/db_demo").await[0].approved_by;
        assert_eq!(approved, &["arn:aws:iam::000000000000:user/dba"]);
    })
    .await;
}

#[tokio::test]
async fn a_revision_says_what_changed_what_drifted_and_how_to_go_back() {
    const FIRST: &str = "bytebase/test/db_demo##1##ddl##a.sql";
    const SECOND: &str = "bytebase/test/db_demo##2##ddl##b.sql";
    scenario(Setup::small(), async |t| {
        t.push(&[(FIRST, "CREATE TABLE t (id INT PRIMARY KEY, nick VARCHAR(20));\n")])
            .await;
        t.settle().await;
        t.sql("test/db_demo", "ALTER TABLE t ADD by_hand INT").await;
        t.push(&[(
            SECOND,
            "ALTER TABLE t RENAME COLUMN nick TO name, ADD note TEXT;\nDROP TABLE IF EXISTS gone;\n",
        )])
        .await;
        t.settle().await;
        let second = t.revision("test/db_demo", "2").await;
        assert_eq!(
            second.changes,
            [
                "table `t`: column `nick` renamed to `name`",
                "table `t`: column `note` added after `by_hand`: text"
            ]
        );
        assert_eq!(
            second.drift,
            ["table `t`: column `by_hand` added after `nick`: int DEFAULT NULL"]
        );
        let rollback = second.rollback.unwrap();
        assert!(
            rollback.starts_with("-- Proposed rollback of version 2 on "),
            "{rollback}"
        );
        assert!(
            rollback.contains("-- loses: the values of column `note` of table `t`"),
            "{rollback}"
        );
        assert!(rollback.contains("RENAME COLUMN `name` TO `nick`"), "{rollback}");
        let first = t.revision("test/db_demo", "1").await;
        assert_eq!(
            (first.changes, first.drift),
            (vec!["table `t` added".to_owned()], Vec::<String>::new())
        );
        assert_eq!(t.view(2).await.stages[0].tasks[0].changes, second.changes);

        // The proposal is a change like any other, and leads back.
        t.push(&[("bytebase/test/db_demo##3##ddl##back.sql", &rollback)])
            .await;
        t.settle().await;
        let third = t.revision("test/db_demo", "3").await;
        assert_eq!(third.schema, second.before);
        t.sql("test/db_demo", "ALTER TABLE t DROP by_hand").await;
    })
    .await;
}

#[tokio::test]
async fn a_second_delivery_does_nothing() {
    scenario(Setup::default(), async |t| {
        t.push(&[(TEST, SQL)]).await;
        assert_eq!(t.deliver_again().await, Some(Intake::Duplicate));
        t.settle().await;
        assert_eq!(t.deliver_again().await, Some(Intake::Duplicate));
        t.settle().await;
        assert_eq!(t.issues().await, 1);
        assert_eq!(t.write_backs(), 1);
    })
    .await;
}
