//! Freezing an environment, and lifting that before its time.

use crate::audit;
use crate::ports::clock::Clock;
use crate::ports::ledger::{Committed, SettingsLedger};
use jiff::Timestamp;
use model::{EnvironmentId, Fault, Freeze, Freezes, Principal, Refusal};
use settings::Settings;

/// A person's wish that nothing begins in an environment for a while.
#[derive(Debug, Clone)]
pub struct FreezeWish {
    /// The environment.
    pub environment: EnvironmentId,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub because: String,
    /// Who.
    pub by: Principal,
}

/// A person's wish to lift a freeze before its time.
#[derive(Debug, Clone)]
pub struct UnfreezeWish {
    /// The environment.
    pub environment: EnvironmentId,
    /// Why.
    pub because: String,
    /// Who.
    pub by: Principal,
}

/// The freezes that hold now.
pub fn show_freezes(settings: &Settings, now: Timestamp) -> Vec<Freeze> {
    let freezes = settings.freezes.freezes.iter();
    freezes.filter(|freeze| freeze.holds(now)).cloned().collect()
}

/// Freezes an environment. Any member may: holding back is safe. The same wish again changes nothing; one that ends
/// earlier than another person's lifts it, and needs who may do that.
pub async fn freeze(
    ledger: &impl SettingsLedger,
    clock: &impl Clock,
    settings: &Settings,
    wish: &FreezeWish,
) -> Result<Result<Vec<Freeze>, Refusal>, Fault> {
    let now = clock.now();
    if let Some(refusal) = not_allowed(settings, &wish.environment, &wish.by) {
        return Ok(Err(refusal));
    }
    if wish.until <= now {
        let message = format!("{} is over already; name a time that comes", wish.until);
        return Ok(Err(Refusal::new("freeze-over", message)));
    }
    let next = Freeze {
        environment: wish.environment.clone(),
        until: wish.until,
        because: wish.because.clone(),
        by: wish.by.arn.clone(),
        at: now,
    };
    if let Some(held) = settings.freezes.of(&wish.environment, now) {
        if (held.until, &held.because, &held.by) == (next.until, &next.because, &next.by) {
            return Ok(Ok(show_freezes(settings, now)));
        }
        if next.until < held.until
            && let Some(refusal) = not_theirs(settings, held, &wish.by)
        {
            return Ok(Err(refusal));
        }
    }
    let entry = audit::of_freeze(settings.freezes.of(&wish.environment, now), &next, &wish.by);
    let freezes = settings.freezes.with(next, now);
    put(ledger, settings, freezes, entry, now).await
}

/// Lifts a freeze before its time. Who froze may, and administrators.
pub async fn unfreeze(
    ledger: &impl SettingsLedger,
    clock: &impl Clock,
    settings: &Settings,
    wish: &UnfreezeWish,
) -> Result<Result<Vec<Freeze>, Refusal>, Fault> {
    let now = clock.now();
    if let Some(refusal) = not_allowed(settings, &wish.environment, &wish.by) {
        return Ok(Err(refusal));
    }
    let Some(held) = settings.freezes.of(&wish.environment, now) else {
        let message = format!(
            "`{}` is not frozen; `sluice freezes` shows what is",
            wish.environment
        );
        return Ok(Err(Refusal::new("not-frozen", message)));
    };
    if let Some(refusal) = not_theirs(settings, held, &wish.by) {
        return Ok(Err(refusal));
    }
    let entry = audit::of_unfreeze(held, &wish.because, &wish.by, now);
    let freezes = settings.freezes.without(&wish.environment, now);
    put(ledger, settings, freezes, entry, now).await
}

async fn put(
    ledger: &impl SettingsLedger,
    settings: &Settings,
    freezes: Freezes,
    entry: model::AuditEntry,
    now: Timestamp,
) -> Result<Result<Vec<Freeze>, Refusal>, Fault> {
    Ok(match ledger.put_freezes(&freezes, entry).await? {
        Committed::Yes => {
            let settings = Settings {
                freezes,
                ..settings.clone()
            };
            Ok(show_freezes(&settings, now))
        }
        Committed::Conflict => Err(Refusal::new(
            "freezes-changed",
            "somebody else froze or unfroze at the same time; look at what is frozen (`sluice freezes`) and try again",
        )),
    })
}

fn not_allowed(settings: &Settings, environment: &EnvironmentId, by: &Principal) -> Option<Refusal> {
    let known = settings.environment(environment).is_some();
    super::no_member(settings, by).or_else(|| (!known).then(|| unknown(settings, environment)))
}

fn unknown(settings: &Settings, environment: &EnvironmentId) -> Refusal {
    let names: Vec<&str> = settings
        .environments
        .iter()
        .map(|known| known.name.as_str())
        .collect();
    Refusal::new(
        "environment-unknown",
        format!(
            "there is no environment `{environment}`; settings have {}",
            names.join(", ")
        ),
    )
}

fn not_theirs(settings: &Settings, held: &Freeze, by: &Principal) -> Option<Refusal> {
    let member = settings.member_by_principal(by);
    let administrator = member.is_some_and(|member| member.has_role("admin"));
    (!administrator && held.by != by.arn).then(|| {
        Refusal::new(
            "freeze-of-others",
            format!(
                "{} froze `{}` until {}: {}; only they and administrators may end it earlier",
                held.by, held.environment, held.until, held.because
            ),
        )
    })
}
