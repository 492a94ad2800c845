//! On which commits a push is answered.

use crate::bed::Bed;
use testkit::fake_github::FakeFile;
use testkit::fixtures;
use workflow::ports::github::CheckState;
use workflow::ports::ledger::{IssueLedger as _, PlanLedger as _};

const ONE: &str = "bytebase/test/db_demo##1##ddl##a.sql";
const TWO: &str = "bytebase/test/db_demo##2##ddl##b.sql";
const LATEST: &str = "bytebase/test/.db_demo##LATEST.sql";

fn table(path: &'static str, name: &str) -> [(&'static str, Option<FakeFile>); 1] {
    let text = format!("CREATE TABLE {name} (id INT);\n");
    [(path, Some(FakeFile::text(&text)))]
}

#[tokio::test]
async fn a_push_is_answered_on_the_commit_that_people_pushed() {
    let mut bed = Bed::with(fixtures::SETTINGS).await;
    bed.push(&table("README.md", "none")).await;
    // Our own commit comes on top before anything is planned.
    let person = bed.push_as("dev", &table(ONE, "a")).await;
    let ours = bed.push_as("sluice[bot]", &table(LATEST, "a")).await;
    bed.plan(&person).await;
    bed.plan(&ours).await;
    bed.tell().await;
    assert_eq!(bed.check_run(&person.after).state, CheckState::Queued);
    let number = bed.ledger.last_issue().await.unwrap();
    let issue = bed.ledger.issues(&[number]).await.unwrap().remove(0);
    assert_eq!(
        (number.0, &issue.commit, issue.pusher.login.as_str()),
        (1, &person.after, "dev")
    );
}

#[tokio::test]
async fn pushes_that_are_planned_together_are_answered_on_each() {
    let mut bed = Bed::with(fixtures::SETTINGS).await;
    bed.push(&table("README.md", "none")).await;
    let first = bed.push_as("dev", &table(ONE, "a")).await;
    let second = bed.push_as("dana", &table(TWO, "b")).await;
    bed.plan(&first).await;
    bed.plan(&second).await;
    bed.tell().await;
    for pointer in [&first, &second] {
        let summary = bed.check_run(&pointer.after).summary;
        assert!(summary.contains(ONE) && summary.contains(TWO), "{summary}");
    }
    assert_eq!(bed.ledger.last_issue().await.unwrap().0, 1);
}
