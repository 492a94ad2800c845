//! The stand-in for GitHub keeps its word: what the other stories rest on.

use driver::{Driver, Failure, FileChange, Operation, Trouble};
use e2e::{Ground, SOON};
use serde_json::json;

/// A change of one file, for branches that no project reads.
fn file<'a>(path: &'a str, text: &'a str) -> [FileChange<'a>; 1] {
    [FileChange {
        path,
        text: Some(text),
    }]
}

/// The newest delivery of an event with this action, once there is one after `than`.
fn delivered(driver: &Driver, event: &str, action: Option<&str>, than: u64) -> Result<u64, Trouble> {
    SOON.until(&format!("{event} {action:?} is delivered"), || {
        let seen = driver.exchanges()?.deliveries;
        let found = seen.iter().find(|delivery| {
            delivery.id > than && delivery.event == event && delivery.action.as_deref() == action
        });
        Ok(found
            .map(|delivery| delivery.id)
            .ok_or_else(|| format!("{} deliveries", seen.len())))
    })
}

fn newest(driver: &Driver) -> Result<u64, Trouble> {
    let seen = driver.exchanges()?.deliveries;
    Ok(seen.first().map_or(0, |delivery| delivery.id))
}

#[test]
fn pull_requests_follow_their_branches() -> Result<(), Trouble> {
    let ground = Ground::take("follow")?;
    let driver = &ground.driver;
    let base = driver.head()?;
    let branch = format!("follow-{}", newest(driver)?);
    driver.create_branch(&branch, &base)?;
    let first = driver.push_to(&branch, &file("notes/a.md", "a"), "A")?;
    let number = driver.open_pull_request(&branch, &driver.stack.branch, "Follow me", true)?;
    let opened = delivered(driver, "pull_request", Some("opened"), 0)?;
    assert_eq!(driver.pull_request(number)?["head"]["sha"], json!(first));

    let second = driver.push_to(&branch, &file("notes/b.md", "b"), "B")?;
    let synchronized = delivered(driver, "pull_request", Some("synchronize"), opened)?;
    assert_eq!(driver.pull_request(number)?["head"]["sha"], json!(second));
    let files = driver.pull_request_files(number)?;
    assert_eq!(files, ["notes/a.md", "notes/b.md"]);

    driver.create_branch(&format!("{branch}-base"), &base)?;
    driver.change_pull_request(number, &json!({ "base": format!("{branch}-base") }))?;
    let edited = delivered(driver, "pull_request", Some("edited"), synchronized)?;
    driver.change_pull_request(number, &json!({ "draft": false }))?;
    let ready = delivered(driver, "pull_request", Some("ready_for_review"), edited)?;
    driver.change_pull_request(number, &json!({ "state": "closed" }))?;
    delivered(driver, "pull_request", Some("closed"), ready)?;
    assert_eq!(driver.pull_request(number)?["head"]["sha"], json!(second));
    Ok(())
}

#[test]
fn a_fork_can_be_read_where_its_pull_request_is() -> Result<(), Trouble> {
    let ground = Ground::take("fork")?;
    let driver = &ground.driver;
    let fork = driver.fork()?;
    let before = newest(driver)?;
    let branch = format!("fork-{before}");
    fork.create_branch(&branch, &fork.head()?)?;
    fork.push_to(&branch, &file("notes/fork.md", "a"), "A")?;
    let number = driver.open_pull_request(
        &format!("dana:{branch}"),
        &driver.stack.branch,
        "Of a fork",
        false,
    )?;
    let opened = delivered(driver, "pull_request", Some("opened"), before)?;
    let head = fork.push_to(&branch, &file("notes/fork.md", "b"), "B")?;
    delivered(driver, "pull_request", Some("synchronize"), opened)?;
    let pull = driver.pull_request(number)?;
    assert_eq!(pull["head"]["sha"], json!(head));
    assert_eq!(pull["head"]["repo"]["full_name"], json!(fork.stack.repository));
    assert_eq!(driver.commit(&head)?["sha"], json!(head));
    assert_eq!(driver.pull_request_files(number)?, ["notes/fork.md"]);
    driver.change_pull_request(number, &json!({ "state": "closed" }))?;
    Ok(())
}

#[test]
fn a_branch_that_is_made_or_deleted_is_told_of() -> Result<(), Trouble> {
    let ground = Ground::take("made")?;
    let driver = &ground.driver;
    let before = newest(driver)?;
    let branch = format!("made-{before}");
    driver.create_branch(&branch, &driver.head()?)?;
    let made = delivered(driver, "push", None, before)?;
    driver.delete_branch(&branch)?;
    delivered(driver, "push", None, made)?;
    assert_eq!(driver.head_of(&branch)?, None);
    Ok(())
}

#[test]
fn dropped_deliveries_are_remembered() -> Result<(), Trouble> {
    let ground = Ground::take("remembered")?;
    let driver = &ground.driver;
    let before = newest(driver)?;
    driver.drop_webhooks(true)?;
    let dropped = driver
        .create_branch(&format!("remembered-{before}"), &driver.head()?)
        .and_then(|()| {
            // Others may be under way from the stories before.
            SOON.until("a delivery is remembered as failed", || {
                let seen = driver.exchanges()?.deliveries;
                let mut later = seen.iter().filter(|delivery| delivery.id > before);
                let failed = later.find(|delivery| delivery.status == "failed to connect to host");
                Ok(failed
                    .cloned()
                    .ok_or_else(|| format!("{} deliveries", seen.len())))
            })
        });
    driver.drop_webhooks(false)?;
    assert_eq!(dropped?.status_code, 0);
    Ok(())
}

#[test]
fn faults_come_to_the_app_and_only_so_often() -> Result<(), Trouble> {
    let ground = Ground::take("faults")?;
    let driver = &ground.driver;
    let stack = &driver.stack;
    let path = format!("/repos/{}/git/blobs", stack.repository);
    // Whoever comes with a token that is nobody's is taken for the App.
    let asked = || {
        let url = format!("{}{path}", stack.github_api_url);
        driver.post(&url, &[("authorization", "Bearer ghs_nobody")], "{}")
    };
    let limited = Failure::Answer {
        status: 403,
        headers: &[("retry-after", "1")],
        message: "You have exceeded a secondary rate limit.",
    };
    let operation = Operation {
        method: Some("POST"),
        path: "/repos/*/git/blobs",
        times: Some(2),
    };
    driver.forget_calls()?;
    driver.fail(operation, limited)?;
    let answers = [asked()?, asked()?, asked()?];
    let told = |answer: &driver::Answer| answer.body.contains("secondary rate limit");
    assert_eq!(answers.each_ref().map(told), [true, true, false]);
    assert_eq!(driver.failures_left()?, 0);
    assert_eq!(driver::total(&driver.calls()?, "/git/blobs"), 3);

    driver.fail(operation, Failure::Silence)?;
    let silent = asked();
    driver.heal()?;
    assert!(silent.is_err(), "{silent:?}");
    assert!(!told(&asked()?));
    Ok(())
}

#[test]
fn a_protected_branch_takes_nothing_from_the_app() -> Result<(), Trouble> {
    let ground = Ground::take("protected")?;
    let driver = &ground.driver;
    let stack = &driver.stack;
    let branch = format!("protected-{}", newest(driver)?);
    driver.create_branch(&branch, &driver.head()?)?;
    let moved = || {
        let url = format!(
            "{}/repos/{}/git/refs/heads/{branch}",
            stack.github_api_url, stack.repository
        );
        driver.patch(&url, &[("authorization", "Bearer ghs_nobody")], "{}")
    };
    driver.protect(&branch, true)?;
    let refused = moved()?;
    driver.push_to(&branch, &file("notes/p.md", "people may"), "People may")?;
    driver.protect(&branch, false)?;
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("Cannot update this protected branch"),
        "{}",
        refused.body
    );
    assert!(!moved()?.body.contains("protected"));
    Ok(())
}
