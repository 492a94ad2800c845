//! All of the writes, or none.

use super::{DecisionKey, MemoryLedger, State, decision_key, revision_key};
use model::{AuditSeal, CommitSha, Fault, IssueNumber, ProjectId, PullRequestNumber, RehearsalKey, TaskKey};
use std::collections::HashSet;
use workflow::ports::ledger::{Commit, Committed, MAX_WRITES, Write, weight};

/// What a write is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    Counter,
    Issue(IssueNumber),
    OpenIssue(IssueNumber),
    Task(TaskKey),
    Push(ProjectId, CommitSha),
    PullRequest(ProjectId, PullRequestNumber),
    Rehearsal(RehearsalKey),
    Head(ProjectId, String),
    Baselines(ProjectId),
    Revision(TaskKey),
    Decision(DecisionKey),
    Outbox(String),
    Announced(IssueNumber),
    WriteBack(TaskKey),
    WriteBackBranch(ProjectId, String),
}

impl Commit for MemoryLedger {
    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, Fault> {
        if weight(&writes) > MAX_WRITES {
            return Err(Fault::Bug(format!("a commit of {} writes", weight(&writes))));
        }
        let mut seen = HashSet::new();
        let mut places = writes.iter().filter_map(place);
        if let Some(double) = places.find(|place| !seen.insert(place.clone())) {
            return Err(Fault::Bug(format!("a commit with two writes of {double:?}")));
        }
        let mut state = self.state();
        let mut holds = true;
        for write in &writes {
            holds &= state.allows(write)?;
        }
        if !holds {
            return Ok(Committed::Conflict);
        }
        let seals = state.seals(writes.iter().filter_map(Write::chain));
        for write in writes {
            state.write(write, &seals);
        }
        Ok(Committed::Yes)
    }
}

/// What a write is about; entries of the audit are put one after another.
fn place(write: &Write) -> Option<Place> {
    Some(match write {
        Write::IssueNumber(_) => Place::Counter,
        Write::Issue(issue) => Place::Issue(issue.number),
        Write::Task(task) => Place::Task(task.key()),
        Write::Push(push) => Place::Push(push.project.clone(), push.commit.clone()),
        Write::PullRequest(pull) => Place::PullRequest(pull.project.clone(), pull.number),
        Write::Rehearsal(rehearsal) => Place::Rehearsal(rehearsal.key()),
        Write::Head { project, branch, .. } => Place::Head(project.clone(), branch.clone()),
        Write::Baselines(baselines) => Place::Baselines(baselines.project.clone()),
        Write::Revision(revision) => Place::Revision(revision_key(revision)),
        Write::Decision(decision) => Place::Decision(decision_key(decision)),
        Write::Outbox(item) => Place::Outbox(item.id.clone()),
        Write::Announced(announced) => Place::Announced(announced.issue),
        Write::WriteBack(write_back) => Place::WriteBack(write_back.key.clone()),
        Write::WriteBackBranch(branch) => {
            Place::WriteBackBranch(branch.project.clone(), branch.branch.clone())
        }
        Write::OpenIssue(entry) => Place::OpenIssue(entry.number),
        Write::IssueIs { number, .. } => Place::Issue(*number),
        Write::TaskIs { key, .. } => Place::Task(key.clone()),
        Write::Audit(_) => return None,
    })
}

/// Whether what is there is the one before: nothing for the first.
fn follows(new: u64, there: Option<u64>) -> Result<bool, Fault> {
    match new {
        0 => Err(Fault::Bug("editions and numbers count from 1".to_owned())),
        1 => Ok(there.is_none()),
        later => Ok(there == Some(later - 1)),
    }
}

impl State {
    fn allows(&self, write: &Write) -> Result<bool, Fault> {
        match write {
            Write::IssueNumber(new) => follows(new.0, (self.last_issue > 0).then_some(self.last_issue)),
            Write::Issue(issue) => {
                let there = self.issues.get(&issue.number).map(|there| there.edition);
                follows(issue.edition, there)
            }
            Write::Task(task) => {
                let there = self.tasks.get(&task.key()).map(|there| there.edition);
                follows(task.edition, there)
            }
            Write::Push(push) => {
                let key = (push.project.clone(), push.commit.clone());
                follows(push.edition, self.pushes.get(&key).map(|there| there.edition))
            }
            Write::PullRequest(pull) => {
                let key = (pull.project.clone(), pull.number);
                follows(
                    pull.edition,
                    self.pull_requests.get(&key).map(|there| there.edition),
                )
            }
            Write::Rehearsal(rehearsal) => {
                let there = self.rehearsals.get(&rehearsal.key());
                follows(rehearsal.edition, there.map(|there| there.edition))
            }
            Write::Head {
                project,
                branch,
                replaces,
                ..
            } => Ok(self.heads.get(&(project.clone(), branch.clone())) == replaces.as_ref()),
            Write::Baselines(baselines) => {
                let there = self.baselines.get(&baselines.project);
                follows(baselines.edition, there.map(|there| there.edition))
            }
            Write::Revision(revision) => Ok(!self.revisions.contains_key(&revision_key(revision))),
            Write::Decision(decision) => Ok(!self.decisions.contains_key(&decision_key(decision))),
            Write::Outbox(_) | Write::WriteBack(_) | Write::OpenIssue(_) | Write::Audit(_) => Ok(true),
            Write::Announced(announced) => {
                let there = self.announced.get(&announced.issue);
                follows(announced.edition, there.map(|there| there.edition))
            }
            Write::WriteBackBranch(branch) => {
                let key = (branch.project.clone(), branch.branch.clone());
                let there = self.write_back_branches.get(&key).map(|there| there.edition);
                follows(branch.edition, there)
            }
            Write::IssueIs { number, edition } => {
                Ok(self.issues.get(number).map(|there| there.edition) == Some(*edition))
            }
            Write::TaskIs { key, edition } => {
                Ok(self.tasks.get(key).map(|there| there.edition) == Some(*edition))
            }
        }
    }

    fn write(&mut self, write: Write, seals: &[AuditSeal]) {
        match write {
            Write::IssueNumber(new) => self.last_issue = new.0,
            Write::Issue(issue) => {
                self.issues.insert(issue.number, issue);
            }
            Write::Task(task) => {
                self.tasks.insert(task.key(), task);
            }
            Write::Push(push) => {
                self.pushes
                    .insert((push.project.clone(), push.commit.clone()), push);
            }
            Write::PullRequest(pull) => {
                self.pull_requests
                    .insert((pull.project.clone(), pull.number), pull);
            }
            Write::Rehearsal(rehearsal) => {
                self.rehearsals.insert(rehearsal.key(), rehearsal);
            }
            Write::Head {
                project,
                branch,
                head,
                ..
            } => {
                self.heads.insert((project, branch), head);
            }
            Write::Baselines(baselines) => {
                self.baselines.insert(baselines.project.clone(), baselines);
            }
            Write::Revision(revision) => {
                self.revisions.insert(revision_key(&revision), revision);
            }
            Write::Decision(decision) => {
                self.decisions.insert(decision_key(&decision), decision);
            }
            Write::Outbox(item) => {
                self.outbox.insert(item.id.clone(), item);
            }
            Write::Announced(announced) => {
                self.announced.insert(announced.issue, announced);
            }
            Write::WriteBack(write_back) => {
                self.write_backs.insert(write_back.key.clone(), write_back);
            }
            Write::WriteBackBranch(branch) => {
                self.write_back_branches
                    .insert((branch.project.clone(), branch.branch.clone()), branch);
            }
            Write::OpenIssue(entry) => {
                self.open_issues.insert(entry.number, entry);
            }
            Write::Audit(entry) => self.audit(entry, seals),
            Write::IssueIs { .. } | Write::TaskIs { .. } => {}
        }
    }
}
