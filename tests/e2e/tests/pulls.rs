//! Pull requests: told what their push will do, before they are merged.

use driver::{FileChange, Trouble};
use e2e::{Ground, SOON};

const TABLE: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";

#[test]
fn a_pull_request_is_reviewed_and_rehearsed() -> Result<(), Trouble> {
    let mut ground = Ground::take("pull")?;
    let place = ground.database()?;
    let (path, text) = place.ddl("1", TABLE);
    let files = [FileChange {
        path: &path,
        text: Some(&text),
    }];
    let pull = ground.driver.open_pull(&place.name, &files, "Make a table")?;
    let check = ground.driver.check_once(&pull.head, "success", SOON)?;
    // With the project's name where other stories made more of them.
    assert!(check.name.starts_with("Sluice review"), "{}", check.name);
    assert_eq!(check.output.title.as_deref(), Some("1 to apply"));
    let comment = SOON.until("the comment shows the schema", || {
        let comments = ground.driver.comments(pull.number)?;
        Ok(match comments.as_slice() {
            [comment] if comment.contains("+CREATE TABLE `t` (") => Ok(comment.clone()),
            comments => Err(format!("{comments:#?}")),
        })
    })?;
    assert!(comment.contains("every statement runs"), "{comment}");
    assert_eq!(ground.sql.columns(&place.name, "t")?, Vec::<String>::new());
    ground.driver.close_pull(pull.number)?;
    SOON.until("the comment says that it is closed", || {
        let comments = ground.driver.comments(pull.number)?;
        Ok(match comments.as_slice() {
            [comment] if comment.contains("was closed without being merged") => Ok(()),
            comments => Err(format!("{comments:#?}")),
        })
    })?;
    Ok(())
}

#[test]
fn what_fails_in_the_rehearsal_fails_the_check() -> Result<(), Trouble> {
    let mut ground = Ground::take("pullfails")?;
    let place = ground.database()?;
    let (path, text) = place.ddl("1", "ALTER TABLE missing ADD COLUMN a INT;\n");
    let files = [FileChange {
        path: &path,
        text: Some(&text),
    }];
    let pull = ground.driver.open_pull(&place.name, &files, "Fail")?;
    let check = ground.driver.check_once(&pull.head, "failure", SOON)?;
    assert_eq!(
        check.output.title.as_deref(),
        Some("1 to apply; a rehearsal failed")
    );
    ground.driver.close_pull(pull.number)
}
