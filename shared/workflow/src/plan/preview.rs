//! Reviewing a pull request: what the push of its merge would answer, and what is to be rehearsed. The answers come from
//! the very decision that plans pushes, so that a pull request is told what its push will be told.
//!
//! A delivery is a nudge here too: what is reviewed is the pull request as GitHub has it now.

use super::decide::{self, Plan};
use super::diff::{Candidate, compare};
use super::read::{self, File, Meaning};
use super::standing::Standing;
use super::{Planner, ROUNDS};
use crate::ports::clock::{Clock, Ids};
use crate::ports::github::{OwnAccount, PullRequestInfo, PullRequests, Repositories, TreeEntry};
use crate::ports::ledger::{
    Commit, Committed, DeliveryLedger, IssueLedger, MAX_WRITES, PlanLedger, PullRequestLedger,
    RehearsalLedger, SettingsLedger, TargetLedger, TextLedger, Write,
};
use crate::ports::queue::{Nudges, PullRequestPointer};
use crate::{settings_in_force, surroundings};
use jiff::Timestamp;
use model::{
    Answer, CommitSha, Errand, Fault, FileReview, IssueNumber, Noticed, OutboxItem, PullRequest,
    PullRequestNumber, PullRequestState, Rehearsal, RehearsalKey, RehearsalOutcome, RehearsedChange, Target,
    VersionKey, Weight,
};
use settings::branch::branch_of;
use settings::{Project, Settings};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What became of a pull request, for one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewed {
    /// There is no such pull request, or it is none of the project's business and never was.
    NotOurs,
    /// It was reviewed as it is before.
    Already,
    /// It is closed, or for another branch now: what was asked for it is dropped.
    Over,
    /// It was reviewed.
    Files {
        /// How many files were answered.
        files: usize,
        /// On how many targets it is rehearsed.
        rehearsals: usize,
    },
}

/// A review as it is to be stored.
struct Review {
    pull: PullRequest,
    wanted: BTreeMap<Target, Vec<RehearsedChange>>,
}

impl<L, Q, G, C> Planner<'_, L, Q, G, C>
where
    L: SettingsLedger
        + DeliveryLedger
        + PlanLedger
        + IssueLedger
        + TargetLedger
        + TextLedger
        + PullRequestLedger
        + RehearsalLedger
        + Commit,
    Q: Nudges,
    G: Repositories + PullRequests + OwnAccount,
    C: Clock + Ids,
{
    /// Reviews a pull request for every project that reads, or read, the branch that it would be merged into.
    pub async fn review(&self, pointer: &PullRequestPointer) -> Result<Vec<Reviewed>, Fault> {
        let Some((_, settings)) = settings_in_force(self.ledger).await? else {
            return Ok(Vec::new());
        };
        let mut reviewed = Vec::new();
        let mut first_fault = None;
        let of_repository = |project: &&Project| project.repository.id == pointer.repository_id;
        for project in settings.projects.iter().filter(of_repository) {
            match self.review_for(&settings, project, pointer.pull_request).await {
                Ok(done) => reviewed.push(done),
                // One project's trouble keeps no other from being told.
                Err(fault) => first_fault = first_fault.or(Some(fault)),
            }
        }
        first_fault.map_or(Ok(reviewed), Err)
    }

    async fn review_for(
        &self,
        settings: &Settings,
        project: &Project,
        number: PullRequestNumber,
    ) -> Result<Reviewed, Fault> {
        for _ in 0..ROUNDS {
            let Some(info) = self.github.pull_request(&project.repository, number).await? else {
                return Ok(Reviewed::NotOurs);
            };
            let known = self.ledger.pull_request(&project.name, number).await?;
            let ours = branch_of(&project.branch, &format!("refs/heads/{}", info.base)).is_some();
            let review = match (&known, ours && info.open) {
                (None, false) => return Ok(Reviewed::NotOurs),
                (Some(known), false) => over(known, &info),
                (_, true) => match self.read_pull(settings, project, number, &info).await? {
                    Some(review) => review,
                    // GitHub closes what would go into a branch that is gone, and tells of that.
                    None => return Ok(Reviewed::NotOurs),
                },
            };
            if let Some(reviewed) = self.keep_review(known, review).await? {
                return Ok(reviewed);
            }
        }
        Err(Fault::retry(
            "reviewing a pull request",
            format!("others wrote first {ROUNDS} times in a row"),
        ))
    }

    /// Reviews what the merge would change: what differs between the branch as it is and as it would be.
    async fn read_pull(
        &self,
        settings: &Settings,
        project: &Project,
        number: PullRequestNumber,
        info: &PullRequestInfo,
    ) -> Result<Option<Review>, Fault> {
        let (repository, directory) = (&project.repository, &project.base_directory);
        let Some(base_commit) = self.github.head(repository, &info.base).await? else {
            return Ok(None);
        };
        let merge_base = self
            .github
            .merge_base(repository, &base_commit, &info.head)
            .await?;
        let parted = match &merge_base {
            Some(parted) => self.tree_before(repository, parted, directory).await?,
            None => Vec::new(),
        };
        let head = self.github.tree(repository, &info.head, directory).await?;
        let base = if merge_base.as_ref() == Some(&base_commit) {
            parted.clone()
        } else {
            self.github.tree(repository, &base_commit, directory).await?
        };
        let merged = laid_over(&base, compare(&parted, &head));
        let changed = compare(&base, &merged).into_iter().filter(|file| file.changed);
        let named = read::named(settings, project, changed.collect());
        let baselines = self.baselines(project).await?;
        let standing = Standing {
            known: self.known_tasks(&named).await?,
            newest: self.newest(&named).await?,
            before: read::Changes::of(settings, project, &base),
            planned_by: baselines.edition,
            baselines: &baselines,
        };
        let files = read::files(self.github, project, named, |change, blob| {
            standing.needs_text(change, blob)
        })
        .await?;
        let mut pull = PullRequest {
            project: project.name.clone(),
            repository: repository.clone(),
            number,
            state: PullRequestState::Open,
            author: info.author.clone(),
            base: info.base.clone(),
            base_commit,
            head: info.head.clone(),
            merge_base,
            fork: info.head_repository != Some(repository.id),
            files: Vec::new(),
            targets: Vec::new(),
            edition: 0,
            reviewed_at: self.clock.now(),
        };
        // What Sluice writes itself needs no review.
        if !files.iter().any(File::is_for_people) {
            let wanted = BTreeMap::new();
            return Ok(Some(Review { pull, wanted }));
        }
        let noticed: BTreeMap<String, Vec<Noticed>> = files
            .iter()
            .map(|file| (file.path.clone(), noticed_in(settings, file)))
            .collect();
        let plan = self
            .foreseen(settings, project, &pull, files, standing, &merged)
            .await?;
        let wanted = if pull.fork {
            BTreeMap::new()
        } else {
            for text in &plan.texts {
                self.ledger.put_text(text).await?;
            }
            to_rehearse(&plan)
        };
        pull.targets = wanted.keys().cloned().collect();
        pull.files = files_of(&plan, noticed);
        Ok(Some(Review { pull, wanted }))
    }

    /// What the push of the merge would be planned as, if it came now.
    async fn foreseen(
        &self,
        settings: &Settings,
        project: &Project,
        pull: &PullRequest,
        files: Vec<File>,
        standing: Standing<'_>,
        merged: &[TreeEntry],
    ) -> Result<Plan, Fault> {
        Ok(decide::decide(&decide::Input {
            settings,
            project,
            branch: &pull.base,
            head: &pull.head,
            answered: &[],
            pushers: std::slice::from_ref(&pull.author),
            pushers_known: true,
            commit: None,
            twins: read::Changes::of(settings, project, merged),
            files,
            waited: HashSet::new(),
            standing,
            number: IssueNumber(self.ledger.last_issue().await?.0 + 1),
            now: self.clock.now(),
        }))
    }

    /// Stores a review with what is asked of workers; none where somebody else wrote first.
    async fn keep_review(
        &self,
        known: Option<PullRequest>,
        review: Review,
    ) -> Result<Option<Reviewed>, Fault> {
        let now = self.clock.now();
        let Review { pull, wanted } = review;
        let asked = known.iter().flat_map(|known| known.targets.iter());
        let targets: BTreeSet<Target> = asked.chain(wanted.keys()).cloned().collect();
        let keys: Vec<RehearsalKey> = targets
            .iter()
            .map(|target| RehearsalKey {
                target: target.clone(),
                project: pull.project.clone(),
                number: pull.number,
            })
            .collect();
        let there = self.ledger.rehearsals(&keys).await?;
        let changed: Vec<Rehearsal> = keys
            .iter()
            .filter_map(|key| {
                let there = there.iter().find(|rehearsal| &rehearsal.key() == key);
                next_rehearsal(key, &pull.head, wanted.get(&key.target), there, now)
            })
            .collect();
        let same = known.as_ref().is_some_and(|known| known.says_the_same(&pull));
        let reviewed = match pull.state {
            _ if same && changed.is_empty() => Reviewed::Already,
            PullRequestState::Open => Reviewed::Files {
                files: pull.files.len(),
                rehearsals: wanted.len(),
            },
            PullRequestState::Merged | PullRequestState::Closed | PullRequestState::Elsewhere => {
                Reviewed::Over
            }
        };
        let edition = known.map_or(0, |known| known.edition);
        let pull = PullRequest { edition, ..pull }.edited(now);
        let unchanged = there.iter().filter(|there| {
            wanted.contains_key(&there.target) && !changed.iter().any(|next| next.target == there.target)
        });
        let unanswered: Vec<&Rehearsal> = changed
            .iter()
            .chain(unchanged)
            .filter(|rehearsal| rehearsal.is_pending())
            .collect();
        let deadline = unanswered.iter().map(|asked| asked.deadline()).max();
        if reviewed != Reviewed::Already && !self.store_review(&pull, &changed, deadline, now).await? {
            return Ok(None);
        }
        for asked in unanswered {
            let reason = format!("rehearse {} {} {}", pull.project, pull.number, pull.edition);
            self.queue.nudge(&asked.target, &reason).await?;
        }
        Ok(Some(reviewed))
    }

    /// In one commit, or, where that is too large, the rehearsals first: they are answered into the void until the
    /// review is there.
    async fn store_review(
        &self,
        pull: &PullRequest,
        rehearsals: &[Rehearsal],
        deadline: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let errand = |due_at| {
            Write::Outbox(OutboxItem {
                id: self.clock.next_id(),
                errand: Errand::PullRequest {
                    project: pull.project.clone(),
                    number: pull.number,
                },
                attempt: 0,
                created_at: now,
                due_at,
            })
        };
        let mut last = vec![Write::PullRequest(pull.clone()), errand(now)];
        // When nobody waits for an answer any more, the check run has to say so.
        last.extend(deadline.map(errand));
        let mut writes: Vec<Write> = rehearsals.iter().cloned().map(Write::Rehearsal).collect();
        while writes.len() + last.len() > MAX_WRITES {
            let first: Vec<Write> = writes.drain(..writes.len().min(MAX_WRITES)).collect();
            if self.ledger.commit(first).await? == Committed::Conflict {
                return Ok(false);
            }
        }
        writes.extend(last);
        Ok(self.ledger.commit(writes).await? == Committed::Yes)
    }
}

/// A pull request that is reviewed no more, as it was reviewed last.
fn over(known: &PullRequest, info: &PullRequestInfo) -> Review {
    let state = match (info.open, info.merged) {
        (true, _) => PullRequestState::Elsewhere,
        (false, true) => PullRequestState::Merged,
        (false, false) => PullRequestState::Closed,
    };
    let mut pull = PullRequest {
        state,
        ..known.clone()
    };
    if state == PullRequestState::Elsewhere {
        pull.head = info.head.clone();
        pull.base.clone_from(&info.base);
        pull.files.clear();
        pull.targets.clear();
    }
    Review {
        pull,
        wanted: BTreeMap::new(),
    }
}

/// A tree with changes laid over it, by path.
fn laid_over(base: &[TreeEntry], files: Vec<Candidate>) -> Vec<TreeEntry> {
    let mut tree: BTreeMap<String, TreeEntry> = base
        .iter()
        .map(|entry| (entry.path.clone(), entry.clone()))
        .collect();
    for file in files.into_iter().filter(|file| file.changed) {
        match file.entry {
            Some(entry) => tree.insert(file.path, entry),
            None => tree.remove(&file.path),
        };
    }
    tree.into_values().collect()
}

/// Each file with what it would become, what rules found in it, and what policy may ask more approvals for.
fn files_of(plan: &Plan, mut noticed: BTreeMap<String, Vec<Noticed>>) -> Vec<FileReview> {
    let risks = plan.tasks.iter().map(|task| (&task.change.path, &task.risk));
    let risks: BTreeMap<_, _> = risks.collect();
    let reviewed = plan.answers.iter().map(|file| FileReview {
        noticed: noticed.remove(&file.path).unwrap_or_default(),
        risk: risks.get(&file.path).copied().cloned().unwrap_or_default(),
        path: file.path.clone(),
        answer: file.answer.clone(),
    });
    reviewed.collect()
}

/// What rules find in a file.
fn noticed_in(settings: &Settings, file: &File) -> Vec<Noticed> {
    let Meaning::Change(change, text) = &file.meaning else {
        return Vec::new();
    };
    let Some(content) = &text.content else {
        return Vec::new();
    };
    let targets = change.placements.iter().map(|placement| &placement.target);
    let surroundings = surroundings::of_targets(settings, targets);
    let review = review::review(change.change_type, &content.text, &surroundings);
    review
        .findings
        .into_iter()
        .map(|finding| Noticed {
            rule: finding.rule.to_owned(),
            weight: match finding.severity {
                review::Severity::Info => Weight::Info,
                review::Severity::Warning => Weight::Warning,
                review::Severity::Error => Weight::Error,
            },
            line: finding.line,
            column: finding.column,
            message: finding.message,
        })
        .collect()
}

/// The changes that would become tasks, by target and in version order.
fn to_rehearse(plan: &Plan) -> BTreeMap<Target, Vec<RehearsedChange>> {
    let mut found: BTreeMap<Target, BTreeMap<VersionKey, RehearsedChange>> = BTreeMap::new();
    for file in &plan.answers {
        let Answer::Taken { tasks, .. } = &file.answer else {
            continue;
        };
        for task in plan.tasks.iter().filter(|task| tasks.contains(&task.key())) {
            let change = RehearsedChange {
                path: task.change.path.clone(),
                version: task.change.version.clone(),
                change_type: task.change.change_type,
                checksum: task.change.checksum.clone(),
            };
            let of_target = found.entry(task.target.clone()).or_default();
            of_target.insert(task.change.version.key().clone(), change);
        }
    }
    found
        .into_iter()
        .map(|(target, changes)| (target, changes.into_values().collect()))
        .collect()
}

/// What is stored next of a rehearsal; none where it is as it should be. The same head is not rehearsed again.
fn next_rehearsal(
    key: &RehearsalKey,
    head: &CommitSha,
    wanted: Option<&Vec<RehearsedChange>>,
    there: Option<&Rehearsal>,
    now: Timestamp,
) -> Option<Rehearsal> {
    let Some(changes) = wanted else {
        let pending = there.filter(|there| there.is_pending())?;
        return Some(pending.clone().with(RehearsalOutcome::Dropped));
    };
    let done = |there: &Rehearsal| {
        &there.head == head && &there.changes == changes && there.outcome != RehearsalOutcome::Dropped
    };
    if there.is_some_and(done) {
        return None;
    }
    Some(Rehearsal {
        target: key.target.clone(),
        project: key.project.clone(),
        number: key.number,
        head: head.clone(),
        changes: changes.clone(),
        tries: 0,
        outcome: RehearsalOutcome::Pending,
        edition: there.map_or(1, |there| there.edition + 1),
        asked_at: now,
    })
}
