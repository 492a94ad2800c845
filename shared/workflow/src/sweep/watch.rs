//! What the sweeper remembers of the webhook's deliveries, so that a look costs what is new and not three days: a pure
//! account of which failed, and when each is asked for again.

use crate::ports::github::HookDelivery;
use jiff::{SignedDuration, Timestamp};
use model::DeliveryId;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// How long GitHub delivers again on request.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(72);
/// How often GitHub is asked.
const USUAL: SignedDuration = SignedDuration::from_secs(110);
/// How often where a head moved that nobody told of.
const URGENT: SignedDuration = SignedDuration::from_secs(30);
/// How often where GitHub has no list.
const UNLISTED: SignedDuration = SignedDuration::from_hours(1);
/// A delivery may be listed this much later than others that were delivered after it.
const LATE: SignedDuration = SignedDuration::from_mins(2);
/// The wait after the first time that a delivery was asked for again; six times longer after each other one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// How often a delivery is asked for again.
const MOST_ATTEMPTS: u32 = 5;
/// How many failed deliveries are remembered: the heads are looked at anyway.
const MOST_FAILED: usize = 1_000;

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookWatch {
    /// When GitHub was asked last.
    pub asked_at: Timestamp,
    /// Whether this GitHub lists deliveries at all.
    pub listed: bool,
    /// Everything delivered up to then was looked at, but for the gap.
    pub seen: Timestamp,
    /// What was too much for one look.
    pub gap: Option<Gap>,
    /// Deliveries that failed and did not arrive since, in the order in which they were seen.
    pub failed: Vec<FailedDelivery>,
}

/// Deliveries that nobody looked at yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Where they begin in GitHub's list; none for its beginning.
    pub older: Option<String>,
    /// Where they end.
    pub down_to: Timestamp,
}

/// A delivery that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedDelivery {
    /// Its name, which the next ones have too.
    pub guid: DeliveryId,
    /// GitHub's number of it.
    pub id: u64,
    /// When it failed.
    pub at: Timestamp,
    /// How often it was asked for again.
    pub attempts: u32,
    /// When it may be asked for again.
    pub due_at: Timestamp,
}

impl HookWatch {
    /// Nothing was looked at yet.
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            asked_at: Timestamp::UNIX_EPOCH,
            listed: true,
            seen: now - REMEMBERED,
            gap: None,
            failed: Vec::new(),
        }
    }

    /// Whether it is time to ask GitHub.
    pub(super) fn is_due(&self, now: Timestamp, urgent: bool) -> bool {
        let wait = match (self.listed, urgent) {
            (false, _) => UNLISTED,
            (true, true) => URGENT,
            (true, false) => USUAL,
        };
        now.duration_since(self.asked_at) >= wait
    }

    /// Down to where the newest deliveries are looked at. While there is a gap it only matters to get on.
    pub(super) fn floor(&self, now: Timestamp) -> Timestamp {
        let late = if self.gap.is_some() {
            SignedDuration::ZERO
        } else {
            LATE
        };
        (self.seen - late).max(now - REMEMBERED)
    }

    /// Takes a page into account. Pages come from new to old, so that what arrived is known before what failed;
    /// `arrived` is for one walk.
    pub(super) fn take<'d>(
        &mut self,
        page: impl IntoIterator<Item = &'d HookDelivery>,
        arrived: &mut HashSet<DeliveryId>,
        now: Timestamp,
    ) {
        for delivery in page {
            if delivery.arrived {
                self.failed.retain(|failed| failed.guid != delivery.guid);
                arrived.insert(delivery.guid.clone());
            } else if !arrived.contains(&delivery.guid)
                && !self.failed.iter().any(|failed| failed.guid == delivery.guid)
            {
                self.failed.push(FailedDelivery {
                    guid: delivery.guid.clone(),
                    id: delivery.id,
                    at: delivery.at,
                    attempts: 0,
                    due_at: now,
                });
            }
        }
    }

    /// Notes that a walk ended: at its end, or where the rest begins.
    pub(super) fn walked(&mut self, newest: Option<Timestamp>, down_to: Timestamp, rest: Option<String>) {
        self.seen = newest.map_or(self.seen, |newest| newest.max(self.seen));
        if rest.is_some() {
            let down_to = self.gap.as_ref().map_or(down_to, |gap| gap.down_to.min(down_to));
            self.gap = Some(Gap { older: rest, down_to });
        }
    }

    /// The numbers of the deliveries to ask for now, the oldest first, at most so many.
    pub(super) fn due(&self, now: Timestamp, most: usize) -> Vec<u64> {
        let mut due: Vec<&FailedDelivery> = self
            .failed
            .iter()
            .filter(|failed| failed.attempts < MOST_ATTEMPTS && failed.due_at <= now)
            .collect();
        due.sort_by_key(|failed| (failed.at, failed.id));
        due.iter().take(most).map(|failed| failed.id).collect()
    }

    /// Notes that a delivery was asked for again.
    pub(super) fn asked_for(&mut self, id: u64, now: Timestamp) {
        for failed in self.failed.iter_mut().filter(|failed| failed.id == id) {
            failed.due_at = now + FIRST_WAIT * 6_i32.pow(failed.attempts.min(MOST_ATTEMPTS));
            failed.attempts += 1;
        }
    }

    /// Notes that GitHub will not deliver it again. It stays, for it stays in GitHub's list.
    pub(super) fn refused(&mut self, id: u64) {
        for failed in self.failed.iter_mut().filter(|failed| failed.id == id) {
            failed.attempts = MOST_ATTEMPTS;
        }
    }

    /// Forgets what GitHub forgot, and the oldest of too many.
    pub(super) fn prune(&mut self, now: Timestamp) {
        self.failed
            .retain(|failed| now.duration_since(failed.at) < REMEMBERED);
        self.failed.sort_by_key(|failed| (failed.at, failed.id));
        let over = self.failed.len().saturating_sub(MOST_FAILED);
        self.failed.drain(..over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::RepositoryId;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(10_000_000 + seconds).unwrap()
    }

    fn delivery(id: u64, guid: &str, arrived: bool, seconds: i64) -> HookDelivery {
        HookDelivery {
            id,
            guid: DeliveryId::new(guid),
            at: at(seconds),
            arrived,
            event: "push".to_owned(),
            action: None,
            repository: Some(RepositoryId(7)),
        }
    }

    fn guids(watch: &HookWatch) -> Vec<&str> {
        watch.failed.iter().map(|failed| failed.guid.as_str()).collect()
    }

    #[test]
    fn what_arrived_since_is_not_asked_for() {
        let mut watch = HookWatch::new(at(0));
        let page = [
            delivery(5, "c", false, 5),
            delivery(4, "a", true, 4),
            delivery(3, "b", false, 3),
            delivery(2, "a", false, 2),
            delivery(1, "c", true, 1),
        ];
        watch.take(&page, &mut HashSet::new(), at(6));
        // c arrived at first: that somebody's later wish failed changes nothing.
        assert_eq!(guids(&watch), ["b"]);
        assert_eq!(watch.due(at(6), 9), [3]);
        // The same again, and its success in a later walk.
        watch.take(&page, &mut HashSet::new(), at(7));
        assert_eq!(guids(&watch), ["b"]);
        watch.take(&[delivery(6, "b", true, 8)], &mut HashSet::new(), at(9));
        assert!(watch.failed.is_empty());
    }

    #[test]
    fn each_is_asked_for_a_few_times_with_growing_waits() {
        let mut watch = HookWatch::new(at(0));
        watch.take(&[delivery(1, "a", false, 0)], &mut HashSet::new(), at(0));
        let mut asked = Vec::new();
        for minute in 0..72 * 60 {
            let now = at(minute * 60);
            watch.prune(now);
            for id in watch.due(now, 9) {
                watch.asked_for(id, now);
                // It fails again, and is listed again.
                watch.take(&[delivery(2, "a", false, minute * 60)], &mut HashSet::new(), now);
                asked.push(minute);
            }
        }
        assert_eq!(asked, [0, 5, 35, 215, 1295]);
        watch.prune(at(72 * 3600));
        assert!(watch.failed.is_empty(), "GitHub has forgotten it");
    }

    #[test]
    fn one_that_is_refused_is_not_asked_for_again() {
        let mut watch = HookWatch::new(at(0));
        let page = [delivery(1, "a", false, 0)];
        watch.take(&page, &mut HashSet::new(), at(0));
        watch.refused(1);
        watch.take(&page, &mut HashSet::new(), at(60));
        assert!(watch.due(at(3600), 9).is_empty());
    }

    #[test]
    fn the_oldest_are_asked_for_first_and_too_many_are_forgotten() {
        let mut watch = HookWatch::new(at(0));
        let page: Vec<_> = (0..1_200)
            .rev()
            .map(|number| delivery(number, &number.to_string(), false, 0))
            .collect();
        watch.take(&page, &mut HashSet::new(), at(0));
        assert_eq!(watch.due(at(0), 3), [0, 1, 2]);
        watch.prune(at(0));
        assert_eq!(watch.failed.len(), MOST_FAILED);
        assert_eq!(watch.due(at(0), 1), [200]);
    }

    #[test]
    fn github_is_asked_rarely_and_a_moved_head_makes_it_sooner() {
        let mut watch = HookWatch::new(at(0));
        assert!(watch.is_due(at(0), false), "never asked");
        watch.asked_at = at(0);
        assert!(!watch.is_due(at(60), false) && watch.is_due(at(60), true));
        assert!(watch.is_due(at(120), false) && !watch.is_due(at(20), true));
        watch.listed = false;
        assert!(!watch.is_due(at(600), true) && watch.is_due(at(3600), false));
    }

    #[test]
    fn what_is_too_much_for_one_walk_is_a_gap_that_only_shrinks_at_its_end() {
        let mut watch = HookWatch::new(at(0));
        let floor = watch.floor(at(0));
        watch.walked(Some(at(-5)), floor, Some("v1_7".to_owned()));
        let gap = Gap {
            older: Some("v1_7".to_owned()),
            down_to: floor,
        };
        assert_eq!((watch.seen, watch.gap.as_ref()), (at(-5), Some(&gap)));
        // Again too much: one gap over both.
        let newer = watch.floor(at(60));
        assert_eq!(newer, at(-5));
        watch.walked(Some(at(50)), newer, Some("v1_9".to_owned()));
        let both = Gap {
            older: Some("v1_9".to_owned()),
            down_to: floor,
        };
        assert_eq!(watch.gap, Some(both));
        watch.walked(None, newer, None);
        assert_eq!(watch.seen, at(50));
        watch.gap = None;
        assert_eq!(watch.floor(at(60)), at(50) - LATE, "one may be listed late");
    }
}
