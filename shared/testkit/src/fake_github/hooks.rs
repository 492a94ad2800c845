//! The deliveries of the App's webhook.

use super::FakeGitHub;
use jiff::{SignedDuration, Timestamp};
use model::{DeliveryId, Fault, RepositoryRef};
use std::collections::BTreeSet;
use workflow::ports::github::{AppDeliveries, HookDelivery, HookPage, Redelivered};

/// How many deliveries a page has.
const PAGE: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Hooks {
    /// The oldest first.
    deliveries: Vec<HookDelivery>,
    asked: Vec<u64>,
    gone: BTreeSet<u64>,
    unlisted: bool,
    broken: bool,
}

impl FakeGitHub {
    /// Delivers an event of a repository, which arrives or fails. `check_run.requested_action` has an action.
    pub fn deliver(
        &self,
        event: &str,
        repository: &RepositoryRef,
        at: Timestamp,
        arrived: bool,
    ) -> HookDelivery {
        let mut state = self.state();
        let id = state.next();
        let (event, action) = match event.split_once('.') {
            Some((event, action)) => (event, Some(action.to_owned())),
            None => (event, None),
        };
        let delivery = HookDelivery {
            id,
            guid: DeliveryId::new(format!("72d3162e-cc78-11e3-81ab-{id:012}")),
            at,
            arrived,
            event: event.to_owned(),
            action,
            repository: Some(repository.id),
        };
        state.hooks.deliveries.push(delivery.clone());
        delivery
    }

    /// The deliveries that were asked for again, in order.
    pub fn asked_for(&self) -> Vec<u64> {
        self.state().hooks.asked.clone()
    }

    /// From now on deliveries that are asked for fail too, or arrive again.
    pub fn break_webhook(&self, broken: bool) {
        self.state().hooks.broken = broken;
    }

    /// From now on this delivery is not delivered again.
    pub fn forget_delivery(&self, id: u64) {
        self.state().hooks.gone.insert(id);
    }

    /// From now on this is a GitHub without a list of deliveries.
    pub fn list_no_deliveries(&self) {
        self.state().hooks.unlisted = true;
    }
}

impl AppDeliveries for FakeGitHub {
    async fn deliveries(&self, older: Option<&str>) -> Result<Option<HookPage>, Fault> {
        let state = self.call("deliveries")?;
        if state.hooks.unlisted {
            return Ok(None);
        }
        let below = match older.map(|older| older.trim_start_matches("below-").parse::<u64>()) {
            None => u64::MAX,
            Some(Ok(below)) => below,
            Some(Err(_)) => {
                return Err(Fault::operator(
                    "listing deliveries",
                    "begin at the top",
                    "unknown cursor",
                ));
            }
        };
        let found = state
            .hooks
            .deliveries
            .iter()
            .rev()
            .filter(|delivery| delivery.id < below);
        let mut deliveries: Vec<HookDelivery> = found.take(PAGE + 1).cloned().collect();
        let more = deliveries.len() > PAGE;
        deliveries.truncate(PAGE);
        let last = deliveries.last().filter(|_| more);
        Ok(Some(HookPage {
            older: last.map(|last| format!("below-{}", last.id)),
            deliveries,
        }))
    }

    async fn redeliver(&self, id: u64) -> Result<Redelivered, Fault> {
        let mut state = self.call("redeliver")?;
        let found = state.hooks.deliveries.iter().find(|delivery| delivery.id == id);
        let Some(found) = found
            .filter(|found| !state.hooks.gone.contains(&found.id))
            .cloned()
        else {
            return Ok(Redelivered::Refused("Not Found".to_owned()));
        };
        state.hooks.asked.push(id);
        let newest = state.hooks.deliveries.last().map_or(found.at, |newest| newest.at);
        let again = HookDelivery {
            id: state.next(),
            at: newest + SignedDuration::from_secs(1),
            arrived: !state.hooks.broken,
            ..found
        };
        state.hooks.deliveries.push(again);
        Ok(Redelivered::Asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::hooks::Stage;
    use crate::fixtures;
    use std::future::{Ready, ready};

    struct FakeStage(FakeGitHub);

    fn stage(_statement: &str) -> Ready<FakeStage> {
        ready(FakeStage(FakeGitHub::new()))
    }

    impl Stage for FakeStage {
        type GitHub = FakeGitHub;

        fn github(&self) -> &FakeGitHub {
            &self.0
        }

        fn deliver(&self, event: &str, arrived: bool) -> HookDelivery {
            let repository = fixtures::push(1).repository;
            self.0.deliver(event, &repository, fixtures::time(0), arrived)
        }
    }

    crate::hook_contract!(stage);
}
