//! The adapter against an emulator of GitHub, and against a script of answers that no emulator gives.

mod commits;
mod contract;
mod described;
mod description;
mod enterprise;
mod hooks;
mod identity;
mod kept;
mod manifest;
mod proposals;
mod proxy;
mod pull_requests;
mod script;
mod sessions;
mod trees;

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use workflow::ports::clock::Clock;

/// A clock that tests move.
struct ClockAt(Mutex<Timestamp>);

impl ClockAt {
    fn now() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Timestamp::now())))
    }

    fn pass(&self, minutes: i64) {
        *self.0.lock().unwrap() += SignedDuration::from_mins(minutes);
    }
}

impl Clock for ClockAt {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
