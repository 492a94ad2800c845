//! Ports of a process that may die: every call is subject to its [`Fate`].

mod databases;
mod remote;

use crate::fate::Fate;

/// A port under a fate.
#[derive(Debug)]
pub struct Mortal<P> {
    inner: P,
    fate: Fate,
}

impl<P> Mortal<P> {
    /// The port under this fate.
    pub fn new(inner: P, fate: &Fate) -> Self {
        Self {
            inner,
            fate: fate.clone(),
        }
    }

    /// The port itself, which no fate touches.
    pub fn inner(&self) -> &P {
        &self.inner
    }
}
