//! The way to whoever wants to hear what happened.

use model::{Event, Fault};
use std::future::Future;

/// A bus that takes events and hands them to whoever asked for them.
pub trait Events: Send + Sync {
    /// Hands over events. Where this fails, some of them may have been taken: all are to be told again.
    fn tell(&self, events: &[Event]) -> impl Future<Output = Result<(), Fault>> + Send;
}
