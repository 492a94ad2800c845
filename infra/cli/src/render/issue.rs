//! Issues: the list and the page.

use super::activity;
use super::changes;
use super::plain;
use super::stage::{self, state_of};
use super::style::{Style, Tone};
use super::{facts, indented, table, time};
use model::{IssueStatus, IssueView, TaskStatus, TaskView};
use serde::Deserialize;

/// A part of the list of issues.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    issues: Vec<IssueView>,
}

/// What a page shows beside the facts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parts {
    /// Each task's SQL.
    pub(crate) sql: bool,
    /// Each finished task's schema diff.
    pub(crate) diff: bool,
}

impl Page {
    /// A table, one issue per line.
    pub(crate) fn render(&self) -> String {
        if self.issues.is_empty() {
            return "No issues.\n".to_owned();
        }
        let head = [
            "ISSUE", "STATUS", "STAGES", "PUSHER", "COMMIT", "PLANNED", "TITLE",
        ];
        table(&head, self.issues.iter().map(row))
    }
}

fn row(view: &IssueView) -> Vec<String> {
    let issue = &view.issue;
    let stages: Vec<String> = view
        .stages
        .iter()
        .map(|stage| format!("{}: {}", stage.environment, state_of(stage)))
        .collect();
    vec![
        issue.number.to_string(),
        view.status.to_string(),
        stages.join(", "),
        issue.pusher.login.clone(),
        issue.commit.short().to_owned(),
        time(issue.created_at),
        plain::shortened(&issue.title, 60),
    ]
}

/// Everything about one issue.
pub(crate) fn page(view: &IssueView, parts: Parts, style: Style) -> String {
    let mut text = head(view, style);
    for stage in &view.stages {
        text.push('\n');
        text.push_str(&stage::section(stage, style));
    }
    for task in view.stages.iter().flat_map(|stage| &stage.tasks) {
        text.push_str(&trouble(task, style));
    }
    text.push_str(&activity::section(&view.activity, style));
    for task in view.stages.iter().flat_map(|stage| &stage.tasks) {
        if parts.sql {
            text.push_str(&sql(task, style));
        }
        if parts.diff {
            text.push_str(&diff(task, style));
        }
    }
    text
}

fn head(view: &IssueView, style: Style) -> String {
    let issue = &view.issue;
    let creator = match &issue.creator.member {
        Some(member) => format!(
            "{} <{}>, member {member}",
            issue.creator.name, issue.creator.email
        ),
        None => format!("{} <{}>, no member", issue.creator.name, issue.creator.email),
    };
    let mut told = vec![
        ("project", issue.project.to_string()),
        ("branch", issue.branch.clone()),
        ("commit", format!("{} {}", issue.commit.short(), issue.url)),
        ("creator", creator),
        ("pusher", issue.pusher.login.clone()),
        ("assignee", issue.assignee.clone()),
        ("planned", time(issue.created_at)),
    ];
    if !issue.depends_on.is_empty() {
        let others: Vec<String> = issue
            .depends_on
            .iter()
            .map(|other| format!("issue {other}"))
            .collect();
        told.push(("after", others.join(", ")));
    }
    let facts = facts(&told);
    let title = format!("Issue {}: {}", issue.number, plain::line(&issue.title));
    let planned = if issue.planned {
        ""
    } else {
        "  Its tasks are still being stored; nothing runs before the last.\n"
    };
    format!(
        "{}  {}\n{facts}{planned}",
        style.paint(Tone::Heading, &title),
        style.paint(tone(view.status), &view.status.to_string())
    )
}

fn tone(status: IssueStatus) -> Tone {
    match status {
        IssueStatus::Open => Tone::Pending,
        IssueStatus::Done => Tone::Good,
        IssueStatus::Canceled => Tone::Neutral,
    }
}

/// What a person has to look at: where in which file, and the server's own words.
fn trouble(view: &TaskView, style: Style) -> String {
    let path = &view.task.change.path;
    let position = view.task.position;
    let (place, what, message, code) = match &view.status {
        TaskStatus::Failed(failure) => {
            let place = failure
                .line
                .map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
            let statement = failure
                .statement
                .map(|n| format!(", statement {n}"))
                .unwrap_or_default();
            (
                place,
                format!("task {position}{statement}: {}", failure.code),
                &failure.message,
                Some(failure.code.as_str()),
            )
        }
        TaskStatus::Ambiguous { at, evidence } => (
            path.clone(),
            format!("task {position}, statement {at}: ambiguous"),
            evidence,
            Some("ambiguous"),
        ),
        TaskStatus::Canceled { because } => {
            (path.clone(), format!("task {position}: canceled"), because, None)
        }
        TaskStatus::Ending { because } => {
            let what = format!("task {position}: is being ended");
            (path.clone(), what, because, None)
        }
        TaskStatus::Skipped { because } => (path.clone(), format!("task {position}: skipped"), because, None),
        TaskStatus::Waiting(_)
        | TaskStatus::Ready
        | TaskStatus::Running { .. }
        | TaskStatus::Following { .. }
        | TaskStatus::Done => return String::new(),
    };
    let head = style.paint(
        stage::task_tone(&view.status),
        &plain::line(&format!("{place}  {what}")),
    );
    let page = code.map(|code| format!("  See {}\n", plain::line(&report::page(code))));
    let page = page.unwrap_or_default();
    format!("\n{head}\n{}{page}", indented(&plain::lines(message), 2))
}

fn sql(view: &TaskView, style: Style) -> String {
    let head = heading(view, "SQL", style);
    match &view.sql {
        Some(sql) => format!("{head}{}\n", plain::lines(sql).trim_end()),
        None => format!("{head}(the API gave none)\n"),
    }
}

fn diff(view: &TaskView, style: Style) -> String {
    let Some(diff) = &view.diff else {
        return String::new();
    };
    let changes = changes::list(&view.changes);
    let changes = if changes.is_empty() {
        changes
    } else {
        heading(view, "changes", style) + &changes
    };
    let head = changes + &heading(view, "schema diff", style);
    if diff.trim().is_empty() {
        return format!("{head}(the schema did not change)\n");
    }
    format!("{head}{}", style.diff(&plain::lines(diff)))
}

fn heading(view: &TaskView, what: &str, style: Style) -> String {
    let text = format!("Task {}, {what}: {}", view.task.position, view.task.change.path);
    format!("\n{}\n", style.paint(Tone::Heading, &plain::line(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    const PLAIN: Style = Style { colored: false };

    #[test]
    fn the_list_says_where_each_stage_stands() {
        let page = Page {
            issues: vec![samples::issue()],
        };
        insta::assert_snapshot!(page.render(), @"
        ISSUE  STATUS  STAGES                                           PUSHER   COMMIT   PLANNED                  TITLE
        7      Open    test: Done, prod: Waiting for approval (0 of 1)  octocat  1234567  2023-03-10 08:00:00 UTC  Create t2
        ");
        assert_eq!(Page { issues: vec![] }.render(), "No issues.\n");
    }

    #[test]
    fn the_page_says_everything() {
        let parts = Parts {
            sql: true,
            diff: true,
        };
        insta::assert_snapshot!(page(&samples::issue(), parts, PLAIN), @"
        Issue 7: Create t2  Open
          project   demo
          branch    main
          commit    1234567 https://github.com/acme/demo/commit/1234567890123456789012345678901234567890
          creator   Ada <ada@example.com>, member ada
          pusher    octocat
          assignee  dana
          planned   2023-03-10 08:00:00 UTC

        Stage test  Done
          TASK  TARGET        VERSION       TYPE  STATUS  CHECKSUM      DESCRIPTION
          1     test/db_demo  202303100000  ddl   Done    7e4704164c8a  create t2

        Stage prod  Waiting for approval (0 of 1)
          approval  waiting: 0 of 1; what was decided before was on another state of the stage
          digest    bbbb
          approved  2023-03-10 08:00:00 UTC by dana (arn:aws:iam::111122223333:user/dba) (on an earlier digest): looks right
          TASK  TARGET        VERSION       TYPE  STATUS                CHECKSUM      DESCRIPTION
          2     prod/db_demo  202303100000  ddl   Waiting for approval  7e4704164c8a  create t2

        Task 1, SQL: bytebase/test/db_demo##202303100000##ddl##create_t2.sql
        CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255));

        Task 1, changes: bytebase/test/db_demo##202303100000##ddl##create_t2.sql
          table `t2` added

        Task 1, schema diff: bytebase/test/db_demo##202303100000##ddl##create_t2.sql
        @@ -1 +1,4 @@
        +CREATE TABLE `t2` (
        +  `id` bigint NOT NULL
        +);

        Task 2, SQL: bytebase/prod/db_demo##202303100000##ddl##create_t2.sql
        CREATE TABLE t2 (id BIGINT NOT NULL, course VARCHAR(255));
        ");
    }

    #[test]
    fn a_failure_names_file_line_and_the_server_s_words() {
        insta::assert_snapshot!(page(&samples::failed(), Parts::default(), PLAIN), @"
        Issue 7: Create t2  Open
          project   demo
          branch    main
          commit    1234567 https://github.com/acme/demo/commit/1234567890123456789012345678901234567890
          creator   Ada <ada@example.com>, member ada
          pusher    octocat
          assignee  dana
          planned   2023-03-10 08:00:00 UTC

        Stage test  Failed
          TASK  TARGET        VERSION       TYPE  STATUS  CHECKSUM      DESCRIPTION
          1     test/db_demo  202303100000  ddl   Failed  7e4704164c8a  create t2

        bytebase/test/db_demo##202303100000##ddl##create_t2.sql:3  task 1, statement 1: mysql-1064
          You have an error in your SQL syntax near 'TABEL t2'.
          Fix the file and push it.
          See docs/errors/mysql-1064.md
        ");
    }

    #[test]
    fn a_title_can_t_steer_the_terminal() {
        let mut view = samples::issue();
        view.issue.title = "x\u{1b}[2J\ny".into();
        assert!(head(&view, PLAIN).starts_with("Issue 7: x\\u{1b}[2J y  Open\n"));
    }
}
