//! Deliveries that failed are asked for again, and heads that moved without one are planned.

use jiff::SignedDuration;
use model::{DeliveryId, RepositoryRef};
use scenarios::{DEVELOPER, Setup, scenario, whole_file};
use testkit::{FakeGitHub, ManualClock, MemoryLedger, MemoryQueue, SequentialIds, fixtures};
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::ledger::{
    Commit as _, Committed, HookLedger as _, PlannedHead, SettingsLedger as _, StoredSettings, Write,
};
use workflow::ports::queue::Pointer;
use workflow::sweep::{Sweeper, Swept};

const SQL: &str = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY);\n";

struct Stage {
    ledger: MemoryLedger,
    queue: MemoryQueue,
    github: FakeGitHub,
    clock: Time,
    repository: RepositoryRef,
}

struct Time(ManualClock, SequentialIds);

impl Clock for Time {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
}

impl Ids for Time {
    fn next_id(&self) -> String {
        self.1.next_id()
    }
}

impl Stage {
    /// A project that reads this branch of a repository that has `main` and something else.
    async fn reading(branch: &str) -> Self {
        let stage = Self {
            ledger: MemoryLedger::default(),
            queue: MemoryQueue::default(),
            github: FakeGitHub::new(),
            clock: Time(ManualClock::default(), SequentialIds::default()),
            repository: settings(branch).1,
        };
        let stored = settings(branch).0;
        assert_eq!(
            stage
                .ledger
                .put_settings(&stored, testkit::fixtures::settings_audit())
                .await
                .unwrap(),
            Committed::Yes
        );
        stage
    }

    async fn sweep(&self) -> Swept {
        let sweeper = Sweeper {
            ledger: &self.ledger,
            nudges: &self.queue,
            deliveries: &self.queue,
            github: &self.github,
            clock: &self.clock,
        };
        let swept = sweeper.sweep().await.unwrap();
        self.clock.0.advance(SignedDuration::from_mins(1));
        swept
    }

    fn deliver(&self, event: &str, arrived: bool) -> u64 {
        self.github
            .deliver(event, &self.repository, self.clock.now(), arrived)
            .id
    }

    fn looks(&self) -> usize {
        self.github
            .calls()
            .iter()
            .filter(|call| **call == "deliveries")
            .count()
    }
}

fn settings(branch: &str) -> (StoredSettings, RepositoryRef) {
    let stored = fixtures::settings(1);
    let text = stored
        .text
        .replace("branch = \"main\"", &format!("branch = \"{branch}\""));
    let read = settings::Settings::read(&text).unwrap();
    assert_eq!(read.projects[0].branch, branch);
    let repository = read.projects[0].repository.clone();
    (StoredSettings { text, ..stored }, repository)
}

#[tokio::test]
async fn only_what_failed_and_is_ours_is_asked_for() {
    let stage = Stage::reading("main").await;
    let stranger = RepositoryRef {
        id: model::RepositoryId(987_654),
        ..stage.repository.clone()
    };
    stage.deliver("push", true);
    let failed = stage.deliver("push", false);
    stage.deliver("installation", false);
    let pull = stage.deliver("pull_request", false);
    let click = stage.deliver("check_run.requested_action", false);
    // What GitHub tells of every check run that we make is nobody's loss.
    stage.deliver("check_run.created", false);
    stage.github.deliver("push", &stranger, stage.clock.now(), false);
    let swept = stage.sweep().await;
    assert_eq!((swept.redelivered, swept.failed), (3, 0));
    assert_eq!(stage.github.asked_for(), [failed, pull, click]);
    for _ in 0..600 {
        assert_eq!(stage.sweep().await.redelivered, 0, "they arrived");
    }
}

#[tokio::test]
async fn github_is_asked_every_two_minutes_and_a_failure_is_asked_for_within_them() {
    let stage = Stage::reading("main").await;
    for _ in 0..60 {
        stage.sweep().await;
    }
    assert_eq!(stage.looks(), 30);
    let failed = stage.deliver("push", false);
    stage.sweep().await;
    stage.sweep().await;
    assert_eq!(stage.github.asked_for(), [failed]);
}

#[tokio::test]
async fn what_keeps_failing_is_asked_for_a_few_times() {
    let stage = Stage::reading("main").await;
    stage.github.break_webhook(true);
    let failed = stage.deliver("push", false);
    for _ in 0..(24 * 60) {
        stage.sweep().await;
    }
    assert_eq!(stage.github.asked_for(), [failed; 5]);
}

#[tokio::test]
async fn one_that_github_forgot_is_let_go() {
    let stage = Stage::reading("main").await;
    let gone = stage.deliver("push", false);
    let failed = stage.deliver("push", false);
    stage.github.forget_delivery(gone);
    for _ in 0..30 {
        assert_eq!(stage.sweep().await.failed, 0);
    }
    assert_eq!(stage.github.asked_for(), [failed]);
    assert_eq!(
        stage
            .github
            .calls()
            .iter()
            .filter(|call| **call == "redeliver")
            .count(),
        2
    );
}

/// Three days of deliveries are walked through once, in pieces, and then only what is new.
#[tokio::test]
async fn a_long_history_is_looked_at_once() {
    let stage = Stage::reading("main").await;
    let mut failed = Vec::new();
    for number in 0..2_500 {
        let arrived = number % 100 != 7;
        let at = stage.clock.now() - SignedDuration::from_mins(2_500 - number);
        let delivery = stage.github.deliver("push", &stage.repository, at, arrived);
        failed.extend((!arrived).then_some(delivery.id));
    }
    let mut asked = 0;
    for _ in 0..8 {
        asked += stage.sweep().await.redelivered;
    }
    assert_eq!(asked, 25);
    let mut found = stage.github.asked_for();
    found.sort_unstable();
    assert_eq!(found, failed);
    let before = stage.looks();
    for _ in 0..20 {
        stage.sweep().await;
    }
    assert_eq!(stage.looks() - before, 10, "one page each time");
}

#[tokio::test]
async fn a_github_without_the_list_is_asked_once_an_hour() {
    let stage = Stage::reading("main").await;
    stage.github.list_no_deliveries();
    stage
        .github
        .push(&stage.repository, "main", "One", &[("README.md", Some("x"))]);
    for _ in 0..120 {
        let swept = stage.sweep().await;
        assert_eq!(
            (swept.failed, swept.branches),
            (0, 1),
            "heads are looked at all the same"
        );
    }
    assert_eq!(stage.looks(), 2);
    assert!(!stage.ledger.hook_watch().await.unwrap().unwrap().listed);
}

#[tokio::test]
async fn every_branch_that_a_wildcard_names_is_looked_at() {
    let stage = Stage::reading("release/*").await;
    let push = |branch: &str| {
        stage
            .github
            .push(&stage.repository, branch, "One", &[("README.md", Some("x"))])
    };
    let (one, two) = (push("release/1"), push("release/2"));
    for other in ["main", "release-x", "release/1/deep", "a/release/1"] {
        push(other);
    }
    let planned = Write::Head {
        project: settings::Settings::read(&settings("release/*").0.text)
            .unwrap()
            .projects[0]
            .name
            .clone(),
        branch: "release/2".to_owned(),
        head: PlannedHead {
            commit: two.clone(),
            baselines: 0,
        },
        replaces: None,
    };
    assert_eq!(stage.ledger.commit(vec![planned]).await.unwrap(), Committed::Yes);
    assert_eq!(stage.sweep().await.branches, 1);
    let pointers = stage.queue.take_pointers();
    let [pointer] = pointers.as_slice() else {
        panic!("{pointers:?}");
    };
    let expected = Pointer {
        delivery: DeliveryId::new(pointer.delivery.as_str()),
        repository_id: stage.repository.id,
        git_ref: "refs/heads/release/1".to_owned(),
        before: one.clone(),
        after: one,
        sender: None,
    };
    assert_eq!(pointer, &expected);
    let moved = push("release/2");
    stage.sweep().await;
    let pointers = stage.queue.take_pointers();
    let found = pointers.iter().find(|pointer| pointer.after == moved).unwrap();
    assert_eq!(
        (&found.before, found.git_ref.as_str()),
        (&two, "refs/heads/release/2")
    );
}

/// With the delivery comes who pushed, which the branch's head alone does not tell.
#[tokio::test]
async fn a_failed_delivery_brings_its_pusher() {
    scenario(Setup::small(), async |t| {
        t.sweep().await;
        t.push_failing(&[(&whole_file("test/db_demo", "1"), SQL)]);
        t.wait(SignedDuration::from_mins(1));
        let swept = t.sweep().await.unwrap();
        assert_eq!(
            (swept.redelivered, swept.branches),
            (1, 1),
            "a head that moved makes it urgent"
        );
        // GitHub delivers again before the sweeper's own pointer, which is late on purpose.
        let late = t.queue.inner().take_pointers();
        t.deliver_again().await;
        t.settle().await;
        for pointer in late {
            t.plan(&pointer).await;
        }
        t.settle().await;
        assert_eq!(t.status(1).await, "Done; test/db_demo 1 Done");
        assert_eq!(t.view(1).await.issue.pusher.login, DEVELOPER);
        assert_eq!(t.issues().await, 1);
    })
    .await;
}
