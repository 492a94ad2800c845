//! Freezes: showing, making and lifting them.

use crate::answer;
use crate::handler::{Answered, App, bad_reason, body};
use jiff::Timestamp;
use lambda_http::Request;
use model::{EnvironmentId, Freeze, Principal, Refusal};
use serde::Deserialize;
use serde_json::json;
use settings::Settings;
use workflow::act::{self, FreezeWish, UnfreezeWish};
use workflow::ports::clock::Clock;
use workflow::ports::ledger::SettingsLedger;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FreezeBody {
    until: Timestamp,
    because: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnfreezeBody {
    because: String,
}

/// What is frozen now.
pub(crate) fn list<L, Q, C: Clock>(app: &App<L, Q, C>, settings: &Settings) -> Answered {
    frozen(Ok(act::show_freezes(settings, app.clock.now())))
}

/// Freezes an environment.
pub(crate) async fn freeze<L, Q, C>(
    app: &App<L, Q, C>,
    settings: &Settings,
    by: &Principal,
    environment: EnvironmentId,
    request: &Request,
) -> Answered
where
    L: SettingsLedger,
    C: Clock,
{
    let FreezeBody { until, because } = match body(request) {
        Ok(body) => body,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(refusal) = bad_reason(&because) {
        return Ok(Err(refusal));
    }
    let wish = FreezeWish {
        environment,
        until,
        because,
        by: by.clone(),
    };
    frozen(act::freeze(&app.ledger, &app.clock, settings, &wish).await?)
}

/// Lifts a freeze before its time.
pub(crate) async fn unfreeze<L, Q, C>(
    app: &App<L, Q, C>,
    settings: &Settings,
    by: &Principal,
    environment: EnvironmentId,
    request: &Request,
) -> Answered
where
    L: SettingsLedger,
    C: Clock,
{
    let UnfreezeBody { because } = match body(request) {
        Ok(body) => body,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(refusal) = bad_reason(&because) {
        return Ok(Err(refusal));
    }
    let wish = UnfreezeWish {
        environment,
        because,
        by: by.clone(),
    };
    frozen(act::unfreeze(&app.ledger, &app.clock, settings, &wish).await?)
}

/// What is frozen, or why nothing was changed.
fn frozen(held: Result<Vec<Freeze>, Refusal>) -> Answered {
    match held {
        Ok(freezes) => answer::ok(&json!({ "freezes": freezes })).map(Ok),
        Err(refusal) => Ok(Err(refusal)),
    }
}
