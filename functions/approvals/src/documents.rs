//! The settings document: showing it, its versions, and putting another one in force.

use crate::answer;
use crate::handler::{Answered, App, limit, query, text};
use lambda_http::Request;
use model::{Principal, Refusal};
use serde_json::json;
use workflow::act::{self, Applied};
use workflow::ports::clock::Clock;
use workflow::ports::ledger::SettingsLedger;

pub(crate) async fn show_settings<L: SettingsLedger, Q, C>(app: &App<L, Q, C>) -> Answered {
    match app.ledger.settings().await? {
        Some(stored) => answer::ok(&stored).map(Ok),
        None => Ok(Err(workflow::no_settings())),
    }
}

/// Who applied which version, newest first. They count without gaps, so that their numbers are known without looking.
pub(crate) async fn list_settings<L: SettingsLedger, Q, C>(
    app: &App<L, Q, C>,
    request: &Request,
) -> Answered {
    let Some(in_force) = app.ledger.settings().await? else {
        return Ok(Err(workflow::no_settings()));
    };
    let end = query(request, "before")
        .and_then(|text| text.parse().ok())
        .unwrap_or(u64::MAX)
        .min(in_force.version.saturating_add(1));
    let limit = u64::from(limit(request));
    let versions: Vec<u64> = (end.saturating_sub(limit).max(1)..end).rev().collect();
    let next = versions.last().copied().filter(|last| *last > 1);
    let stored = app.ledger.settings_versions(&versions).await?;
    let versions: Vec<_> = stored
        .iter()
        .map(|stored| json!({ "version": stored.version, "by": stored.by, "at": stored.at }))
        .collect();
    answer::ok(&json!({ "versions": versions, "next": next })).map(Ok)
}

pub(crate) async fn show_version_of_settings<L: SettingsLedger, Q, C>(
    app: &App<L, Q, C>,
    version: u64,
) -> Answered {
    match app.ledger.settings_versions(&[version]).await?.pop() {
        Some(stored) => answer::ok(&stored).map(Ok),
        None => Ok(Err(Refusal::new(
            "version-unknown",
            format!("there is no version {version} of the settings; `sluice settings history` lists them"),
        ))),
    }
}

pub(crate) async fn put_settings<L, Q, C>(app: &App<L, Q, C>, by: &Principal, request: &Request) -> Answered
where
    L: SettingsLedger,
    C: Clock,
{
    let expected = match request
        .headers()
        .get("if-match")
        .map(|value| value.to_str().unwrap_or_default())
    {
        None => None,
        Some(text) => {
            let Ok(version) = text.trim_matches('"').parse() else {
                let message = format!("If-Match must be a settings version, not `{text}`");
                return Ok(Err(Refusal::new("body-invalid", message)));
            };
            Some(version)
        }
    };
    let text = match text(request) {
        Ok(text) => text,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match act::apply_settings(&app.ledger, &app.clock, text, expected, by).await? {
        Ok(Applied::Version(version)) => answer::ok(&json!({ "version": version, "changed": true })).map(Ok),
        Ok(Applied::Unchanged(version)) => {
            answer::ok(&json!({ "version": version, "changed": false })).map(Ok)
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}
