//! Settings, plans, issues and targets.

use super::MemoryLedger;
use model::{
    Announced, AuditEntry, Baselines, CommitSha, Decision, Fault, Freezes, Issue, IssueNumber, ProjectId,
    Push, Revision, Target, Task, TaskKey, VersionKey, WriteBack, WriteBackBranch,
};
use workflow::ports::ledger::{
    Committed, EventLedger, IssueLedger, OpenIssue, OpenIssueLedger, PlanLedger, PlannedHead, SettingsLedger,
    StoredSettings, TargetLedger, WriteBackLedger,
};

impl SettingsLedger for MemoryLedger {
    async fn settings(&self) -> Result<Option<StoredSettings>, Fault> {
        Ok(self.state().settings.last().cloned())
    }

    async fn settings_versions(&self, versions: &[u64]) -> Result<Vec<StoredSettings>, Fault> {
        let state = self.state();
        let kept = |version: &u64| {
            state
                .settings
                .iter()
                .find(|kept| kept.version == *version)
                .cloned()
        };
        Ok(versions.iter().filter_map(kept).collect())
    }

    async fn put_settings(&self, settings: &StoredSettings, audit: AuditEntry) -> Result<Committed, Fault> {
        if settings.version == 0 {
            return Err(Fault::Bug("versions of the settings count from 1".to_owned()));
        }
        let mut state = self.state();
        let last = state.settings.last().map_or(0, |last| last.version);
        if settings.version != last + 1 {
            return Ok(Committed::Conflict);
        }
        state.settings.push(settings.clone());
        let seals = state.seals([audit.chain]);
        state.audit(audit, &seals);
        Ok(Committed::Yes)
    }

    async fn freezes(&self) -> Result<Freezes, Fault> {
        Ok(self.state().freezes.clone())
    }

    async fn put_freezes(&self, freezes: &Freezes, audit: AuditEntry) -> Result<Committed, Fault> {
        let mut state = self.state();
        if freezes.edition != state.freezes.edition + 1 {
            return Ok(Committed::Conflict);
        }
        state.freezes = freezes.clone();
        let seals = state.seals([audit.chain]);
        state.audit(audit, &seals);
        Ok(Committed::Yes)
    }
}

impl PlanLedger for MemoryLedger {
    async fn head(&self, project: &ProjectId, branch: &str) -> Result<Option<PlannedHead>, Fault> {
        let key = (project.clone(), branch.to_owned());
        Ok(self.state().heads.get(&key).cloned())
    }

    async fn baselines(&self, project: &ProjectId) -> Result<Option<Baselines>, Fault> {
        Ok(self.state().baselines.get(project).cloned())
    }

    async fn heads(
        &self,
        project: &ProjectId,
        branches: &[String],
    ) -> Result<Vec<Option<PlannedHead>>, Fault> {
        let state = self.state();
        let key = |branch: &String| (project.clone(), branch.clone());
        Ok(branches
            .iter()
            .map(|branch| state.heads.get(&key(branch)).cloned())
            .collect())
    }

    async fn push(&self, project: &ProjectId, commit: &CommitSha) -> Result<Option<Push>, Fault> {
        let key = (project.clone(), commit.clone());
        Ok(self.state().pushes.get(&key).cloned())
    }

    async fn last_issue(&self) -> Result<IssueNumber, Fault> {
        Ok(IssueNumber(self.state().last_issue))
    }
}

impl IssueLedger for MemoryLedger {
    async fn issues(&self, numbers: &[IssueNumber]) -> Result<Vec<Issue>, Fault> {
        let state = self.state();
        let found = numbers.iter().filter_map(|number| state.issues.get(number));
        Ok(found.cloned().collect())
    }

    async fn tasks(&self, keys: &[TaskKey]) -> Result<Vec<Task>, Fault> {
        let state = self.state();
        let found = keys.iter().filter_map(|key| state.tasks.get(key));
        Ok(found.cloned().collect())
    }

    async fn decisions(&self, issue: IssueNumber) -> Result<Vec<Decision>, Fault> {
        let state = self.state();
        let of_issue = state
            .decisions
            .values()
            .filter(|decision| decision.issue == issue);
        let mut decisions: Vec<_> = of_issue.cloned().collect();
        decisions.sort_by_key(|decision| decision.at);
        Ok(decisions)
    }
}

impl OpenIssueLedger for MemoryLedger {
    async fn open_issues(&self, before: Option<IssueNumber>, limit: u32) -> Result<Vec<OpenIssue>, Fault> {
        let state = self.state();
        let below = state.open_issues.values().rev();
        let below = below.filter(|entry| before.is_none_or(|before| entry.number < before));
        Ok(below.take(limit as usize).cloned().collect())
    }

    async fn list_open_issue(&self, entry: &OpenIssue) -> Result<(), Fault> {
        let mut state = self.state();
        state
            .open_issues
            .entry(entry.number)
            .or_insert_with(|| entry.clone());
        Ok(())
    }

    async fn forget_open_issue(&self, entry: &OpenIssue) -> Result<(), Fault> {
        let mut state = self.state();
        if state.open_issues.get(&entry.number) == Some(entry) {
            state.open_issues.remove(&entry.number);
        }
        Ok(())
    }
}

impl TargetLedger for MemoryLedger {
    async fn open_tasks(&self, target: &Target) -> Result<Vec<Task>, Fault> {
        let state = self.state();
        let open = state
            .tasks
            .values()
            .filter(|task| &task.target == target && !task.is_settled());
        Ok(open.cloned().collect())
    }

    async fn first_open_tasks(&self, targets: &[Target]) -> Result<Vec<Task>, Fault> {
        let state = self.state();
        let first = |target| {
            let mut tasks = state.tasks.values();
            tasks.find(|task| &task.target == target && !task.is_settled())
        };
        Ok(targets.iter().filter_map(first).cloned().collect())
    }

    async fn revisions(
        &self,
        target: &Target,
        before: Option<&VersionKey>,
        limit: u32,
    ) -> Result<Vec<Revision>, Fault> {
        let state = self.state();
        let found = state
            .revisions
            .iter()
            .rev()
            .filter(|(key, _)| &key.target == target && before.is_none_or(|before| &key.version < before))
            .map(|(_, revision)| revision.clone());
        Ok(found.take(limit as usize).collect())
    }

    async fn revision(&self, key: &TaskKey) -> Result<Option<Revision>, Fault> {
        Ok(self.state().revisions.get(key).cloned())
    }
}

impl WriteBackLedger for MemoryLedger {
    async fn write_back_branch(
        &self,
        project: &ProjectId,
        branch: &str,
    ) -> Result<Option<WriteBackBranch>, Fault> {
        let key = (project.clone(), branch.to_owned());
        Ok(self.state().write_back_branches.get(&key).cloned())
    }

    async fn write_backs(&self, keys: &[TaskKey]) -> Result<Vec<WriteBack>, Fault> {
        let state = self.state();
        let found = keys.iter().filter_map(|key| state.write_backs.get(key));
        Ok(found.cloned().collect())
    }
}

impl EventLedger for MemoryLedger {
    async fn announced(&self, issue: IssueNumber) -> Result<Option<Announced>, Fault> {
        Ok(self.state().announced.get(&issue).cloned())
    }
}
