//! Ports that fail at a chosen call: for the question what is left of a story that broke off there.

mod ledger;
mod queue;

use model::Fault;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Any port with its calls counted, one of which fails. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Flaky<P> {
    inner: P,
    plan: Arc<Mutex<Plan>>,
}

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
    /// Everything goes well again.
    Well,
    /// Nothing works any more, as for a process that died.
    Dead,
}

#[derive(Debug, Default)]
struct Plan {
    calls: usize,
    mishap: Option<(usize, Mishap, Afterwards)>,
}

impl<P> Flaky<P> {
    /// The port, with nothing going wrong yet.
    pub fn new(inner: P) -> Self {
        Self {
            inner,
            plan: Arc::default(),
        }
    }

    /// The port itself.
    pub fn inner(&self) -> &P {
        &self.inner
    }

    /// Calls made so far, since the start or the last [`Flaky::fail_at`] or [`Flaky::heal`].
    pub fn calls(&self) -> usize {
        self.plan().calls
    }

    /// Lets the n-th call from now (counted from 1) fail.
    pub fn fail_at(&self, nth: usize, mishap: Mishap, afterwards: Afterwards) {
        *self.plan() = Plan {
            calls: 0,
            mishap: Some((nth, mishap, afterwards)),
        };
    }

    /// Lets everything go well from now on.
    pub fn heal(&self) {
        *self.plan() = Plan::default();
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happens to the next call.
    fn next_mishap(&self) -> Option<Mishap> {
        let mut plan = self.plan();
        plan.calls += 1;
        match plan.mishap {
            Some((nth, mishap, _)) if plan.calls == nth => Some(mishap),
            Some((nth, _, Afterwards::Dead)) if plan.calls > nth => Some(Mishap::RequestLost),
            Some(_) | None => None,
        }
    }

    /// Makes a call, or not, or without saying so.
    async fn call<T>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Fault> {
        match self.next_mishap() {
            None => call.await,
            Some(Mishap::RequestLost) => Err(Fault::retry(name, "the request was lost, as the test wanted")),
            Some(Mishap::ReplyLost) => {
                let _ = call.await?;
                Err(Fault::retry(name, "the reply was lost, as the test wanted"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use crate::memory_ledger::MemoryLedger;
    use workflow::ports::ledger::{Commit, IssueLedger, Write};

    async fn issue_after(mishap: Mishap) -> usize {
        let ledger = Flaky::new(MemoryLedger::default());
        ledger.fail_at(1, mishap, Afterwards::Dead);
        let issue = fixtures::issue(1);
        let number = issue.number;
        assert!(ledger.commit(vec![Write::Issue(issue)]).await.is_err());
        assert!(ledger.issues(&[number]).await.is_err(), "dead is dead");
        ledger.heal();
        ledger.issues(&[number]).await.unwrap().len()
    }

    #[tokio::test]
    async fn a_lost_request_does_nothing_and_a_lost_reply_everything() {
        assert_eq!(issue_after(Mishap::RequestLost).await, 0);
        assert_eq!(issue_after(Mishap::ReplyLost).await, 1);
    }

    #[tokio::test]
    async fn only_the_chosen_call_fails() {
        let ledger = Flaky::new(MemoryLedger::default());
        ledger.fail_at(2, Mishap::RequestLost, Afterwards::Well);
        let outcomes = [
            ledger.issues(&[]).await.is_ok(),
            ledger.issues(&[]).await.is_ok(),
            ledger.issues(&[]).await.is_ok(),
        ];
        assert_eq!(outcomes, [true, false, true]);
        assert_eq!(ledger.calls(), 3);
    }
}
