//! GitHub is told no faster than it likes, and what counts is told first.

use jiff::SignedDuration;
use model::{Answer, CommitSha, Errand, FileAnswer, OutboxItem, Push, Task, TaskRun};
use scenarios::StoryClock;
use std::sync::Arc;
use testkit::{FakeGitHub, MemoryBus, MemoryLedger, fixtures};
use workflow::pace::Pace;
use workflow::ports::clock::Clock as _;
use workflow::ports::github::CheckState;
use workflow::ports::ledger::{Commit as _, Committed, OutboxLedger as _, SettingsLedger as _, Write};
use workflow::tell::{Teller, Told};

struct Stage {
    ledger: MemoryLedger,
    bus: MemoryBus,
    github: FakeGitHub,
    clock: StoryClock,
}

impl Stage {
    async fn new() -> Self {
        let clock = StoryClock::default();
        let stage = Self {
            ledger: MemoryLedger::default(),
            bus: MemoryBus::default(),
            github: FakeGitHub::at_pace(Pace::default(), Arc::new(clock.clone())),
            clock,
        };
        assert_eq!(
            stage
                .ledger
                .put_settings(&fixtures::settings(1), fixtures::settings_audit())
                .await
                .unwrap(),
            Committed::Yes
        );
        stage
    }

    /// A push whose only task is under way, and news of it.
    async fn progress(&self, number: u32) -> CommitSha {
        let task = Task {
            run: TaskRun::Running { next: 1, of: 2 },
            ..fixtures::task(1, &fixtures::target(&format!("db_{number}")), "1")
        };
        let answer = Answer::Taken {
            issue: task.issue,
            tasks: vec![task.key()],
            checksum: task.change.checksum.clone(),
            replaced: false,
            warnings: Vec::new(),
        };
        self.write(vec![Write::Task(task)]).await;
        self.news(number, answer).await
    }

    /// A push whose only file is refused, and news of it.
    async fn conclusion(&self, number: u32) -> CommitSha {
        let answer = Answer::Refused {
            code: "empty".to_owned(),
            reason: "There is nothing to run.".to_owned(),
        };
        self.news(number, answer).await
    }

    async fn news(&self, number: u32, answer: Answer) -> CommitSha {
        let push = Push {
            answers: vec![FileAnswer {
                path: "test/a.sql".to_owned(),
                answer,
            }],
            ..fixtures::push(number)
        };
        let commit = push.commit.clone();
        self.write(vec![Write::Push(push)]).await;
        self.more_news(&number.to_string(), &commit).await;
        commit
    }

    async fn more_news(&self, id: &str, commit: &CommitSha) {
        let item = OutboxItem {
            id: id.to_owned(),
            errand: Errand::CheckRun {
                project: fixtures::project(),
                commit: commit.clone(),
            },
            attempt: 0,
            created_at: self.clock.now(),
            due_at: self.clock.now(),
        };
        self.write(vec![Write::Outbox(item)]).await;
    }

    async fn write(&self, writes: Vec<Write>) {
        assert_eq!(self.ledger.commit(writes).await.unwrap(), Committed::Yes);
    }

    async fn tell(&self) -> Told {
        let teller = Teller {
            ledger: &self.ledger,
            github: &self.github,
            events: &self.bus,
            clock: &self.clock,
            until: self.clock.now() + SignedDuration::from_mins(1),
        };
        teller.tell().await.unwrap()
    }

    fn state(&self, commit: &CommitSha) -> Option<CheckState> {
        let runs = self.github.check_runs_of(&fixtures::push(1).repository, commit);
        runs.first().map(|run| run.state)
    }

    fn writes(&self) -> usize {
        let calls = self.github.calls();
        calls
            .iter()
            .filter(|call| call.ends_with("_check_run") && !call.starts_with("find"))
            .count()
    }
}

#[tokio::test]
async fn a_burst_of_news_is_told_within_the_limit_and_all_of_it_in_the_end() {
    let stage = Stage::new().await;
    stage.write(vec![Write::Issue(fixtures::issue(1))]).await;
    let mut commits = Vec::new();
    for number in 0..150 {
        commits.push(match number % 2 {
            0 => stage.progress(number).await,
            _ => stage.conclusion(number).await,
        });
    }
    let mut in_minutes = Vec::new();
    for _ in 0..6 {
        let before = stage.writes();
        for _ in 0..3 {
            stage.tell().await;
        }
        in_minutes.push(stage.writes() - before);
        stage.clock.time.advance(SignedDuration::from_mins(1));
    }
    assert!(in_minutes.iter().all(|writes| *writes <= 60), "{in_minutes:?}");
    assert!(in_minutes.iter().sum::<usize>() >= 150, "{in_minutes:?}");
    assert!(commits.iter().all(|commit| stage.state(commit).is_some()));
    assert_eq!(stage.ledger.outbox(stage.clock.now(), 500).await.unwrap(), []);
}

#[tokio::test]
async fn what_concludes_is_told_where_progress_has_to_wait() {
    let stage = Stage::new().await;
    stage.write(vec![Write::Issue(fixtures::issue(1))]).await;
    for number in 0..60 {
        stage.progress(number).await;
    }
    let told = stage.tell().await;
    assert_eq!((told.delivered, told.postponed), (40, 20));
    assert_eq!(
        told.again_at,
        Some(stage.clock.now() + SignedDuration::from_mins(1))
    );
    let refused = stage.conclusion(100).await;
    let told = stage.tell().await;
    assert_eq!(told.delivered, 1, "{told:?}");
    assert_eq!(stage.state(&refused), Some(CheckState::Failure));
    // Waiting is no failing: nothing comes nearer to being given up.
    stage.clock.time.advance(SignedDuration::from_mins(1));
    let due = stage.ledger.outbox(stage.clock.now(), 500).await.unwrap();
    assert!(
        due.len() == 20 && due.iter().all(|item| item.attempt == 0),
        "{due:?}"
    );
    assert_eq!(stage.tell().await.delivered, 20);
}

#[tokio::test]
async fn news_that_follow_at_once_are_told_together() {
    let stage = Stage::new().await;
    stage.write(vec![Write::Issue(fixtures::issue(1))]).await;
    let commit = stage.progress(1).await;
    assert_eq!(stage.tell().await.delivered, 1);
    stage.clock.time.advance(SignedDuration::from_millis(500));
    stage.more_news("2", &commit).await;
    stage.more_news("3", &commit).await;
    let told = stage.tell().await;
    assert_eq!((told.delivered, told.postponed), (0, 2));
    let soon = stage.clock.now() + SignedDuration::from_millis(1_500);
    assert_eq!(told.again_at, Some(soon));
    stage.clock.time.set(soon);
    assert_eq!(stage.tell().await.delivered, 2);
    assert_eq!(stage.writes(), 2);
}
