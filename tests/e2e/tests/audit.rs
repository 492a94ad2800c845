//! Who decided and did what is kept on the deployed template, and what somebody alters in the table is found.

use driver::{Ran, Trouble, Who};
use e2e::{Ground, SOON};
use serde_json::{Value, json};

fn audit(ground: &Ground, words: &[&str]) -> Result<Ran, Trouble> {
    let arguments: Vec<&str> = std::iter::once("audit").chain(words.iter().copied()).collect();
    ground.driver.sluice(Who::Developer, &arguments)
}

#[test]
fn what_was_decided_and_done_is_in_the_audit_and_an_edit_by_hand_is_found() -> Result<(), Trouble> {
    let mut ground = Ground::take("audit")?;
    let place = ground.databases("prod", 1)?.remove(0);
    let commit = ground.push(&[place.ddl("1", "CREATE TABLE kept (id INT);\n")], "Audited")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    let number_text = number.to_string();
    ground.driver.issue_once(number, "Waiting", SOON)?;
    let approved = ground
        .driver
        .sluice(Who::Dba, &["issue", "approve", &number_text])?;
    assert_eq!(approved.code, Some(0), "{}", approved.stderr);
    ground.driver.issue_once(number, "Done", SOON)?;

    let exported = audit(&ground, &["export", "--issue", &number_text])?;
    assert_eq!(exported.code, Some(0), "{}", exported.stderr);
    let lines = exported.stdout.lines().map(serde_json::from_str::<Value>);
    let lines: Vec<Value> = lines
        .collect::<Result<_, _>>()
        .map_err(|error| Trouble(error.to_string()))?;
    let deeds: Vec<&str> = lines.iter().filter_map(|line| line["deed"].as_str()).collect();
    assert_eq!(
        deeds,
        ["issue_planned", "stage_approved", "task_begun", "task_done"]
    );
    let dba = &ground.driver.stack.principals.dba.arn;
    let by = lines
        .iter()
        .find(|line| line["deed"] == "stage_approved")
        .map(|line| &line["by"]["principal"]["arn"]);
    assert_eq!(by.and_then(Value::as_str), Some(dba.as_str()));

    // Others go on meanwhile, and it is whole all the same.
    let verified = audit(&ground, &["verify"])?;
    assert_eq!(verified.code, Some(0), "{}{}", verified.stdout, verified.stderr);

    let key = json!({
        "pk": {"S": format!("AUDIT#issue-{number}")},
        "sk": {"S": format!("item#{:020}", 2)},
    });
    let stored = ground.driver.ledger("GetItem", &json!({ "Key": key }))?;
    let mut item = stored["Item"].clone();
    item["because"] = json!({"S": "nobody looks"});
    ground.driver.ledger("PutItem", &json!({ "Item": item }))?;
    let altered = audit(&ground, &["verify", "--issue", &number_text])?;
    ground
        .driver
        .ledger("PutItem", &json!({ "Item": stored["Item"] }))?;
    assert_eq!(altered.code, Some(1), "{}", altered.stdout);
    let words = format!("issue {number}, item 2: its hash is not that of what it says");
    assert!(altered.stdout.contains(&words), "{}", altered.stdout);
    Ok(())
}
