//! What whoever listens to events heard of every story.

use crate::world::{World, must};
use model::{AuditChain, Event, EventKind, IssueNumber};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use workflow::ports::ledger::{EventLedger, PlanLedger};

/// What events are promised to say.
static PROMISED: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let text = include_str!("../../../infra/events.schema.json");
    let schema: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{error}"))
});

impl World {
    /// What was heard of an issue, each event once however often it was told, in the order of first telling.
    pub fn heard(&self, issue: u64) -> Vec<Event> {
        let mut seen = BTreeSet::new();
        let mut events = self.events.inner().events();
        events
            .retain(|event| event.detail.issue == IssueNumber(issue) && seen.insert(event.detail.id.clone()));
        events
    }

    /// The kinds of what was heard of an issue.
    pub fn heard_kinds(&self, issue: u64) -> Vec<&'static str> {
        let events = self.heard(issue);
        events.iter().map(|event| event.kind.word()).collect()
    }

    /// Whatever is in the audit was heard, and nothing else but what can be derived from the ledger; every event is as promised,
    /// and one id is one event.
    pub(crate) async fn account_of_events(&self) {
        let mut known: BTreeMap<String, Event> = BTreeMap::new();
        for event in self.events.inner().events() {
            let told =
                json!({ "source": "sluice", "detail-type": event.kind.word(), "detail": event.detail });
            let flaws: Vec<String> = PROMISED.iter_errors(&told).map(|flaw| flaw.to_string()).collect();
            assert!(flaws.is_empty(), "{told:#}: {flaws:?}");
            let there = known.insert(event.detail.id.clone(), event.clone());
            let same =
                |there: Event| (there.kind, there.detail.task) == (event.kind, event.detail.task.clone());
            assert!(there.is_none_or(same), "another event with the id of {told:#}");
        }
        let ledger = self.ledger.inner();
        let newest = must("reading the counter", ledger.last_issue().await);
        for issue in (1..=newest.0).map(IssueNumber) {
            let mut written = BTreeMap::new();
            for item in self.audit(AuditChain::Issue(issue)).await {
                written.extend(EventKind::of(item.deed).map(|kind| (item.number, kind)));
            }
            let heard = known
                .values()
                .filter(|event| event.detail.issue == issue && is_written(event.kind));
            let heard: BTreeMap<u64, EventKind> =
                heard.map(|event| (event.detail.number, event.kind)).collect();
            assert_eq!(
                heard, written,
                "issue {issue}: what was heard, and what is in the audit"
            );
            self.account_of_status(issue, &known).await;
        }
    }

    /// Others know the status that the issue has.
    async fn account_of_status(&self, issue: IssueNumber, known: &BTreeMap<String, Event>) {
        let view = self.view(issue.0).await;
        if !view.issue.planned {
            // A plan that was cut short: nothing was ever done under its number.
            return;
        }
        let status = view.status;
        let told = must(
            "reading what was told",
            self.ledger.inner().announced(issue).await,
        );
        assert_eq!(
            told.map(|told| told.status),
            Some(status),
            "issue {issue}: the status that others know"
        );
        let said = known.values().filter(|event| event.detail.issue == issue);
        let said = said.filter(|event| !is_written(event.kind) && event.kind != EventKind::IssueWaiting);
        let newest = said
            .filter(|event| event.kind != EventKind::TaskDrift)
            .max_by_key(|event| {
                let digits = event
                    .detail
                    .id
                    .rsplit('-')
                    .next()
                    .and_then(|digits| digits.parse::<u64>().ok());
                digits.unwrap_or_default()
            });
        let newest = newest.map_or(EventKind::IssueReopened, |event| event.kind);
        assert_eq!(
            newest,
            EventKind::of_status(status),
            "issue {issue}: the newest word on its status"
        );
    }
}

/// Whether an event of this kind is of an item of the audit.
fn is_written(kind: EventKind) -> bool {
    !matches!(
        kind,
        EventKind::IssueWaiting
            | EventKind::IssueDone
            | EventKind::IssueCanceled
            | EventKind::IssueReopened
            | EventKind::TaskDrift
    )
}
