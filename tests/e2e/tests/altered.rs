//! Somebody writes to the table by hand after an approval: nothing of it runs, and the issue says so.

use driver::{Trouble, Who};
use e2e::{Ground, Project, SOON, tasks};
use model::{ApprovalStatus, IssueView, TaskStatus};
use serde_json::{Value, json};

const APPROVED: &str = "CREATE TABLE approved (id INT);\n";
const OTHER: &str = "CREATE TABLE other (id INT);\n";

/// An approved issue of two changes, which has not begun because its environment is frozen.
struct Story {
    ground: Ground,
    project: Project,
    number: u64,
}

impl Story {
    fn begin(name: &str) -> Result<Self, Trouble> {
        let mut ground = Ground::take(name)?;
        let project = ground.ruled("approvals = 1\napprovers = { roles = [\"dba\"] }", 2)?;
        let story = Self {
            number: 0,
            project,
            ground,
        };
        let freeze = [
            "freeze",
            story.environment(),
            "--until",
            "8h",
            "--because",
            "the story",
        ];
        story.take(&freeze)?;
        let files = [
            story.project.ddl(0, "1", APPROVED),
            story.project.ddl(1, "1", OTHER),
        ];
        let commit = story.project.push(&story.ground.driver, &files, "Approved")?;
        let number = story.ground.driver.issue_of(&commit, SOON)?.issue.number.0;
        story.ground.driver.issue_once(number, "Waiting", SOON)?;
        story.take(&["issue", "approve", &number.to_string()])?;
        let stands = story.ground.driver.issue(number)?.stages[0].approval.clone();
        assert!(matches!(stands, ApprovalStatus::Approved { .. }), "{stands:?}");
        Ok(Self { number, ..story })
    }

    fn environment(&self) -> &str {
        &self.project.places[0].environment
    }

    fn take(&self, words: &[&str]) -> Result<(), Trouble> {
        let ran = self.ground.driver.sluice(Who::Dba, words)?;
        assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.stderr);
        Ok(())
    }

    fn thaw(&self) -> Result<(), Trouble> {
        self.take(&["unfreeze", self.environment(), "--because", "the story"])?;
        assert!(!self.ground.driver.sweep()?.failed);
        Ok(())
    }

    /// The issue, once the task of the first database stands as wanted.
    fn once(&self, what: &str, seen: impl Fn(&IssueView, &TaskStatus) -> bool) -> Result<IssueView, Trouble> {
        SOON.until(&format!("issue {}: {what}", self.number), || {
            let issue = self.ground.driver.issue(self.number)?;
            let first = tasks(&issue)
                .into_iter()
                .find(|view| view.task.target.to_string() == self.project.places[0].target);
            let Some(first) = first.map(|view| view.status.clone()) else {
                return Ok(Err("no such task".to_owned()));
            };
            Ok(if seen(&issue, &first) {
                Ok(issue)
            } else {
                Err(format!("{first:?}"))
            })
        })
    }

    /// The items of a partition of the ledger.
    fn items(&self, pk: &str) -> Result<Vec<Value>, Trouble> {
        let request = json!({
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": pk } },
        });
        let found = self.ground.driver.ledger("Query", &request)?;
        Ok(found["Items"].as_array().cloned().unwrap_or_default())
    }

    /// The stored text of a database's task.
    fn text(&self, place: usize) -> Result<Value, Trouble> {
        let checksum = self.task(place)?["change"]["M"]["checksum"]["S"].clone();
        let texts = self.items(&format!("TEXT#{}", checksum.as_str().unwrap_or_default()))?;
        let first = texts.into_iter().next();
        first.ok_or_else(|| Trouble(format!("no text {checksum}")))
    }

    /// The task of a database, as it is stored.
    fn task(&self, place: usize) -> Result<Value, Trouble> {
        let items = self.items(&format!("TARGET#{}", self.project.places[place].target))?;
        let task = items.into_iter().find(|item| item["entity"]["S"] == "task");
        task.ok_or_else(|| Trouble("the target has no task".to_owned()))
    }

    fn put(&self, item: &Value) -> Result<(), Trouble> {
        let request = json!({ "Item": item });
        self.ground.driver.ledger("PutItem", &request).map(|_answer| ())
    }

    fn tables(&self) -> Result<Vec<String>, Trouble> {
        let schema = &self.project.places[0].name;
        let tables =
            format!("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{schema}'");
        let mut tables = self.ground.sql.column(&tables)?;
        tables.retain(|table| table == "approved" || table == "other");
        Ok(tables)
    }
}

#[test]
fn a_text_that_was_altered_after_its_approval_is_not_sent() -> Result<(), Trouble> {
    let story = Story::begin("altered")?;
    // Another text, stored as well as the approved one, in its place.
    let (mut altered, other) = (story.text(0)?, story.text(1)?);
    for name in ["body", "size"] {
        altered[name] = other[name].clone();
    }
    story.put(&altered)?;
    story.thaw()?;
    let failed = story.once("it failed", |_, status| matches!(status, TaskStatus::Failed(_)))?;
    let failed = tasks(&failed);
    let TaskStatus::Failed(failure) = &failed[0].status else {
        panic!("{:?}", failed[0].status);
    };
    assert_eq!(failure.code, "text-altered");
    assert!(failure.message.contains("was altered"), "{}", failure.message);
    assert_eq!(story.tables()?, Vec::<String>::new(), "nothing was sent");

    // A push of the change is another text, which is asked about anew.
    let again = format!("-- once more\n{APPROVED}");
    let file = story.project.ddl(0, "1", &again);
    story.project.push(&story.ground.driver, &[file], "Once more")?;
    story.once("it waits", |_, status| matches!(status, TaskStatus::Waiting(_)))?;
    story.take(&["issue", "approve", &story.number.to_string()])?;
    story.once("it is done", |_, status| matches!(status, TaskStatus::Done))?;
    assert_eq!(story.tables()?, ["approved"]);
    Ok(())
}

#[test]
fn a_task_that_was_given_another_text_is_not_what_was_approved() -> Result<(), Trouble> {
    let story = Story::begin("pointed")?;
    let (mut task, other) = (story.task(0)?, story.task(1)?);
    let approved = task.clone();
    task["change"]["M"]["checksum"] = other["change"]["M"]["checksum"].clone();
    story.put(&task)?;
    story.thaw()?;
    let held = story.once("it waits for another approval", |issue, status| {
        let stale = matches!(
            issue.stages[0].approval,
            ApprovalStatus::Waiting { stale: true, .. }
        );
        stale && matches!(status, TaskStatus::Waiting(_))
    })?;
    assert!(held.stages[0].approval.to_string().contains("another state"));
    assert!(!story.ground.driver.sweep()?.failed);
    assert_eq!(story.tables()?, Vec::<String>::new(), "nothing was sent");
    // As it was approved, it runs.
    story.put(&approved)?;
    assert!(!story.ground.driver.sweep()?.failed);
    story.once("it is done", |_, status| matches!(status, TaskStatus::Done))?;
    assert_eq!(story.tables()?, ["approved"]);
    Ok(())
}
