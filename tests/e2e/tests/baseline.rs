//! A database with history: what the repository holds already never runs, and the next file does.

use driver::{Trouble, Who};
use e2e::{Ground, SOON, only_task};

#[test]
fn history_never_runs_and_the_next_file_does() -> Result<(), Trouble> {
    let mut ground = Ground::take("history")?;
    let place = ground.database()?;
    let set = [
        "baseline",
        "set",
        &ground.driver.stack.project,
        "--up-to",
        "all",
        "--target",
        &place.target,
    ];
    let refused = ground.driver.sluice(Who::Developer, &set)?;
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    let done = ground.driver.sluice(Who::Admin, &set)?;
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    // What is there when "all" is planned is history.
    let history = [
        place.ddl("1", "CREATE TABLE t1 (id INT);\n"),
        place.ddl("2", "CREATE TABLE t2 (id INT);\n"),
    ];
    let commit = ground.push(&history, "Bring the history")?;
    let check = ground.driver.check_once(&commit, "success", SOON)?;
    let summary = check.output.summary.unwrap_or_default();
    assert!(summary.contains("covers everything up to 2"), "{summary}");
    let next = ground.push(&[place.ddl("3", "CREATE TABLE t3 (id INT);\n")], "Make t3")?;
    let number = ground.driver.issue_of(&next, SOON)?.issue.number.0;
    let issue = ground.driver.issue_once(number, "Done", SOON)?;
    assert_eq!(only_task(&issue)?.task.change.version.as_str(), "3");
    assert_eq!(ground.sql.columns(&place.name, "t3")?, ["id"]);
    assert_eq!(ground.sql.columns(&place.name, "t1")?, Vec::<String>::new());
    Ok(())
}
