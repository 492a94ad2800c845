//! Parts of an issue's view.

use driver::Trouble;
use model::{IssueView, TaskView};

/// The tasks of an issue, by position.
pub fn tasks(issue: &IssueView) -> Vec<&TaskView> {
    let mut tasks: Vec<&TaskView> = issue.stages.iter().flat_map(|stage| &stage.tasks).collect();
    tasks.sort_by_key(|view| view.task.position);
    tasks
}

/// The one task of an issue.
pub fn only_task(issue: &IssueView) -> Result<&TaskView, Trouble> {
    match tasks(issue).as_slice() {
        [one] => Ok(one),
        tasks => Err(Trouble(format!("the issue has {} tasks", tasks.len()))),
    }
}
