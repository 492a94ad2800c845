//! What events say: ids, names, numbers and codes, and one sentence for people made of them.

use jiff::Timestamp;
use model::audit::verify::decided_on;
use model::{
    Announced, AuditItem, Awaited, EnvironmentId, Event, EventDetail, EventKind, EventNeed, EventTask, Issue,
    StepStanding, Task, Version,
};

/// The event of an item of the audit; `task` is the one that the item is about.
pub(super) fn of_item(issue: &Issue, kind: EventKind, item: &AuditItem, task: Option<&Task>) -> Event {
    let run = Run::read(kind, item.detail.as_deref().unwrap_or_default());
    let environment = if matches!(
        kind,
        EventKind::IssueApproved | EventKind::IssueBypassed | EventKind::IssueRejected
    ) {
        item.about.as_deref().map(EnvironmentId::new)
    } else {
        task.map(|task| task.environment.clone())
    };
    let about = item.about.as_deref().unwrap_or_default();
    let by = item.by.to_string();
    let summary = sentence(issue, kind, about, &by, &run);
    let detail = EventDetail {
        by: Some(by),
        digest: decided_on(item),
        environment,
        task: task.map(|task| EventTask {
            attempt: run.attempt,
            statement: run.statement,
            code: run.code.clone(),
            ..of_task(task)
        }),
        ..detail(
            issue,
            format!("issue-{}-{}", issue.number, item.number),
            item.number,
            item.at,
            &summary,
        )
    };
    Event { kind, detail }
}

/// Others changed the schema between a version and the one that an item says is done.
pub(super) fn of_drift(issue: &Issue, item: &AuditItem, task: &Task, since: &Version) -> Event {
    let id = format!("issue-{}-{}-drift", issue.number, item.number);
    let summary = format!(
        "{} was changed by others between versions {since} and {}: `sluice version show {} {}` says how",
        task.target, task.change.version, task.target, task.change.version
    );
    Event {
        kind: EventKind::TaskDrift,
        detail: EventDetail {
            environment: Some(task.environment.clone()),
            task: Some(EventTask {
                since: Some(since.to_string()),
                ..of_task(task)
            }),
            ..detail(issue, id, item.number, item.at, &summary)
        },
    }
}

/// A stage waits for a step of its approval.
pub(super) fn of_waiting(
    issue: &Issue,
    told: &Announced,
    at: Timestamp,
    awaited: &Awaited,
    step: &StepStanding,
) -> Event {
    let Awaited {
        environment,
        digest,
        step: place,
    } = awaited;
    let id = format!(
        "issue-{}-waiting-{}-{environment}-{digest}-{place}",
        issue.number, told.found
    );
    let number = issue.number;
    let named = if step.name.is_empty() {
        String::new()
    } else {
        format!(", step `{}`", step.name)
    };
    let summary = format!(
        "issue {number} of {} waits for an approval of `{environment}`{named} ({} of {}), which takes {}: \
         `sluice issue approve {number}`",
        issue.project, step.has, step.needs, step.who
    );
    Event {
        kind: EventKind::IssueWaiting,
        detail: EventDetail {
            environment: Some(environment.clone()),
            digest: Some(digest.clone()),
            needed: Some(EventNeed {
                step: step.name.clone(),
                needs: step.needs,
                has: step.has,
                who: step.who.clone(),
            }),
            ..detail(issue, id, told.number, at, &summary)
        },
    }
}

/// An issue has another status.
pub(super) fn of_status(issue: &Issue, told: &Announced, at: Timestamp) -> Event {
    let kind = EventKind::of_status(told.status);
    let word = told.status.to_string().to_lowercase();
    let id = format!("issue-{}-{word}-{}", issue.number, told.found);
    let summary = format!("issue {} of {} is {word}", issue.number, issue.project);
    Event {
        kind,
        detail: detail(issue, id, told.number, at, &summary),
    }
}

fn detail(issue: &Issue, id: String, number: u64, at: Timestamp, summary: &str) -> EventDetail {
    EventDetail {
        id,
        issue: issue.number,
        number,
        at,
        // What templates put between quotes must not end them.
        summary: summary.replace(['"', '\\'], "'"),
        project: issue.project.clone(),
        branch: issue.branch.clone(),
        commit: issue.commit.clone(),
        link: issue.url.clone(),
        by: None,
        environment: None,
        digest: None,
        needed: None,
        task: None,
    }
}

fn of_task(task: &Task) -> EventTask {
    EventTask {
        task: task.position,
        target: task.target.clone(),
        database: task.database.clone(),
        version: task.change.version.to_string(),
        attempt: None,
        statement: None,
        code: None,
        since: None,
    }
}

fn sentence(issue: &Issue, kind: EventKind, about: &str, by: &str, run: &Run) -> String {
    let (number, project) = (issue.number, &issue.project);
    let at = run
        .statement
        .map_or_else(String::new, |statement| format!(" at statement {statement}"));
    let what = match kind {
        EventKind::IssuePlanned => {
            return format!("issue {number} of {project} was planned, from the push of {by}");
        }
        EventKind::IssuePushersKnown => {
            return format!("it is known who pushed what is in issue {number} of {project}");
        }
        EventKind::IssueDepends => format!("{by} said what comes before it"),
        EventKind::IssueApproved => format!("stage `{about}` was approved by {by}"),
        EventKind::IssueBypassed => {
            format!("EMERGENCY: {by} lets stage `{about}` past its policy; it takes two administrators")
        }
        EventKind::IssueRejected => format!("stage `{about}` was rejected by {by}"),
        EventKind::TaskBegun => format!("version {about} began"),
        EventKind::TaskDone => format!("version {about} is applied"),
        EventKind::TaskFailed => {
            let code = run.code.as_deref().unwrap_or("no code");
            format!("version {about} failed{at} ({code}); `sluice issue show {number}` says why")
        }
        EventKind::TaskAmbiguous => {
            format!(
                "nobody can tell whether version {about} happened{at}; `sluice issue show {number}` says what to do"
            )
        }
        EventKind::TaskHeld => {
            format!("version {about} goes back to its approvers, with what was found about it")
        }
        EventKind::TaskRetried => format!("version {about} runs again, as {by} wishes"),
        EventKind::TaskResolved => format!("{by} said what came of version {about}{at}"),
        EventKind::TaskCanceled => format!("version {about} was canceled by {by}"),
        EventKind::TaskCancelAsked => format!("version {about} is ended, as {by} wishes"),
        EventKind::TaskSkipped => format!("version {about} was skipped by {by}"),
        EventKind::TaskReopened => format!("version {about} waits again, as {by} wishes"),
        EventKind::TaskScheduled => format!("{by} said when version {about} may begin"),
        EventKind::TaskReplaced => format!("version {about} has another text, from the push of {by}"),
        EventKind::TaskRenamed => format!("version {about} has another name, from the push of {by}"),
        // Made where they are found.
        EventKind::IssueWaiting
        | EventKind::IssueDone
        | EventKind::IssueCanceled
        | EventKind::IssueReopened
        | EventKind::TaskDrift => about.to_owned(),
    };
    format!("issue {number} of {project}: {what}")
}

/// What an item of the audit says of a run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Run {
    attempt: Option<u32>,
    statement: Option<u32>,
    code: Option<String>,
}

impl Run {
    /// Reads what `crate::audit` wrote: `attempt 1, statement 2, mysql-1062`.
    fn read(kind: EventKind, detail: &str) -> Self {
        let mut run = Self::default();
        for part in detail.split(", ") {
            let number = |prefix: &str| {
                let digits = part.strip_prefix(prefix)?.split(' ').next()?;
                digits.parse::<u32>().ok()
            };
            if let Some(attempt) = number("attempt ") {
                run.attempt = Some(attempt);
            } else if let Some(statement) = number("statement ") {
                run.statement = Some(statement);
            } else if kind == EventKind::TaskFailed {
                run.code = Some(part.to_owned());
            }
        }
        run
    }
}
