//! Queues that fail.

use super::Flaky;
use model::{Fault, Target};
use std::time::Duration;
use workflow::ports::queue::{ClickPointer, Deliveries, Nudges, Pointer, PullRequestPointer};

impl<P: Deliveries> Deliveries for Flaky<P> {
    async fn send(&self, pointer: &Pointer, delay: Duration) -> Result<(), Fault> {
        self.call("send", self.inner.send(pointer, delay)).await
    }

    async fn send_pull_request(&self, pointer: &PullRequestPointer) -> Result<(), Fault> {
        self.call("send_pull_request", self.inner.send_pull_request(pointer))
            .await
    }

    async fn send_click(&self, click: &ClickPointer) -> Result<(), Fault> {
        self.call("send_click", self.inner.send_click(click)).await
    }
}

impl<P: Nudges> Nudges for Flaky<P> {
    async fn nudge(&self, target: &Target, reason: &str) -> Result<(), Fault> {
        self.call("nudge", self.inner.nudge(target, reason)).await
    }
}
