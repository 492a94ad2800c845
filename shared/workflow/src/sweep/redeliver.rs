//! Deliveries that failed: GitHub sends none again by itself, so it is asked to.

use super::watch::{Gap, HookWatch};
use crate::ports::clock::Clock;
use crate::ports::github::{AppDeliveries, HookDelivery, Redelivered};
use crate::ports::ledger::HookLedger;
use jiff::Timestamp;
use model::{DeliveryId, Fault};
use settings::Settings;
use std::collections::HashSet;

/// What is asked for again, and with which action where only one is acted on: what the webhook acts on.
const EVENTS: [(&str, Option<&str>); 3] = [
    ("push", None),
    ("pull_request", None),
    ("check_run", Some("requested_action")),
];
/// How many pages one look reads.
const PAGES: usize = 10;
/// How many deliveries one look asks for.
const MOST: usize = 30;

/// What looking at deliveries needs of the world.
pub(super) struct Redeliverer<'a, L, G, C> {
    pub(super) ledger: &'a L,
    pub(super) github: &'a G,
    pub(super) clock: &'a C,
}

/// One walk through GitHub's list.
struct Walk<'a> {
    settings: &'a Settings,
    arrived: HashSet<DeliveryId>,
    pages: usize,
    newest: Option<Timestamp>,
}

/// Where a part of a walk ended.
enum Ended {
    /// At its end.
    Done,
    /// There is more, here.
    Here(String),
    /// This GitHub has no list.
    Unlisted,
}

impl<L, G, C> Redeliverer<'_, L, G, C>
where
    L: HookLedger,
    G: AppDeliveries,
    C: Clock,
{
    /// Asks for what failed and did not arrive since, if it is time to; sooner where a head moved that nobody told of.
    /// Answers how many were asked for.
    pub(super) async fn redeliver(&self, settings: &Settings, urgent: bool) -> Result<u32, Fault> {
        let now = self.clock.now();
        let stored = self.ledger.hook_watch().await?;
        let first = stored.is_none();
        let mut watch = stored.unwrap_or_else(|| HookWatch::new(now));
        if !watch.is_due(now, urgent) {
            return Ok(0);
        }
        let was_listed = watch.listed;
        watch.asked_at = now;
        watch.listed = self.look(&mut watch, settings, now).await?;
        if !watch.listed && (first || was_listed) {
            tracing::warn!(
                event = "deliveries_not_listed",
                "this GitHub does not list the deliveries of an App's webhook, so those that fail are not asked for \
                 again; heads of branches are looked at all the same, but nobody knows who pushed"
            );
        }
        watch.prune(now);
        let asked = self.ask(&mut watch, now).await;
        // What was asked for is remembered, also where GitHub then had enough.
        self.ledger.keep_hook_watch(&watch).await?;
        asked
    }

    /// Looks at what is new, and then at what was too much before. Answers whether there is a list.
    async fn look(&self, watch: &mut HookWatch, settings: &Settings, now: Timestamp) -> Result<bool, Fault> {
        let mut walk = Walk {
            settings,
            arrived: HashSet::new(),
            pages: 0,
            newest: None,
        };
        let floor = watch.floor(now);
        match self.walk(&mut walk, watch, None, floor, now).await? {
            Ended::Unlisted => return Ok(false),
            Ended::Here(rest) => watch.walked(walk.newest, floor, Some(rest)),
            Ended::Done => {
                watch.walked(walk.newest, floor, None);
                if let Some(gap) = watch.gap.take() {
                    watch.gap = self.look_at_gap(&mut walk, watch, gap, now).await?;
                }
            }
        }
        Ok(true)
    }

    /// Answers what is left of it.
    async fn look_at_gap(
        &self,
        walk: &mut Walk<'_>,
        watch: &mut HookWatch,
        gap: Gap,
        now: Timestamp,
    ) -> Result<Option<Gap>, Fault> {
        match self.walk(walk, watch, gap.older.clone(), gap.down_to, now).await {
            Ok(Ended::Done | Ended::Unlisted) => Ok(None),
            Ok(Ended::Here(older)) => Ok(Some(Gap {
                older: Some(older),
                ..gap
            })),
            // GitHub no longer knows the place: the next look begins at the top.
            Err(Fault::Operator { .. }) if gap.older.is_some() => Ok(Some(Gap { older: None, ..gap })),
            Err(fault) => Err(fault),
        }
    }

    async fn walk(
        &self,
        walk: &mut Walk<'_>,
        watch: &mut HookWatch,
        from: Option<String>,
        down_to: Timestamp,
        now: Timestamp,
    ) -> Result<Ended, Fault> {
        let mut from = from;
        loop {
            if walk.pages == PAGES {
                return Ok(from.map_or(Ended::Done, Ended::Here));
            }
            walk.pages += 1;
            let Some(page) = self.github.deliveries(from.as_deref()).await? else {
                return Ok(Ended::Unlisted);
            };
            let newest = page.deliveries.first().map(|delivery| delivery.at);
            walk.newest = walk.newest.max(newest);
            let settings = walk.settings;
            let ours = page
                .deliveries
                .iter()
                .filter(|delivery| is_ours(settings, delivery));
            watch.take(ours, &mut walk.arrived, now);
            let oldest = page.deliveries.last().map(|delivery| delivery.at);
            match page.older {
                Some(older) if oldest.is_some_and(|oldest| oldest > down_to) => from = Some(older),
                Some(_) | None => return Ok(Ended::Done),
            }
        }
    }

    async fn ask(&self, watch: &mut HookWatch, now: Timestamp) -> Result<u32, Fault> {
        let mut asked = 0;
        for id in watch.due(now, MOST) {
            match self.github.redeliver(id).await? {
                Redelivered::Asked => {
                    watch.asked_for(id, now);
                    asked += 1;
                    tracing::info!(
                        event = "delivery_asked_for",
                        delivery.number = id,
                        "asked for a delivery again"
                    );
                }
                Redelivered::Refused(reason) => {
                    watch.refused(id);
                    tracing::warn!(
                        event = "delivery_refused",
                        delivery.number = id,
                        "GitHub does not deliver {id} again: {reason}"
                    );
                }
            }
        }
        Ok(asked)
    }
}

fn is_ours(settings: &Settings, delivery: &HookDelivery) -> bool {
    let acted_on = |(event, action): &(&str, Option<&str>)| {
        delivery.event == *event && action.is_none_or(|action| delivery.action.as_deref() == Some(action))
    };
    EVENTS.iter().any(acted_on)
        && delivery
            .repository
            .is_some_and(|repository| settings.knows_repository(repository))
}
