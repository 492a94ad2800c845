//! Pull requests, and GitHub telling of them.

use crate::people::{self, DEVELOPER};
use crate::setup::{self, BRANCH};
use crate::world::{World, must};
use github_events::{PullRequestAction, PullRequestEvent};
use model::{CommitSha, DeliveryId, PullRequest, PullRequestNumber, Rehearsal, RehearsalKey, RepositoryId};
use testkit::fake_github::{FakeFile, FakePull};
use workflow::intake::{self, Intake};
use workflow::plan::{Planner, Reviewed};
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::github::{Annotation, CheckRun};
use workflow::ports::ledger::{PullRequestLedger, RehearsalLedger};
use workflow::ports::queue::PullRequestPointer;

impl World {
    /// The developer opens a pull request with one commit of these texts. Answers its head.
    pub async fn open_pull(&self, number: u64, files: &[(&str, &str)]) -> CommitSha {
        let pull = FakePull::new(&pull_branch(number), BRANCH, people::pusher(DEVELOPER));
        self.open(number, pull, files).await
    }

    /// Somebody opens a pull request of this kind with one commit of these texts. Answers its head.
    pub async fn open(&self, number: u64, pull: FakePull, files: &[(&str, &str)]) -> CommitSha {
        self.github.inner().branch(&self.repository, BRANCH, &pull.branch);
        let head = self.commit_to(&pull.branch, files);
        self.github.inner().put_pull(&self.repository, number, pull);
        self.tell_of_pull(number, PullRequestAction::Opened).await;
        head
    }

    /// A pull request from the branch of this number.
    pub fn pull(&self, number: u64) -> FakePull {
        match self.github.inner().pull(&self.repository, number) {
            Some(pull) => pull,
            None => FakePull::new(&pull_branch(number), BRANCH, people::pusher(DEVELOPER)),
        }
    }

    /// The developer pushes another commit to a pull request. Answers its head.
    pub async fn push_to_pull(&self, number: u64, files: &[(&str, &str)]) -> CommitSha {
        let head = self.commit_to(&self.pull(number).branch, files);
        self.tell_of_pull(number, PullRequestAction::Synchronize).await;
        head
    }

    /// A pull request comes to another state, and GitHub tells of it.
    pub async fn change_pull(
        &self,
        number: u64,
        action: PullRequestAction,
        change: impl FnOnce(&mut FakePull),
    ) {
        let mut pull = self.pull(number);
        change(&mut pull);
        self.github.inner().put_pull(&self.repository, number, pull);
        self.tell_of_pull(number, action).await;
    }

    /// GitHub tells of a pull request as it is. Where taking it in fails, GitHub does not try again.
    pub async fn tell_of_pull(&self, number: u64, action: PullRequestAction) -> Option<Intake> {
        let pull = self.pull(number);
        let Some(head) = self.github.inner().head_of(&self.repository, &pull.branch) else {
            panic!("pull request {number} has no branch");
        };
        let event = PullRequestEvent {
            delivery: DeliveryId::new(self.clock.next_id()),
            action,
            repository_id: self.repository.id,
            repository_name: self.repository.name.clone(),
            installation_id: Some(self.repository.installation_id),
            number: PullRequestNumber(number),
            base: pull.base,
            head,
            head_repository: Some(RepositoryId(self.repository.id.0 + u64::from(pull.fork))),
            updated_at: self.clock.next_id(),
            sender: pull.author,
        };
        let life = intake::accept_pull_request(&self.ledger, &self.queue, &event, self.clock.now());
        self.lived("taking in a pull request", life).await
    }

    /// The planner looks at one pull request.
    pub async fn review(&self, pointer: &PullRequestPointer) -> Option<Vec<Reviewed>> {
        let planner = Planner {
            ledger: &self.ledger,
            queue: &self.queue,
            github: &self.github,
            clock: &self.clock,
        };
        self.lived("reviewing", Box::pin(planner.review(pointer))).await
    }

    /// The one check run of reviews on a commit.
    pub fn review_check(&self, commit: &CommitSha) -> CheckRun {
        let mut runs = self.github.inner().check_runs_of(&self.repository, commit);
        runs.retain(|run| run.name.starts_with("Sluice review"));
        match <[CheckRun; 1]>::try_from(runs) {
            Ok([run]) => run,
            Err(runs) => panic!("{commit} has {} check runs of reviews: {runs:#?}", runs.len()),
        }
    }

    /// The notes on a commit's lines.
    pub fn annotations(&self, commit: &CommitSha) -> Vec<Annotation> {
        self.github.inner().annotations_of(&self.repository, commit)
    }

    /// Our comments on a pull request.
    pub fn comments(&self, number: u64) -> Vec<String> {
        self.github.inner().comments_of(&self.repository, number)
    }

    /// The stored review of a pull request.
    pub async fn stored_review(&self, number: u64) -> Option<PullRequest> {
        let ledger = self.ledger.inner();
        let found = ledger
            .pull_request(&setup::project(), PullRequestNumber(number))
            .await;
        must("reading a review", found)
    }

    /// The rehearsal of a pull request on a database.
    pub async fn rehearsal(&self, place: &str, number: u64) -> Option<Rehearsal> {
        let key = RehearsalKey {
            target: self.target(place).clone(),
            project: setup::project(),
            number: PullRequestNumber(number),
        };
        must(
            "reading a rehearsal",
            self.ledger.inner().rehearsals(&[key]).await,
        )
        .pop()
    }

    fn commit_to(&self, branch: &str, files: &[(&str, &str)]) -> CommitSha {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (*path, Some(FakeFile::text(text))))
            .collect();
        let author = ("Dana Developer", "dana@example.com");
        self.github
            .inner()
            .commit_as(&self.repository, branch, author, "Change the schema", &files)
    }
}

fn pull_branch(number: u64) -> String {
    format!("pull-{number}")
}
