//! The decision: files and what is known of them, into answers, tasks and an issue. Pure.

use super::fate::{Fate, covered, fates, higher, refusal_of};
use super::pushers::newest;
use super::read::{Changes, Content, File, Meaning, Text, keys_of};
use super::risk::risk_of;
use super::standing::Standing;
use crate::audit;
use crate::gates::targets_of;
use crate::ports::github::CommitInfo;
use crate::surroundings;
use jiff::Timestamp;
use model::approval::{Ruling, RulingKind};
use model::{
    Answer, AuditEntry, Change, Checksum, CommitSha, Creator, Deed, EnvironmentId, FileAnswer, Issue,
    IssueNumber, Pusher, Refusal, Risk, Target, Task, TaskKey, TaskRun, TaskRunEvent,
};
use review::{Finding, Review};
use settings::path::ChangePath;
use settings::{LATEST_SCHEMA, Placement, Project, Settings};
use std::collections::HashSet;

/// Everything that a decision looks at.
pub(super) struct Input<'a> {
    pub(super) settings: &'a Settings,
    pub(super) project: &'a Project,
    pub(super) branch: &'a str,
    pub(super) head: &'a CommitSha,
    /// The commits on which files are answered, the one that is shown first.
    pub(super) answered: &'a [CommitSha],
    pub(super) pushers: &'a [Pusher],
    /// Whether those are all.
    pub(super) pushers_known: bool,
    pub(super) commit: Option<CommitInfo>,
    /// The changes at the head.
    pub(super) twins: Changes,
    pub(super) files: Vec<File>,
    /// Files that waited when this head was planned before.
    pub(super) waited: HashSet<String>,
    pub(super) standing: Standing<'a>,
    /// The number that an issue would get.
    pub(super) number: IssueNumber,
    pub(super) now: Timestamp,
}

/// What is to be stored.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) answers: Vec<FileAnswer>,
    pub(super) issue: Option<Issue>,
    /// New tasks and new editions of old ones.
    pub(super) tasks: Vec<Task>,
    pub(super) texts: Vec<String>,
    /// What is said of the old ones, by task.
    pub(super) audit: Vec<(TaskKey, AuditEntry)>,
}

impl Plan {
    /// A new edition of a task, and what is said of it.
    fn edit(&mut self, input: &Input<'_>, old: &Task, new: Task, deed: Deed) {
        let by = audit::sender(&newest(input.pushers));
        let entry = AuditEntry {
            because: new.ruling.as_ref().map(|ruling| ruling.because.clone()),
            ..audit::of_file(old, &new, deed, by)
        };
        self.audit.push((new.key(), entry));
        self.tasks.push(new);
    }

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
    pub(super) fn told_commits(&self, answered: &[CommitSha]) -> Vec<CommitSha> {
        let mut commits = answered.to_vec();
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

/// Answers every file.
pub(super) fn decide(input: &Input<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut fresh: Vec<Task> = Vec::new();
    for file in &input.files {
        let stored_before = plan.tasks.len();
        let answer = match &file.meaning {
            // Among changes it is most likely our own, planned together with them; alone, somebody edited it.
            Meaning::Schema if input.files.iter().any(File::is_for_people) => continue,
            Meaning::Schema => Answer::Ignored {
                reason: LATEST_SCHEMA.to_owned(),
            },
            Meaning::Ignored(reason) => Answer::Ignored {
                reason: reason.clone(),
            },
            Meaning::Refused(refusal) => refused(refusal),
            Meaning::Removed(change) => removed(input, change, &mut plan),
            Meaning::Change(change, text) => changed(input, file, change, text, &mut plan, &mut fresh),
        };
        // Of a file that did not change, only news are told.
        let is_news = plan.tasks.len() > stored_before || is_taken(&answer);
        if !file.changed && !is_news && !input.waited.contains(&file.path) {
            continue;
        }
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

fn is_taken(answer: &Answer) -> bool {
    match answer {
        Answer::Taken { .. } => true,
        Answer::Known { .. }
        | Answer::Covered { .. }
        | Answer::Gone { .. }
        | Answer::Refused { .. }
        | Answer::Waiting { .. }
        | Answer::Ignored { .. } => false,
    }
}

fn changed(
    input: &Input<'_>,
    file: &File,
    change: &ChangePath,
    text: &Text,
    plan: &mut Plan,
    fresh: &mut Vec<Task>,
) -> Answer {
    let waiting = input.standing.waiting(change);
    if !waiting.is_empty() {
        return Answer::Waiting {
            reason: waits(input.project, &waiting),
        };
    }
    // What counts as applied is no news, whatever is in it.
    let Some(content) = &text.content else {
        return settled(input, file, change, text, plan);
    };
    let review = reviewed(input.settings, change, content);
    if let Some(refusal) =
        wrong_text(input.settings, change, &review).or_else(|| taken_twice(input, &file.path, change))
    {
        return refused(&refusal);
    }
    let risk = risk_of(&review);
    let stored = stored(input, file, change, text, content);
    let fates = fates(input, file, change, &stored);
    if let Some(refusal) = refusal_of(&fates) {
        return refused(refusal);
    }
    let mut tasks = Vec::new();
    let mut issue = input.number;
    let mut replaced = false;
    let mut warnings: Vec<String> = warnings(&review);
    let mut known = None;
    for (placement, fate) in fates {
        match fate {
            Fate::New { edition } => {
                let task = new_task(input, placement, stored.clone(), risk.clone(), edition);
                warnings.extend(gap(input, &task));
                tasks.push(task.key());
                fresh.push(task);
            }
            Fate::Replace(task) => {
                let new = replace((*task).clone(), stored.clone(), risk.clone(), input);
                (issue, replaced) = (new.issue, true);
                tasks.push(new.key());
                plan.edit(input, &task, new, Deed::TaskReplaced);
            }
            fate @ (Fate::Follow(_)
            | Fate::Known(..)
            | Fate::Covered(_)
            | Fate::TakeBack(..)
            | Fate::Refuse(_)) => known = quiet(input, file, fate, plan).or(known),
        }
    }
    if tasks.is_empty() {
        return known.unwrap_or_else(nothing_to_do);
    }
    plan.texts.push(content.text.clone());
    Answer::Taken {
        issue,
        tasks,
        checksum: content.checksum.clone(),
        replaced,
        warnings,
    }
}

/// The answer to a change of which nothing is to be run: its text was not even read.
fn settled(input: &Input<'_>, file: &File, change: &ChangePath, text: &Text, plan: &mut Plan) -> Answer {
    let known = keys_of(change)
        .iter()
        .filter_map(|key| input.standing.known.get(key))
        .map(|known| known.task.change.clone())
        .next();
    // Where no task is known, nothing of this but its name is looked at.
    let mut stored = known.unwrap_or_else(|| Change {
        version: change.version.clone(),
        change_type: change.change_type,
        description: change.description.clone(),
        path: file.path.clone(),
        checksum: Checksum::of(&[]),
        blob: None,
        size: 0,
        commit: input.head.clone(),
    });
    stored.path.clone_from(&file.path);
    stored.blob = Some(text.blob.clone());
    let fates = fates(input, file, change, &stored);
    if let Some(refusal) = refusal_of(&fates) {
        return refused(refusal);
    }
    let answers = fates
        .into_iter()
        .filter_map(|(_, fate)| quiet(input, file, fate, plan));
    answers.last().unwrap_or_else(nothing_to_do)
}

fn nothing_to_do() -> Answer {
    Answer::Covered {
        note: "there is nothing to do".to_owned(),
    }
}

fn stored(input: &Input<'_>, file: &File, change: &ChangePath, text: &Text, content: &Content) -> Change {
    Change {
        version: change.version.clone(),
        change_type: change.change_type,
        description: change.description.clone(),
        path: file.path.clone(),
        checksum: content.checksum.clone(),
        blob: Some(text.blob.clone()),
        size: u64::try_from(content.text.len()).unwrap_or(u64::MAX),
        commit: input.head.clone(),
    }
}

/// The answer to a fate that runs nothing; none for one that does.
fn quiet(input: &Input<'_>, file: &File, fate: Fate, plan: &mut Plan) -> Option<Answer> {
    Some(match fate {
        Fate::New { .. } | Fate::Replace(_) | Fate::Refuse(_) => return None,
        Fate::Follow(task) => {
            let issue = task.issue;
            let mut new = (*task).clone();
            new.change.path.clone_from(&file.path);
            plan.edit(input, &task, new.edited(input.now), Deed::TaskRenamed);
            Answer::Known {
                issue,
                note: format!("it goes by this name now, in issue {issue}"),
            }
        }
        Fate::Known(issue, note) => Answer::Known { issue, note },
        Fate::Covered(note) => Answer::Covered { note },
        Fate::TakeBack(task, note) => {
            let issue = task.issue;
            let mut new = (*task).clone();
            new.ruling = Some(canceled(input, note.clone()));
            plan.edit(input, &task, new.edited(input.now), Deed::TaskCanceled);
            Answer::Covered {
                note: format!("{note}; its task in issue {issue} is canceled"),
            }
        }
    })
}

/// What people should know of a task that fills a gap.
fn gap(input: &Input<'_>, task: &Task) -> Option<String> {
    let version = &task.change.version;
    let (newest, issue) = higher(input, &task.target, version)?;
    Some(format!(
        "version {version} is lower than {newest}, which was applied to {} in issue {issue}: it fills a gap",
        task.target
    ))
}

/// Why a change waits for a baseline.
fn waits(project: &Project, targets: &[&Target]) -> String {
    let names: Vec<String> = targets.iter().map(|target| format!("`{target}`")).collect();
    format!(
        "it waits for a baseline of {}: an administrator says what is applied there already \
         (`sluice baseline set {} --up-to all`, `none` or a version)",
        names.join(" and "),
        project.name
    )
}

fn replace(mut task: Task, change: Change, risk: Risk, input: &Input<'_>) -> Task {
    task.change = change;
    task.risk = risk;
    task.ruling = None;
    task.blocks.clear();
    task.reaches.clear();
    // `fate` lets only runs come here that may take a new text.
    if let Ok(run) = task.run.clone().on(TaskRunEvent::Replaced) {
        task.run = run;
    }
    task.answered_on.extend(input.answered.iter().rev().cloned());
    let surplus = task.answered_on.len().saturating_sub(10);
    task.answered_on.drain(..surplus);
    task.edited(input.now)
}

fn new_task(input: &Input<'_>, placement: &Placement, change: Change, risk: Risk, edition: u64) -> Task {
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
        schedule: None,
        blocks: Vec::new(),
        reaches: Vec::new(),
        drift: None,
        risk,
        answered_on: input.answered.iter().rev().cloned().collect(),
        edition,
        created_at: input.now,
        updated_at: input.now,
    }
}

fn removed(input: &Input<'_>, change: &ChangePath, plan: &mut Plan) -> Answer {
    let mut notes = Vec::new();
    for key in keys_of(change) {
        let paths = input.twins.paths(&key);
        if !paths.is_empty() {
            notes.push(format!("the version goes by `{}` now", paths.join("`, `")));
            continue;
        }
        let Some(known) = input.standing.known.get(&key) else {
            notes.extend(removed_history(input, &key));
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
                let mut new = task.clone();
                new.ruling = Some(canceled(
                    input,
                    format!("its file was deleted in {}", input.head.short()),
                ));
                plan.edit(input, task, new.edited(input.now), Deed::TaskCanceled);
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

/// What is said of a deleted file that a baseline covers.
fn removed_history(input: &Input<'_>, key: &TaskKey) -> Option<String> {
    let baseline = input.standing.baselines.of(&key.target)?;
    let note = covered(baseline);
    let covers = baseline.up_to.covers(&key.version);
    covers.then(|| format!("{note}; deleting the file undoes nothing"))
}

fn canceled(input: &Input<'_>, because: String) -> Ruling {
    Ruling {
        kind: RulingKind::Canceled,
        by: "sluice".to_owned(),
        because,
        at: input.now,
    }
}

fn refused(refusal: &Refusal) -> Answer {
    Answer::Refused {
        code: refusal.code.clone(),
        reason: refusal.message.clone(),
    }
}

/// What review says against a text, before any server sees it.
fn reviewed(settings: &Settings, change: &ChangePath, content: &Content) -> Review {
    let targets = change.placements.iter().map(|placement| &placement.target);
    let surroundings = surroundings::of_targets(settings, targets);
    review::review(change.change_type, &content.text, &surroundings)
}

/// How many warnings of a file its answer holds.
const MOST_WARNINGS: usize = 10;

/// What review warns of.
fn warnings(review: &Review) -> Vec<String> {
    let is_warning = |finding: &&Finding| finding.severity == review::Severity::Warning;
    let warned: Vec<&Finding> = review.findings.iter().filter(is_warning).collect();
    let told = warned.iter().take(MOST_WARNINGS).map(|finding| {
        format!(
            "line {}, column {}: {} ({})",
            finding.line, finding.column, finding.message, finding.rule
        )
    });
    let rest = warned.len().saturating_sub(MOST_WARNINGS);
    let rest = (rest > 0).then(|| format!("{rest} more warnings of review"));
    told.chain(rest).collect()
}

fn wrong_text(settings: &Settings, change: &ChangePath, review: &Review) -> Option<Refusal> {
    let strict = surroundings::refusing_warnings(settings, change);
    let finding = review.findings.iter().find(|finding| match finding.severity {
        review::Severity::Error => true,
        review::Severity::Warning => strict.is_some(),
        review::Severity::Info => false,
    })?;
    let why = match (finding.severity, strict) {
        (review::Severity::Warning, Some(environment)) => {
            format!("; `{environment}` takes no change with warnings")
        }
        (review::Severity::Info | review::Severity::Warning | review::Severity::Error, _) => String::new(),
    };
    Some(Refusal::new(
        finding.rule,
        format!(
            "line {}, column {}: {}{why}",
            finding.line, finding.column, finding.message
        ),
    ))
}

fn taken_twice(input: &Input<'_>, path: &str, change: &ChangePath) -> Option<Refusal> {
    let keys = keys_of(change);
    let others = keys.iter().flat_map(|key| input.twins.paths(key));
    let first = others.into_iter().find(|other| *other != path)?;
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
        depends_on: Vec::new(),
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
