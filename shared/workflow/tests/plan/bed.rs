//! A planner whose world is in memory.

use jiff::{SignedDuration, Timestamp};
use model::{
    Baseline, Baselines, CommitSha, DeliveryId, FileAnswer, PullRequestNumber, Pusher, RepositoryRef, Target,
    Task, TaskKey, TaskRun, UpTo,
};
use settings::Settings;
use testkit::fake_github::{FakeFile, FakePull};
use testkit::{FakeGitHub, ManualClock, MemoryLedger, MemoryQueue, SequentialIds, fixtures};
use workflow::act::{self, Actor, Clicked};
use workflow::plan::Planner;
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::github::{CheckRun, CheckRuns as _};
use workflow::ports::ledger::{
    Commit as _, Committed, DeliveryLedger as _, IssueLedger as _, Moved, NewHead, PlanLedger as _,
    SettingsLedger as _, Write,
};
use workflow::ports::queue::{ClickPointer, Pointer, PullRequestPointer};
use workflow::tell::Teller;

#[derive(Default)]
struct Time(ManualClock, SequentialIds);

impl Clock for Time {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

impl Ids for Time {
    fn next_id(&self) -> String {
        self.1.next_id()
    }
}

fn nothing_applied(target: Target) -> Baseline {
    Baseline {
        target,
        up_to: UpTo::Nothing,
        by: "arn:aws:iam::111122223333:user/ada".to_owned(),
        at: fixtures::time(0),
        edition: 1,
    }
}

/// The world of a planner.
pub(crate) struct Bed {
    pub(crate) ledger: MemoryLedger,
    pub(crate) settings: Settings,
    github: FakeGitHub,
    queue: MemoryQueue,
    time: Time,
    last: CommitSha,
}

impl Bed {
    /// With these settings in force.
    pub(crate) async fn with(text: &str) -> Self {
        let ledger = MemoryLedger::default();
        let mut stored = fixtures::settings(1);
        text.clone_into(&mut stored.text);
        assert_eq!(
            ledger
                .put_settings(&stored, testkit::fixtures::settings_audit())
                .await
                .unwrap(),
            Committed::Yes
        );
        let settings = Settings::read(text).unwrap();
        let baselines = Baselines {
            targets: settings.targets().into_iter().map(nothing_applied).collect(),
            edition: 1,
            ..Baselines::none(settings.projects[0].name.clone())
        };
        let begun = ledger.commit(vec![Write::Baselines(baselines)]).await.unwrap();
        assert_eq!(begun, Committed::Yes);
        Self {
            ledger,
            settings,
            github: FakeGitHub::new(),
            queue: MemoryQueue::default(),
            time: Time::default(),
            last: CommitSha::new("0".repeat(40)),
        }
    }

    /// Pushes files (none deletes one) and plans; the answers.
    pub(crate) async fn push(&mut self, files: &[(&str, Option<FakeFile>)]) -> Vec<FileAnswer> {
        let head = self.push_and_plan(files).await;
        let push = self.ledger.push(&self.settings.projects[0].name, &head).await;
        push.unwrap().map(|push| push.answers).unwrap_or_default()
    }

    /// Pushes files (none deletes one), plans and tells; the check run.
    pub(crate) async fn push_and_tell(&mut self, files: &[(&str, Option<FakeFile>)]) -> CheckRun {
        let head = self.push_and_plan(files).await;
        self.tell().await;
        self.check_run(&head)
    }

    /// The check run of a commit.
    pub(crate) fn check_run(&self, commit: &CommitSha) -> CheckRun {
        let runs = self.github.check_runs_of(&self.repository(), commit);
        runs.last().unwrap().clone()
    }

    /// Somebody clicks on the first button of a check run, and GitHub is told what came of it.
    pub(crate) async fn click(&self, sender: Pusher, run: &CheckRun) -> Clicked {
        let repository = self.repository();
        let id = self
            .github
            .find_check_run(&repository, &run.commit, &run.external_id)
            .await;
        let click = ClickPointer {
            delivery: DeliveryId::new("click"),
            repository_id: repository.id,
            installation_id: repository.installation_id,
            check_run: id.unwrap().unwrap(),
            external_id: run.external_id.clone(),
            button: run.actions[0].identifier.clone(),
            sender,
        };
        let actor = Actor {
            ledger: &self.ledger,
            queue: &self.queue,
            clock: &self.time,
        };
        let clicked = act::click(&actor, &click).await.unwrap();
        self.tell().await;
        clicked
    }

    /// Opens a pull request with these files on a branch of its own; its head.
    pub(crate) fn open_pull(&self, number: u64, fork: bool, files: &[(&str, Option<FakeFile>)]) -> CommitSha {
        let (repository, branch) = (self.repository(), format!("pull-{number}"));
        self.github.branch(&repository, "main", &branch);
        let author = ("Dana", "dana@example.com");
        let head = self.github.commit_as(&repository, &branch, author, "m", files);
        let pull = FakePull {
            fork,
            ..FakePull::new(&branch, "main", fixtures::pusher())
        };
        self.github.put_pull(&repository, number, pull);
        head
    }

    /// Reviews a pull request and tells; its comment.
    pub(crate) async fn review_and_tell(&self, number: u64) -> String {
        let pointer = PullRequestPointer {
            delivery: DeliveryId::new("review"),
            repository_id: self.repository().id,
            pull_request: PullRequestNumber(number),
        };
        self.planner().review(&pointer).await.unwrap();
        self.tell().await;
        self.comment(number)
    }

    /// The comment on a pull request.
    pub(crate) fn comment(&self, number: u64) -> String {
        let comments = self.github.comments_of(&self.repository(), number);
        comments.last().unwrap().clone()
    }

    /// Time goes by.
    pub(crate) fn wait(&self, minutes: i64) {
        self.time.0.advance(SignedDuration::from_mins(minutes));
    }

    /// GitHub is told what is due.
    pub(crate) async fn tell(&self) {
        let teller = Teller {
            ledger: &self.ledger,
            github: &self.github,
            events: &testkit::MemoryBus::default(),
            clock: &self.time,
            until: self.time.now() + SignedDuration::from_mins(1),
        };
        teller.tell().await.unwrap();
    }

    /// A task is at another point of its run.
    pub(crate) async fn put_run(&self, key: &TaskKey, run: TaskRun) {
        let task = self
            .ledger
            .tasks(std::slice::from_ref(key))
            .await
            .unwrap()
            .remove(0);
        let task = Task { run, ..task }.edited(self.time.now());
        self.write(vec![Write::Task(task)]).await;
    }

    /// Writes what must not conflict.
    pub(crate) async fn write(&self, writes: Vec<Write>) {
        assert_eq!(self.ledger.commit(writes).await.unwrap(), Committed::Yes);
    }

    fn repository(&self) -> RepositoryRef {
        self.settings.projects[0].repository.clone()
    }

    fn planner(&self) -> Planner<'_, MemoryLedger, MemoryQueue, FakeGitHub, Time> {
        Planner {
            ledger: &self.ledger,
            queue: &self.queue,
            github: &self.github,
            clock: &self.time,
        }
    }

    async fn push_and_plan(&mut self, files: &[(&str, Option<FakeFile>)]) -> CommitSha {
        let pointer = self.push_as("dev", files).await;
        self.plan(&pointer).await;
        pointer.after
    }

    /// Somebody pushes files, and GitHub tells of it; nothing is planned yet.
    pub(crate) async fn push_as(&mut self, login: &str, files: &[(&str, Option<FakeFile>)]) -> Pointer {
        let repository = self.repository();
        let author = ("Dana", "dana@example.com");
        let after = self.github.commit_as(&repository, "main", author, "m", files);
        let before = std::mem::replace(&mut self.last, after.clone());
        let sender = Pusher {
            login: login.to_owned(),
            ..fixtures::pusher()
        };
        let head = NewHead {
            repository: repository.id,
            git_ref: "refs/heads/main".to_owned(),
            after: after.clone(),
        };
        let moved = Moved {
            before: before.clone(),
            sender: sender.clone(),
        };
        let expires = self.time.now() + SignedDuration::from_hours(1);
        self.ledger.keep_moved(&head, &moved, expires).await.unwrap();
        Pointer {
            delivery: DeliveryId::new(after.as_str()),
            repository_id: repository.id,
            git_ref: head.git_ref,
            before,
            after,
            sender: Some(sender),
        }
    }

    /// Plans what a pointer points at.
    pub(crate) async fn plan(&self, pointer: &Pointer) {
        self.planner().plan(pointer).await.unwrap();
    }
}
