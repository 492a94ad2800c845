//! Planning: what a push changed becomes an issue with tasks, and every changed file gets an answer.

mod decide;
mod diff;
mod fate;
mod preview;
mod pushers;
mod read;
mod risk;
mod standing;

pub use preview::Reviewed;

use crate::audit;
use crate::gates::targets_of;
use crate::ports::clock::{Clock, Ids};
use crate::ports::github::{OwnAccount, Repositories, TreeEntry};
use crate::ports::ledger::{
    Commit, Committed, DeliveryLedger, IssueLedger, MAX_WRITES, OpenIssue, PlanLedger, PlannedHead,
    SettingsLedger, TargetLedger, TextLedger, Write, weight,
};
use crate::ports::queue::{Nudges, Pointer};
use crate::settings_in_force;
use decide::Plan;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use model::{
    Answer, AuditActor, AuditFunction, Baselines, CommitSha, Deed, Errand, Fault, FileAnswer, Issue,
    IssueNumber, OutboxItem, Push, RepositoryRef, Target, Task, TaskKey, UpTo, Version,
};
use pushers::Chain;
use settings::{Project, Settings};
use standing::{Known, Standing};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What planning needs of the world.
#[derive(Debug)]
pub struct Planner<'a, L, Q, G, C> {
    /// The ledger.
    pub ledger: &'a L,
    /// The way to the worker.
    pub queue: &'a Q,
    /// The repository.
    pub github: &'a G,
    /// Time and names.
    pub clock: &'a C,
}

/// What became of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// The branch is gone.
    NoBranch,
    /// Its head was planned before.
    Already,
    /// It moved on since; the delivery of its head plans it, with the name of who pushed.
    Later,
    /// Nothing of ours changed.
    Nothing,
    /// Files were answered.
    Push {
        /// The issue, where one was made.
        issue: Option<IssueNumber>,
        /// How many files were answered.
        files: usize,
    },
}

/// How often a plan is made again because somebody else wrote first.
const ROUNDS: u32 = 8;

/// How many texts are stored at once.
const AT_ONCE: usize = 8;

impl<L, Q, G, C> Planner<'_, L, Q, G, C>
where
    L: SettingsLedger + DeliveryLedger + PlanLedger + IssueLedger + TargetLedger + TextLedger + Commit,
    Q: Nudges,
    G: Repositories + OwnAccount,
    C: Clock + Ids,
{
    /// Plans every project that reads the pointed-at branch. What is planned is the head that GitHub says the branch
    /// has now, against the head planned last: a lost, late, doubled or forced push makes no difference.
    pub async fn plan(&self, pointer: &Pointer) -> Result<Vec<Planned>, Fault> {
        let Some((_, settings)) = settings_in_force(self.ledger).await? else {
            return Ok(Vec::new());
        };
        let mut planned = Vec::new();
        let mut first_fault = None;
        for (project, branch) in settings.projects_of(pointer.repository_id, &pointer.git_ref) {
            match self.plan_branch(&settings, project, branch, pointer).await {
                Ok(done) => planned.push(done),
                // One project's trouble keeps no other from being planned.
                Err(fault) => first_fault = first_fault.or(Some(fault)),
            }
        }
        first_fault.map_or(Ok(planned), Err)
    }

    async fn plan_branch(
        &self,
        settings: &Settings,
        project: &Project,
        branch: &str,
        pointer: &Pointer,
    ) -> Result<Planned, Fault> {
        for _ in 0..ROUNDS {
            let Some(head) = self.github.head(&project.repository, branch).await? else {
                return Ok(Planned::NoBranch);
            };
            let last = self.ledger.head(&project.name, branch).await?;
            let baselines = self.baselines(project).await?;
            let planned_by = last.as_ref().map_or(0, |last| last.baselines);
            // A baseline that came since says of files that did not change what becomes of them.
            let fresh = baselines.came_after(planned_by);
            if last.as_ref().is_some_and(|last| last.commit == head) && !fresh {
                self.repair(project, &head, pointer).await?;
                return Ok(Planned::Already);
            }
            // Files that waited may be of any push so far.
            let since = last.as_ref().map(|last| &last.commit).filter(|_| !fresh);
            let chain = self.chain(pointer, &head, since).await?;
            if chain.pushers.is_empty() && pointer.sender.is_some() {
                // The branch moved on; the delivery of its head knows who pushed that. The sweeper asks again without
                // a sender where it was lost.
                return Ok(Planned::Later);
            }
            let round = Round {
                settings,
                project,
                branch,
                chain,
                head,
                last,
                baselines,
            };
            if let Some(planned) = self.plan_head(&round).await? {
                return Ok(planned);
            }
        }
        Err(Fault::retry(
            "planning",
            format!("others wrote first {ROUNDS} times in a row"),
        ))
    }

    /// One try at planning a head; none where somebody else wrote first.
    async fn plan_head(&self, round: &Round<'_>) -> Result<Option<Planned>, Fault> {
        let repository = &round.project.repository;
        let directory = &round.project.base_directory;
        // Nothing was ever planned of this branch: everything in it is new, and its baselines say what is history.
        let before = match round.base() {
            Some(base) => self.tree_before(repository, base, directory).await?,
            None => Vec::new(),
        };
        let after = self.github.tree(repository, &round.head, directory).await?;
        let twins = read::Changes::of(round.settings, round.project, &after);
        let baselines = resolved(&round.baselines, &twins);
        let answered = round.chain.answered(&round.head, round.base());
        let shown = answered.first().unwrap_or(&round.head);
        let previous = self.ledger.push(&round.project.name, shown).await?;
        let waited = waited(previous.as_ref());
        let planned_by = round.last.as_ref().map_or(0, |last| last.baselines);
        let named = read::named(round.settings, round.project, diff::compare(&before, &after));
        let is_asked = |file: &read::Named| {
            let fresh = |change| standing::is_fresh(&round.baselines, planned_by, change);
            file.changed || waited.contains(&file.path) || file.change().is_some_and(fresh)
        };
        let named: Vec<read::Named> = named.into_iter().filter(is_asked).collect();
        let standing = Standing {
            known: self.known_tasks(&named).await?,
            newest: self.newest(&named).await?,
            before: read::Changes::of(round.settings, round.project, &before),
            baselines: &baselines,
            planned_by,
        };
        let files = read::files(self.github, round.project, named, |change, blob| {
            standing.needs_text(change, blob)
        })
        .await?;
        let heading = heading(round, &baselines, self.clock.now());
        let commit = self.github.commit(repository, shown).await?;
        let ours = !files.is_empty()
            && !files.iter().any(read::File::is_for_people)
            && commit
                .as_ref()
                .is_some_and(|commit| report::is_write_back(&commit.message))
            && self.pushed_by_us(&round.chain).await?;
        if files.is_empty() || ours {
            return Ok(self.yes(heading).await?.then_some(Planned::Nothing));
        }
        let input = decide::Input {
            settings: round.settings,
            project: round.project,
            branch: round.branch,
            head: shown,
            answered: &answered,
            pushers: &round.chain.pushers,
            pushers_known: round.chain.whole,
            commit,
            twins,
            files,
            waited,
            standing,
            number: IssueNumber(self.ledger.last_issue().await?.0 + 1),
            now: self.clock.now(),
        };
        let plan = decide::decide(&input);
        if plan.answers.is_empty() && plan.tasks.is_empty() {
            return Ok(self.yes(heading).await?.then_some(Planned::Nothing));
        }
        let texts = plan.texts.iter().map(|text| self.ledger.put_text(text));
        let _stored: Vec<_> = stream::iter(texts).buffered(AT_ONCE).try_collect().await?;
        if !self
            .store(round, &plan, &answered, previous, heading, input.now)
            .await?
        {
            return Ok(None);
        }
        self.nudge(&plan.targets(), round.head.as_str()).await?;
        Ok(Some(Planned::Push {
            issue: plan.issue.map(|issue| issue.number),
            files: plan.answers.len(),
        }))
    }

    async fn baselines(&self, project: &Project) -> Result<Baselines, Fault> {
        let baselines = self.ledger.baselines(&project.name).await?;
        Ok(baselines.unwrap_or_else(|| Baselines::none(project.name.clone())))
    }

    /// Whether nobody but our App pushed, as GitHub authenticated it: anybody can write a trailer, or call themselves as
    /// we do.
    async fn pushed_by_us(&self, chain: &Chain) -> Result<bool, Fault> {
        if chain.pushers.is_empty() || !chain.whole {
            return Ok(false);
        }
        let own = self.github.own_login().await?;
        Ok(chain.pushers.iter().all(|pusher| pusher.login == own))
    }

    /// The tree planned last. A commit that is gone for good (force-pushed away, and forgotten by GitHub) had nothing:
    /// what was planned from it is known to the ledger.
    async fn tree_before(
        &self,
        repository: &RepositoryRef,
        base: &CommitSha,
        directory: &str,
    ) -> Result<Vec<TreeEntry>, Fault> {
        match self.github.tree(repository, base, directory).await {
            Ok(tree) => Ok(tree),
            Err(fault) => match self.github.commit(repository, base).await? {
                Some(_) => Err(fault),
                None => Ok(Vec::new()),
            },
        }
    }

    /// Stores a plan: in one commit, or, where it is too large for one, behind an issue that nothing looks at before
    /// the last commit says that it is planned.
    async fn store(
        &self,
        round: &Round<'_>,
        plan: &Plan,
        answered: &[CommitSha],
        previous: Option<Push>,
        heading: Vec<Write>,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let shown = answered.first().unwrap_or(&round.head);
        let again = round.base() == Some(&round.head) || shown != &round.head;
        let old_issue = previous.as_ref().and_then(|push| push.issue).filter(|_| again);
        let edition = previous.as_ref().map_or(1, |push| push.edition + 1);
        let answers = match previous {
            // The same head is planned again: what is said now takes the place of what was said of the same files.
            Some(previous) if again => laid_over(previous.answers, &plan.answers),
            Some(_) | None => plan.answers.clone(),
        };
        let push = Push {
            project: round.project.name.clone(),
            repository: round.project.repository.clone(),
            branch: round.branch.to_owned(),
            commit: shown.clone(),
            base: round.base().cloned(),
            pusher: pushers::newest(&round.chain.pushers),
            issue: plan.issue.as_ref().map(|issue| issue.number).or(old_issue),
            answers,
            edition,
            planned_at: now,
        };
        let old = self.ledger.issues(&plan.touched_issues()).await?;
        let mut last = Vec::new();
        for other in answered.iter().skip(1) {
            // Planned together with a later one: it has the same answers.
            if self.ledger.push(&round.project.name, other).await?.is_none() {
                last.push(Write::Push(Push {
                    commit: other.clone(),
                    edition: 1,
                    ..push.clone()
                }));
            }
        }
        last.push(Write::Push(push));
        last.extend(old.into_iter().flat_map(|mut issue| {
            issue.edition += 1;
            join(&mut issue, &round.chain);
            // A task of it that was settled may be open again.
            let (listed, events) = (listed(issue.number, now), self.events(issue.number, now));
            [Write::Issue(issue), listed, events]
        }));
        let told = plan.told_commits(answered).into_iter();
        last.extend(told.map(|commit| self.errand(round.project, commit, now)));
        // At the end, so that where `last` takes several commits the head moves with the last of them.
        last.extend(heading);
        let tasks = written(plan);
        let Some(issue) = &plan.issue else {
            return self.in_steps(tasks, last).await;
        };
        let listed = listed(issue.number, now);
        let planned = Write::Audit(audit::of_issue(issue, &plan.tasks));
        let mut all = last.clone();
        all.extend(tasks.iter().flatten().cloned());
        all.extend([
            Write::IssueNumber(issue.number),
            Write::Issue(issue.clone()),
            listed.clone(),
            planned.clone(),
            self.events(issue.number, now),
        ]);
        if weight(&all) <= MAX_WRITES {
            return self.yes(all).await;
        }
        let mut unplanned = issue.clone();
        unplanned.planned = false;
        let first = vec![
            Write::IssueNumber(issue.number),
            Write::Issue(unplanned),
            listed.clone(),
            planned,
            self.events(issue.number, now),
        ];
        if !self.yes(first).await? {
            return Ok(false);
        }
        let mut planned = issue.clone();
        planned.edition += 1;
        // Listed once more: should planning have taken so long that the sweeper gave it up, it is open again.
        last.extend([Write::Issue(planned), listed, self.events(issue.number, now)]);
        self.in_steps(tasks, last).await
    }

    /// Each task is written together with what is said of it, and `last` after all of them.
    async fn in_steps(&self, tasks: Vec<Vec<Write>>, last: Vec<Write>) -> Result<bool, Fault> {
        let mut step: Vec<Write> = Vec::new();
        for task in tasks {
            let with: Vec<Write> = step.iter().chain(&task).cloned().collect();
            if weight(&with) <= MAX_WRITES {
                step = with;
                continue;
            }
            if !self.yes(std::mem::replace(&mut step, task)).await? {
                return Ok(false);
            }
        }
        let with: Vec<Write> = step.iter().chain(&last).cloned().collect();
        if weight(&with) <= MAX_WRITES {
            return self.yes(with).await;
        }
        if !self.yes(step).await? {
            return Ok(false);
        }
        // Of `last`, only what moves the head may be in the audit: one write, and one for the end of its chain.
        let (early, last) = last.split_at(last.len().saturating_sub(MAX_WRITES - 1));
        for step in early.chunks(MAX_WRITES) {
            if !self.yes(step.to_vec()).await? {
                return Ok(false);
            }
        }
        self.yes(last.to_vec()).await
    }

    async fn yes(&self, writes: Vec<Write>) -> Result<bool, Fault> {
        Ok(self.ledger.commit(writes).await? == Committed::Yes)
    }

    /// The tasks that these files may mean, by key. Those of an issue whose plan was cut short are left out of
    /// `planned`, so that they are planned again.
    async fn known_tasks(&self, files: &[read::Named]) -> Result<HashMap<TaskKey, Known>, Fault> {
        let keys: Vec<TaskKey> = files.iter().flat_map(read::Named::keys).collect();
        let tasks = self.ledger.tasks(&keys).await?;
        let mut numbers: Vec<IssueNumber> = tasks.iter().map(|task| task.issue).collect();
        numbers.sort();
        numbers.dedup();
        let issues = self.ledger.issues(&numbers).await?;
        let planned = |task: &Task| {
            issues
                .iter()
                .any(|issue| issue.number == task.issue && issue.planned)
        };
        Ok(tasks
            .into_iter()
            .map(|task| {
                let planned = planned(&task);
                (task.key(), Known { task, planned })
            })
            .collect())
    }

    /// What was applied with the highest version to each target that these files are about.
    async fn newest(&self, files: &[read::Named]) -> Result<HashMap<Target, (Version, IssueNumber)>, Fault> {
        let keys: Vec<TaskKey> = files.iter().flat_map(read::Named::keys).collect();
        let mut newest = HashMap::new();
        for target in targets_of(&keys) {
            if let Some(revision) = self.ledger.revisions(&target, None, 1).await?.pop() {
                newest.insert(target, (revision.change.version, revision.issue));
            }
        }
        Ok(newest)
    }

    /// A head that was planned is pointed at again: its plan may have died before its nudges, and a delivery that
    /// comes late may tell who pushed, and which commit.
    async fn repair(&self, project: &Project, head: &CommitSha, pointer: &Pointer) -> Result<(), Fault> {
        let Some(push) = self.planned_with(project, head, pointer).await? else {
            return Ok(());
        };
        let chain = self.chain(pointer, &push.commit, push.base.as_ref()).await?;
        if chain.whole {
            self.bring_answers(project, &push, &chain).await?;
        }
        let keys: Vec<TaskKey> = push
            .answers
            .iter()
            .flat_map(|file| file.answer.tasks())
            .cloned()
            .collect();
        let open: Vec<Task> = self
            .ledger
            .tasks(&keys)
            .await?
            .into_iter()
            .filter(|task| !task.is_settled())
            .collect();
        let mut numbers: Vec<IssueNumber> = open.iter().map(|task| task.issue).collect();
        numbers.sort();
        numbers.dedup();
        for mut issue in self.ledger.issues(&numbers).await? {
            if issue.pushers_known {
                continue;
            }
            if chain.whole && issue.commit == push.commit {
                issue.pushers_known = true;
                issue.pusher = pushers::newest(&chain.pushers);
                join(&mut issue, &chain);
                issue.edition += 1;
                // Where somebody else wrote first, the next delivery says it again.
                let now = self.clock.now();
                let said = Write::Audit(audit::of_pushers(&issue, now));
                let events = self.events(issue.number, now);
                let _ = self
                    .ledger
                    .commit(vec![Write::Issue(issue), said, events])
                    .await?;
            }
        }
        let open: Vec<TaskKey> = open.iter().map(Task::key).collect();
        self.nudge(&targets_of(&open), head.as_str()).await
    }

    /// The record of the plan that a pointed-at commit was part of: that of the next head above it that has one; else
    /// that of the head.
    async fn planned_with(
        &self,
        project: &Project,
        head: &CommitSha,
        pointer: &Pointer,
    ) -> Result<Option<Push>, Fault> {
        let late = pointer.sender.is_some()
            && &pointer.after != head
            && self.ledger.push(&project.name, &pointer.after).await?.is_none();
        if late {
            let above = self.chain(pointer, head, Some(&pointer.after)).await?;
            for (commit, _) in above.heads.iter().rev().filter(|_| above.whole) {
                if let Some(push) = self.ledger.push(&project.name, commit).await? {
                    return Ok(Some(push));
                }
            }
        }
        self.ledger.push(&project.name, head).await
    }

    /// Brings the answers of a head to the commits that people pushed on the way to it, once a late delivery tells of
    /// those: our own commit may have come on top of theirs before anybody heard of them.
    async fn bring_answers(&self, project: &Project, push: &Push, chain: &Chain) -> Result<(), Fault> {
        for commit in chain.answered(&push.commit, push.base.as_ref()) {
            if self.ledger.push(&project.name, &commit).await?.is_some() {
                continue;
            }
            let brought = Push {
                commit: commit.clone(),
                pusher: pushers::newest(&chain.pushers),
                edition: 1,
                ..push.clone()
            };
            let errand = self.errand(project, commit, self.clock.now());
            // Where somebody else brought them first, they are there.
            let _ = self.ledger.commit(vec![Write::Push(brought), errand]).await?;
        }
        Ok(())
    }

    /// The check run of a commit is to be brought up to date.
    fn errand(&self, project: &Project, commit: CommitSha, now: Timestamp) -> Write {
        let errand = Errand::CheckRun {
            project: project.name.clone(),
            commit,
        };
        Write::Outbox(OutboxItem::new(self.clock.next_id(), errand, now))
    }

    /// Others are to be told what happened to an issue.
    fn events(&self, issue: IssueNumber, now: Timestamp) -> Write {
        Write::Outbox(OutboxItem::new(
            self.clock.next_id(),
            Errand::Events { issue },
            now,
        ))
    }

    async fn nudge(&self, targets: &[Target], reason: &str) -> Result<(), Fault> {
        for target in targets {
            self.queue.nudge(target, &format!("planned {reason}")).await?;
        }
        Ok(())
    }
}

/// Whoever pushed into an issue is one of its pushers from then on.
fn join(issue: &mut Issue, chain: &Chain) {
    for pusher in &chain.pushers {
        if !issue.pushers.contains(pusher) {
            issue.pushers.push(pusher.clone());
        }
    }
    issue.pushers_known &= chain.whole;
}

/// Lists an issue among the open ones.
fn listed(number: IssueNumber, since: Timestamp) -> Write {
    Write::OpenIssue(OpenIssue { number, since })
}

/// Each task of a plan with what is said of it.
fn written(plan: &Plan) -> Vec<Vec<Write>> {
    let said = |task: &Task| {
        let own = plan.audit.iter().filter(|(key, _)| *key == task.key());
        own.map(|(_, entry)| Write::Audit(entry.clone()))
            .collect::<Vec<_>>()
    };
    let group = |task: &Task| {
        let mut writes = said(task);
        writes.push(Write::Task(task.clone()));
        writes
    };
    plan.tasks.iter().map(group).collect()
}

/// Moves the planned head of a branch; what was resolved for it goes with it.
fn heading(round: &Round<'_>, baselines: &Baselines, now: Timestamp) -> Vec<Write> {
    let mut heading = vec![Write::Head {
        project: round.project.name.clone(),
        branch: round.branch.to_owned(),
        head: PlannedHead {
            commit: round.head.clone(),
            baselines: baselines.edition,
        },
        replaces: round.last.clone(),
    }];
    if baselines != &round.baselines {
        let by = AuditActor::Sluice(AuditFunction::Planner);
        let entry = audit::of_baselines(&round.baselines, baselines, Deed::BaselineResolved, by, now);
        heading.push(Write::Baselines(baselines.clone()));
        heading.push(Write::Audit(entry));
    }
    heading
}

/// The files that waited when a head was planned before.
fn waited(previous: Option<&Push>) -> HashSet<String> {
    let answers = previous.map(|push| push.answers.as_slice()).unwrap_or_default();
    let waits = |file: &&FileAnswer| match file.answer {
        Answer::Waiting { .. } => true,
        Answer::Taken { .. }
        | Answer::Known { .. }
        | Answer::Covered { .. }
        | Answer::Gone { .. }
        | Answer::Refused { .. }
        | Answer::Ignored { .. } => false,
    };
    answers
        .iter()
        .filter(waits)
        .map(|file| file.path.clone())
        .collect()
}

/// New answers in the place of old ones, by path.
fn laid_over(old: Vec<FileAnswer>, new: &[FileAnswer]) -> Vec<FileAnswer> {
    let old = old.into_iter().map(|file| (file.path.clone(), file));
    let new = new.iter().map(|file| (file.path.clone(), file.clone()));
    let all: BTreeMap<String, FileAnswer> = old.chain(new).collect();
    all.into_values().collect()
}

/// The baselines with what "everything" means: the changes that are there now. What comes later is new.
fn resolved(baselines: &Baselines, changes: &read::Changes) -> Baselines {
    let mut resolved = baselines.clone();
    for baseline in &mut resolved.targets {
        if baseline.up_to == UpTo::All(None) {
            baseline.up_to = match changes.highest(&baseline.target) {
                Some(highest) => UpTo::All(Some(highest)),
                None => UpTo::Nothing,
            };
        }
    }
    if &resolved != baselines {
        resolved.edition += 1;
    }
    resolved
}

/// One try at one branch.
struct Round<'a> {
    settings: &'a Settings,
    project: &'a Project,
    branch: &'a str,
    chain: Chain,
    head: CommitSha,
    last: Option<PlannedHead>,
    baselines: Baselines,
}

impl Round<'_> {
    /// The head that this one is compared with; none where none was planned before.
    fn base(&self) -> Option<&CommitSha> {
        self.last.as_ref().map(|last| &last.commit)
    }
}
