//! A ledger in which versions were applied, a repository, and reporters.

use futures::future::join_all;
use jiff::SignedDuration;
use model::{
    Checksum, CommitSha, DatabaseName, Errand, IssueNumber, OutboxItem, Revision, Target, Task, TaskKey,
    TaskRun, TaskView, Version, WriteBack, WriteBackState,
};
use scenarios::{Blow, Fate, Mortal, StoryClock};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use testkit::{FakeGitHub, MemoryBus, MemoryLedger, fixtures};
use workflow::ports::clock::{Clock, Ids};
use workflow::ports::ledger::{
    Commit, Committed, IssueLedger, OutboxLedger, SettingsLedger, StoredSettings, TargetLedger, TextLedger,
    Write, WriteBackLedger,
};
use workflow::show::Shower;
use workflow::tell::{Teller, Told};

pub(crate) const BRANCH: &str = "main";
/// How long one reporter may begin something new.
const SLICE: SignedDuration = SignedDuration::from_mins(1);

pub(crate) struct Desk {
    pub(crate) fate: Fate,
    pub(crate) clock: StoryClock,
    pub(crate) ledger: Mortal<MemoryLedger>,
    pub(crate) github: Mortal<FakeGitHub>,
    bus: MemoryBus,
    applied: Mutex<BTreeMap<Target, Vec<Version>>>,
}

/// The settings: three databases in `test`.
fn settings(more: &str) -> String {
    let mut text = format!(
        "[[projects]]\nname = \"demo\"\nbranch = \"main\"\nbase_directory = \"bytebase\"\n{more}\n\
         [projects.repository]\nid = 1\ninstallation_id = 1\nname = \"octo/demo\"\n\
         [[environments]]\nname = \"test\"\n\
         [[instances]]\nname = \"demo-test\"\n\
         secret_arn = \"arn:aws:secretsmanager:us-east-1:000000000000:secret:demo-test\"\n\
         [[members]]\nname = \"dba\"\nroles = [\"admin\"]\nprincipals = [\"arn:aws:iam::000000000000:user/dba\"]\n"
    );
    for database in ["a", "b", "c"] {
        let _ = write!(
            text,
            "[[projects.databases]]\nname = \"{database}\"\nenvironment = \"test\"\ninstance = \"demo-test\"\n"
        );
    }
    text
}

pub(crate) fn repository() -> model::RepositoryRef {
    fixtures::push(1).repository
}

pub(crate) fn path(database: &str) -> String {
    format!("bytebase/test/.{database}##LATEST.sql")
}

pub(crate) fn key(database: &str, version: &str) -> TaskKey {
    TaskKey {
        target: fixtures::target(database),
        version: fixtures::version(version).key().clone(),
    }
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let fate = Fate::default();
        let desk = Self {
            clock: StoryClock::default(),
            ledger: Mortal::new(MemoryLedger::default(), &fate),
            github: Mortal::new(FakeGitHub::new(), &fate),
            bus: MemoryBus::default(),
            applied: Mutex::default(),
            fate,
        };
        desk.put_settings("").await;
        desk.push("README.md", "# demo");
        desk
    }

    /// Puts settings in force, with these lines in the project.
    pub(crate) async fn put_settings(&self, more: &str) {
        let ledger = self.ledger.inner();
        let before = ledger
            .settings()
            .await
            .unwrap()
            .map_or(0, |before| before.version);
        let settings = StoredSettings {
            version: before + 1,
            text: settings(more),
            by: "admin".to_owned(),
            at: self.clock.now(),
        };
        assert_eq!(
            ledger
                .put_settings(&settings, testkit::fixtures::settings_audit())
                .await
                .unwrap(),
            Committed::Yes
        );
    }

    /// A person pushes a file.
    pub(crate) fn push(&self, path: &str, text: &str) -> CommitSha {
        self.github()
            .push(&repository(), BRANCH, "Edit", &[(path, Some(text))])
    }

    pub(crate) fn github(&self) -> &FakeGitHub {
        self.github.inner()
    }

    /// The worker applies versions of one issue, one second after the other, each leading to this schema.
    pub(crate) async fn apply(&self, issue: u64, versions: &[(&str, &str)]) {
        let ledger = self.ledger.inner();
        let number = IssueNumber(issue);
        let known = ledger.issues(&[number]).await.unwrap().pop();
        let mut record = known.clone().unwrap_or_else(|| fixtures::issue(issue));
        if known.is_some() {
            record.edition += 1;
        }
        record
            .tasks
            .extend(versions.iter().map(|(database, version)| key(database, version)));
        let mut writes = vec![Write::Issue(record)];
        for (database, version) in versions {
            self.clock.time.advance(SignedDuration::from_secs(1));
            writes.extend(self.finish(issue, database, version).await);
        }
        assert_eq!(ledger.commit(writes).await.unwrap(), Committed::Yes);
    }

    /// What the worker writes with the last statement of a version.
    async fn finish(&self, issue: u64, database: &str, version: &str) -> Vec<Write> {
        let (target, now) = (fixtures::target(database), self.clock.now());
        let after = self
            .ledger
            .inner()
            .put_text(&schema(database, version))
            .await
            .unwrap();
        let since = {
            let mut applied = self.applied.lock().unwrap();
            let applied = applied.entry(target.clone()).or_default();
            applied.push(fixtures::version(version));
            applied.iter().rev().nth(1).cloned()
        };
        let task = Task {
            run: TaskRun::Done,
            answered_on: Vec::new(),
            ..fixtures::task(issue, &target, version)
        };
        let revision = Revision {
            database: DatabaseName::new(database),
            issue: IssueNumber(issue),
            since,
            before: Checksum::of(b"before"),
            after,
            finished_at: now,
            ..fixtures::revision(&target, version)
        };
        let pending = WriteBack {
            key: task.key(),
            state: WriteBackState::Pending,
            at: now,
        };
        vec![
            Write::Revision(revision),
            Write::WriteBack(pending),
            Write::Outbox(self.errand(task.key())),
            Write::Task(task),
        ]
    }

    pub(crate) fn errand(&self, task: TaskKey) -> OutboxItem {
        let now = self.clock.now();
        OutboxItem {
            id: self.clock.next_id(),
            errand: Errand::WriteBack { task },
            attempt: 0,
            created_at: now,
            due_at: now,
        }
    }

    /// So many reporters at once; none where the process died.
    pub(crate) async fn tell(&self, reporters: usize) -> Option<Vec<Told>> {
        let teller = || Teller {
            ledger: &self.ledger,
            github: &self.github,
            events: &self.bus,
            clock: &self.clock,
            until: self.clock.now() + SLICE,
        };
        let tellers: Vec<_> = (0..reporters).map(|_| teller()).collect();
        let telling = join_all(tellers.iter().map(|teller| Box::pin(teller.tell())));
        let told = self.fate.until_death(telling).await?;
        Some(told.into_iter().filter_map(Result::ok).collect())
    }

    /// One blow, while so many reporters tell.
    pub(crate) async fn tell_under(&self, blow: Blow, reporters: usize) {
        self.fate.deal(blow);
        self.tell(reporters).await;
        self.fate.heal();
    }

    /// Time goes by, and reporters tell, until nothing is left to be told.
    pub(crate) async fn settle(&self) {
        for _ in 0..80 {
            self.tell(1).await;
            if self.outbox().await.is_empty() {
                return;
            }
            self.clock.time.advance(SignedDuration::from_hours(1));
        }
        panic!("never told: {:#?}", self.outbox().await);
    }

    pub(crate) async fn outbox(&self) -> Vec<OutboxItem> {
        let all = self.ledger.inner().outbox(jiff::Timestamp::MAX, u32::MAX);
        all.await.unwrap()
    }

    /// Only write-backs: the tests of a desk have no pushes that check runs could be told of.
    pub(crate) async fn state(&self, database: &str, version: &str) -> WriteBackState {
        let stored = self.ledger.inner().write_backs(&[key(database, version)]).await;
        stored.unwrap().pop().unwrap().state
    }

    /// What the branch has for a database.
    pub(crate) fn text(&self, database: &str) -> Option<String> {
        self.github().text_of(&repository(), BRANCH, &path(database))
    }

    /// The versions that commits of a branch say they bring, oldest first: `a 1, b 1`.
    pub(crate) fn written(&self, branch: &str) -> Vec<String> {
        let mut written: Vec<String> = self
            .github()
            .log(&repository(), branch)
            .iter()
            .map(|(_, info)| brought(&info.message).join(", "))
            .filter(|brought| !brought.is_empty())
            .collect();
        written.reverse();
        written
    }

    /// Every task as people see it.
    pub(crate) async fn views(&self) -> Vec<TaskView> {
        let ledger = self.ledger.inner();
        let (_, settings) = workflow::settings_in_force(ledger).await.unwrap().unwrap();
        let targets: Vec<Target> = self.applied.lock().unwrap().keys().cloned().collect();
        let mut keys = Vec::new();
        for target in &targets {
            let revisions = ledger.revisions(target, None, u32::MAX).await.unwrap();
            keys.extend(revisions.into_iter().map(|revision| TaskKey {
                target: revision.target,
                version: revision.change.version.key().clone(),
            }));
        }
        let shower = Shower {
            ledger,
            settings: &settings,
            now: self.clock.now(),
        };
        shower.task_views(&keys).await.unwrap()
    }
}

pub(crate) fn schema(database: &str, version: &str) -> String {
    format!("-- {database} after {version}\n")
}

/// The versions that a message says its commit brings: `a 1`.
pub(crate) fn brought(message: &str) -> Vec<String> {
    message
        .lines()
        .filter_map(|line| line.strip_prefix("Sluice-Write-Back: demo-test/"))
        .map(str::to_owned)
        .collect()
}
