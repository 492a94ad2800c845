//! What the audit says of every story.

use crate::world::{World, must};
use model::audit::verify::{Extent, StoredChain, verify};
use model::{AuditActor, AuditChain, AuditItem, AuditRecord, Deed, IssueNumber, Task, TaskRun};
use workflow::audit::show_audit;
use workflow::ports::ledger::{IssueLedger, PlanLedger};

impl World {
    /// The items of an issue's chain, or of that of settings.
    pub async fn audit(&self, chain: AuditChain) -> Vec<AuditItem> {
        let chains = self.chains().await;
        let stored = chains.into_iter().find(|stored| stored.chain == chain);
        let records = stored.map(|stored| stored.records).unwrap_or_default();
        let item = |record| match record {
            AuditRecord::Item(item) => *item,
            AuditRecord::Unreadable { unreadable, .. } => panic!("{unreadable}"),
        };
        records.into_iter().map(item).collect()
    }

    /// Every chain, as the API tells it.
    async fn chains(&self) -> Vec<StoredChain> {
        let (mut chains, mut from): (Vec<StoredChain>, Option<String>) = (Vec::new(), None);
        loop {
            let page = show_audit(self.ledger.inner(), None, from.as_deref(), 7).await;
            let page = match must("reading the audit", page) {
                Ok(page) => page,
                Err(refusal) => panic!("reading the audit: {refusal}"),
            };
            for part in page.chains {
                match chains.last_mut().filter(|last| last.chain == part.chain) {
                    Some(last) => {
                        last.records.extend(part.items);
                        last.head = part.head;
                    }
                    None => chains.push(StoredChain {
                        chain: part.chain,
                        records: part.items,
                        head: part.head,
                    }),
                }
            }
            from = page.next;
            if from.is_none() {
                return chains;
            }
        }
    }

    /// The audit is whole, and says of every issue, decision and task what the ledger says.
    pub(crate) async fn account_of_audit(&self) {
        let ledger = self.ledger.inner();
        let newest = must("reading the counter", ledger.last_issue().await);
        let flaws = verify(&self.chains().await, Extent::All(newest));
        assert!(flaws.is_empty(), "the audit: {flaws:?}");
        for issue in (1..=newest.0).map(IssueNumber) {
            let items = self.audit(AuditChain::Issue(issue)).await;
            let first = items.first().map(|first| first.deed);
            assert_eq!(first, Some(Deed::IssuePlanned), "issue {issue}: {items:?}");
            let decisions = must("reading decisions", ledger.decisions(issue).await);
            let decided = |item: &&AuditItem| match item.deed {
                Deed::StageApproved | Deed::StageBypassed | Deed::StageRejected => true,
                Deed::IssuePlanned
                | Deed::PushersKnown
                | Deed::TaskRetried
                | Deed::TaskCanceled
                | Deed::TaskCancelAsked
                | Deed::TaskSkipped
                | Deed::TaskResolved
                | Deed::TaskReopened
                | Deed::TaskScheduled
                | Deed::IssueDepends
                | Deed::TaskReplaced
                | Deed::TaskRenamed
                | Deed::TaskHeld
                | Deed::TaskBegun
                | Deed::TaskDone
                | Deed::TaskFailed
                | Deed::TaskAmbiguous
                | Deed::SettingsApplied
                | Deed::EnvironmentFrozen
                | Deed::EnvironmentUnfrozen
                | Deed::BaselineSet
                | Deed::BaselineResolved => false,
            };
            let mut said: Vec<_> = items
                .iter()
                .filter(decided)
                .map(|item| format!("{} {:?}", item.at, item.by))
                .collect();
            let mut made: Vec<_> = decisions
                .into_iter()
                .map(|decision| format!("{} {:?}", decision.at, AuditActor::from(&decision.by)))
                .collect();
            // A story's clock may stand still.
            said.sort();
            made.sort();
            assert_eq!(
                said, made,
                "issue {issue}: decisions, and what the audit says of them"
            );
        }
        for target in self.places.values() {
            for task in self.tasks_of(target).await {
                let items = self.audit(AuditChain::Issue(task.issue)).await;
                account_of_task(&task, &items);
            }
        }
    }
}

/// The newest word on a task is what became of it.
fn account_of_task(task: &Task, items: &[AuditItem]) {
    let about = format!("{} {}", task.target, task.change.version);
    let own = items.iter().rfind(|item| item.about.as_ref() == Some(&about));
    let last = own.map(|item| item.deed);
    let expected: &[Option<Deed>] = match (&task.ruling, &task.run) {
        (Some(_), _) => &[Some(Deed::TaskCanceled), Some(Deed::TaskSkipped)],
        (None, TaskRun::Done) => &[Some(Deed::TaskDone)],
        (None, TaskRun::Failed(_)) => &[Some(Deed::TaskFailed)],
        (None, TaskRun::Ambiguous { .. }) => &[Some(Deed::TaskAmbiguous), Some(Deed::TaskReopened)],
        (None, TaskRun::Resolved(_)) => &[Some(Deed::TaskResolved), Some(Deed::TaskReopened)],
        (None, TaskRun::Running { .. } | TaskRun::Following { .. }) => {
            &[Some(Deed::TaskBegun), Some(Deed::TaskCancelAsked)]
        }
        (None, TaskRun::Queued) => &[
            None,
            Some(Deed::TaskReopened),
            Some(Deed::TaskScheduled),
            Some(Deed::TaskRetried),
            Some(Deed::TaskReplaced),
            Some(Deed::TaskRenamed),
            Some(Deed::TaskHeld),
        ],
    };
    assert!(
        expected.contains(&last),
        "{about} is {:?}, and the audit says {last:?}",
        task.run
    );
    let edition = own_edition(items, &about);
    assert!(
        edition.is_none_or(|edition| edition <= task.edition),
        "{about}: the audit knows a newer edition"
    );
}

/// The edition that the newest item about a task names.
fn own_edition(items: &[AuditItem], about: &str) -> Option<u64> {
    let last = items.iter().rfind(|item| item.about.as_deref() == Some(about))?;
    let digits = last.after.as_deref()?.strip_prefix("edition ")?;
    digits.split(',').next()?.parse().ok()
}
