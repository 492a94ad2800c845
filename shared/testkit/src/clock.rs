//! Time and names under a test's control.

use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use workflow::ports::clock::{Clock, Ids};

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<Timestamp>>);

impl ManualClock {
    /// A clock that shows this time.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Shows another time.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves on.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(*now);
    }
}

impl Default for ManualClock {
    /// A clock that shows the time of the fixtures.
    fn default() -> Self {
        Self::at(crate::fixtures::time(0))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names that count up: `id-0000000001`, … Clones go on counting together.
#[derive(Debug, Clone, Default)]
pub struct SequentialIds(Arc<AtomicU64>);

impl Ids for SequentialIds {
    fn next_id(&self) -> String {
        format!("id-{:010}", self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_stands_still_until_it_is_moved() {
        let clock = ManualClock::default();
        let (before, same) = (clock.now(), clock.clone());
        assert_eq!(clock.now(), before);
        same.advance(SignedDuration::from_secs(5));
        assert_eq!(clock.now().duration_since(before), SignedDuration::from_secs(5));
    }

    #[test]
    fn names_sort_by_time_of_making() {
        let ids = SequentialIds::default();
        let names: Vec<_> = (0..12).map(|_| ids.next_id()).collect();
        assert!(names.is_sorted());
        assert_eq!(names[0], "id-0000000001");
    }
}
