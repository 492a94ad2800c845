//! `cargo xtask demo`: the story of the tutorial, on a stack of its own. Whatever it prints was said by the API or by
//! GitHub; whatever it expects and does not see ends it.

use crate::context::Context;
use crate::fault::Fault;
use crate::stack::Stack;
use crate::up::{self, Wishes};
use driver::{CheckRun, Driver, Patience, Trouble, Who};
use model::{ApprovalStatus, IssueStatus, IssueView, RevisionView, Task, TaskStatus, TaskView};

const SOON: Patience = Patience::seconds(60);

const TEST_FILE: &str = "bytebase/test/db_demo##202303100000##ddl##create_t2.sql";
const PROD_FILE: &str = "bytebase/prod/db_demo##202303100000##ddl##create_t2.sql";
const BROKEN_FILE: &str = "bytebase/test/db_demo##202303110000##ddl##create_t3.sql";
const CREATE_T2: &str = "CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255));\n";
const CREATE_T3: &str =
    "CREATE TABLE t3 (id BIGINT NOT NULL PRIMARY KEY);\n\nALTER TABLE t3 ADD COLUMN teacher VARCHAR(255);\n";
const BROKEN_T3: &str =
    "CREATE TABLE t3 (id BIGINT NOT NULL PRIMARY KEY);\n\nALTER TABLE t3 ADD COLUMN teacher VARCHARR(255);\n";

/// Starts a fresh stack, tells the story on it, and ends it unless it is to be kept.
pub(crate) fn demo(context: &Context, wishes: &Wishes, keep: bool) -> Result<(), Fault> {
    up::down(context)?;
    let stack = up::up(context, wishes)?;
    let told = tell(&stack);
    if keep {
        context
            .progress
            .say("The stack is left running; `cargo xtask down` ends it.");
        return told;
    }
    // Also when the story broke off; the first fault is the one to tell.
    let ended = up::down(context);
    told.and(ended)
}

fn tell(stack: &Stack) -> Result<(), Fault> {
    let story = Story {
        driver: Driver::of_json(&up::json(stack)?).map_err(|trouble| said(&trouble))?,
    };
    story
        .test()
        .and_then(|()| story.prod())
        .and_then(|()| story.mistake())
        .and_then(|()| story.again())
        .map_err(|trouble| said(&trouble))
}

fn said(trouble: &Trouble) -> Fault {
    Fault::told(format!("the story broke off: {trouble}"))
}

struct Story {
    driver: Driver,
}

impl Story {
    fn test(&self) -> Result<(), Trouble> {
        title("A push to `test`: nobody has to approve");
        let commit = self.push(TEST_FILE, CREATE_T2, "Create table t2")?;
        let number = self.driver.issue_of(&commit, SOON)?.issue.number.0;
        let issue = self.driver.issue_once(number, "Done", SOON)?;
        show_issue(&issue);
        expect("the issue is Done", issue.status == IssueStatus::Done)?;
        expect(
            "its creator is matched by e-mail",
            issue.issue.creator.member.as_deref() == Some("Dana Developer"),
        )?;
        expect("it is assigned to sluice", issue.issue.assignee == "sluice")?;
        expect(
            "no approval was needed",
            issue.stages[0].approval == ApprovalStatus::NotRequired,
        )?;
        let task = only_task(&issue)?;
        expect(
            "the diff adds the table",
            task.diff
                .as_deref()
                .is_some_and(|diff| diff.contains("+CREATE TABLE `t2`")),
        )?;
        self.version("demo-test/db_demo", "202303100000")?;
        show_check(&self.driver.check_once(&commit, "success", SOON)?);
        self.written_back("bytebase/test/.db_demo##LATEST.sql", "CREATE TABLE `t2`")
    }

    fn prod(&self) -> Result<(), Trouble> {
        title("The same for `prod`: somebody has to approve");
        let commit = self.push(PROD_FILE, CREATE_T2, "Create table t2 in prod")?;
        let number = self.driver.issue_of(&commit, SOON)?.issue.number.0;
        let issue = self.driver.issue_once(number, "Waiting", SOON)?;
        show_issue(&issue);
        show_check(&self.driver.check_once(&commit, "action_required", SOON)?);
        let number_text = number.to_string();
        let own = self
            .driver
            .sluice(Who::Developer, &["issue", "approve", &number_text])?;
        say(&format!(
            "$ sluice issue approve {number}    # as the developer\n{}",
            own.stderr.trim()
        ));
        expect(
            "the developer's own approval is refused with exit code 1",
            own.code == Some(1),
        )?;
        let taken = self.driver.sluice(
            Who::Dba,
            &["issue", "approve", &number_text, "--because", "reviewed"],
        )?;
        say(&format!(
            "$ sluice issue approve {number}    # as the DBA\n{}",
            taken.stderr.trim()
        ));
        expect("the DBA's approval is taken", taken.code == Some(0))?;
        let issue = self.driver.issue_once(number, "Done", SOON)?;
        show_issue(&issue);
        let approved = match &issue.stages[0].approval {
            ApprovalStatus::Approved { by } => by.clone(),
            ApprovalStatus::NotRequired
            | ApprovalStatus::Waiting { .. }
            | ApprovalStatus::Bypassed { .. }
            | ApprovalStatus::Rejected { .. } => Vec::new(),
        };
        expect(
            "the DBA approved it, and nobody else",
            approved == [self.driver.stack.principals.dba.arn.clone()],
        )?;
        show_check(&self.driver.check_once(&commit, "success", SOON)?);
        self.written_back("bytebase/prod/.db_demo##LATEST.sql", "CREATE TABLE `t2`")
    }

    fn mistake(&self) -> Result<(), Trouble> {
        title("A mistake in the SQL, and its fix");
        let commit = self.push(BROKEN_FILE, BROKEN_T3, "Create table t3")?;
        let number = self.driver.issue_of(&commit, SOON)?.issue.number.0;
        let issue = self.driver.issue_once(number, "Failed", SOON)?;
        show_issue(&issue);
        let TaskStatus::Failed(failure) = only_task(&issue)?.status.clone() else {
            return Err(Trouble("the task failed, and then did not".to_owned()));
        };
        expect("the failure names statement 2", failure.statement == Some(2))?;
        expect("the failure names line 3", failure.line == Some(3))?;
        expect(
            "the failure has MySQL's message",
            failure.message.contains("1064") && failure.message.contains("VARCHARR"),
        )?;
        show_check(&self.driver.check_once(&commit, "failure", SOON)?);
        let fix = self.push(BROKEN_FILE, CREATE_T3, "Fix the type of t3.teacher")?;
        let issue = self.driver.issue_once(number, "Done", SOON)?;
        show_issue(&issue);
        show_check(&self.driver.check_once(&fix, "success", SOON)?);
        self.written_back("bytebase/test/.db_demo##LATEST.sql", "`teacher` varchar(255)")
    }

    fn again(&self) -> Result<(), Trouble> {
        title("The same delivery again: nothing happens twice");
        let before = (self.driver.issues()?.len(), self.driver.count_commits()?);
        let head = self.driver.head()?;
        let planned = self
            .driver
            .issues()?
            .first()
            .map(|view| view.issue.commit.as_str().to_owned())
            .unwrap_or_default();
        let git_ref = format!("refs/heads/{}", self.driver.stack.branch);
        let body = self.driver.push_payload(&git_ref, &planned, &head);
        for round in ["first", "second"] {
            let answer = self.driver.deliver_signed("push", "sluice-demo-again", &body)?;
            say(&format!(
                "POST /webhooks/github ({round} time): {} {}",
                answer.status, answer.body
            ));
            expect("a delivery is answered with 202", answer.status == 202)?;
            if round == "second" {
                expect(
                    "the second is called a duplicate",
                    answer.body.contains("duplicate"),
                )?;
            }
        }
        let after = (self.driver.issues()?.len(), self.driver.count_commits()?);
        say(&format!(
            "issues: {} before, {} after; commits: {} before, {} after",
            before.0, after.0, before.1, after.1
        ));
        expect("no issue and no commit was added", before == after)
    }

    fn push(&self, path: &str, text: &str, message: &str) -> Result<String, Trouble> {
        let commit = self.driver.push_file(path, text, message)?;
        let told = self.driver.commit(&commit)?;
        let author = &told["commit"]["author"];
        say(&format!(
            "pushed {path}\n  commit {commit}\n  by {} <{}>: {}",
            author["name"].as_str().unwrap_or_default(),
            author["email"].as_str().unwrap_or_default(),
            told["commit"]["message"].as_str().unwrap_or_default()
        ));
        Ok(commit)
    }

    /// What `sluice version show` knows of the version.
    fn version(&self, target: &str, version: &str) -> Result<(), Trouble> {
        let view: RevisionView = self
            .driver
            .sluice(Who::Developer, &["--json", "version", "show", target, version])?
            .json()?;
        say(&format!(
            "version {} of {target}: {} statement(s), applied at {}",
            view.revision.change.version,
            view.revision.statements.len(),
            view.revision.finished_at
        ));
        expect("the version holds the SQL that was pushed", view.sql == CREATE_T2)
    }

    fn written_back(&self, path: &str, holds: &str) -> Result<(), Trouble> {
        let text = self.driver.file_once(path, |text| text.contains(holds), SOON)?;
        say(&format!("{path} in the repository:\n{}", indented(&text)));
        Ok(())
    }
}

fn show_issue(view: &IssueView) {
    let issue = &view.issue;
    let creator = &issue.creator;
    let mut lines = vec![format!(
        "issue #{} \"{}\" is {}\n  creator {} (member {}), pushed by {}; assignee {}",
        issue.number,
        issue.title,
        view.status,
        creator.email,
        creator.member.as_deref().unwrap_or("unknown"),
        issue.pusher.login,
        issue.assignee
    )];
    for task in view.stages.iter().flat_map(|stage| &stage.tasks) {
        let Task {
            position,
            change,
            target,
            ..
        } = &task.task;
        lines.push(format!(
            "  task {position}: {} on {target}: {}",
            change.path,
            task.status.word()
        ));
        if let TaskStatus::Failed(failure) = &task.status {
            lines.push(format!(
                "    {}:{}: statement {}: {}",
                task.task.change.path,
                failure.line.unwrap_or_default(),
                failure.statement.unwrap_or_default(),
                failure.message
            ));
        }
        for (name, part) in [("SQL", &task.sql), ("schema diff", &task.diff)] {
            if let Some(part) = part.as_deref().filter(|part| !part.is_empty()) {
                lines.push(format!("  {name}:\n{}", indented(part)));
            }
        }
    }
    say(&lines.join("\n"));
}

fn show_check(run: &CheckRun) {
    say(&format!(
        "check run {} \"{}\": {} {}\n{}",
        run.id,
        run.name,
        run.conclusion.as_deref().unwrap_or(&run.status),
        run.output.title.as_deref().unwrap_or_default(),
        indented(run.output.summary.as_deref().unwrap_or_default())
    ));
}

fn title(text: &str) {
    say(&format!("\n=== {text}"));
}

fn say(text: &str) {
    // A reader that went away misses the story, not its checks.
    let _closed = crate::print(&format!("{text}\n"));
}

fn only_task(view: &IssueView) -> Result<&TaskView, Trouble> {
    match view.stages.as_slice() {
        [stage] if stage.tasks.len() == 1 => Ok(&stage.tasks[0]),
        stages => Err(Trouble(format!(
            "issue {} has {} stages, not one of one task",
            view.issue.number,
            stages.len()
        ))),
    }
}

fn expect(what: &str, holds: bool) -> Result<(), Trouble> {
    if holds {
        Ok(())
    } else {
        Err(Trouble(format!("expected that {what}")))
    }
}

fn indented(text: &str) -> String {
    text.trim_end()
        .lines()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
