//! The world of a story.

use crate::fate::Fate;
use crate::mortal::Mortal;
use crate::names::StoryClock;
use crate::server::Server;
use crate::setup::{self, BRANCH, Setup};
use futures::FutureExt;
use github_events::PushEvent;
use model::{CommitSha, Fault, OutboxItem, RepositoryRef, Target, UpTo};
use mysql::MySql;
use secrecy::ExposeSecret;
use settings::Settings;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use testkit::scratch::{Administrator, Scratch};
use testkit::{FakeGitHub, FixedSecrets, MemoryBus, MemoryLedger, MemoryQueue};
use workflow::act::{self, SetBaseline};
use workflow::ports::database::Login;

pub(crate) type Ledger = Mortal<MemoryLedger>;
pub(crate) type Queue = Mortal<MemoryQueue>;

/// Everything that Sluice needs, and what the story remembers of it.
#[derive(Debug)]
pub struct World {
    /// What befalls the process that runs the use cases.
    pub fate: Fate,
    /// Time and names.
    pub clock: StoryClock,
    /// The ledger.
    pub ledger: Mortal<MemoryLedger>,
    /// Both queues.
    pub queue: Mortal<MemoryQueue>,
    /// Whoever listens to events.
    pub events: Mortal<MemoryBus>,
    /// GitHub.
    pub github: Mortal<FakeGitHub>,
    pub(crate) databases: Mortal<MySql>,
    pub(crate) secrets: Mortal<FixedSecrets>,
    pub(crate) repository: RepositoryRef,
    pub(crate) server: Server,
    /// Where each database is, keyed `environment/name`.
    pub(crate) places: BTreeMap<String, Target>,
    pub(crate) prepared: &'static str,
    memory: Mutex<Memory>,
}

/// What the story remembers.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The last delivery.
    pub(crate) last: Option<PushEvent>,
    /// The last delivery that was lost.
    pub(crate) unheard: Option<PushEvent>,
    /// The head that GitHub told of last.
    pub(crate) announced: Option<CommitSha>,
    /// The heads that write-back made.
    pub(crate) written_back: Vec<CommitSha>,
    /// Nudges of the last minutes: the same again is merged.
    pub(crate) nudged: BTreeSet<(Target, String)>,
    /// The outbox as the ledger's stream told of it last.
    pub(crate) streamed: Vec<OutboxItem>,
    /// Faults that nobody asked about yet.
    pub(crate) faults: Vec<String>,
    /// Whether the process died since the last restart.
    pub(crate) died: bool,
}

/// Tells a story, holds the world to account, and takes it down, whatever came of the story.
pub async fn scenario(setup: Setup, story: impl AsyncFnOnce(&World)) {
    let world = World::make(&setup).await;
    let told = async {
        world.begin(&setup).await;
        Box::pin(story(&world)).await;
        Box::pin(world.account()).await;
    };
    let told = AssertUnwindSafe(Box::pin(told)).catch_unwind().await;
    world.take_down().await;
    if let Err(panic) = told {
        resume_unwind(panic);
    }
}

impl World {
    async fn make(setup: &Setup) -> Self {
        let fate = Fate::default();
        let server = Server::of_the_environment();
        let mut places = BTreeMap::new();
        for (environment, name) in &setup.databases {
            let schema = Scratch::make(&server).await;
            let target = Target::new(setup::instance(environment), schema.name());
            if !setup.prepared.is_empty() {
                server
                    .run(&format!("USE `{}`; {}", target.database, setup.prepared))
                    .await;
            }
            places.insert(format!("{environment}/{name}"), target);
        }
        let secrets = FixedSecrets::default();
        let login = server.login();
        for (environment, _) in &setup.environments {
            let password = login.password.expose_secret();
            secrets.put(setup::secret_arn(environment), secret(&login, password));
        }
        Self {
            clock: StoryClock::default(),
            ledger: Mortal::new(MemoryLedger::default(), &fate),
            queue: Mortal::new(MemoryQueue::default(), &fate),
            events: Mortal::new(MemoryBus::default(), &fate),
            github: Mortal::new(FakeGitHub::new(), &fate),
            databases: Mortal::new(MySql::default(), &fate),
            secrets: Mortal::new(secrets, &fate),
            repository: setup::repository(),
            server,
            places,
            prepared: setup.prepared,
            memory: Mutex::default(),
            fate,
        }
    }

    /// Puts the settings in force, and plans a first commit that holds nothing of ours.
    async fn begin(&self, setup: &Setup) {
        self.apply(setup).await;
        if let Some(up_to) = &setup.baseline {
            self.set_baseline(up_to.clone(), None).await;
        }
        self.github.inner().push(
            &self.repository,
            BRANCH,
            "Initial commit",
            &[("README.md", Some("# demo"))],
        );
        self.announce().await;
        self.settle().await;
        self.memory().written_back.clear();
        self.fate.heal();
    }

    /// The secret of an environment's instance gets another password; the server keeps its own.
    pub fn change_secret(&self, environment: &str, password: &str) {
        let secret = secret(&self.server.login(), password);
        self.secrets.inner().put(setup::secret_arn(environment), secret);
    }

    /// The dba puts the settings of a setup in force; its databases are where they are.
    pub async fn apply(&self, setup: &Setup) {
        let text = match serde_json::to_string(&setup::settings(setup, &self.places)) {
            Ok(text) => text,
            Err(error) => panic!("the settings of the story: {error}"),
        };
        let by = self.principal(crate::DBA);
        let applied = act::apply_settings(self.ledger.inner(), &self.clock, &text, None, &by).await;
        if let Err(refusal) = must("applying settings", applied) {
            panic!("the settings of the story: {refusal}");
        }
    }

    /// The dba says what counts as applied: in one place, or in every one that has no baseline.
    pub async fn set_baseline(&self, up_to: UpTo, place: Option<&str>) {
        let wish = SetBaseline {
            project: setup::project(),
            target: place.map(|place| self.target(place).clone()),
            up_to,
            by: self.principal(crate::DBA),
        };
        let settings = self.settings().await;
        let set = act::set_baseline(self.ledger.inner(), &self.clock, &settings, &wish).await;
        if let Err(refusal) = must("setting a baseline", set) {
            panic!("the baseline of the story: {refusal}");
        }
    }

    /// The settings in force.
    pub(crate) async fn settings(&self) -> Settings {
        match must(
            "reading settings",
            workflow::settings_in_force(self.ledger.inner()).await,
        ) {
            Some((_, settings)) => settings,
            None => panic!("there are no settings"),
        }
    }

    async fn take_down(&self) {
        for target in self.places.values() {
            let schema = &target.database;
            // What a broken story left half-made does not hide why it broke.
            for text in [
                format!("DELETE FROM _sluice.journal WHERE schema_name = '{schema}'"),
                format!("DELETE FROM _sluice.fences WHERE schema_name = '{schema}'"),
                format!("DROP DATABASE IF EXISTS `{schema}`"),
            ] {
                self.server.try_run(&text).await.unwrap_or_default();
            }
        }
        self.server.close().await;
    }

    /// The target of a database, named `environment/name`.
    pub fn target(&self, place: &str) -> &Target {
        match self.places.get(place) {
            Some(target) => target,
            None => panic!("the story has no database {place}"),
        }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer, where the world itself must not fail.
#[track_caller]
pub(crate) fn must<T>(what: &str, answer: Result<T, Fault>) -> T {
    match answer {
        Ok(answer) => answer,
        Err(fault) => panic!("{what}: {}", fault.chain()),
    }
}

/// A secret as RDS writes it.
fn secret(login: &Login, password: &str) -> String {
    let secret = serde_json::json!({
        "username": login.user,
        "password": password,
        "host": login.host,
        "port": login.port,
    });
    secret.to_string()
}
