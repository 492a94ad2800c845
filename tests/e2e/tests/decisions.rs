//! What people decide: no, again, not at all. Each is taken from whoever may, and held.

use driver::{Ran, Trouble, Who};
use e2e::{Ground, SOON, only_task, tasks};
use model::{ApprovalStatus, TaskStatus};

fn decide(ground: &Ground, who: Who, words: &[&str]) -> Result<Ran, Trouble> {
    let arguments: Vec<&str> = std::iter::once("issue").chain(words.iter().copied()).collect();
    ground.driver.sluice(who, &arguments)
}

#[test]
fn a_failed_task_is_run_again_where_the_world_has_changed() -> Result<(), Trouble> {
    let mut ground = Ground::take("retry")?;
    let place = ground.database()?;
    // What only rows tell, no rehearsal finds.
    ground.sql.run(&format!(
        "CREATE TABLE `{0}`.twice (id INT); INSERT INTO `{0}`.twice VALUES (1), (1)",
        place.name
    ))?;
    let text = "CREATE TABLE first (id INT);\nALTER TABLE twice ADD COLUMN added INT, ADD UNIQUE KEY (id);\n";
    let commit = ground.push(&[place.ddl("1", text)], "Needs rows that differ")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    ground.driver.issue_once(number, "Failed", SOON)?;
    ground
        .sql
        .run(&format!("DELETE FROM `{}`.twice LIMIT 1", place.name))?;
    let retried = decide(&ground, Who::Dba, &["retry", &number.to_string()])?;
    assert_eq!(retried.code, Some(0), "{}", retried.stderr);
    let issue = ground.driver.issue_once(number, "Done", SOON)?;
    assert_eq!(only_task(&issue)?.task.attempt, 2);
    assert_eq!(ground.sql.columns(&place.name, "twice")?, ["id", "added"]);
    ground.driver.check_once(&commit, "success", SOON)?;
    Ok(())
}

#[test]
fn a_rejected_stage_stays_and_canceled_tasks_never_run() -> Result<(), Trouble> {
    let mut ground = Ground::take("no")?;
    let places = ground.databases("prod", 2)?;
    let files: Vec<_> = places
        .iter()
        .map(|place| place.ddl("1", "CREATE TABLE unwanted (id INT);\n"))
        .collect();
    let commit = ground.push(&files, "Unwanted")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    let number_text = number.to_string();
    ground.driver.issue_once(number, "Waiting", SOON)?;
    let developer = decide(
        &ground,
        Who::Developer,
        &["reject", &number_text, "--because", "no"],
    )?;
    assert_eq!(developer.code, Some(1), "not an approver: {}", developer.stderr);
    let rejected = decide(
        &ground,
        Who::Dba,
        &["reject", &number_text, "--because", "not now"],
    )?;
    assert_eq!(rejected.code, Some(0), "{}", rejected.stderr);
    let issue = ground.driver.issue(number)?;
    let dba = ground.driver.stack.principals.dba.arn.clone();
    let expected = ApprovalStatus::Rejected {
        by: dba,
        because: Some("not now".to_owned()),
    };
    assert_eq!(issue.stages[0].approval, expected);
    // A sweep finds nothing to run either.
    assert!(!ground.driver.sweep()?.failed);

    let canceled = decide(
        &ground,
        Who::Dba,
        &["cancel", &number_text, "--because", "not needed"],
    )?;
    assert_eq!(canceled.code, Some(0), "{}", canceled.stderr);
    let issue = ground.driver.issue_once(number, "Canceled", SOON)?;
    for view in tasks(&issue) {
        assert!(matches!(&view.status, TaskStatus::Canceled { because } if because.contains("not needed")));
    }
    for place in &places {
        assert_eq!(ground.sql.columns(&place.name, "unwanted")?, Vec::<String>::new());
    }
    Ok(())
}
