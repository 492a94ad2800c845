//! `sluice issue show --watch`: what runs, as it goes on.

use super::issue::show;
use super::read;
use crate::client::{Call, Client};
use crate::exit::Stop;
use crate::output::Output;
use crate::render::issue::Parts;
use crate::render::plain;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use model::{IssueView, TaskStatus};
use std::time::Duration;

/// How often the API is asked.
const EVERY: Duration = Duration::from_secs(2);

/// Shows an issue's tasks as they go on, until none runs or is about to; then the issue.
pub(super) async fn run(number: u64, client: &Client, output: &Output) -> Result<(), Stop> {
    let call = Call::get(["issues".to_owned(), number.to_string()]);
    let bar = bar();
    let mut told = String::new();
    loop {
        let value = client.send(&call).await?;
        let view: IssueView = read(&value)?;
        let Some((words, percent)) = under_way(&view) else {
            bar.finish_and_clear();
            return show(output, &value, Parts::default());
        };
        if bar.is_hidden() {
            if words != told {
                output.note(&words)?;
            }
        } else {
            bar.set_position(percent.unwrap_or(0));
            bar.set_message(words.clone());
        }
        told = words;
        tokio::time::sleep(EVERY).await;
    }
}

/// Drawn on a terminal only; elsewhere each change is a line.
fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(100), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("[{bar:30}] {msg}") {
        bar.set_style(style);
    }
    bar
}

/// The first task that runs or is about to, in words and in percent; none where nothing goes on without a person.
fn under_way(view: &IssueView) -> Option<(String, Option<u64>)> {
    let mut tasks = view.stages.iter().flat_map(|stage| &stage.tasks);
    tasks.find_map(|task| {
        let (what, percent) = match &task.status {
            TaskStatus::Ready => ("begins now".to_owned(), None),
            TaskStatus::Running { next, of } => (format!("statement {next} of {of}"), None),
            TaskStatus::Following { at, of, work } => {
                let work_words = work.as_ref().map_or_else(String::new, |work| format!(": {work}"));
                let percent = work.as_ref().and_then(model::Work::percent);
                (format!("statement {at} of {of}{work_words}"), percent)
            }
            TaskStatus::Ending { because } => (format!("is being ended: {because}"), None),
            TaskStatus::Waiting(_)
            | TaskStatus::Done
            | TaskStatus::Failed(_)
            | TaskStatus::Ambiguous { .. }
            | TaskStatus::Canceled { .. }
            | TaskStatus::Skipped { .. } => return None,
        };
        let change = &task.task;
        let words = format!(
            "task {} ({} on {}): {what}",
            change.position, change.change.version, change.target
        );
        Some((plain::line(&words), percent))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;
    use model::Work;

    #[test]
    fn what_runs_is_told_and_what_waits_for_a_person_is_not() {
        let mut view = samples::issue();
        assert_eq!(under_way(&view), None, "it waits for approval");
        let work = Work {
            seconds: 60,
            stage: Some("copy to tmp table".to_owned()),
            completed: 1,
            estimated: 4,
        };
        if let Some(task) = view.stages.iter_mut().flat_map(|stage| &mut stage.tasks).next() {
            task.status = TaskStatus::Following {
                at: 2,
                of: 3,
                work: Some(work),
            };
        }
        let (words, percent) = under_way(&view).unwrap();
        assert!(
            words.ends_with("statement 2 of 3: copy to tmp table, 25 %, 60 s so far, about 180 s left"),
            "{words}"
        );
        assert_eq!(percent, Some(25));
    }
}
