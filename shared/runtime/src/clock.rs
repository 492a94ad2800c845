//! Time and names, for real.

use jiff::Timestamp;
use workflow::ports::clock::{Clock, Ids};

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Ids for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where randomness comes from"
    )]
    fn next_id(&self) -> String {
        format!(
            "{:013x}-{}",
            Timestamp::now().as_millisecond(),
            uuid::Uuid::new_v4().simple()
        )
    }
}
