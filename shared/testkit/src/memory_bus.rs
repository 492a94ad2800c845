//! A bus in memory: what was told, in order.

use model::{Event, Fault};
use std::sync::{Arc, Mutex, PoisonError};
use workflow::ports::events::Events;

/// A bus that keeps what it is told. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct MemoryBus(Arc<Mutex<Vec<Event>>>);

impl MemoryBus {
    /// What was told so far, in order.
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Events for MemoryBus {
    async fn tell(&self, events: &[Event]) -> Result<(), Fault> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend_from_slice(events);
        Ok(())
    }
}
