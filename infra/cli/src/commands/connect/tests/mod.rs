//! The whole walk, against a GitHub on loopback and a person who presses buttons.

#[path = "../../../../../../shared/github/src/tests/description.rs"]
mod description;
mod fake;
mod person;
mod trouble;
mod walking;

use super::github::GitHub;
use super::kept::Kept;
use super::surroundings::{Ask, Surroundings};
use super::walk::{Connected, Walk, Wish};
use crate::exit::Stop;
use crate::interrupt::Signal;
use crate::output::tests::recorded;
use fake::FakeGitHub;
use futures::future::{FutureExt as _, LocalBoxFuture};
use jiff::Timestamp;
use person::Person;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;
use testkit::{FixedSecrets, LocalKeys};
use tokio::sync::Mutex;
use url::Url;
use workflow::ports::secrets::SecretStore;

/// Longer than any run here takes.
const LONG: Duration = Duration::from_secs(20);

/// GitHub, the secrets, and how the command is called.
struct Stage {
    github: FakeGitHub,
    secrets: FixedSecrets,
    wish: Wish,
    person: Person,
    answers: RefCell<Vec<&'static str>>,
    asks: bool,
    keys: LocalKeys,
    guesses: Cell<u64>,
}

/// How a run ended, and what was said.
struct Run {
    result: Option<Result<Connected, Stop>>,
    said: String,
}

impl Run {
    /// Why it stopped.
    fn stop(self) -> Stop {
        self.result.unwrap().unwrap_err()
    }

    fn connected(self) -> Connected {
        self.result.unwrap().unwrap()
    }
}

impl Stage {
    async fn set() -> Self {
        let secrets = FixedSecrets::default();
        let github = FakeGitHub::start(secrets.clone()).await;
        let wish = Wish {
            organization: Some("acme".to_owned()),
            github_url: Url::parse("https://github.example").unwrap(),
            webhook_url: Some(Url::parse(&github.webhook_url()).unwrap()),
            name: None,
            app_id: None,
            repository: None,
            port: 0,
            patience: LONG,
            pace: Duration::from_millis(1),
        };
        Self {
            github,
            secrets,
            wish,
            person: Person::default(),
            answers: RefCell::default(),
            asks: false,
            keys: LocalKeys::default(),
            guesses: Cell::new(0),
        }
    }

    /// Runs the command until it ends, or GitHub is gone.
    async fn run(&self) -> Run {
        self.run_with(self.secrets.clone(), std::future::pending().boxed_local())
            .await
    }

    async fn run_with<S: SecretStore>(&self, store: S, signal: LocalBoxFuture<'_, Signal>) -> Run {
        let (output, out, err) = recorded(false);
        self.person.close_pages();
        let ask: Ask<'_> = Box::new(|| {
            let answer = self.answers.borrow_mut().pop().map(str::to_owned);
            std::future::ready(answer).boxed_local()
        });
        let walk = Walk {
            wish: self.wish.clone(),
            kept: Kept {
                store,
                app: "sluice/github-app".to_owned(),
                webhook: "sluice/webhook".to_owned(),
            },
            github: GitHub::at(Url::parse(&self.github.url()).unwrap(), || Timestamp::UNIX_EPOCH).unwrap(),
            surroundings: Surroundings {
                signal: Mutex::new(signal),
                browse: Box::new(|url| self.person.opened(url)),
                ask: self.asks.then_some(ask),
                unguessable: Box::new(|| {
                    self.guesses.set(self.guesses.get() + 1);
                    format!("{:064}", self.guesses.get())
                }),
                signatures: Some(Arc::new(self.keys.clone())),
            },
            output: &output,
        };
        let ended = async {
            tokio::select! {
                biased;
                () = self.github.gone.notified() => None,
                result = walk.go() => Some(result),
                () = self.github.serve() => None,
                () = self.person.act(&self.github) => None,
            }
        };
        let result = tokio::time::timeout(LONG * 2, ended)
            .await
            .expect("a run ends within 40 s");
        Run {
            result,
            said: out.text() + &err.text(),
        }
    }
}
