//! Clicks on the buttons of check runs, as people with an account of GitHub make them.

use crate::{CheckRun, Driver, Patience, Trouble};
use serde::Deserialize;
use serde_json::json;

/// Somebody on GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account<'a> {
    /// The numeric id.
    pub id: u64,
    /// The login.
    pub login: &'a str,
}

/// A button on a check run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What it does.
    pub description: String,
    /// What the App is told of it.
    pub identifier: String,
}

impl Driver {
    /// The buttons that a check run has now.
    pub fn buttons(&self, check_run: &CheckRun) -> Result<Vec<Button>, Trouble> {
        self.seen(&format!("buttons/{}", check_run.id))
    }

    /// The button with this label, once the commit's check run has one that is none of `others`.
    pub fn button_once(
        &self,
        commit: &str,
        label: &str,
        others: &[&Button],
        patience: Patience,
    ) -> Result<(CheckRun, Button), Trouble> {
        patience.until(
            &format!("the check run of {commit} has a button `{label}`"),
            || {
                let runs = self.check_runs(commit)?;
                let [run] = runs.as_slice() else {
                    return Ok(Err(format!("{} check runs", runs.len())));
                };
                let buttons = self.buttons(run)?;
                let found = buttons
                    .iter()
                    .find(|it| it.label == label && !others.contains(it));
                Ok(found
                    .map(|button| (run.clone(), button.clone()))
                    .ok_or_else(|| format!("{buttons:?}")))
            },
        )
    }

    /// Somebody clicks on a button that the check run has, or had.
    pub fn click(&self, who: Account<'_>, check_run: &CheckRun, button: &Button) -> Result<(), Trouble> {
        let click = json!({
            "repository": self.stack.repository,
            "check_run": check_run.id,
            "identifier": button.identifier,
            "sender": { "id": who.id, "login": who.login, "type": "User" },
        });
        self.order("POST", "clicks", &click)
    }

    /// Sends a delivery again, as its page at GitHub does.
    pub fn redeliver(&self, delivery: u64) -> Result<(), Trouble> {
        self.order("POST", &format!("deliveries/{delivery}/attempts"), &json!(null))
    }
}
