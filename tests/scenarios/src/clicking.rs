//! Clicks on the buttons of check runs, as GitHub tells of them.

use crate::people::pusher;
use crate::world::{World, must};
use github_events::ClickEvent;
use model::{CommitSha, DeliveryId, Pusher};
use workflow::act::{self, Clicked};
use workflow::intake::{self, Intake};
use workflow::ports::clock::Ids;
use workflow::ports::github::CheckRuns;
use workflow::ports::queue::{ClickPointer, Deliveries};

impl World {
    /// What GitHub tells when somebody clicks on a button of a commit's check run that is there now.
    pub async fn a_click(&self, who: &str, commit: &CommitSha, label: &str) -> ClickEvent {
        let check = self.check(commit);
        let Some(button) = check.actions.iter().find(|action| action.label == label) else {
            panic!("there is no button `{label}`: {check:#?}");
        };
        self.a_click_on(pusher(who), commit, &button.identifier).await
    }

    /// What GitHub tells when this account clicks on a button that is, or was, on a commit's check run.
    pub async fn a_click_on(&self, sender: Pusher, commit: &CommitSha, identifier: &str) -> ClickEvent {
        let external_id = self.check(commit).external_id;
        let found = self
            .github
            .inner()
            .find_check_run(&self.repository, commit, &external_id)
            .await;
        let check_run = must("looking for a check run", found).unwrap_or_default();
        ClickEvent {
            delivery: DeliveryId::new(self.clock.next_id()),
            repository_id: self.repository.id,
            installation_id: self.repository.installation_id,
            check_run,
            external_id,
            button: identifier.to_owned(),
            sender,
        }
    }

    /// The delivery of a click arrives.
    pub async fn deliver_click(&self, click: &ClickEvent) {
        let taken = intake::accept_click(&self.ledger, &self.queue, click.clone()).await;
        assert_eq!(must("taking a click in", taken), Intake::Queued);
    }

    /// Somebody clicks, and everything works until there is nothing left to do.
    pub async fn click(&self, who: &str, commit: &CommitSha, label: &str) {
        let click = self.a_click(who, commit, label).await;
        self.deliver_click(&click).await;
        self.settle().await;
    }

    /// The planner works off the clicks that are there. Answers how many.
    pub(crate) async fn click_all(&self) -> usize {
        let mut clicks = self.queue.inner().take_clicks().into_iter();
        let count = clicks.len();
        while !self.died() {
            let Some(click) = clicks.next() else { break };
            if self.take_click(&click).await.is_none() && !self.died() {
                self.put_click_back(&click).await;
            }
        }
        for click in clicks {
            self.put_click_back(&click).await;
        }
        count
    }

    /// The planner looks at one click.
    pub async fn take_click(&self, click: &ClickPointer) -> Option<Clicked> {
        let actor = self.actor();
        self.lived("clicking", Box::pin(act::click(&actor, click))).await
    }

    async fn put_click_back(&self, click: &ClickPointer) {
        let sent = self.queue.inner().send_click(click).await;
        must("putting a click back", sent);
    }

    /// Somebody on GitHub whom settings do not know.
    pub fn stranger(&self) -> Pusher {
        Pusher {
            id: 583_231,
            login: "dba".to_owned(),
        }
    }
}
