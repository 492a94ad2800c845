//! Time and names of a story, as one.

use jiff::Timestamp;
use testkit::{ManualClock, SequentialIds};
use workflow::ports::clock::{Clock, Ids};

/// A clock that stands still until it is moved, and names that count up. Clones go together.
#[derive(Debug, Clone, Default)]
pub struct StoryClock {
    /// The time.
    pub time: ManualClock,
    /// The names.
    pub ids: SequentialIds,
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        self.time.now()
    }
}

impl Ids for StoryClock {
    fn next_id(&self) -> String {
        self.ids.next_id()
    }
}
