//! Pace: how fast GitHub is written to. It takes 80 content-creating requests a minute from an installation, then none
//! for a while; so we keep below that, and what does not fit is put off in the outbox.

use jiff::{SignedDuration, Timestamp};
use model::Fault;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What is about to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// How something ended, or what a person has to do.
    Conclusion,
    /// That something goes on: the next news replaces it.
    Progress,
    /// The latest schema: nobody waits for it.
    Schema,
}

/// Requests that write, in any minute, for an installation on github.com: its limit is 80, and what was begun may
/// take a few more.
const ON_GITHUB_COM: u32 = 60;
/// What is counted.
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// News of the same thing are this far apart, unless they conclude it.
const APART: SignedDuration = SignedDuration::from_secs(2);

/// The writes of one process, over all installations: fewer than each of them would be given.
#[derive(Debug)]
pub struct Pace {
    most: usize,
    /// Where progress stops, so that conclusions still find room.
    most_of_progress: usize,
    /// Where the latest schemas stop, so that people are told before repositories.
    most_of_schemas: usize,
    apart: SignedDuration,
    past: Mutex<Past>,
}

#[derive(Debug, Default)]
struct Past {
    /// When requests were sent, the oldest first.
    sent: VecDeque<Timestamp>,
    /// When each thing was told of last.
    told: HashMap<String, Timestamp>,
}

/// Why something is put off: nothing failed.
#[derive(Debug, thiserror::Error)]
#[error("GitHub is told at most {most} things a minute")]
struct TooFast {
    most: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self::of(ON_GITHUB_COM)
    }
}

impl Pace {
    /// A pace of so many writes in any minute: two thirds of them are for progress at most, five sixths for the latest
    /// schemas.
    pub fn of(writes: u32) -> Self {
        let most = usize::try_from(writes).unwrap_or(usize::MAX);
        Self {
            most,
            most_of_progress: most.saturating_mul(2) / 3,
            most_of_schemas: most.saturating_mul(5) / 6,
            apart: APART,
            past: Mutex::default(),
        }
    }

    /// A pace that never holds anything up: for a GitHub without limits.
    pub fn boundless() -> Self {
        Self {
            most: usize::MAX,
            most_of_progress: usize::MAX,
            most_of_schemas: usize::MAX,
            apart: SignedDuration::ZERO,
            past: Mutex::default(),
        }
    }

    /// Counts a request that writes.
    pub fn sent(&self, now: Timestamp) {
        let mut past = self.past();
        past.forget(now);
        past.sent.push_back(now);
    }

    /// Notes that something was told of.
    pub fn told(&self, of: &str, now: Timestamp) {
        let mut past = self.past();
        past.told.retain(|_, at| now.duration_since(*at) < self.apart);
        past.told.insert(of.to_owned(), now);
    }

    /// Whether there is room for telling of something now; else a fault that says how long to wait, and is no failure
    /// ([`is_too_fast`]).
    pub fn room(&self, of: &str, telling: Telling, now: Timestamp) -> Result<(), Fault> {
        let mut past = self.past();
        past.forget(now);
        let (most, free_at) = match telling {
            Telling::Conclusion => (self.most, None),
            Telling::Schema => (self.most_of_schemas, None),
            Telling::Progress => (
                self.most_of_progress,
                past.told.get(of).map(|at| *at + self.apart),
            ),
        };
        // The one that has to leave the window before another may come.
        let over = past.sent.len().checked_sub(most);
        let window = over.and_then(|over| past.sent.get(over)).map(|at| *at + WINDOW);
        match free_at.max(window).filter(|at| *at > now) {
            Some(at) => Err(Fault::Retry {
                operation: format!("telling GitHub of {of}"),
                after: Duration::try_from(at.duration_since(now)).unwrap_or_default(),
                source: Box::new(TooFast { most }),
            }),
            None => Ok(()),
        }
    }

    fn past(&self) -> MutexGuard<'_, Past> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Past {
    fn forget(&mut self, now: Timestamp) {
        while self
            .sent
            .front()
            .is_some_and(|at| now.duration_since(*at) >= WINDOW)
        {
            self.sent.pop_front();
        }
    }
}

/// Whether a fault only says that there is no room yet.
pub fn is_too_fast(fault: &Fault) -> bool {
    match fault {
        Fault::Retry { source, .. } => source.is::<TooFast>(),
        Fault::Operator { .. } | Fault::Bug(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_000_000 + milliseconds).unwrap()
    }

    fn wait(pace: &Pace, of: &str, telling: Telling, now: i64) -> u128 {
        match pace.room(of, telling, at(now)) {
            Ok(()) => 0,
            Err(fault) => {
                assert!(is_too_fast(&fault));
                match fault {
                    Fault::Retry { after, .. } => after.as_millis(),
                    other @ (Fault::Operator { .. } | Fault::Bug(_)) => panic!("{other:?}"),
                }
            }
        }
    }

    #[test]
    fn no_minute_has_more_than_sixty_writes_and_conclusions_go_first() {
        let pace = Pace::default();
        for number in 0..40 {
            assert_eq!(wait(&pace, "a", Telling::Progress, number * 100), 0);
            pace.sent(at(number * 100));
        }
        // The first of forty leaves the window after a minute.
        assert_eq!(wait(&pace, "a", Telling::Progress, 4_000), 56_000);
        for number in 40..60 {
            assert_eq!(wait(&pace, "a", Telling::Conclusion, number * 100), 0);
            pace.sent(at(number * 100));
        }
        assert_eq!(wait(&pace, "a", Telling::Conclusion, 6_000), 54_000);
        assert_eq!(wait(&pace, "a", Telling::Progress, 6_000), 56_000);
        assert_eq!(wait(&pace, "a", Telling::Conclusion, 60_000), 0);
        assert_eq!(wait(&pace, "a", Telling::Progress, 60_000), 2_000);
    }

    #[test]
    fn a_server_with_other_limits_has_another_pace() {
        let pace = Pace::of(600);
        for _ in 0..400 {
            assert_eq!(wait(&pace, "a", Telling::Progress, 0), 0);
            pace.sent(at(0));
        }
        assert_eq!(wait(&pace, "a", Telling::Progress, 0), 60_000);
        for _ in 400..500 {
            assert_eq!(wait(&pace, "a", Telling::Schema, 0), 0);
            pace.sent(at(0));
        }
        assert_eq!(wait(&pace, "a", Telling::Schema, 0), 60_000);
        assert_eq!(wait(&pace, "a", Telling::Conclusion, 0), 0);
    }

    #[test]
    fn eighty_writes_a_minute_are_never_reached_whoever_asks() {
        let pace = Pace::default();
        let mut sent = Vec::new();
        for now in (0..300_000).step_by(50) {
            let telling = if now % 100 == 0 {
                Telling::Progress
            } else {
                Telling::Conclusion
            };
            if wait(&pace, &now.to_string(), telling, now) == 0 {
                pace.sent(at(now));
                sent.push(now);
            }
        }
        assert!(sent.len() >= 300, "{}", sent.len());
        for (index, first) in sent.iter().enumerate() {
            let minute = sent[index..]
                .iter()
                .take_while(|now| **now < first + 60_000)
                .count();
            assert!(minute <= 60, "{minute} from {first}");
        }
    }

    #[test]
    fn progress_of_one_thing_is_two_seconds_apart() {
        let pace = Pace::default();
        pace.told("a", at(0));
        assert_eq!(wait(&pace, "a", Telling::Progress, 500), 1_500);
        assert_eq!(wait(&pace, "b", Telling::Progress, 500), 0);
        assert_eq!(wait(&pace, "a", Telling::Conclusion, 500), 0);
        assert_eq!(wait(&pace, "a", Telling::Progress, 2_000), 0);
        pace.told("b", at(2_000));
        assert_eq!(pace.past().told.len(), 1, "what is long told is forgotten");
    }

    #[test]
    fn a_boundless_pace_holds_nothing_up() {
        let pace = Pace::boundless();
        for _ in 0..200 {
            pace.sent(at(0));
            pace.told("a", at(0));
            assert_eq!(wait(&pace, "a", Telling::Progress, 0), 0);
        }
        assert!(!is_too_fast(&Fault::retry("asking", "timeout")));
    }
}
