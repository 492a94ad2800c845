//! What only the DynamoDB ledger can get wrong: how things are stored, and what is made of damage and lost replies.

use crate::bed::on_a_table;
use crate::proxy::Proxy;
use aws_sdk_dynamodb::types::AttributeValue;
use ledger::DynamoLedger;
use model::{Checksum, IssueNumber, TaskRun};
use testkit::fixtures;
use workflow::ports::ledger::{
    Commit, Committed, DeliveryLedger, IssueLedger, Noted, PlanLedger, SettingsLedger, TargetLedger,
    TextLedger, Write,
};

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

#[tokio::test]
async fn an_item_can_be_read_in_the_console() {
    on_a_table(async |bed| {
        let mut task = fixtures::task(7, &fixtures::target("db_demo"), "202303100000");
        let writes = vec![Write::Issue(fixtures::issue(7)), Write::Task(task.clone())];
        assert_eq!(bed.ledger.commit(writes).await.unwrap(), Committed::Yes);
        let issue = bed.item("ISSUE#0000000007", "issue").await;
        assert_eq!(issue["entity"], text("issue"));
        assert_eq!(issue["number"], AttributeValue::N("7".to_owned()));
        assert_eq!(issue["pusher"].as_m().unwrap()["login"], text("dev"));
        let version = task.change.version.key().as_str().to_owned();
        let (pk, sk) = ("TARGET#demo-test/db_demo", format!("task#{version}"));
        assert_eq!(bed.item(pk, &sk).await["open"], text(&version));
        task.run = TaskRun::Done;
        task.edition = 2;
        assert_eq!(
            bed.ledger.commit(vec![Write::Task(task)]).await.unwrap(),
            Committed::Yes
        );
        assert_eq!(bed.item(pk, &sk).await.get("open"), None);
    })
    .await;
}

#[tokio::test]
async fn unknown_stored_data_is_a_bug_that_names_the_item() {
    on_a_table(async |bed| {
        let task = fixtures::task(1, &fixtures::target("db_demo"), "1");
        let sk = format!("task#{}", task.change.version.key().as_str());
        let writes = vec![Write::Task(task.clone())];
        assert_eq!(bed.ledger.commit(writes).await.unwrap(), Committed::Yes);
        let good = bed.item("TARGET#demo-test/db_demo", &sk).await;
        let unknown_state = AttributeValue::M([("state".to_owned(), text("paused"))].into());
        for (name, value) in [
            ("run", Some(unknown_state)),
            ("entity", Some(text("job"))),
            ("entity", None),
            ("issue", None),
            ("issue", Some(AttributeValue::N("-1".to_owned()))),
            ("stored_as", Some(text(Checksum::of(b"gone").as_str()))),
        ] {
            let mut bad = good.clone();
            bad.remove(name);
            bad.extend(value.clone().map(|value| (name.to_owned(), value)));
            bed.put(bad).await;
            let fault = bed.ledger.tasks(&[task.key()]).await.unwrap_err();
            assert_eq!(fault.class(), "fault.bug", "{name} {value:?}: {fault}");
            let message = fault.to_string();
            assert!(
                message.contains("TARGET#demo-test/db_demo") && message.contains(&sk),
                "{message}"
            );
            assert!(
                bed.ledger.open_tasks(&task.target).await.is_err(),
                "{name} {value:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_altered_text_and_half_a_text_are_none_and_are_stored_anew() {
    on_a_table(async |bed| {
        let checksum = bed.ledger.put_text(fixtures::SQL).await.unwrap();
        let pk = format!("TEXT#{checksum}");
        let good = bed.item(&pk, "part#0000").await;
        let other = bed.ledger.put_text("SELECT 2;").await.unwrap();
        let other = bed.item(&format!("TEXT#{other}"), "part#0000").await;
        for name in ["body", "size", "parts"] {
            let mut bad = good.clone();
            bad.remove(name);
            bed.put(bad).await;
            assert_eq!(bed.ledger.text(&checksum).await.unwrap(), None, "{name}");
        }
        let mut swapped = good.clone();
        swapped.insert("body".to_owned(), other["body"].clone());
        bed.put(swapped).await;
        assert_eq!(bed.ledger.text(&checksum).await.unwrap(), None);
        bed.ledger.put_text(fixtures::SQL).await.unwrap();
        assert_eq!(bed.item(&pk, "part#0000").await, good, "it is stored anew");
        // What a death between two parts leaves: the first part is written last.
        let mut second = good.clone();
        second.insert("sk".to_owned(), text("part#0001"));
        bed.put(second).await;
        bed.forget(&pk, "part#0000").await;
        assert_eq!(bed.ledger.text(&checksum).await.unwrap(), None);
        bed.ledger.put_text(fixtures::SQL).await.unwrap();
        assert_eq!(
            bed.ledger.text(&checksum).await.unwrap().as_deref(),
            Some(fixtures::SQL)
        );
    })
    .await;
}

#[tokio::test]
async fn every_version_of_the_settings_is_kept() {
    on_a_table(async |bed| {
        for version in 1..=2 {
            let settings = fixtures::settings(version);
            assert_eq!(
                bed.ledger
                    .put_settings(&settings, fixtures::settings_audit())
                    .await
                    .unwrap(),
                Committed::Yes
            );
        }
        for version in ["1", "2"] {
            let kept = bed.item("SETTINGS", &format!("v#000000000{version}")).await;
            assert_eq!(kept["version"], AttributeValue::N(version.to_owned()));
        }
    })
    .await;
}

#[tokio::test]
async fn a_missing_table_needs_an_operator() {
    let config = testkit::platform::config().await;
    let ledger = DynamoLedger::configured(&config, "no-such-table");
    for fault in [
        ledger.settings().await.unwrap_err(),
        ledger
            .commit(vec![Write::Issue(fixtures::issue(1))])
            .await
            .unwrap_err(),
        ledger.open_tasks(&fixtures::target("db_demo")).await.unwrap_err(),
        ledger.issues(&[1, 2].map(IssueNumber)).await.unwrap_err(),
    ] {
        assert_eq!(fault.class(), "fault.operator", "{}", fault.chain());
        assert!(fault.to_string().contains("no-such-table"), "{fault}");
    }
}

#[tokio::test]
async fn an_unreachable_table_is_worth_another_try() {
    let config = testkit::platform::config().await;
    let nowhere = config.into_builder().endpoint_url("http://127.0.0.1:1").build();
    let fault = DynamoLedger::configured(&nowhere, "ledger")
        .last_issue()
        .await
        .unwrap_err();
    assert_eq!(fault.class(), "fault.retry", "{}", fault.chain());
}

#[tokio::test]
async fn a_transaction_whose_reply_was_lost_is_no_conflict() {
    on_a_table(async |bed| {
        let proxy = Proxy::to(bed.config.endpoint_url().unwrap()).await;
        let config = bed.config.to_builder().endpoint_url(proxy.endpoint()).build();
        let ledger = DynamoLedger::configured(&config, &bed.table);
        let writes = vec![
            Write::IssueNumber(IssueNumber(1)),
            Write::Issue(fixtures::issue(1)),
        ];
        let outcome = proxy.during(ledger.commit(writes)).await;
        assert_eq!(outcome.unwrap(), Committed::Yes);
        assert_eq!(proxy.requests(), 2, "the reply to the first one was lost");
        assert_eq!(bed.ledger.last_issue().await.unwrap(), IssueNumber(1));
    })
    .await;
}

#[tokio::test]
async fn a_note_whose_reply_was_lost_is_the_first() {
    on_a_table(async |bed| {
        let proxy = Proxy::to(bed.config.endpoint_url().unwrap()).await;
        let config = bed.config.to_builder().endpoint_url(proxy.endpoint()).build();
        let ledger = DynamoLedger::configured(&config, &bed.table);
        let noted = proxy.during(ledger.note("one", fixtures::time(9))).await;
        assert_eq!(noted.unwrap(), Noted::First);
        assert_eq!(proxy.requests(), 2, "the reply to the first one was lost");
        assert_eq!(
            bed.ledger.note("one", fixtures::time(9)).await.unwrap(),
            Noted::Duplicate
        );
    })
    .await;
}
