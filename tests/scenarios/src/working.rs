//! The functions at work: each message is taken from its queue once, and comes back where its work failed. One whose
//! process died is lost: what it asked for has to be found again.

use crate::world::World;
use jiff::{SignedDuration, Timestamp};
use model::{Fault, OutboxItem, Target};
use std::future::Future;
use std::time::Duration;
use workflow::plan::{Planned, Planner};
use workflow::ports::clock::Clock;
use workflow::ports::ledger::OutboxLedger;
use workflow::ports::queue::{Deliveries, Nudges, Pointer, PullRequestPointer};
use workflow::sweep::{Sweeper, Swept};
use workflow::tell::{Teller, Told};
use workflow::work::{LEASE, Looked, Worker};

/// How many records the ledger's stream hands to one reporter at most.
const BATCH: usize = 10;
/// How many rounds a story may take to come to rest.
const ROUNDS: u32 = 60;
/// How long one invocation may begin something new.
const SLICE: SignedDuration = SignedDuration::from_mins(1);
/// How long the queue of nudges merges the same again.
const MERGED: SignedDuration = SignedDuration::from_mins(5);

impl World {
    /// Everything works until there is nothing left to do, or the process dies.
    pub async fn settle(&self) {
        for _ in 0..ROUNDS {
            let mut moved = self.announce().await;
            moved |= self.plan_all().await > 0;
            moved |= self.work_all().await > 0;
            moved |= self.tell_all().await;
            if !moved || self.died() {
                return;
            }
        }
        panic!(
            "the story does not come to rest; faults: {:#?}",
            self.take_faults()
        );
    }

    /// The planner works off the pointers that are there. Answers how many.
    pub async fn plan_all(&self) -> usize {
        let mut pointers = self.queue.inner().take_pointers().into_iter();
        let count = pointers.len();
        while !self.died() {
            let Some(pointer) = pointers.next() else { break };
            if self.plan(&pointer).await.is_none() && !self.died() {
                self.put_back(&pointer).await;
            }
        }
        for pointer in pointers {
            self.put_back(&pointer).await;
        }
        count + self.review_all().await + self.click_all().await
    }

    async fn review_all(&self) -> usize {
        let mut pointers = self.queue.inner().take_pull_requests().into_iter();
        let count = pointers.len();
        while !self.died() {
            let Some(pointer) = pointers.next() else { break };
            if self.review(&pointer).await.is_none() && !self.died() {
                self.put_pull_back(&pointer).await;
            }
        }
        for pointer in pointers {
            self.put_pull_back(&pointer).await;
        }
        count
    }

    /// The planner looks at one pointer.
    pub async fn plan(&self, pointer: &Pointer) -> Option<Vec<Planned>> {
        let planner = Planner {
            ledger: &self.ledger,
            queue: &self.queue,
            github: &self.github,
            clock: &self.clock,
        };
        self.lived("planning", Box::pin(planner.plan(pointer))).await
    }

    /// A worker works off the nudges that are there. Answers how many.
    pub async fn work_all(&self) -> usize {
        let mut nudges = self.queue.inner().take_nudges().into_iter();
        let count = nudges.len();
        while !self.died() {
            let Some(nudge) = nudges.next() else { break };
            let merged = (nudge.target.clone(), nudge.reason.clone());
            if !self.memory().nudged.insert(merged.clone()) {
                continue;
            }
            if self.look_at(&nudge.target).await.is_none() && !self.died() {
                self.memory().nudged.remove(&merged);
                self.nudge(&nudge.target, &nudge.reason).await;
            }
        }
        for nudge in nudges {
            self.nudge(&nudge.target, &nudge.reason).await;
        }
        count
    }

    /// A worker looks at one target.
    pub async fn look_at(&self, target: &Target) -> Option<Looked> {
        let worker = Worker {
            ledger: &self.ledger,
            queue: &self.queue,
            databases: &self.databases,
            secrets: &self.secrets,
            clock: &self.clock,
            until: self.clock.now() + SLICE,
            lease: LEASE,
        };
        self.lived("working", Box::pin(worker.look_at(target))).await
    }

    /// The ledger's stream wakes the reporter for every batch of items that are new or changed; one written again as it
    /// was is none of them, as DynamoDB has it. A batch whose reporter failed comes again. Answers whether it was woken.
    pub async fn tell_all(&self) -> bool {
        if self.died() {
            return false;
        }
        let outbox = self.outbox().await;
        let before = std::mem::replace(&mut self.memory().streamed, outbox.clone());
        let changed = outbox.iter().filter(|item| !before.contains(item)).count();
        for _batch in 0..changed.div_ceil(BATCH) {
            let teller = Teller {
                ledger: &self.ledger,
                github: &self.github,
                events: &self.events,
                clock: &self.clock,
                until: self.clock.now() + SLICE,
            };
            if self
                .lived::<Told>("telling", Box::pin(teller.tell()))
                .await
                .is_none()
            {
                self.memory().streamed = before;
                return true;
            }
        }
        changed > 0
    }

    /// The ledger's stream loses what it has to tell.
    pub async fn lose_wakeups(&self) {
        let outbox = self.outbox().await;
        self.memory().streamed = outbox;
    }

    /// Both queues lose what is in them.
    pub fn lose_messages(&self) {
        self.queue.inner().take_pointers();
        self.queue.inner().take_pull_requests();
        self.queue.inner().take_clicks();
        self.queue.inner().take_nudges();
    }

    /// The sweeper sweeps once.
    pub async fn sweep(&self) -> Option<Swept> {
        let sweeper = Sweeper {
            ledger: &self.ledger,
            nudges: &self.queue,
            deliveries: &self.queue,
            github: &self.github,
            clock: &self.clock,
        };
        self.lived("sweeping", Box::pin(sweeper.sweep())).await
    }

    /// Time goes by.
    pub fn wait(&self, time: SignedDuration) {
        self.clock.time.advance(time);
        if time >= MERGED {
            self.memory().nudged.clear();
        }
    }

    /// A new process takes over from a dead one: leases run out, and the sweeper sweeps until nothing is left to find.
    pub async fn recover(&self) {
        self.revive();
        for _ in 0..3 {
            self.wait(SignedDuration::from_mins(10));
            self.sweep().await;
            self.settle().await;
        }
    }

    /// A new process takes over from a dead one, and nothing else happens.
    pub fn revive(&self) {
        self.fate.heal();
        self.memory().died = false;
    }

    /// Whether the process died since the last recovery.
    pub fn died(&self) -> bool {
        self.memory().died
    }

    /// The faults since the last time; a story must have asked for each.
    pub fn take_faults(&self) -> Vec<String> {
        std::mem::take(&mut self.memory().faults)
    }

    /// What a process came to, its whole life on the heap; none where it faulted or died.
    pub(crate) async fn lived<T>(
        &self,
        what: &str,
        life: impl Future<Output = Result<T, Fault>>,
    ) -> Option<T> {
        match self.fate.until_death(life).await {
            Some(Ok(answer)) => Some(answer),
            Some(Err(fault)) => {
                self.memory().faults.push(format!("{what}: {}", fault.chain()));
                None
            }
            None => {
                self.memory().died = true;
                None
            }
        }
    }

    pub(crate) async fn outbox(&self) -> Vec<OutboxItem> {
        let outbox = self.ledger.inner().outbox(Timestamp::MAX, u32::MAX).await;
        crate::world::must("reading the outbox", outbox)
    }

    async fn put_back(&self, pointer: &Pointer) {
        let sent = self.queue.inner().send(pointer, Duration::ZERO).await;
        crate::world::must("putting a pointer back", sent);
    }

    async fn put_pull_back(&self, pointer: &PullRequestPointer) {
        let sent = self.queue.inner().send_pull_request(pointer).await;
        crate::world::must("putting a pointer back", sent);
    }

    async fn nudge(&self, target: &Target, reason: &str) {
        let sent = self.queue.inner().nudge(target, reason).await;
        crate::world::must("putting a nudge back", sent);
    }
}
