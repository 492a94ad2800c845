//! Fifty files over ten databases in one push.

use driver::{Patience, Trouble, Who};
use e2e::{Ground, SOON, tasks};
use model::{IssueStatus, Revision};
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct Page {
    revisions: Vec<Revision>,
}

#[test]
fn fifty_files_are_one_issue_and_run_in_order() -> Result<(), Trouble> {
    let mut ground = Ground::take("fifty")?;
    let places = ground.databases("test", 10)?;
    // Each version needs the one before it: any other order fails.
    let mut files: Vec<(String, String)> = Vec::new();
    for version in (1..=5).rev() {
        for place in &places {
            let text = match version {
                1 => "CREATE TABLE steps (c1 INT);\n".to_owned(),
                _ => format!(
                    "ALTER TABLE steps ADD COLUMN c{version} INT AFTER c{};\n",
                    version - 1
                ),
            };
            files.push(place.ddl(&format!("20230310000{version}"), &text));
        }
    }
    let commit = ground.push(&files, "Fifty changes")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    let issue = ground.driver.issue_once(number, "Done", Patience::seconds(240))?;
    assert_eq!(tasks(&issue).len(), 50);
    assert_eq!(issue.status, IssueStatus::Done);
    ground.driver.check_once(&commit, "success", SOON)?;
    assert_eq!(ground.newest()?, number, "one issue, not several");

    for place in &places {
        assert_eq!(
            ground.sql.columns(&place.name, "steps")?,
            ["c1", "c2", "c3", "c4", "c5"]
        );
        let page: Page = ground
            .driver
            .sluice(Who::Developer, &["--json", "version", "list", &place.target])?
            .json()?;
        let by_time: BTreeMap<_, _> = page
            .revisions
            .iter()
            .map(|revision| (revision.finished_at, revision.change.version.to_string()))
            .collect();
        let versions: Vec<String> = by_time.into_values().collect();
        let expected: Vec<String> = (1..=5).map(|version| format!("20230310000{version}")).collect();
        assert_eq!(versions, expected, "{} in order", place.target);
    }
    Ok(())
}
