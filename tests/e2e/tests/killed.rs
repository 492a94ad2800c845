//! Killing any one function's process in the middle of its work changes nothing but timing: every task is Done in the
//! end, and each statement happened once.

use driver::{Patience, Trouble, Who};
use e2e::{Ground, Place, SOON, SWEPT, only_task};
use std::time::Duration;

/// Moments of a function's work at which it is killed: as soon as it does anything, and further on.
const MOMENTS: [Duration; 2] = [Duration::from_micros(100), Duration::from_millis(8)];

/// Every statement tells how often it happened: a second `CREATE` or `ALTER` fails, a second `INSERT` is counted.
const CHANGE: &str = "CREATE TABLE told (n INT);\nALTER TABLE told ADD COLUMN at INT;\nINSERT INTO told VALUES (1, 1);\nALTER TABLE told DROP COLUMN at;\n";

fn holds_once(ground: &Ground, place: &Place) -> Result<(), Trouble> {
    assert_eq!(ground.sql.columns(&place.name, "told")?, ["n"]);
    let rows = ground
        .sql
        .column(&format!("SELECT n FROM `{}`.told", place.name))?;
    assert_eq!(rows, ["1"]);
    Ok(())
}

/// The commit's issue is Done, its statements happened once, and GitHub was told.
fn comes_to_its_end(ground: &Ground, place: &Place, commit: &str) -> Result<(), Trouble> {
    ground.driver.sweep()?;
    let number = ground.driver.issue_of(commit, SWEPT)?.issue.number.0;
    let issue = ground.driver.issue_once(number, "Done", SWEPT)?;
    only_task(&issue)?;
    holds_once(ground, place)?;
    ground.driver.check_once(commit, "success", SWEPT)?;
    let latest = |text: &str| text.contains("CREATE TABLE `told`");
    ground.driver.file_once(&place.latest(), latest, SWEPT)?;
    Ok(())
}

/// A push whose function is killed at each moment, and comes to its end all the same.
fn killed(function: &str) -> Result<(), Trouble> {
    let mut ground = Ground::take(&format!("killed_{function}"))?;
    for (version, moment) in (1..).zip(MOMENTS) {
        let place = ground.database()?;
        let file = place.dml(&version.to_string(), CHANGE);
        let commit = ground.driver.kill_at_work(function, moment, SOON, || {
            ground.push(&[file], &format!("Kill the {function}"))
        })?;
        comes_to_its_end(&ground, &place, &commit)?;
    }
    Ok(())
}

#[test]
fn webhook() -> Result<(), Trouble> {
    killed("webhook")
}

#[test]
fn planner() -> Result<(), Trouble> {
    killed("planner")
}

#[test]
fn reporter() -> Result<(), Trouble> {
    killed("reporter")
}

#[test]
fn approvals() -> Result<(), Trouble> {
    let mut ground = Ground::take("killed_approvals")?;
    for moment in MOMENTS {
        let [place] = ground.databases("prod", 1)?.try_into().unwrap();
        let commit = ground.push(&[place.dml("1", CHANGE)], "Kill the approvals")?;
        let issue = ground.driver.issue_of(&commit, SOON)?;
        let number = issue.issue.number.to_string();
        ground.driver.issue_once(issue.issue.number.0, "Waiting", SOON)?;
        let digest = ground.driver.issue(issue.issue.number.0)?.stages[0]
            .digest
            .to_string();
        let approve = [
            "issue",
            "approve",
            &number,
            "--environment",
            "prod",
            "--digest",
            &digest,
        ];
        let first = ground.driver.kill_at_work("approvals", moment, SOON, || {
            ground.driver.sluice(Who::Dba, &approve)
        })?;
        // The person sees that something broke, and says it again. It may have been heard the first time.
        if first.code != Some(0) {
            let second = ground.driver.sluice(Who::Dba, &approve)?;
            assert!(matches!(second.code, Some(0 | 1)), "{}", second.stderr);
        }
        comes_to_its_end(&ground, &place, &commit)?;
    }
    Ok(())
}

#[test]
fn sweeper() -> Result<(), Trouble> {
    let mut ground = Ground::take("killed_sweeper")?;
    for moment in MOMENTS {
        let place = ground.database()?;
        ground.driver.limit("webhook", Some(0))?;
        let commit = ground.push(&[place.dml("1", CHANGE)], "Kill the sweeper");
        let unheard = commit.and_then(|commit| {
            let sweep = || ground.driver.sweep();
            let swept = ground.driver.kill_at_work("sweeper", moment, SOON, sweep)?;
            Ok((commit, swept))
        });
        ground.driver.limit("webhook", None)?;
        let (commit, _swept) = unheard?;
        comes_to_its_end(&ground, &place, &commit)?;
    }
    Ok(())
}

/// The worker is killed while the server works on a statement: another session holds the table, so the moment is sure.
/// The server goes on with the statement when the table is free, though nobody waits for it any more. The message of
/// the dead worker stays hidden for six minutes; the sweeper's nudge does not stand behind it.
#[test]
fn worker() -> Result<(), Trouble> {
    let mut ground = Ground::take("killed_worker")?;
    let place = ground.database()?;
    let name = &place.name;
    ground.sql.run(&format!(
        "CREATE TABLE `{name}`.held (n INT); INSERT INTO `{name}`.held VALUES (1)"
    ))?;
    killed_in_a_statement(&ground, &place)
}

fn killed_in_a_statement(ground: &Ground, place: &Place) -> Result<(), Trouble> {
    let name = &place.name;
    let text = "CREATE TABLE told (n INT);\nINSERT INTO told VALUES (1);\nALTER TABLE held ADD COLUMN added INT;\nINSERT INTO held VALUES (2, 2);\n";
    let mut holder = ground.sql.session()?;
    holder.run(&format!("START TRANSACTION; SELECT * FROM `{name}`.held"))?;
    let commit = ground.push(&[place.dml("1", text)], "Kill the worker")?;
    let waiting = format!(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{name}' AND STATE LIKE 'Waiting for table metadata lock%'"
    );
    SOON.until("the server works on the third statement", || {
        Ok(match ground.sql.column(&waiting)?.as_slice() {
            [_one] => Ok(()),
            others => Err(format!("{} sessions wait for the table", others.len())),
        })
    })?;
    assert!(ground.driver.kill("worker")? > 0, "a worker runs");
    holder.close();
    let added = ["n", "added"].map(str::to_owned);
    Patience::seconds(20).until("the server is through with the statement, or gave it up", || {
        let gone = ground.sql.column(&waiting)?.is_empty();
        Ok(if gone { Ok(()) } else { Err("it waits".to_owned()) })
    })?;
    let number = ground.driver.issue_of(&commit, SOON)?.issue.number.0;
    let issue = SWEPT.until("the task is Done", || {
        ground.driver.sweep()?;
        let issue = ground.driver.issue(number)?;
        let word = only_task(&issue)?.status.word();
        Ok(if word == "Done" {
            Ok(issue)
        } else {
            Err(word.to_owned())
        })
    })?;
    assert!(only_task(&issue)?.task.attempt >= 2, "a second run took over");
    assert_eq!(ground.sql.columns(name, "held")?, added);
    let rows = ground
        .sql
        .column(&format!("SELECT n FROM `{name}`.held ORDER BY n"))?;
    assert_eq!(rows, ["1", "2"]);
    holds_once(ground, place)?;
    ground.driver.check_once(&commit, "success", SWEPT)?;
    Ok(())
}
