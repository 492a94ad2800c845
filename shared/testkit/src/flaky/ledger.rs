//! A ledger that fails.

use super::Flaky;
use jiff::Timestamp;
use model::{
    Announced, AuditChain, AuditEntry, AuditHead, Baselines, Checksum, CommitSha, Decision, Fault, Freezes,
    Issue, IssueNumber, Offer, OutboxItem, ProjectId, PullRequest, PullRequestNumber, Push, RefusedClick,
    Rehearsal, RehearsalKey, Revision, Target, Task, TaskKey, VersionKey, WriteBack, WriteBackBranch,
};
use workflow::ports::ledger::{
    AuditLedger, AuditPart, ClickLedger, Commit, Committed, DeliveryLedger, EventLedger, Fence, HookLedger,
    IssueLedger, LeaseLedger, Moved, NewHead, Noted, OpenIssue, OpenIssueLedger, OutboxLedger, PlanLedger,
    PlannedHead, PullRequestLedger, RehearsalLedger, SettingsLedger, Shown, StoredSettings, TargetLedger,
    TextLedger, Write, WriteBackLedger,
};
use workflow::sweep::HookWatch;

impl<P: Commit> Commit for Flaky<P> {
    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, Fault> {
        self.call("commit", self.inner.commit(writes)).await
    }
}

impl<P: SettingsLedger> SettingsLedger for Flaky<P> {
    async fn settings(&self) -> Result<Option<StoredSettings>, Fault> {
        self.call("settings", self.inner.settings()).await
    }

    async fn settings_versions(&self, versions: &[u64]) -> Result<Vec<StoredSettings>, Fault> {
        self.call("settings_versions", self.inner.settings_versions(versions))
            .await
    }

    async fn put_settings(&self, settings: &StoredSettings, audit: AuditEntry) -> Result<Committed, Fault> {
        self.call("put_settings", self.inner.put_settings(settings, audit))
            .await
    }

    async fn freezes(&self) -> Result<Freezes, Fault> {
        self.call("freezes", self.inner.freezes()).await
    }

    async fn put_freezes(&self, freezes: &Freezes, audit: AuditEntry) -> Result<Committed, Fault> {
        self.call("put_freezes", self.inner.put_freezes(freezes, audit))
            .await
    }
}

impl<P: DeliveryLedger> DeliveryLedger for Flaky<P> {
    async fn is_noted(&self, key: &str) -> Result<bool, Fault> {
        self.call("is_noted", self.inner.is_noted(key)).await
    }

    async fn note(&self, key: &str, expires: Timestamp) -> Result<Noted, Fault> {
        self.call("note", self.inner.note(key, expires)).await
    }

    async fn keep_moved(&self, head: &NewHead, moved: &Moved, expires: Timestamp) -> Result<(), Fault> {
        self.call("keep_moved", self.inner.keep_moved(head, moved, expires))
            .await
    }

    async fn moved(&self, head: &NewHead) -> Result<Option<Moved>, Fault> {
        self.call("moved", self.inner.moved(head)).await
    }
}

impl<P: PlanLedger> PlanLedger for Flaky<P> {
    async fn head(&self, project: &ProjectId, branch: &str) -> Result<Option<PlannedHead>, Fault> {
        self.call("head", self.inner.head(project, branch)).await
    }

    async fn baselines(&self, project: &ProjectId) -> Result<Option<Baselines>, Fault> {
        self.call("baselines", self.inner.baselines(project)).await
    }

    async fn heads(
        &self,
        project: &ProjectId,
        branches: &[String],
    ) -> Result<Vec<Option<PlannedHead>>, Fault> {
        self.call("heads", self.inner.heads(project, branches)).await
    }

    async fn push(&self, project: &ProjectId, commit: &CommitSha) -> Result<Option<Push>, Fault> {
        self.call("push", self.inner.push(project, commit)).await
    }

    async fn last_issue(&self) -> Result<IssueNumber, Fault> {
        self.call("last_issue", self.inner.last_issue()).await
    }
}

impl<P: IssueLedger> IssueLedger for Flaky<P> {
    async fn issues(&self, numbers: &[IssueNumber]) -> Result<Vec<Issue>, Fault> {
        self.call("issues", self.inner.issues(numbers)).await
    }

    async fn tasks(&self, keys: &[TaskKey]) -> Result<Vec<Task>, Fault> {
        self.call("tasks", self.inner.tasks(keys)).await
    }

    async fn decisions(&self, issue: IssueNumber) -> Result<Vec<Decision>, Fault> {
        self.call("decisions", self.inner.decisions(issue)).await
    }
}

impl<P: OpenIssueLedger> OpenIssueLedger for Flaky<P> {
    async fn open_issues(&self, before: Option<IssueNumber>, limit: u32) -> Result<Vec<OpenIssue>, Fault> {
        self.call("open_issues", self.inner.open_issues(before, limit))
            .await
    }

    async fn list_open_issue(&self, entry: &OpenIssue) -> Result<(), Fault> {
        self.call("list_open_issue", self.inner.list_open_issue(entry))
            .await
    }

    async fn forget_open_issue(&self, entry: &OpenIssue) -> Result<(), Fault> {
        self.call("forget_open_issue", self.inner.forget_open_issue(entry))
            .await
    }
}

impl<P: TargetLedger> TargetLedger for Flaky<P> {
    async fn open_tasks(&self, target: &Target) -> Result<Vec<Task>, Fault> {
        self.call("open_tasks", self.inner.open_tasks(target)).await
    }

    async fn first_open_tasks(&self, targets: &[Target]) -> Result<Vec<Task>, Fault> {
        self.call("first_open_tasks", self.inner.first_open_tasks(targets))
            .await
    }

    async fn revisions(
        &self,
        target: &Target,
        before: Option<&VersionKey>,
        limit: u32,
    ) -> Result<Vec<Revision>, Fault> {
        self.call("revisions", self.inner.revisions(target, before, limit))
            .await
    }

    async fn revision(&self, key: &TaskKey) -> Result<Option<Revision>, Fault> {
        self.call("revision", self.inner.revision(key)).await
    }
}

impl<P: TextLedger> TextLedger for Flaky<P> {
    async fn put_text(&self, text: &str) -> Result<Checksum, Fault> {
        self.call("put_text", self.inner.put_text(text)).await
    }

    async fn text(&self, checksum: &Checksum) -> Result<Option<String>, Fault> {
        self.call("text", self.inner.text(checksum)).await
    }
}

impl<P: LeaseLedger> LeaseLedger for Flaky<P> {
    async fn acquire_lease(
        &self,
        target: &Target,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Fence>, Fault> {
        let call = self.inner.acquire_lease(target, owner, now, until);
        self.call("acquire_lease", call).await
    }

    async fn release_lease(&self, target: &Target, fence: Fence) -> Result<(), Fault> {
        self.call("release_lease", self.inner.release_lease(target, fence))
            .await
    }
}

impl<P: OutboxLedger> OutboxLedger for Flaky<P> {
    async fn outbox(&self, now: Timestamp, limit: u32) -> Result<Vec<OutboxItem>, Fault> {
        self.call("outbox", self.inner.outbox(now, limit)).await
    }

    async fn settle_outbox(&self, id: &str) -> Result<(), Fault> {
        self.call("settle_outbox", self.inner.settle_outbox(id)).await
    }

    async fn postpone_outbox(&self, item: &OutboxItem) -> Result<(), Fault> {
        self.call("postpone_outbox", self.inner.postpone_outbox(item))
            .await
    }

    async fn check_run_id(&self, project: &ProjectId, commit: &CommitSha) -> Result<Option<u64>, Fault> {
        self.call("check_run_id", self.inner.check_run_id(project, commit))
            .await
    }

    async fn keep_check_run_id(&self, project: &ProjectId, commit: &CommitSha, id: u64) -> Result<(), Fault> {
        let call = self.inner.keep_check_run_id(project, commit, id);
        self.call("keep_check_run_id", call).await
    }
}

impl<P: ClickLedger> ClickLedger for Flaky<P> {
    async fn keep_offer(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        offer: &Offer,
    ) -> Result<Offer, Fault> {
        let call = self.inner.keep_offer(project, commit, offer);
        self.call("keep_offer", call).await
    }

    async fn offer(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        name: &str,
    ) -> Result<Option<Offer>, Fault> {
        self.call("offer", self.inner.offer(project, commit, name)).await
    }

    async fn keep_refused_click(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        click: &RefusedClick,
    ) -> Result<(), Fault> {
        let call = self.inner.keep_refused_click(project, commit, click);
        self.call("keep_refused_click", call).await
    }

    async fn refused_click(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> Result<Option<RefusedClick>, Fault> {
        self.call("refused_click", self.inner.refused_click(project, commit))
            .await
    }
}

impl<P: PullRequestLedger> PullRequestLedger for Flaky<P> {
    async fn pull_request(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
    ) -> Result<Option<PullRequest>, Fault> {
        self.call("pull_request", self.inner.pull_request(project, number))
            .await
    }

    async fn shown(&self, project: &ProjectId, number: PullRequestNumber) -> Result<Shown, Fault> {
        self.call("shown", self.inner.shown(project, number)).await
    }

    async fn keep_shown(
        &self,
        project: &ProjectId,
        number: PullRequestNumber,
        shown: &Shown,
    ) -> Result<(), Fault> {
        self.call("keep_shown", self.inner.keep_shown(project, number, shown))
            .await
    }
}

impl<P: RehearsalLedger> RehearsalLedger for Flaky<P> {
    async fn rehearsals(&self, keys: &[RehearsalKey]) -> Result<Vec<Rehearsal>, Fault> {
        self.call("rehearsals", self.inner.rehearsals(keys)).await
    }

    async fn pending_rehearsals(&self, target: &Target) -> Result<Vec<Rehearsal>, Fault> {
        self.call("pending_rehearsals", self.inner.pending_rehearsals(target))
            .await
    }
}

impl<P: HookLedger> HookLedger for Flaky<P> {
    async fn hook_watch(&self) -> Result<Option<HookWatch>, Fault> {
        self.call("hook_watch", self.inner.hook_watch()).await
    }

    async fn keep_hook_watch(&self, watch: &HookWatch) -> Result<(), Fault> {
        self.call("keep_hook_watch", self.inner.keep_hook_watch(watch))
            .await
    }
}

impl<P: WriteBackLedger> WriteBackLedger for Flaky<P> {
    async fn write_back_branch(
        &self,
        project: &ProjectId,
        branch: &str,
    ) -> Result<Option<WriteBackBranch>, Fault> {
        let call = self.inner.write_back_branch(project, branch);
        self.call("write_back_branch", call).await
    }

    async fn write_backs(&self, keys: &[TaskKey]) -> Result<Vec<WriteBack>, Fault> {
        self.call("write_backs", self.inner.write_backs(keys)).await
    }
}

impl<P: AuditLedger> AuditLedger for Flaky<P> {
    async fn audit_items(&self, chain: AuditChain, after: u64, limit: u32) -> Result<AuditPart, Fault> {
        self.call("audit_items", self.inner.audit_items(chain, after, limit))
            .await
    }

    async fn audit_head(&self, chain: AuditChain) -> Result<Option<AuditHead>, Fault> {
        self.call("audit_head", self.inner.audit_head(chain)).await
    }
}

impl<P: EventLedger> EventLedger for Flaky<P> {
    async fn announced(&self, issue: IssueNumber) -> Result<Option<Announced>, Fault> {
        self.call("announced", self.inner.announced(issue)).await
    }
}
