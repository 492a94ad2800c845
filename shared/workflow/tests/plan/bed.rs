//! A planner whose world is in memory.

use jiff::Timestamp;
use model::{Baseline, Baselines, CommitSha, DeliveryId, FileAnswer, RepositoryRef, Target, UpTo};
use settings::Settings;
use testkit::fake_github::FakeFile;
use testkit::{FakeGitHub, ManualClock, MemoryLedger, MemoryQueue, SequentialIds, fixtures};
use workflow::plan::Planner;
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::ledger::{Commit as _, Committed, PlanLedger as _, SettingsLedger as _, Write};
use workflow::ports::queue::Pointer;

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
        assert_eq!(ledger.put_settings(&stored).await.unwrap(), Committed::Yes);
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
        let repository: RepositoryRef = self.settings.projects[0].repository.clone();
        let author = ("Dana", "dana@example.com");
        let head = self.github.commit_as(&repository, "main", author, "m", files);
        let pointer = Pointer {
            delivery: DeliveryId::new(head.as_str()),
            repository_id: repository.id,
            git_ref: "refs/heads/main".to_owned(),
            before: std::mem::replace(&mut self.last, head.clone()),
            after: head.clone(),
            sender: Some(fixtures::pusher()),
        };
        let planner = Planner {
            ledger: &self.ledger,
            queue: &self.queue,
            github: &self.github,
            clock: &self.time,
        };
        planner.plan(&pointer).await.unwrap();
        let push = self.ledger.push(&self.settings.projects[0].name, &head).await;
        push.unwrap().map(|push| push.answers).unwrap_or_default()
    }
}
