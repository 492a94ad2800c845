//! Tasks in people's hands on the deployed template: skipped, reopened, begun at a time, and one issue after another.

use driver::{Ran, Trouble, Who};
use e2e::{Ground, Project, SOON, SWEPT};

/// One command of the DBA's that works.
fn sluice(ground: &Ground, words: &str) -> Result<Ran, Trouble> {
    let words: Vec<&str> = words.split(' ').collect();
    let ran = ground.driver.sluice(Who::Dba, &words)?;
    assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.stderr);
    Ok(ran)
}

fn push(ground: &Ground, project: &Project, place: usize, version: &str, sql: &str) -> Result<u64, Trouble> {
    let file = project.ddl(place, version, sql);
    let commit = project.push(&ground.driver, &[file], &format!("Version {version}"))?;
    Ok(ground.driver.issue_of(&commit, SOON)?.issue.number.0)
}

#[test]
fn what_failed_is_skipped_reopened_and_resolved_with_its_issue() -> Result<(), Trouble> {
    let mut ground = Ground::take("skipped")?;
    let project = ground.project("STORY", &[("test", 1)])?;
    project.begin(&ground.driver, &project.branch)?;
    let number = push(&ground, &project, 0, "1", "ALTER TABLE nobody ADD n INT;\n")?;
    ground.driver.issue_once(number, "Failed", SOON)?;
    sluice(
        &ground,
        &format!("task skip {number} --task 1 --because elsewhere"),
    )?;
    ground.driver.issue_once(number, "Skipped", SOON)?;
    let shown = sluice(&ground, &format!("issue reopen {number} --because needed"))?;
    assert!(shown.stdout.contains("Open"), "{}", shown.stdout);
    // It is run again, and fails again.
    ground.driver.issue_once(number, "Failed", SOON)?;
    sluice(&ground, &format!("issue resolve {number} --because enough"))?;
    let done = ground.driver.issue_once(number, "Skipped", SOON)?;
    assert_eq!(done.status.to_string(), "Done");
    let audit = sluice(&ground, &format!("audit export --issue {number}"))?;
    for (deed, count) in [("task_skipped", 2), ("task_reopened", 1), ("task_failed", 2)] {
        let found = audit.stdout.matches(&format!("\"{deed}\"")).count();
        assert_eq!(found, count, "{deed}: {}", audit.stdout);
    }
    Ok(())
}

#[test]
fn a_task_begins_at_its_time_and_an_issue_after_another() -> Result<(), Trouble> {
    let mut ground = Ground::take("later")?;
    let project = ground.project("STORY", &[("prod", 2)])?;
    project.begin(&ground.driver, &project.branch)?;
    let first = push(&ground, &project, 0, "1", "CREATE TABLE first (n INT);\n")?;
    let second = push(&ground, &project, 1, "1", "CREATE TABLE second (n INT);\n")?;
    sluice(&ground, &format!("issue depends {second} --on {first}"))?;
    let circle = format!("issue depends {first} --on {second}");
    let circle: Vec<&str> = circle.split(' ').collect();
    let refused = ground.driver.sluice(Who::Dba, &circle)?;
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    let why = format!("issue {second} waits for issue {first} itself");
    assert!(refused.stderr.contains(&why), "{}", refused.stderr);
    sluice(&ground, &format!("task run {first} --at 2099-01-01T00:00:00Z"))?;
    sluice(&ground, &format!("issue approve {first}"))?;
    sluice(&ground, &format!("issue approve {second}"))?;
    ground.driver.sweep()?;
    let shown = sluice(&ground, &format!("issue show {first}"))?;
    assert!(
        shown.stdout.contains("Waiting until 2099-01-01T00:00:00Z"),
        "{}",
        shown.stdout
    );
    let shown = sluice(&ground, &format!("issue show {second}"))?;
    let waits = format!("Waiting for issue {first}, on which this one depends");
    assert!(shown.stdout.contains(&waits), "{}", shown.stdout);
    sluice(&ground, &format!("task run {first} --at now"))?;
    ground.driver.issue_once(first, "Done", SOON)?;
    ground.driver.issue_once(second, "Done", SWEPT)?;
    Ok(())
}
