//! Pushing, and GitHub telling of it.

use crate::people::{self, DEVELOPER};
use crate::setup::BRANCH;
use crate::world::World;
use github_events::PushEvent;
use model::{CommitSha, DeliveryId, Pusher};
use testkit::fake_github::FakeFile;
use workflow::intake::{self, Intake};
use workflow::ports::clock::{Clock, Ids};

impl World {
    /// The developer pushes one commit with these texts, and GitHub tells of it.
    pub async fn push(&self, files: &[(&str, &str)]) -> CommitSha {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (*path, Some(FakeFile::text(text))))
            .collect();
        self.push_files(&files).await
    }

    /// The developer pushes one commit with these files (none deletes one), and GitHub tells of it.
    pub async fn push_files(&self, files: &[(&str, Option<FakeFile>)]) -> CommitSha {
        self.push_as(DEVELOPER, files).await
    }

    /// Somebody pushes one commit that Dana wrote, and GitHub tells of it.
    pub async fn push_as(&self, who: &str, files: &[(&str, Option<FakeFile>)]) -> CommitSha {
        let commit = self.commit(files);
        self.announce_as(people::pusher(who)).await;
        commit
    }

    /// Somebody pushes one commit of text files that says anything, and claims to be written by anybody.
    pub async fn push_saying(
        &self,
        who: &str,
        author: (&str, &str),
        message: &str,
        files: &[(&str, &str)],
    ) -> CommitSha {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (*path, Some(FakeFile::text(text))))
            .collect();
        let commit = self
            .github
            .inner()
            .commit_as(&self.repository, BRANCH, author, message, &files);
        self.announce_as(people::pusher(who)).await;
        commit
    }

    /// The developer pushes one commit, and GitHub's webhook never comes; `deliver_again` asks for it by hand.
    pub fn push_unheard(&self, files: &[(&str, &str)]) -> CommitSha {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (*path, Some(FakeFile::text(text))))
            .collect();
        let before = self.memory().announced.clone();
        let commit = self.commit(&files);
        let event = self.event(before, commit.clone(), people::pusher(DEVELOPER));
        self.memory().announced = Some(commit.clone());
        self.memory().last = Some(event.clone());
        self.memory().unheard = Some(event);
        commit
    }

    /// GitHub delivers the last push that was not heard of, though others were heard of since.
    pub async fn deliver_late(&self) -> Option<Intake> {
        let unheard = self.memory().unheard.clone();
        match unheard {
            Some(event) => {
                let announced = self.memory().announced.clone();
                let intake = self.deliver(event).await;
                self.memory().announced = announced;
                intake
            }
            None => panic!("everything was heard of"),
        }
    }

    /// The same, but GitHub knows that its delivery failed.
    pub fn push_failing(&self, files: &[(&str, &str)]) -> CommitSha {
        let commit = self.push_unheard(files);
        self.github
            .inner()
            .deliver("push", &self.repository, self.clock.now(), false);
        commit
    }

    /// GitHub delivers the last push again, under another id.
    pub async fn deliver_again(&self) -> Option<Intake> {
        let last = self.memory().last.clone();
        match last {
            Some(event) => self.deliver(event).await,
            None => panic!("nothing was delivered yet"),
        }
    }

    /// GitHub tells of a head that it has not told of, as Sluice's own push. Answers whether there was one.
    pub(crate) async fn announce(&self) -> bool {
        let bot = Pusher {
            id: 99,
            login: "sluice[bot]".to_owned(),
        };
        let head = self.announce_as(bot).await;
        let new = head.is_some();
        self.memory().written_back.extend(head);
        new
    }

    async fn announce_as(&self, sender: Pusher) -> Option<CommitSha> {
        let head = self.head();
        let before = self.memory().announced.clone();
        if before.as_ref() == Some(&head) {
            return None;
        }
        self.deliver(self.event(before, head.clone(), sender)).await;
        Some(head)
    }

    fn event(&self, before: Option<CommitSha>, after: CommitSha, sender: Pusher) -> PushEvent {
        PushEvent {
            delivery: DeliveryId::new(self.clock.next_id()),
            repository_id: self.repository.id,
            repository_name: self.repository.name.clone(),
            installation_id: Some(self.repository.installation_id),
            git_ref: format!("refs/heads/{BRANCH}"),
            before: before.unwrap_or_else(|| CommitSha::new("0".repeat(40))),
            after,
            deleted: false,
            pushed_at: Some(self.clock.now().to_string()),
            sender,
        }
    }

    /// One delivery. Where taking it in fails, GitHub does not try again.
    async fn deliver(&self, mut event: PushEvent) -> Option<Intake> {
        event.delivery = DeliveryId::new(self.clock.next_id());
        self.memory().announced = Some(event.after.clone());
        self.memory().last = Some(event.clone());
        let life = intake::accept(&self.ledger, &self.queue, &event, self.clock.now());
        self.lived("taking in a delivery", life).await
    }

    fn commit(&self, files: &[(&str, Option<FakeFile>)]) -> CommitSha {
        let author = ("Dana Developer", "dana@example.com");
        self.github
            .inner()
            .commit_as(&self.repository, BRANCH, author, "Change the schema", files)
    }
}
