//! The rows of a check run: one for each file, or for each task that it became.

use crate::answer::{self, MARKDOWN};
use crate::check_run::CheckWord;
use crate::page::page;
use crate::text::{code_span, prose};
use model::{
    Answer, ApprovalStatus, Checksum, Failure, FileAnswer, Gate, IssueNumber, Push, StepStanding, Task,
    TaskKey, TaskStatus, TaskView, WriteBackState,
};

/// One row.
pub(crate) struct Row {
    /// What it means for the whole.
    pub(crate) word: CheckWord,
    /// The word in the title.
    pub(crate) status: &'static str,
    /// Whether something ran on a server.
    pub(crate) ran: bool,
    path: String,
    target: String,
    what: String,
}

impl Row {
    /// The row as a line of the table.
    pub(crate) fn line(&self) -> String {
        format!(
            "| {} | {} | {} | {} |\n",
            code_span(&self.path),
            self.target,
            self.status,
            self.what
        )
    }
}

/// The rows of a push, in the order of its answers.
pub(crate) fn rows(push: &Push, tasks: &[TaskView]) -> Vec<Row> {
    push.answers
        .iter()
        .flat_map(|answer| of_answer(answer, tasks))
        .collect()
}

fn of_answer(FileAnswer { path, answer }: &FileAnswer, tasks: &[TaskView]) -> Vec<Row> {
    let alone = |word, status, what: String| {
        vec![Row {
            word,
            status,
            ran: false,
            path: path.clone(),
            target: "–".to_owned(),
            what,
        }]
    };
    match answer {
        Answer::Taken {
            issue,
            tasks: keys,
            checksum,
            replaced,
            warnings,
        } => keys
            .iter()
            .map(|key| {
                let task = tasks.iter().find(|view| &view.task.key() == key);
                let mut row = of_task(path, *issue, key, task, checksum, *replaced);
                row.what.extend(
                    warnings
                        .iter()
                        .map(|warning| format!(" Note: {}.", prose(warning))),
                );
                row
            })
            .collect(),
        Answer::Known { note, issue: _ } => alone(CheckWord::Success, "Known", prose(note)),
        Answer::Covered { note } => alone(CheckWord::Success, "Covered", prose(note)),
        Answer::Gone { note } => alone(CheckWord::Success, "Gone", prose(note)),
        Answer::Refused { code, reason } => alone(
            CheckWord::Failure,
            "Refused",
            answer::refused(code, reason, MARKDOWN),
        ),
        Answer::Waiting { reason } => alone(CheckWord::ActionRequired, "Waiting", prose(reason)),
        Answer::Ignored { reason } => alone(CheckWord::Neutral, "Ignored", answer::ignored(reason, MARKDOWN)),
    }
}

fn of_task(
    path: &str,
    issue: IssueNumber,
    key: &TaskKey,
    view: Option<&TaskView>,
    taken: &Checksum,
    replaced: bool,
) -> Row {
    let row = |word, status, ran, what| Row {
        word,
        status,
        ran,
        path: path.to_owned(),
        target: target(key, view),
        what,
    };
    let Some(view) = view else {
        let what = format!("Issue {issue}; where it stands is not known here.");
        return row(CheckWord::Queued, "Planned", false, what);
    };
    let change = &view.task.change;
    if &change.checksum != taken {
        let what = format!(
            "The file was replaced by commit {}.",
            code_span(change.commit.short())
        );
        return row(CheckWord::Success, "Replaced", false, what);
    }
    let (conclusion, what) = of_status(view, issue, path);
    let what = match &view.bypass {
        Some(bypass) => format!("**{}.** {what}", prose(bypass)),
        None => what,
    };
    let ran = view.task.has_begun();
    let what = if replaced && !ran {
        format!("The open task took this text. {what}")
    } else {
        what
    };
    row(conclusion, word(&view.status), ran, what)
}

fn target(key: &TaskKey, view: Option<&TaskView>) -> String {
    let target = code_span(&key.target.to_string());
    match view {
        Some(view) => format!("{}, {target}", prose(view.task.environment.as_str())),
        None => target,
    }
}

fn of_status(view: &TaskView, issue: IssueNumber, path: &str) -> (CheckWord, String) {
    match &view.status {
        TaskStatus::Waiting(Gate::Approval(approval)) => of_approval(approval, issue, &view.task),
        TaskStatus::Waiting(Gate::Window { opens }) => (
            CheckWord::Queued,
            format!("From {opens} on, when the rollout window opens."),
        ),
        TaskStatus::Waiting(Gate::Frozen { until, because }) => (
            CheckWord::Queued,
            format!("Frozen until {until}: {}.", prose(because)),
        ),
        TaskStatus::Waiting(Gate::Schedule(schedule)) => (
            CheckWord::Queued,
            format!(
                "Begins at {}, as {} wishes.",
                schedule.at,
                code_span(&schedule.by)
            ),
        ),
        TaskStatus::Waiting(Gate::Order { after }) => (
            CheckWord::Queued,
            format!("After {}.{}", prose(after), found(&view.task)),
        ),
        TaskStatus::Ready => (CheckWord::Queued, "Begins now.".to_owned()),
        TaskStatus::Running { next, of } => (CheckWord::InProgress, format!("Statement {next} of {of}.")),
        TaskStatus::Following { at, of, work } => (
            CheckWord::InProgress,
            match work {
                Some(work) => format!(
                    "The server is still busy with statement {at} of {of}: {}.",
                    prose(&work.to_string())
                ),
                None => format!("The server is still busy with statement {at} of {of}."),
            },
        ),
        TaskStatus::Ending { because } => (
            CheckWord::InProgress,
            format!("It is being ended: {}", prose(because)),
        ),
        TaskStatus::Done => (
            CheckWord::Success,
            format!(
                "Applied by issue {issue}.{}",
                written_back(view.write_back.as_ref())
            ),
        ),
        TaskStatus::Failed(failure) => (CheckWord::Failure, of_failure(failure, issue, path)),
        TaskStatus::Ambiguous { at, evidence } => (
            CheckWord::Failure,
            format!(
                "Whether statement {at} happened can't be known; a person decides (see {}). {}",
                code_span(&page("ambiguous")),
                prose(evidence)
            ),
        ),
        TaskStatus::Canceled { because } => (CheckWord::Neutral, prose(because)),
        TaskStatus::Skipped { because } => (CheckWord::Success, prose(because)),
    }
}

/// How far the latest schema got, as a sentence that follows another one; nothing as long as there is nothing to say.
fn written_back(state: Option<&WriteBackState>) -> String {
    match state {
        Some(WriteBackState::Written { commit }) => {
            format!(" Latest schema: commit {}.", code_span(commit.short()))
        }
        Some(WriteBackState::Proposed { number, .. }) => {
            format!(" Latest schema: proposed in pull request {number}.")
        }
        Some(WriteBackState::Parked { reason }) => {
            format!(" Latest schema not written: {}.", prose(reason))
        }
        Some(
            WriteBackState::Pending
            | WriteBackState::Unchanged
            | WriteBackState::Superseded
            | WriteBackState::Off,
        )
        | None => String::new(),
    }
}

/// What the worker found when the task was about to begin, as a sentence that follows another one; nothing where it found
/// nothing.
fn found(task: &Task) -> String {
    let all: Vec<String> = task.found().iter().map(|one| prose(one)).collect();
    if all.is_empty() {
        return String::new();
    }
    format!(" To be approved as such: {}.", all.join("; "))
}

/// Whose turn it is, where there are steps with names; a sentence that follows another one.
fn turn(steps: &[StepStanding]) -> String {
    let open = steps.iter().find(|step| !step.is_done());
    let Some(step) = open.filter(|step| !step.name.is_empty()) else {
        return String::new();
    };
    let because = step.because.as_deref();
    let because = because.map_or_else(String::new, |because| format!(", because {}", prose(because)));
    format!(
        " Step {} is next ({} of {}): {}{because}.",
        code_span(&step.name),
        step.has,
        step.needs,
        prose(&step.who)
    )
}

fn of_approval(approval: &ApprovalStatus, issue: IssueNumber, task: &Task) -> (CheckWord, String) {
    match approval {
        ApprovalStatus::Waiting {
            needs,
            has,
            stale,
            expired,
            bypass,
            steps,
        } => {
            let stale = match (stale, expired) {
                (true, _) => "; earlier decisions were on another text",
                (false, true) => "; earlier approvals have expired",
                (false, false) => "",
            };
            let what =
                format!("Waiting for approval ({has} of {needs}{stale}): `sluice issue approve {issue}`");
            let one_more = bypass.as_deref().map_or_else(String::new, |by| {
                let by = code_span(by);
                format!(" {by} wants to let it past the policy: one more administrator may (`sluice issue bypass {issue}`).")
            });
            let more = format!("{}{}{one_more}", turn(steps), found(task));
            let what = if more.is_empty() {
                what
            } else {
                format!("{what}.{more}")
            };
            (CheckWord::ActionRequired, what)
        }
        ApprovalStatus::Rejected { by, because } => {
            let because = because.as_deref().map(|because| format!(": {}", prose(because)));
            let what = format!("Rejected by {}{}", code_span(by), because.unwrap_or_default());
            (CheckWord::Failure, what)
        }
        ApprovalStatus::NotRequired | ApprovalStatus::Approved { .. } | ApprovalStatus::Bypassed { .. } => {
            (CheckWord::Queued, "Begins now.".to_owned())
        }
    }
}

fn of_failure(failure: &Failure, issue: IssueNumber, path: &str) -> String {
    let place = failure.line.map(|line| code_span(&format!("{path}:{line}")));
    let what = match (place, failure.statement) {
        (Some(place), Some(statement)) => format!("{place}, statement {statement}: "),
        (Some(place), None) => format!("{place}: "),
        (None, Some(statement)) => format!("Statement {statement}: "),
        (None, None) => String::new(),
    };
    format!(
        "{what}{} ({}). Then `sluice issue retry {issue}`",
        code_span(&failure.message),
        answer::explained(&failure.code, MARKDOWN)
    )
}

/// The word in the status column; a task that waits for an approval that was denied waits for nothing.
fn word(status: &TaskStatus) -> &'static str {
    match status {
        TaskStatus::Waiting(Gate::Approval(ApprovalStatus::Rejected { .. })) => "Rejected",
        TaskStatus::Waiting(_)
        | TaskStatus::Ready
        | TaskStatus::Running { .. }
        | TaskStatus::Following { .. }
        | TaskStatus::Ending { .. }
        | TaskStatus::Done
        | TaskStatus::Failed(_)
        | TaskStatus::Ambiguous { .. }
        | TaskStatus::Canceled { .. }
        | TaskStatus::Skipped { .. } => status.word(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::task;
    use model::{Blocking, Drift, TaskRun, Version};

    #[test]
    fn a_schema_that_is_not_written_back_does_not_make_a_task_look_unfinished() {
        let said = |state: WriteBackState| written_back(Some(&state));
        let proposed = WriteBackState::Proposed {
            number: 12,
            url: "https://github.com/octo/demo/pull/12".into(),
        };
        assert_eq!(said(proposed), " Latest schema: proposed in pull request 12.");
        let parked = WriteBackState::Parked {
            reason: "see @dee, #12".into(),
        };
        assert_eq!(
            said(parked),
            " Latest schema not written: see @\u{200b}dee, #\u{200b}12."
        );
        for nothing in [
            WriteBackState::Pending,
            WriteBackState::Unchanged,
            WriteBackState::Superseded,
            WriteBackState::Off,
        ] {
            assert_eq!(said(nothing), "");
        }
    }

    #[test]
    fn what_was_found_is_told_where_somebody_is_asked_and_nowhere_else() {
        let issue = IssueNumber(7);
        let waiting = ApprovalStatus::Waiting {
            needs: 1,
            has: 0,
            stale: false,
            expired: false,
            bypass: None,
            steps: Vec::new(),
        };
        let asked = "Waiting for approval (0 of 1): `sluice issue approve 7`";
        let mut task = task(2, TaskRun::Queued);
        assert_eq!(of_approval(&waiting, issue, &task).1, asked);
        task.blocks.push(Blocking {
            statement: 2,
            table: "orders".into(),
            algorithm: "COPY".into(),
            bytes: 5 << 20,
        });
        let blocks = "statement 2 blocks writes to orders (5 MiB) while it runs (COPY)";
        assert_eq!(
            of_approval(&waiting, issue, &task).1,
            format!("{asked}. To be approved as such: {blocks}.")
        );
        task.drift = Some(Box::new(Drift::of(
            Version::parse("1").unwrap(),
            Checksum::of(b"schema"),
            vec!["`t`: see @dee".into()],
        )));
        assert_eq!(
            of_approval(&waiting, issue, &task).1,
            format!(
                "{asked}. To be approved as such: {blocks}; the schema is not as version 1 left it: `t`: see @\u{200b}dee."
            )
        );
        let rejected = ApprovalStatus::Rejected {
            by: "ada".into(),
            because: None,
        };
        assert_eq!(of_approval(&rejected, issue, &task).1, "Rejected by `ada`");
    }
}
