//! What the stand-in remembers, and whom it knows.

use crate::buttons::Buttons;
use crate::calls::Calls;
use crate::config::Config;
use crate::deliveries::Deliveries;
use crate::faults::Faults;
use crate::pulls::Heads;
use crate::rules::Rules;
use crate::{Trouble, message::Asked};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Everything of one stand-in.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) config: Config,
    pub(crate) client: reqwest::Client,
    calls: Mutex<Calls>,
    deliveries: Mutex<Deliveries>,
    faults: Mutex<Faults>,
    rules: Mutex<Rules>,
    heads: Mutex<Heads>,
    buttons: Mutex<Buttons>,
    turn: AtomicUsize,
}

impl Desk {
    pub(crate) fn new(config: Config) -> Result<Self, Trouble> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_mins(5))
            // The emulator closes what is idle for five seconds, without a word.
            .pool_idle_timeout(Duration::from_secs(1))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Trouble(format!("no HTTP client: {error}")))?;
        Ok(Self {
            config,
            client,
            calls: Mutex::default(),
            deliveries: Mutex::default(),
            faults: Mutex::default(),
            rules: Mutex::default(),
            heads: Mutex::default(),
            buttons: Mutex::default(),
            turn: AtomicUsize::new(0),
        })
    }

    pub(crate) fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn deliveries(&self) -> MutexGuard<'_, Deliveries> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn heads(&self) -> MutexGuard<'_, Heads> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn buttons(&self) -> MutexGuard<'_, Buttons> {
        self.buttons.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request is the App's: it is nobody's whom we know.
    pub(crate) fn is_app(&self, asked: &Asked) -> bool {
        let token = asked.token();
        !token.is_empty() && self.config.people.iter().all(|person| person.token != token)
    }

    /// The token to show to the emulator for one that was shown to us: a person's go round.
    pub(crate) fn token_for<'a>(&'a self, token: &'a str) -> &'a str {
        let Some(person) = self.config.people.iter().find(|person| person.token == token) else {
            return token;
        };
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % (person.spares.len() + 1);
        turn.checked_sub(1)
            .and_then(|spare| person.spares.get(spare))
            .map_or(person.token.as_str(), String::as_str)
    }
}
