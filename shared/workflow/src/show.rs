//! Showing: facts from the ledger with the statuses derived from them.

mod list;

use crate::comparison::{Comparison, drifted};
use crate::dependencies::{self, Unfinished};
use crate::gates::{self, Stage};
use crate::ports::ledger::{IssueLedger, PlanLedger, TargetLedger, TextLedger, WriteBackLedger};
use jiff::Timestamp;
use model::{
    ApprovalStatus, Decision, Fault, Issue, IssueNumber, IssueStatus, IssueView, Refusal, Revision,
    RevisionView, StageView, Target, Task, TaskKey, TaskRun, TaskView, WriteBack, status,
};
use settings::Settings;

pub use list::IssuePage;

/// The most bytes of SQL and diffs in one answer, which Lambda limits to six megabytes; of one text, and of all.
const MOST_OF_ONE: usize = 256 * 1024;
const MOST_TEXT: usize = 3 * 1024 * 1024;
/// The same for one whole schema, of which an answer holds two.
const MOST_SCHEMA: usize = 1536 * 1024;

/// What showing needs of the world.
#[derive(Debug)]
pub struct Shower<'a, L> {
    /// The ledger.
    pub ledger: &'a L,
    /// The settings in force.
    pub settings: &'a Settings,
    /// The time: windows open, and approvals expire.
    pub now: Timestamp,
}

impl<L: IssueLedger + TargetLedger + WriteBackLedger> Shower<'_, L> {
    /// Tasks with where they stand, in the order asked.
    pub async fn task_views(&self, keys: &[TaskKey]) -> Result<Vec<TaskView>, Fault> {
        let tasks = self.ledger.tasks(keys).await?;
        let mut numbers: Vec<IssueNumber> = tasks.iter().map(|task| task.issue).collect();
        numbers.sort();
        numbers.dedup();
        let mut views = Vec::new();
        for issue in self.ledger.issues(&numbers).await? {
            let view = self.issue_view(issue).await?;
            views.extend(view.stages.into_iter().flat_map(|stage| stage.tasks));
        }
        Ok(tasks
            .iter()
            .filter_map(|task| views.iter().find(|view| view.task.key() == task.key()).cloned())
            .collect())
    }

    /// An issue with where it stands.
    pub async fn issue_view(&self, issue: Issue) -> Result<IssueView, Fault> {
        let tasks = tasks_of(self.ledger, &issue).await?;
        let decisions = self.ledger.decisions(issue.number).await?;
        let open = self.open_tasks(&tasks).await?;
        let write_backs = self.write_backs(&tasks).await?;
        let before = dependencies::unfinished(self.ledger, [&issue]).await?;
        Ok(view(
            self.settings,
            self.now,
            issue,
            &tasks,
            &decisions,
            &Around {
                open,
                write_backs,
                before,
            },
        ))
    }

    /// How far the schemas after tasks that are done are on their way into the repository.
    async fn write_backs<'t>(
        &self,
        tasks: impl IntoIterator<Item = &'t Task>,
    ) -> Result<Vec<WriteBack>, Fault> {
        let done: Vec<TaskKey> = tasks
            .into_iter()
            .filter(|task| task.run == TaskRun::Done)
            .map(Task::key)
            .collect();
        self.ledger.write_backs(&done).await
    }

    /// What stands in line on the targets of tasks that have not begun.
    async fn open_tasks(&self, tasks: &[Task]) -> Result<Vec<Task>, Fault> {
        let mut open = Vec::new();
        for target in waiting_targets(tasks) {
            open.extend(self.ledger.open_tasks(&target).await?);
        }
        Ok(open)
    }
}

impl<L: IssueLedger + TargetLedger + WriteBackLedger + PlanLedger + TextLedger> Shower<'_, L> {
    /// One issue with the SQL of its tasks and the schema diffs of those that are done.
    pub async fn issue(&self, number: IssueNumber) -> Result<Result<IssueView, Refusal>, Fault> {
        let Some(issue) = self.ledger.issues(&[number]).await?.pop() else {
            return Ok(Err(no_issue(number)));
        };
        let mut view = self.issue_view(issue).await?;
        let mut shown = 0;
        for task in view.stages.iter_mut().flat_map(|stage| &mut stage.tasks) {
            let room = MOST_TEXT.saturating_sub(shown);
            task.sql = self
                .ledger
                .text(&task.task.change.checksum)
                .await?
                .map(|sql| cut(sql, room));
            if let Some(revision) = self.ledger.revision(&task.task.key()).await? {
                let schemas = self.schemas(&revision).await?;
                let sql = task.sql.as_deref().unwrap_or_default();
                task.changes = schemas
                    .compared(sql)
                    .map_or_else(Vec::new, |compared| compared.changes());
                task.diff = Some(cut(schemas.diff(), room));
            }
            shown += task.sql.iter().chain(&task.diff).map(String::len).sum::<usize>();
        }
        Ok(Ok(view))
    }

    /// One revision with its SQL, its diff and the schema after it.
    pub async fn revision(&self, key: &TaskKey) -> Result<Result<RevisionView, Refusal>, Fault> {
        let Some(revision) = self.ledger.revision(key).await? else {
            return Ok(Err(Refusal::new(
                "version-unknown",
                format!(
                    "no such version was applied to {}; `sluice version list {}`",
                    key.target, key.target
                ),
            )));
        };
        let sql = self
            .ledger
            .text(&revision.change.checksum)
            .await?
            .unwrap_or_default();
        let schemas = self.schemas(&revision).await?;
        let compared = schemas.compared(&sql);
        Ok(Ok(RevisionView {
            sql,
            changes: compared.as_ref().map_or_else(Vec::new, Comparison::changes),
            diff: schemas.diff(),
            drift: self.drift(&revision, &schemas.before).await?,
            rollback: compared
                .and_then(|compared| compared.rollback(&revision.change.version, &revision.target)),
            before: cut_to(schemas.before, MOST_SCHEMA),
            schema: cut_to(schemas.after, MOST_SCHEMA),
            revision,
        }))
    }

    async fn schemas(&self, revision: &Revision) -> Result<Schemas, Fault> {
        Ok(Schemas {
            before: self.ledger.text(&revision.before).await?.unwrap_or_default(),
            after: self.ledger.text(&revision.after).await?.unwrap_or_default(),
        })
    }

    /// What others changed between the revision that was applied before this one and this one.
    async fn drift(&self, revision: &Revision, before: &str) -> Result<Vec<String>, Fault> {
        let Some(since) = &revision.since else {
            return Ok(Vec::new());
        };
        let key = TaskKey {
            target: revision.target.clone(),
            version: since.key().clone(),
        };
        let Some(earlier) = self.ledger.revision(&key).await? else {
            return Ok(Vec::new());
        };
        if earlier.after == revision.before {
            return Ok(Vec::new());
        }
        let left = self.ledger.text(&earlier.after).await?.unwrap_or_default();
        Ok(drifted(since, &left, before))
    }
}

/// The schema before and after a change.
struct Schemas {
    before: String,
    after: String,
}

impl Schemas {
    fn diff(&self) -> String {
        report::schema_diff(&self.before, &self.after)
    }

    fn compared(&self, sql: &str) -> Option<Comparison> {
        Comparison::read(&self.before, &self.after, sql)
    }
}

/// The targets on which something of these tasks has not begun, each once.
fn waiting_targets<'a>(tasks: impl IntoIterator<Item = &'a Task>) -> Vec<Target> {
    let waiting = tasks
        .into_iter()
        .filter(|task| !task.is_settled() && !task.has_begun());
    let mut targets: Vec<Target> = waiting.map(|task| task.target.clone()).collect();
    targets.sort();
    targets.dedup();
    targets
}

/// Where an issue stands. A plan that was cut short lost its tasks to the issue that was planned in its stead: nothing
/// was ever done under its number.
pub(crate) fn status_of(issue: &Issue, tasks: &[Task]) -> IssueStatus {
    if !issue.planned && tasks.is_empty() {
        IssueStatus::Canceled
    } else {
        status::issue_status(tasks)
    }
}

/// The tasks that are an issue's own. A plan that was cut short may have left keys that another issue has now.
pub(crate) async fn tasks_of(ledger: &impl IssueLedger, issue: &Issue) -> Result<Vec<Task>, Fault> {
    let mut tasks = ledger.tasks(&issue.tasks).await?;
    tasks.retain(|task| task.issue == issue.number);
    Ok(tasks)
}

/// The refusal of a number that no issue has.
pub fn no_issue(number: IssueNumber) -> Refusal {
    Refusal::new(
        "issue-unknown",
        format!("there is no issue {number}; `sluice issue list` shows those there are"),
    )
}

/// A text, cut where it is too long to be shown; what is applied is never cut.
fn cut(text: String, room: usize) -> String {
    cut_to(text, MOST_OF_ONE.min(room))
}

fn cut_to(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or_default();
    format!(
        "{}\n-- … {} more bytes, not shown here\n",
        &text[..end],
        text.len() - end
    )
}

/// What is around the tasks of an issue.
struct Around {
    /// What stands in line on their targets.
    open: Vec<Task>,
    /// How far the schemas after them are on their way into the repository.
    write_backs: Vec<WriteBack>,
    /// The issues that it waits for.
    before: Vec<Unfinished>,
}

/// An issue with where it stands, from facts.
fn view(
    settings: &Settings,
    now: Timestamp,
    issue: Issue,
    tasks: &[Task],
    decisions: &[Decision],
    around: &Around,
) -> IssueView {
    let stages = gates::stages(settings, &issue, tasks, decisions, now);
    let views = stages
        .iter()
        .map(|stage| StageView {
            environment: stage.environment.clone(),
            status: stage.status,
            digest: stage.digest.clone(),
            approval: stage.approval.clone(),
            decisions: decisions
                .iter()
                .filter(|decision| &decision.environment == stage.environment)
                .cloned()
                .collect(),
            tasks: stage
                .tasks
                .iter()
                .map(|task| view_of(&issue, &stages, task, around))
                .collect(),
        })
        .collect();
    IssueView {
        status: status_of(&issue, tasks),
        stages: views,
        activity: Vec::new(),
        issue,
    }
}

fn view_of(issue: &Issue, stages: &[Stage<'_>], task: &Task, around: &Around) -> TaskView {
    let mut gates = gates::closed_gates(stages, task, gates::open_before(&around.open, task));
    gates.extend(dependencies::closed(issue, &around.before));
    TaskView {
        task: task.clone(),
        status: status::task_status(task, gates),
        bypass: stages
            .iter()
            .find(|stage| stage.environment == &task.environment)
            .and_then(|stage| match &stage.approval {
                ApprovalStatus::Bypassed { .. } => Some(stage.approval.to_string()),
                ApprovalStatus::NotRequired
                | ApprovalStatus::Waiting { .. }
                | ApprovalStatus::Approved { .. }
                | ApprovalStatus::Rejected { .. } => None,
            }),
        sql: None,
        changes: Vec::new(),
        diff: None,
        write_back: around
            .write_backs
            .iter()
            .find(|known| known.key == task.key())
            .map(|known| known.state.clone()),
    }
}
