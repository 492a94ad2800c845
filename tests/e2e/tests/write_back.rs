//! Write-back where GitHub does not take it: a protected branch, and a GitHub that fails.

use driver::{Failure, Operation, Trouble};
use e2e::{Ground, Project, SOON, SWEPT, only_task};
use model::WriteBackState;

const SQL: &str = "CREATE TABLE shelf (id INT NOT NULL PRIMARY KEY);\n";

/// Where the latest schema of a project's first database is written.
fn schema_path(project: &Project) -> String {
    let place = &project.places[0];
    format!(
        "{}/{}/.{}##LATEST.sql",
        project.directory, place.environment, place.name
    )
}

/// Waits until the branch has a schema that holds this text.
fn written(ground: &Ground, project: &Project, text: &str) -> Result<(), Trouble> {
    let path = schema_path(project);
    SWEPT.until(&format!("{path} is on {} with {text}", project.branch), || {
        Ok(match ground.driver.file_at(&project.branch, &path)? {
            Some(schema) if schema.contains(text) => Ok(()),
            Some(schema) => Err(schema),
            None => Err("it is not there".to_owned()),
        })
    })
}

/// How many commits of the branch write the schema, newest first among the last hundred.
fn write_backs(ground: &Ground, project: &Project) -> Result<usize, Trouble> {
    let messages = ground.driver.messages(&project.branch)?;
    let ours = messages
        .iter()
        .filter(|message| message.contains("Sluice-Write-Back: "));
    Ok(ours.count())
}

#[test]
fn a_protected_branch_gets_a_pull_request() -> Result<(), Trouble> {
    let mut ground = Ground::take("protected")?;
    let project = ground.project("STORY", &[("test", 1)])?;
    project.begin(&ground.driver, &project.branch)?;
    ground.driver.protect(&project.branch, true)?;
    let commit = project.push(&ground.driver, &[project.ddl(0, "1", SQL)], "Make a shelf")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    ground.driver.issue_once(number, "Done", SOON)?;
    let proposed = SOON.until("the schema is proposed", || {
        let issue = ground.driver.issue(number)?;
        Ok(match &only_task(&issue)?.write_back {
            Some(WriteBackState::Proposed { number, .. }) => Ok(*number),
            other => Err(format!("{other:?}")),
        })
    })?;
    let pull = ground.driver.pull_request(proposed)?;
    assert_eq!(pull["base"]["ref"], project.branch.as_str(), "{pull}");
    assert_eq!(
        ground.driver.pull_request_files(proposed)?,
        [schema_path(&project)]
    );
    assert_eq!(
        ground.driver.file_at(&project.branch, &schema_path(&project))?,
        None
    );
    // The next version goes into the same pull request.
    let more = project.ddl(0, "2", "ALTER TABLE shelf ADD label VARCHAR(20);\n");
    let commit = project.push(&ground.driver, &[more], "Label it")?;
    let next = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    SOON.until("the next schema is proposed there", || {
        let issue = ground.driver.issue(next)?;
        Ok(match &only_task(&issue)?.write_back {
            Some(WriteBackState::Proposed { number, .. }) if *number == proposed => Ok(()),
            other => Err(format!("{other:?}")),
        })
    })?;
    // A person merges it: what our own file brings starts nothing.
    let merged = ground.driver.merge_pull_request(proposed)?;
    written(&ground, &project, "`label`")?;
    ground.driver.protect(&project.branch, false)?;
    let last = project.ddl(0, "3", "ALTER TABLE shelf ADD depth INT;\n");
    let commit = project.push(&ground.driver, &[last], "Measure it")?;
    let third = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    assert_eq!(third, next + 1, "the merge {merged} made an issue");
    ground.driver.issue_once(third, "Done", SOON)?;
    // The App never tried what it was told that it can't do, until it was seen that it can; either way it arrives.
    SWEPT.until("the last schema is on its way", || {
        let issue = ground.driver.issue(third)?;
        Ok(match &only_task(&issue)?.write_back {
            Some(WriteBackState::Proposed { .. } | WriteBackState::Written { .. }) => Ok(()),
            other => Err(format!("{other:?}")),
        })
    })
}

#[test]
fn a_github_that_fails_holds_no_change_up_and_loses_no_schema() -> Result<(), Trouble> {
    let mut ground = Ground::take("failing")?;
    let project = ground.project("STORY", &[("test", 1)])?;
    project.begin(&ground.driver, &project.branch)?;
    let failure = Failure::Answer {
        status: 502,
        headers: &[],
        message: "Server Error",
    };
    for path in ["/repos/*/git/trees", "/repos/*/git/commits"] {
        let operation = Operation {
            method: Some("POST"),
            path,
            times: None,
        };
        ground.driver.fail(operation, failure)?;
    }
    let done = || {
        let commit = project.push(&ground.driver, &[project.ddl(0, "1", SQL)], "Make a shelf")?;
        let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
        let issue = ground.driver.issue_once(number, "Done", SOON)?;
        assert_eq!(only_task(&issue)?.write_back, Some(WriteBackState::Pending));
        ground.driver.check_once(&commit, "success", SOON)?;
        let more = project.ddl(0, "2", "ALTER TABLE shelf ADD label VARCHAR(20);\n");
        let commit = project.push(&ground.driver, &[more], "Label it")?;
        let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
        ground.driver.issue_once(number, "Done", SOON)?;
        assert_eq!(
            ground.driver.file_at(&project.branch, &schema_path(&project))?,
            None
        );
        Ok::<_, Trouble>(())
    };
    let told = done();
    ground.driver.heal()?;
    told?;
    written(&ground, &project, "`label`")?;
    assert_eq!(
        write_backs(&ground, &project)?,
        2,
        "each version has a commit of its own"
    );
    Ok(())
}
