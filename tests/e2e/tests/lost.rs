//! What gets lost on the way is found again: a webhook that never came, a nudge that went astray, a GitHub that was
//! away for a while.

use driver::{Patience, Signal, Trouble, Who, send};
use e2e::{Ground, SOON, SWEPT, only_task};
use serde_json::json;

const CREATE: &str = "CREATE TABLE t (id INT);\n";

#[test]
fn a_push_whose_webhook_never_came_is_found() -> Result<(), Trouble> {
    let mut ground = Ground::take("unheard")?;
    let place = ground.database()?;
    ground.driver.limit("webhook", Some(0))?;
    let pushed = ground.push(&[place.ddl("1", CREATE)], "Unheard");
    // GitHub does not try again. That it tried, and was turned away, is what the open route says to everybody now.
    let turned_away = SOON.until("the webhook is closed", || {
        let answer = ground.driver.deliver_signed("ping", "closed", "{}")?;
        Ok(if answer.status >= 400 {
            Ok(())
        } else {
            Err(answer.body)
        })
    });
    ground.driver.limit("webhook", None)?;
    turned_away?;
    let commit = pushed?;
    let swept = ground.driver.sweep()?;
    assert!(!swept.failed, "{}", swept.payload);
    let number = ground.driver.issue_of(&commit, SWEPT)?.issue.number.0;
    ground.driver.issue_once(number, "Done", SOON)?;
    assert_eq!(ground.sql.columns(&place.name, "t")?, ["id"]);
    Ok(())
}

#[test]
fn a_lost_nudge_is_made_good() -> Result<(), Trouble> {
    let mut ground = Ground::take("astray")?;
    let place = ground.database()?;
    ground.driver.feed("worker", false)?;
    let lost = (|| {
        let commit = ground.push(&[place.ddl("1", CREATE)], "Go astray")?;
        let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
        let changes = json!({ "QueueUrl": ground.driver.stack.queues.changes });
        let mut asked = changes.clone();
        asked["AttributeNames"] = json!(["ApproximateNumberOfMessages"]);
        SOON.until("the nudge is in the queue", || {
            let answer = ground.driver.sqs("GetQueueAttributes", &asked)?;
            let count = answer["Attributes"]["ApproximateNumberOfMessages"].clone();
            Ok(if count == "0" {
                Err("the queue is empty".to_owned())
            } else {
                Ok(())
            })
        })?;
        ground.driver.sqs("PurgeQueue", &changes)?;
        Ok(number)
    })();
    ground.driver.feed("worker", true)?;
    let number: u64 = lost?;
    assert_eq!(only_task(&ground.driver.issue(number)?)?.status.word(), "Ready");
    ground.driver.sweep()?;
    ground.driver.issue_once(number, "Done", SWEPT)?;
    Ok(())
}

#[test]
fn a_github_that_was_away_is_told_later() -> Result<(), Trouble> {
    let mut ground = Ground::take("away")?;
    let [place] = ground.databases("prod", 1)?.try_into().unwrap();
    let commit = ground.push(&[place.ddl("1", CREATE)], "Be away")?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number;
    ground.driver.check_once(&commit, "action_required", SOON)?;
    let github = ground.driver.github_process()?;
    send(github, Signal::Stop)?;
    let away = (|| {
        let number_text = number.to_string();
        let approved = ground
            .driver
            .sluice(Who::Dba, &["issue", "approve", &number_text])?;
        assert_eq!(approved.code, Some(0), "{}", approved.stderr);
        ground.driver.issue_once(number.0, "Done", SOON)?;
        // The change does not wait for GitHub; the answer does.
        Patience::seconds(100).until("the reporter puts its answer off", || {
            let log = ground.driver.log_of("reporter")?;
            Ok(if log.contains("outbox_postponed") {
                Ok(())
            } else {
                Err(format!("{} bytes of log without it", log.len()))
            })
        })
    })();
    send(github, Signal::Continue)?;
    away?;
    Patience::seconds(150).until("GitHub is told", || {
        ground.driver.sweep()?;
        let runs = ground.driver.check_runs(&commit)?;
        let conclusions: Vec<_> = runs.iter().map(|run| run.conclusion.as_deref()).collect();
        Ok(if conclusions == [Some("success")] {
            Ok(())
        } else {
            Err(format!("{conclusions:?}"))
        })
    })?;
    let latest = |text: &str| text.contains("CREATE TABLE `t`");
    ground.driver.file_once(&place.latest(), latest, SWEPT)?;
    Ok(())
}

#[test]
fn an_answer_that_never_left_is_sent_again() -> Result<(), Trouble> {
    let mut ground = Ground::take("unsaid")?;
    let place = ground.database()?;
    ground.driver.limit("reporter", Some(0))?;
    let silent = (|| {
        let commit = ground.push(&[place.ddl("1", CREATE)], "Unsaid")?;
        let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
        ground.driver.issue_once(number, "Done", SOON)?;
        let renewed = || -> Result<usize, Trouble> {
            let log = ground.driver.log_of("sweeper")?;
            let swept = log.lines().filter(|line| line.contains("\"swept\""));
            Ok(swept.filter(|line| !line.contains("\"items\":0")).count())
        };
        let before = renewed()?;
        SWEPT.until("a sweep finds what was not said", || {
            ground.driver.sweep()?;
            let found = renewed()? > before;
            Ok(if found {
                Ok(())
            } else {
                Err("it may be under way".to_owned())
            })
        })?;
        assert!(ground.driver.check_runs(&commit)?.is_empty(), "nothing was said");
        Ok(commit)
    })();
    ground.driver.limit("reporter", None)?;
    let commit = silent?;
    SWEPT.until("GitHub is told", || {
        ground.driver.sweep()?;
        let runs = ground.driver.check_runs(&commit)?;
        Ok(match runs.as_slice() {
            [run] if run.conclusion.as_deref() == Some("success") => Ok(()),
            runs => Err(format!("{runs:?}")),
        })
    })
}
