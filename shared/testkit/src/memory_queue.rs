//! Queues in memory: what was sent, in order.

use model::{Fault, Target};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use workflow::ports::queue::{ClickPointer, Deliveries, Nudges, Pointer, PullRequestPointer};

/// Both queues. Clones share what was sent.
#[derive(Debug, Clone, Default)]
pub struct MemoryQueue(Arc<Mutex<Sent>>);

#[derive(Debug, Default)]
struct Sent {
    pointers: Vec<Pointer>,
    pull_requests: Vec<PullRequestPointer>,
    clicks: Vec<ClickPointer>,
    nudges: Vec<Nudge>,
}

/// A nudge as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nudge {
    /// Where to look.
    pub target: Target,
    /// Why; those with the same one may be merged, but are kept here.
    pub reason: String,
}

impl MemoryQueue {
    /// Takes the pointers sent so far, in order.
    pub fn take_pointers(&self) -> Vec<Pointer> {
        std::mem::take(&mut self.sent().pointers)
    }

    /// Takes the pointers to pull requests sent so far, in order.
    pub fn take_pull_requests(&self) -> Vec<PullRequestPointer> {
        std::mem::take(&mut self.sent().pull_requests)
    }

    /// Takes the clicks sent so far, in order.
    pub fn take_clicks(&self) -> Vec<ClickPointer> {
        std::mem::take(&mut self.sent().clicks)
    }

    /// Takes the nudges sent so far, in order.
    pub fn take_nudges(&self) -> Vec<Nudge> {
        std::mem::take(&mut self.sent().nudges)
    }

    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deliveries for MemoryQueue {
    async fn send(&self, pointer: &Pointer, _delay: Duration) -> Result<(), Fault> {
        self.sent().pointers.push(pointer.clone());
        Ok(())
    }

    async fn send_pull_request(&self, pointer: &PullRequestPointer) -> Result<(), Fault> {
        self.sent().pull_requests.push(pointer.clone());
        Ok(())
    }

    async fn send_click(&self, click: &ClickPointer) -> Result<(), Fault> {
        self.sent().clicks.push(click.clone());
        Ok(())
    }
}

impl Nudges for MemoryQueue {
    async fn nudge(&self, target: &Target, reason: &str) -> Result<(), Fault> {
        self.sent().nudges.push(Nudge {
            target: target.clone(),
            reason: reason.to_owned(),
        });
        Ok(())
    }
}
