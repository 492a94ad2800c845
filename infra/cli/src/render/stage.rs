//! Stages: where they stand, their tasks, and what a decision on one would cover.

use super::style::{Style, Tone};
use super::{count, facts, indented, plain, table, time};
use model::{
    ApprovalStatus, Decision, Gate, Issue, StageStatus, StageView, TaskStatus, TaskView, Verdict, Work,
    WriteBackState,
};

/// A stage of an issue's page.
pub(crate) fn section(stage: &StageView, style: Style) -> String {
    let head = style.paint(Tone::Heading, &format!("Stage {}", stage.environment));
    let state = style.paint(tone(stage), &state_of(stage));
    let mut text = format!("{head}  {state}\n");
    if stage.approval != ApprovalStatus::NotRequired {
        text.push_str(&facts(&[
            ("approval", stage.approval.to_string()),
            ("digest", stage.digest.to_string()),
        ]));
    }
    let told: Vec<(&str, String)> = stage.decisions.iter().map(|d| told(d, stage)).collect();
    if !told.is_empty() {
        text.push_str(&facts(&told));
    }
    text + &indented(&tasks(&stage.tasks), 2) + &found(&stage.tasks, style) + &schemas(&stage.tasks)
}

/// What is decided on: shown before it is decided.
pub(crate) fn preview(issue: &Issue, stage: &StageView, verb: &str, style: Style) -> String {
    let title = format!(
        "To {verb}: stage {} of issue {}, {} ({})",
        stage.environment,
        issue.number,
        plain::line(&issue.title),
        count(stage.tasks.len(), "task")
    );
    let facts = facts(&[
        ("commit", format!("{} {}", issue.commit.short(), issue.url)),
        ("digest", stage.digest.to_string()),
    ]);
    format!(
        "{}\n{facts}{}{}  The SQL: sluice issue show {} --sql\n\n",
        style.paint(Tone::Heading, &title),
        indented(&tasks(&stage.tasks), 2),
        found(&stage.tasks, style),
        issue.number
    )
}

/// What the worker found when tasks were about to begin, as long as they are not done.
fn found(tasks: &[TaskView], style: Style) -> String {
    let mut text = String::new();
    for view in tasks.iter().filter(|view| view.status != TaskStatus::Done) {
        for found in view.task.found() {
            let words = format!("  task {}: {found}", view.task.position);
            text.push_str(&style.paint(Tone::Bad, &plain::line(&words)));
            text.push('\n');
        }
    }
    text
}

/// How far the latest schemas are on their way into the repository, as far as there is something to say.
fn schemas(tasks: &[TaskView]) -> String {
    let mut text = String::new();
    for view in tasks {
        match &view.write_back {
            Some(
                state @ (WriteBackState::Pending
                | WriteBackState::Written { .. }
                | WriteBackState::Proposed { .. }
                | WriteBackState::Superseded
                | WriteBackState::Parked { .. }),
            ) => {
                let words = format!("  task {}, latest schema: {state}", view.task.position);
                text.push_str(&plain::line(&words));
                text.push('\n');
            }
            Some(WriteBackState::Unchanged | WriteBackState::Off) | None => {}
        }
    }
    text
}

/// Where a stage stands, in a few words.
pub(crate) fn state_of(stage: &StageView) -> String {
    match (stage.status, &stage.approval) {
        (StageStatus::Done, _) => "Done".to_owned(),
        (StageStatus::Failed, _) => "Failed".to_owned(),
        (StageStatus::Canceled, _) => "Canceled".to_owned(),
        (StageStatus::Open, ApprovalStatus::Waiting { needs, has, .. }) => {
            format!("Waiting for approval ({has} of {needs})")
        }
        (StageStatus::Open, ApprovalStatus::Rejected { .. }) => "Rejected".to_owned(),
        (StageStatus::Open, ApprovalStatus::Bypassed { .. }) => "EMERGENCY BYPASS".to_owned(),
        (StageStatus::Open, ApprovalStatus::NotRequired | ApprovalStatus::Approved { .. }) => {
            "Open".to_owned()
        }
    }
}

fn tone(stage: &StageView) -> Tone {
    match (stage.status, &stage.approval) {
        (StageStatus::Done, _) => Tone::Good,
        (StageStatus::Failed, _)
        | (StageStatus::Open, ApprovalStatus::Rejected { .. } | ApprovalStatus::Bypassed { .. }) => Tone::Bad,
        (StageStatus::Canceled, _)
        | (
            StageStatus::Open,
            ApprovalStatus::NotRequired | ApprovalStatus::Waiting { .. } | ApprovalStatus::Approved { .. },
        ) => Tone::Pending,
    }
}

fn told(decision: &Decision, stage: &StageView) -> (&'static str, String) {
    let verb = match decision.verdict {
        Verdict::Approved => "approved",
        Verdict::Bypassed => "BYPASSED",
        Verdict::Rejected => "rejected",
    };
    let who = match &decision.member {
        Some(member) => format!("{member} ({})", decision.by),
        None => decision.by.to_string(),
    };
    let because = decision
        .because
        .as_ref()
        .map(|text| format!(": {text}"))
        .unwrap_or_default();
    let stale = if decision.digest == stage.digest {
        ""
    } else {
        " (on an earlier digest)"
    };
    (verb, format!("{} by {who}{stale}{because}", time(decision.at)))
}

fn tasks(tasks: &[TaskView]) -> String {
    if tasks.is_empty() {
        return "No tasks.\n".to_owned();
    }
    let head = [
        "TASK",
        "TARGET",
        "VERSION",
        "TYPE",
        "STATUS",
        "CHECKSUM",
        "DESCRIPTION",
    ];
    table(&head, tasks.iter().map(row))
}

fn row(view: &TaskView) -> Vec<String> {
    let (task, change) = (&view.task, &view.task.change);
    vec![
        task.position.to_string(),
        task.target.to_string(),
        change.version.as_str().to_owned(),
        change.change_type.to_string(),
        status_of(&view.status),
        change.checksum.short().to_owned(),
        plain::shortened(&change.description, 60),
    ]
}

fn status_of(status: &TaskStatus) -> String {
    let word = status.word();
    match status {
        TaskStatus::Waiting(Gate::Approval(ApprovalStatus::Rejected { .. })) => format!("{word}: rejected"),
        TaskStatus::Waiting(Gate::Approval(
            ApprovalStatus::NotRequired
            | ApprovalStatus::Waiting { .. }
            | ApprovalStatus::Approved { .. }
            | ApprovalStatus::Bypassed { .. },
        )) => format!("{word} for approval"),
        TaskStatus::Waiting(Gate::Frozen { until, .. }) => format!("{word}: frozen until {until}"),
        TaskStatus::Waiting(Gate::Window { opens }) => format!("{word} until {opens}"),
        TaskStatus::Waiting(Gate::Schedule(schedule)) => format!("{word} until {}", schedule.at),
        TaskStatus::Waiting(Gate::Order { after }) => format!("{word} for {after}"),
        TaskStatus::Running { next: at, of } => format!("{word} {at} of {of}"),
        TaskStatus::Following { at, of, work } => match work.as_ref().and_then(Work::percent) {
            Some(percent) => format!("{word} {at} of {of}, {percent} %"),
            None => format!("{word} {at} of {of}"),
        },
        TaskStatus::Ready
        | TaskStatus::Ending { .. }
        | TaskStatus::Done
        | TaskStatus::Failed(_)
        | TaskStatus::Ambiguous { .. }
        | TaskStatus::Canceled { .. }
        | TaskStatus::Skipped { .. } => word.to_owned(),
    }
}

/// What a task's status means.
pub(crate) fn task_tone(status: &TaskStatus) -> Tone {
    match status {
        TaskStatus::Done => Tone::Good,
        TaskStatus::Failed(_) | TaskStatus::Ambiguous { .. } => Tone::Bad,
        TaskStatus::Waiting(_)
        | TaskStatus::Ready
        | TaskStatus::Running { .. }
        | TaskStatus::Following { .. }
        | TaskStatus::Ending { .. } => Tone::Pending,
        TaskStatus::Canceled { .. } | TaskStatus::Skipped { .. } => Tone::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn a_preview_shows_what_the_digest_covers() {
        let view = samples::issue();
        let style = Style { colored: false };
        insta::assert_snapshot!(preview(&view.issue, &view.stages[1], "approve", style), @"
        To approve: stage prod of issue 7, Create t2 (1 task)
          commit  1234567 https://github.com/acme/demo/commit/1234567890123456789012345678901234567890
          digest  bbbb
          TASK  TARGET        VERSION       TYPE  STATUS                CHECKSUM      DESCRIPTION
          2     prod/db_demo  202303100000  ddl   Waiting for approval  7e4704164c8a  create t2
          The SQL: sluice issue show 7 --sql
        ");
    }

    #[test]
    fn each_state_of_an_approval_has_its_words() {
        let by = "arn:aws:iam::1:user/dba".to_owned();
        let because = Some("too late".to_owned());
        for (status, expected) in [
            (ApprovalStatus::NotRequired, "not required"),
            (
                ApprovalStatus::Waiting {
                    needs: 2,
                    has: 1,
                    stale: false,
                    expired: false,
                    bypass: None,
                    steps: Vec::new(),
                },
                "waiting: 1 of 2",
            ),
            (
                ApprovalStatus::Approved { by: vec![by.clone()] },
                "approved by arn:aws:iam::1:user/dba",
            ),
            (
                ApprovalStatus::Rejected { by, because },
                "rejected by arn:aws:iam::1:user/dba: too late",
            ),
        ] {
            assert_eq!(status.to_string(), expected);
        }
    }

    #[test]
    fn a_stage_says_where_its_schemas_are() {
        let states = [
            None,
            Some(WriteBackState::Off),
            Some(WriteBackState::Pending),
            Some(WriteBackState::Proposed {
                number: 12,
                url: "https://github.com/acme/demo/pull/12".into(),
            }),
            Some(WriteBackState::Parked {
                reason: "the branch is\ngone".into(),
            }),
        ];
        let view = samples::issue().stages.remove(0).tasks.remove(0);
        let tasks: Vec<TaskView> = states
            .into_iter()
            .map(|write_back| TaskView {
                write_back,
                ..view.clone()
            })
            .collect();
        assert_eq!(
            schemas(&tasks),
            "  task 1, latest schema: to be written\n  \
             task 1, latest schema: proposed in pull request 12 (https://github.com/acme/demo/pull/12)\n  \
             task 1, latest schema: not written: the branch is gone\n"
        );
    }

    #[test]
    fn each_status_of_a_task_has_its_words() {
        let order = Gate::Order {
            after: "main/db_demo#1".into(),
        };
        for (status, expected) in [
            (TaskStatus::Ready, "Ready"),
            (TaskStatus::Waiting(order), "Waiting for main/db_demo#1"),
            (TaskStatus::Running { next: 2, of: 3 }, "Running 2 of 3"),
            (
                TaskStatus::Following {
                    at: 1,
                    of: 1,
                    work: None,
                },
                "Following 1 of 1",
            ),
            (TaskStatus::Skipped { because: "x".into() }, "Skipped"),
        ] {
            assert_eq!(status_of(&status), expected);
        }
    }
}
