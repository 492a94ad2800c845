//! What befalls the process that runs a use case: at one call of any port, a mishap; then life goes on, or ends.
//!
//! A process that dies stops in the middle: the call never comes back, and the use case is dropped where it stands. So
//! nothing of it runs any more, not even its way of handling a fault.

use model::Fault;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// Before anything happened.
    RequestLost,
    /// After it happened: executed, but the caller is not told.
    ReplyLost,
}

/// What comes after the call that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// The caller gets a fault, and everything goes well again.
    Well,
    /// The process is dead.
    Dead,
    /// The hand of [`Fate::with_hand`] struck, before the call or after it, and the process lived on.
    Struck,
}

/// One stroke of bad luck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blow {
    /// Which call, from 1.
    pub nth: usize,
    /// Counting only calls of this name; none counts all.
    pub of: Option<&'static str>,
    /// How it fails.
    pub mishap: Mishap,
    /// What comes after.
    pub afterwards: Afterwards,
}

/// The fate that all ports of a process share. Clones are the same fate.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    plan: Arc<Mutex<Plan>>,
    death: Arc<Notify>,
    hand: Option<fn()>,
}

#[derive(Debug, Default)]
struct Plan {
    calls: Vec<&'static str>,
    blow: Option<Blow>,
}

impl Fate {
    /// A fate that strikes a real process: the hand kills it, or stops it for a while.
    pub fn with_hand(hand: fn()) -> Self {
        Self {
            hand: Some(hand),
            ..Self::default()
        }
    }

    /// Forgets the calls so far, and deals this blow to one of those that come.
    pub fn deal(&self, blow: Blow) {
        *self.plan() = Plan {
            calls: Vec::new(),
            blow: Some(blow),
        };
    }

    /// Lets everything go well from now on, and forgets the calls so far.
    pub fn heal(&self) {
        *self.plan() = Plan::default();
    }

    /// The calls since the last [`Fate::deal`] or [`Fate::heal`], each by port and name.
    pub fn calls(&self) -> Vec<&'static str> {
        self.plan().calls.clone()
    }

    /// Runs until it ends, or until the process dies: then it is dropped where it stands.
    pub async fn until_death<T>(&self, life: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.death.notified() => None,
            lived = life => Some(lived),
        }
    }

    /// Makes a call, or not, or without saying so. `lost` says how the caller hears of it.
    pub(crate) async fn call<T: Send, E: Send>(
        &self,
        name: &'static str,
        lost: impl FnOnce(Fault) -> E + Send,
        call: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        // So that two processes in one story take turns.
        tokio::task::yield_now().await;
        let Some(blow) = self.next(name) else {
            return call.await;
        };
        if blow.afterwards == Afterwards::Struck {
            return self.strike(blow.mishap, call).await;
        }
        let executed = match blow.mishap {
            Mishap::RequestLost => Ok(()),
            Mishap::ReplyLost => call.await.map(|_unheard| ()),
        };
        match blow.afterwards {
            Afterwards::Well => {
                executed.and_then(|()| Err(lost(Fault::retry(name, "the test wanted it so"))))
            }
            Afterwards::Dead | Afterwards::Struck => {
                self.death.notify_one();
                pending().await
            }
        }
    }

    /// Lets the hand strike before the call or after it. Who lives through it goes on as if nothing were.
    async fn strike<T, E>(
        &self,
        mishap: Mishap,
        call: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        let strike = || self.hand.into_iter().for_each(|hand| hand());
        match mishap {
            Mishap::RequestLost => {
                strike();
                call.await
            }
            Mishap::ReplyLost => {
                let answered = call.await;
                strike();
                answered
            }
        }
    }

    fn next(&self, name: &'static str) -> Option<Blow> {
        let mut plan = self.plan();
        plan.calls.push(name);
        let blow = plan.blow?;
        let counts = |call: &&&'static str| blow.of.is_none_or(|of| of == **call);
        let hit = counts(&&name) && plan.calls.iter().filter(counts).count() == blow.nth;
        hit.then_some(blow)
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
