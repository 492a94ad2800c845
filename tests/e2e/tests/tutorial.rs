//! The story of the tutorial, held to what the API, GitHub and MySQL say.

use driver::{Trouble, Who};
use e2e::{Ground, SOON, SWEPT, only_task, tasks};
use model::{ApprovalStatus, IssueStatus, IssueView, TaskStatus};

const CREATE: &str = "CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255));\n";

fn number_of(ground: &Ground, commit: &str) -> Result<u64, Trouble> {
    Ok(ground.driver.issue_of(commit, SOON)?.issue.number.0)
}

#[test]
fn a_push_to_test_runs_at_once() -> Result<(), Trouble> {
    let mut ground = Ground::take("test")?;
    let place = ground.database()?;
    let commit = ground.push(&[place.ddl("202303100000", CREATE)], "Create table t2")?;
    let number = number_of(&ground, &commit)?;
    ground.driver.issue_once(number, "Done", SOON)?;
    let issue = ground.whole(number)?;
    assert_eq!(issue.status, IssueStatus::Done);
    assert_eq!(issue.issue.creator.member.as_deref(), Some("Dana Developer"));
    assert_eq!(issue.issue.pusher.login, "dana");
    assert_eq!(issue.issue.assignee, "sluice");
    assert_eq!(issue.stages[0].approval, ApprovalStatus::NotRequired);
    let task = only_task(&issue)?;
    assert_eq!(task.sql.as_deref(), Some(CREATE));
    assert!(
        task.diff
            .as_deref()
            .is_some_and(|diff| diff.contains("+CREATE TABLE `t2`"))
    );
    assert_eq!(ground.sql.columns(&place.name, "t2")?, ["id", "course"]);
    let check = ground.driver.check_once(&commit, "success", SOON)?;
    assert_eq!(
        (check.name.as_str(), check.status.as_str()),
        ("Sluice", "completed")
    );
    let latest = |text: &str| text.contains("CREATE TABLE `t2`");
    ground.driver.file_once(&place.latest(), latest, SWEPT)?;
    Ok(())
}

#[test]
fn prod_waits_for_somebody_else_and_for_test() -> Result<(), Trouble> {
    let mut ground = Ground::take("prod")?;
    let test = ground.database()?;
    let [prod] = ground.databases("prod", 1)?.try_into().unwrap();
    let files = [test.ddl("202303100000", CREATE), prod.ddl("202303100000", CREATE)];
    let commit = ground.push(&files, "Create table t2 everywhere")?;
    let number = number_of(&ground, &commit)?;
    ground.driver.check_once(&commit, "action_required", SOON)?;
    let issue = ground.driver.issue(number)?;
    let words: Vec<&str> = tasks(&issue).iter().map(|view| view.status.word()).collect();
    assert_eq!(words, ["Done", "Waiting"]);
    assert_eq!(ground.sql.columns(&prod.name, "t2")?, Vec::<String>::new());

    let waiting = ground.driver.issues_in("waiting")?;
    assert!(waiting.contains(&number), "issue {number} waits: {waiting:?}");
    let number_text = number.to_string();
    let own = ground
        .driver
        .sluice(Who::Developer, &["issue", "approve", &number_text])?;
    assert_eq!(own.code, Some(1), "the developer's own approval: {}", own.stderr);
    let taken = ground.driver.sluice(
        Who::Dba,
        &["issue", "approve", &number_text, "--because", "reviewed"],
    )?;
    assert_eq!(taken.code, Some(0), "the DBA's approval: {}", taken.stderr);
    let issue = ground.driver.issue_once(number, "Done", SOON)?;
    assert_eq!(
        approved_by(&issue),
        [ground.driver.stack.principals.dba.arn.clone()]
    );
    assert_eq!(ground.sql.columns(&prod.name, "t2")?, ["id", "course"]);
    ground.driver.check_once(&commit, "success", SOON)?;
    let latest = |text: &str| text.contains("CREATE TABLE `t2`");
    ground.driver.file_once(&prod.latest(), latest, SWEPT)?;
    let waiting = ground.driver.issues_in("waiting")?;
    assert!(!waiting.contains(&number), "issue {number} is done: {waiting:?}");
    Ok(())
}

fn approved_by(issue: &IssueView) -> Vec<String> {
    let approved = issue.stages.iter().filter_map(|stage| match &stage.approval {
        ApprovalStatus::Approved { by } => Some(by.clone()),
        ApprovalStatus::NotRequired
        | ApprovalStatus::Waiting { .. }
        | ApprovalStatus::Bypassed { .. }
        | ApprovalStatus::Rejected { .. } => None,
    });
    approved.flatten().collect()
}

#[test]
fn a_mistake_is_told_before_anything_is_applied_and_its_fix_runs() -> Result<(), Trouble> {
    let mut ground = Ground::take("mistake")?;
    let place = ground.database()?;
    let text = |kind: &str| {
        format!(
            "CREATE TABLE t3 (id BIGINT NOT NULL PRIMARY KEY);\n\nALTER TABLE t3 ADD COLUMN teacher {kind}(255);\n"
        )
    };
    let broken = place.ddl("202303110000", &text("VARCHARR"));
    let commit = ground.push(&[broken], "Create table t3")?;
    let number = number_of(&ground, &commit)?;
    let issue = ground.driver.issue_once(number, "Failed", SOON)?;
    let TaskStatus::Failed(failure) = only_task(&issue)?.status.clone() else {
        return Err(Trouble("the task failed, and then did not".to_owned()));
    };
    assert_eq!((failure.statement, failure.line), (Some(2), Some(3)));
    assert!(
        failure.message.contains("1064") && failure.message.contains("VARCHARR"),
        "{}",
        failure.message
    );
    ground.driver.check_once(&commit, "failure", SOON)?;
    assert!(
        ground.sql.columns(&place.name, "t3")?.is_empty(),
        "something was applied"
    );

    let fixed = place.ddl("202303110000", &text("VARCHAR"));
    let fix = ground.push(&[fixed], "Fix the type of t3.teacher")?;
    ground.driver.issue_once(number, "Done", SOON)?;
    ground.driver.check_once(&fix, "success", SOON)?;
    assert_eq!(ground.sql.columns(&place.name, "t3")?, ["id", "teacher"]);
    Ok(())
}

#[test]
fn the_same_delivery_again_changes_nothing() -> Result<(), Trouble> {
    let mut ground = Ground::take("again")?;
    let place = ground.database()?;
    let git_ref = format!("refs/heads/{}", ground.driver.stack.branch);
    let commit = ground.push(&[place.ddl("1", CREATE)], "Create table t2")?;
    let number = number_of(&ground, &commit)?;
    ground.driver.issue_once(number, "Done", SOON)?;
    let before = ground.driver.commit(&commit)?["parents"][0]["sha"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let body = ground.driver.push_payload(&git_ref, &before, &commit);
    // A move of the branch that was planned before, told for the first time: nothing comes of it. Told again, it is known.
    for (delivery, expected) in [("again-1", "queued"), ("again-2", "duplicate")] {
        let answer = ground.driver.deliver_signed("push", delivery, &body)?;
        assert_eq!(answer.status, 202, "{}", answer.body);
        assert!(answer.body.contains(expected), "{}", answer.body);
    }
    // A push after it: whatever the deliveries before it led to would be seen by now.
    let marker = ground.push(&[place.dml("2", "INSERT INTO t2 VALUES (1, 'x');\n")], "Mark")?;
    let marked = number_of(&ground, &marker)?;
    ground.driver.issue_once(marked, "Done", SOON)?;
    assert_eq!(marked, number + 1);
    assert_eq!(
        ground
            .sql
            .column(&format!("SELECT id FROM `{}`.t2", place.name))?,
        ["1"]
    );
    Ok(())
}
