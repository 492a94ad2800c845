//! The decision: files and what is known of them, into answers, tasks and an issue. Pure.

use super::pushers::newest;
use super::read::{Content, File, Meaning, keys_of};
use crate::gates::targets_of;
use crate::ports::github::CommitInfo;
use crate::surroundings;
use jiff::Timestamp;
use model::approval::{Ruling, RulingKind};
use model::{
    Answer, Change, CommitSha, Creator, EnvironmentId, FileAnswer, Issue, IssueNumber, Pusher, Refusal,
    Target, Task, TaskKey, TaskRun, TaskRunEvent,
};
use settings::path::ChangePath;
use settings::{Placement, Project, Settings};
use std::collections::HashMap;

/// Everything that a decision looks at.
pub(super) struct Input<'a> {
    pub(super) settings: &'a Settings,
    pub(super) project: &'a Project,
    pub(super) branch: &'a str,
    pub(super) head: &'a CommitSha,
    pub(super) pushers: &'a [Pusher],
    /// Whether those are all.
    pub(super) pushers_known: bool,
    pub(super) commit: Option<CommitInfo>,
    /// Every path at the head that names each change.
    pub(super) twins: HashMap<TaskKey, Vec<String>>,
    pub(super) files: Vec<File>,
    pub(super) known: HashMap<TaskKey, Known>,
    /// The number that an issue would get.
    pub(super) number: IssueNumber,
    pub(super) now: Timestamp,
}

/// A task that is stored already.
pub(super) struct Known {
    pub(super) task: Task,
    /// Whether the plan that it belongs to was stored to its end.
    pub(super) planned: bool,
}

/// What is to be stored.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) answers: Vec<FileAnswer>,
    pub(super) issue: Option<Issue>,
    /// New tasks and new editions of old ones.
    pub(super) tasks: Vec<Task>,
    pub(super) texts: Vec<String>,
}

impl Plan {
    /// The issues, other than the new one, whose tasks have a new edition.
    pub(super) fn touched_issues(&self) -> Vec<IssueNumber> {
        let new = self.issue.as_ref().map(|issue| issue.number);
        let mut numbers: Vec<IssueNumber> = self
            .tasks
            .iter()
            .map(|task| task.issue)
            .filter(|number| Some(*number) != new)
            .collect();
        numbers.sort();
        numbers.dedup();
        numbers
    }

    /// The commits whose check run has something new to tell.
    pub(super) fn told_commits(&self, head: &CommitSha) -> Vec<CommitSha> {
        let mut commits = vec![head.clone()];
        commits.extend(
            self.tasks
                .iter()
                .flat_map(|task| task.answered_on.iter().cloned()),
        );
        commits.sort();
        commits.dedup();
        commits
    }

    /// The targets that have something new to do.
    pub(super) fn targets(&self) -> Vec<Target> {
        let keys: Vec<TaskKey> = self.tasks.iter().map(Task::key).collect();
        targets_of(&keys)
    }
}

/// What becomes of a change at one place.
enum Fate {
    New { edition: u64 },
    Replace(Box<Task>),
    Follow(Box<Task>),
    Known(IssueNumber, String),
    Refuse(Refusal),
}

/// Answers every file.
pub(super) fn decide(input: &Input<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut fresh: Vec<Task> = Vec::new();
    for file in &input.files {
        let answer = match &file.meaning {
            // Among changes it is most likely our own, planned together with them; alone, somebody edited it.
            Meaning::Schema if input.files.iter().any(File::is_for_people) => continue,
            Meaning::Schema => Answer::Ignored {
                reason: "Sluice writes this file; the next change of the schema replaces what is in it"
                    .to_owned(),
            },
            Meaning::Ignored(reason) => Answer::Ignored {
                reason: reason.clone(),
            },
            Meaning::Refused(refusal) => refused(refusal),
            Meaning::Removed(change) => removed(input, change, &mut plan),
            Meaning::Change(change, content) => {
                changed(input, &file.path, change, content, &mut plan, &mut fresh)
            }
        };
        plan.answers.push(FileAnswer {
            path: file.path.clone(),
            answer,
        });
    }
    if !fresh.is_empty() {
        plan.issue = Some(issue_of(input, &mut fresh));
        plan.tasks.extend(fresh);
    }
    plan
}

fn changed(
    input: &Input<'_>,
    path: &str,
    change: &ChangePath,
    content: &Content,
    plan: &mut Plan,
    fresh: &mut Vec<Task>,
) -> Answer {
    if let Some(refusal) =
        wrong_text(input.settings, change, content).or_else(|| taken_twice(input, path, change))
    {
        return refused(&refusal);
    }
    let stored = Change {
        version: change.version.clone(),
        change_type: change.change_type,
        description: change.description.clone(),
        path: path.to_owned(),
        checksum: content.checksum.clone(),
        size: u64::try_from(content.text.len()).unwrap_or(u64::MAX),
        commit: input.head.clone(),
    };
    let fates: Vec<(&Placement, Fate)> = change
        .placements
        .iter()
        .zip(keys_of(change))
        .map(|(placement, key)| (placement, fate(input.known.get(&key), &stored)))
        .collect();
    if let Some(refusal) = fates.iter().find_map(|(_, fate)| match fate {
        Fate::Refuse(refusal) => Some(refusal),
        Fate::New { .. } | Fate::Replace(_) | Fate::Follow(_) | Fate::Known(..) => None,
    }) {
        return refused(refusal);
    }
    let mut tasks = Vec::new();
    let mut issue = input.number;
    let mut replaced = false;
    let mut known = None;
    for (placement, fate) in fates {
        match fate {
            Fate::New { edition } => {
                let task = new_task(input, placement, stored.clone(), edition);
                tasks.push(task.key());
                fresh.push(task);
            }
            Fate::Replace(task) => {
                let task = replace(*task, stored.clone(), input);
                (issue, replaced) = (task.issue, true);
                tasks.push(task.key());
                plan.tasks.push(task);
            }
            Fate::Follow(mut task) => {
                known = Some((
                    task.issue,
                    format!("it goes by this name now, in issue {}", task.issue),
                ));
                task.change.path.clone_from(&stored.path);
                plan.tasks.push(task.edited(input.now));
            }
            Fate::Known(number, note) => known = Some((number, note)),
            Fate::Refuse(_) => {}
        }
    }
    if tasks.is_empty() {
        let (issue, note) = known.unwrap_or((issue, "there is nothing to do".to_owned()));
        return Answer::Known { issue, note };
    }
    plan.texts.push(content.text.clone());
    Answer::Taken {
        issue,
        tasks,
        checksum: content.checksum.clone(),
        replaced,
    }
}

/// What becomes of a change where a task of its version may be stored already.
fn fate(known: Option<&Known>, change: &Change) -> Fate {
    let Some(Known { task, planned }) = known else {
        return Fate::New { edition: 1 };
    };
    if !planned {
        return Fate::New {
            edition: task.edition + 1,
        };
    }
    let issue = task.issue;
    let ruling = task.ruling.as_ref().map(|ruling| ruling.kind);
    let same = task.change.checksum == change.checksum;
    match (&task.run, ruling, same) {
        (TaskRun::Done, _, true) => Fate::Known(issue, format!("already applied in issue {issue}")),
        (TaskRun::Done, _, false) => Fate::Refuse(Refusal::new(
            "change-applied",
            format!(
                "version {} was applied in issue {issue} with another text; applied changes are history: \
                 restore the file and write a new version",
                change.version
            ),
        )),
        (_, Some(RulingKind::Skipped), _) => Fate::Refuse(Refusal::new(
            "change-skipped",
            format!(
                "version {} was skipped in issue {issue}; write a new version",
                change.version
            ),
        )),
        (TaskRun::Ambiguous { .. }, _, false) => Fate::Refuse(Refusal::new(
            "change-ambiguous",
            format!(
                "whether a statement of version {} happened can't be told; look at issue {issue}, and say which it is \
                 (`sluice task resolve {issue}`), or cancel its task there (`sluice issue cancel {issue}`) and write a new \
                 version with what is left to do",
                change.version
            ),
        )),
        (TaskRun::Running { .. } | TaskRun::Following { .. } | TaskRun::Resolved(_), _, false) => {
            Fate::Refuse(Refusal::new(
                "change-running",
                format!(
                    "version {} is being applied in issue {issue}; wait for it, then write a new version",
                    change.version
                ),
            ))
        }
        (TaskRun::Queued | TaskRun::Failed(_), Some(RulingKind::Canceled), _)
        | (TaskRun::Queued | TaskRun::Failed(_), None, false) => Fate::Replace(Box::new(task.clone())),
        (TaskRun::Failed(_), None, true) => Fate::Known(
            issue,
            format!("it failed in issue {issue}; `sluice issue retry {issue}` runs it again"),
        ),
        (TaskRun::Queued, None, true) if task.change.path != change.path => {
            Fate::Follow(Box::new(task.clone()))
        }
        (
            TaskRun::Queued
            | TaskRun::Running { .. }
            | TaskRun::Following { .. }
            | TaskRun::Resolved(_)
            | TaskRun::Ambiguous { .. },
            _,
            true,
        ) => Fate::Known(issue, format!("already planned in issue {issue}")),
    }
}

fn replace(mut task: Task, change: Change, input: &Input<'_>) -> Task {
    task.change = change;
    task.ruling = None;
    task.blocks.clear();
    // `fate` lets only runs come here that may take a new text.
    if let Ok(run) = task.run.clone().on(TaskRunEvent::Replaced) {
        task.run = run;
    }
    task.answered_on.push(input.head.clone());
    let surplus = task.answered_on.len().saturating_sub(10);
    task.answered_on.drain(..surplus);
    task.edited(input.now)
}

fn new_task(input: &Input<'_>, placement: &Placement, change: Change, edition: u64) -> Task {
    Task {
        issue: input.number,
        position: 0,
        project: input.project.name.clone(),
        environment: placement.environment.clone(),
        target: placement.target.clone(),
        database: placement.database.clone(),
        change,
        attempt: 0,
        run: TaskRun::Queued,
        ruling: None,
        cancel: None,
        blocks: Vec::new(),
        answered_on: vec![input.head.clone()],
        edition,
        created_at: input.now,
        updated_at: input.now,
    }
}

fn removed(input: &Input<'_>, change: &ChangePath, plan: &mut Plan) -> Answer {
    let mut notes = Vec::new();
    for key in keys_of(change) {
        if let Some(paths) = input.twins.get(&key) {
            notes.push(format!("the version goes by `{}` now", paths.join("`, `")));
            continue;
        }
        let Some(known) = input.known.get(&key) else {
            continue;
        };
        let task = &known.task;
        let issue = task.issue;
        notes.push(match (&task.run, &task.ruling) {
            (_, Some(_)) => format!("it was canceled or skipped before, in issue {issue}"),
            (TaskRun::Done, None) => {
                format!("it stays applied (issue {issue}); deleting the file undoes nothing")
            }
            (
                TaskRun::Running { .. }
                | TaskRun::Following { .. }
                | TaskRun::Resolved(_)
                | TaskRun::Ambiguous { .. },
                None,
            ) => {
                format!("it is being applied in issue {issue}; deleting the file does not stop it")
            }
            (TaskRun::Queued | TaskRun::Failed(_), None) => {
                let mut task = task.clone();
                task.ruling = Some(Ruling {
                    kind: RulingKind::Canceled,
                    by: "sluice".to_owned(),
                    because: format!("its file was deleted in {}", input.head.short()),
                    at: input.now,
                });
                plan.tasks.push(task.edited(input.now));
                format!("its task in issue {issue} is canceled")
            }
        });
    }
    notes.dedup();
    let note = if notes.is_empty() {
        "deleted; it was never applied".to_owned()
    } else {
        notes.join("; ")
    };
    Answer::Gone { note }
}

fn refused(refusal: &Refusal) -> Answer {
    Answer::Refused {
        code: refusal.code.clone(),
        reason: refusal.message.clone(),
    }
}

/// What review says against a text, before any server sees it.
fn wrong_text(settings: &Settings, change: &ChangePath, content: &Content) -> Option<Refusal> {
    let targets = change.placements.iter().map(|placement| &placement.target);
    let surroundings = surroundings::of_targets(settings, targets);
    let review = review::review(change.change_type, &content.text, &surroundings);
    let finding = review
        .findings
        .iter()
        .find(|finding| finding.severity == review::Severity::Error)?;
    Some(Refusal::new(
        finding.rule,
        format!(
            "line {}, column {}: {}",
            finding.line, finding.column, finding.message
        ),
    ))
}

fn taken_twice(input: &Input<'_>, path: &str, change: &ChangePath) -> Option<Refusal> {
    let others: Vec<&str> = keys_of(change)
        .iter()
        .filter_map(|key| input.twins.get(key))
        .flatten()
        .map(String::as_str)
        .filter(|other| *other != path)
        .collect();
    let first = others.first()?;
    Some(Refusal::new(
        "version-twice",
        format!(
            "version {} is also that of `{first}`; give one of them a version of its own",
            change.version
        ),
    ))
}

fn issue_of(input: &Input<'_>, fresh: &mut [Task]) -> Issue {
    let rank = |environment: &EnvironmentId| {
        input
            .settings
            .environments
            .iter()
            .position(|known| &known.name == environment)
    };
    fresh.sort_by_cached_key(|task| {
        (
            rank(&task.environment),
            task.target.clone(),
            task.change.version.key().clone(),
        )
    });
    for (position, task) in (1..).zip(fresh.iter_mut()) {
        task.position = position;
    }
    let mut environments: Vec<EnvironmentId> = fresh.iter().map(|task| task.environment.clone()).collect();
    environments.dedup();
    let commit = input.commit.as_ref();
    let pusher = newest(input.pushers);
    let creator = Creator {
        name: commit.map_or_else(|| pusher.login.clone(), |commit| commit.author_name.clone()),
        email: commit
            .map(|commit| commit.author_email.clone())
            .unwrap_or_default(),
        member: commit
            .and_then(|commit| input.settings.member_by_email(&commit.author_email))
            .map(|member| member.name.clone()),
    };
    Issue {
        number: input.number,
        project: input.project.name.clone(),
        title: commit.map_or_else(
            || format!("Push of {}", input.head.short()),
            |commit| commit.title.clone(),
        ),
        branch: input.branch.to_owned(),
        commit: input.head.clone(),
        url: commit.map(|commit| commit.url.clone()).unwrap_or_default(),
        pusher,
        pushers: input.pushers.to_vec(),
        pushers_known: input.pushers_known,
        creator,
        assignee: assignee(input.settings, &environments),
        environments,
        tasks: fresh.iter().map(Task::key).collect(),
        planned: true,
        edition: 1,
        created_at: input.now,
    }
}

/// Who has to act first: those who approve, or Sluice itself where nobody has to.
fn assignee(settings: &Settings, environments: &[EnvironmentId]) -> String {
    let mut names: Vec<String> = environments
        .iter()
        .filter_map(|name| settings.environment(name))
        .filter(|environment| environment.approvals > 0)
        .flat_map(|environment| {
            environment
                .approvers
                .roles
                .iter()
                .chain(&environment.approvers.principals)
                .cloned()
        })
        .collect();
    names.dedup();
    if names.is_empty() {
        "sluice".to_owned()
    } else {
        names.join(", ")
    }
}
