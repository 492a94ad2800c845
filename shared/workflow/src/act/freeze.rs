//! Freezing an environment, and lifting that before its time.

use crate::audit;
use crate::ports::clock::Clock;
use crate::ports::ledger::{Committed, SettingsLedger};
use jiff::Timestamp;
use model::{EnvironmentId, Fault, Freeze, Freezes, Principal, Refusal};
use settings::{Member, Settings};

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

/// Freezes an environment. Any member may: holding back is safe. Each member has one freeze of an environment, and what
/// others froze holds beside it. The same wish again changes nothing.
pub async fn freeze(
    ledger: &impl SettingsLedger,
    clock: &impl Clock,
    settings: &Settings,
    wish: &FreezeWish,
) -> Result<Result<Vec<Freeze>, Refusal>, Fault> {
    let now = clock.now();
    let member = match allowed(settings, &wish.environment, &wish.by) {
        Ok(member) => member,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if wish.until <= now {
        let message = format!("{} is over already; name a time that comes", wish.until);
        return Ok(Err(Refusal::new("freeze-over", message)));
    }
    let own = settings.freezes.own(&wish.environment, &member.name, now);
    if own.is_some_and(|own| (own.until, &own.because) == (wish.until, &wish.because)) {
        return Ok(Ok(show_freezes(settings, now)));
    }
    let next = Freeze {
        environment: wish.environment.clone(),
        until: wish.until,
        because: wish.because.clone(),
        member: member.name.clone(),
        by: wish.by.arn.clone(),
        at: now,
    };
    let entry = audit::of_freeze(own, &next, &wish.by);
    let freezes = settings.freezes.with(next, now);
    put(ledger, settings, freezes, entry, now).await
}

/// Lifts a freeze before its time: who froze their own, and administrators whatever holds the environment.
pub async fn unfreeze(
    ledger: &impl SettingsLedger,
    clock: &impl Clock,
    settings: &Settings,
    wish: &UnfreezeWish,
) -> Result<Result<Vec<Freeze>, Refusal>, Fault> {
    let now = clock.now();
    let member = match allowed(settings, &wish.environment, &wish.by) {
        Ok(member) => member,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(held) = settings.freezes.of(&wish.environment, now) else {
        let message = format!(
            "`{}` is not frozen; `sluice freezes` shows what is",
            wish.environment
        );
        return Ok(Err(Refusal::new("not-frozen", message)));
    };
    let own = settings.freezes.own(&wish.environment, &member.name, now);
    let (lifted, whose) = match own {
        _ if member.has_role("admin") => (held, None),
        Some(own) => (own, Some(member.name.as_str())),
        None => return Ok(Err(of_others(held))),
    };
    let entry = audit::of_unfreeze(lifted, &wish.because, &wish.by, now);
    let freezes = settings.freezes.without(&wish.environment, whose, now);
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

/// The member who may freeze an environment that there is.
fn allowed<'s>(
    settings: &'s Settings,
    environment: &EnvironmentId,
    by: &Principal,
) -> Result<&'s Member, Refusal> {
    if settings.environment(environment).is_none() {
        return Err(unknown(settings, environment));
    }
    match (super::no_member(settings, by), settings.member_by_principal(by)) {
        (None, Some(member)) => Ok(member),
        (Some(refusal), _) => Err(refusal),
        (None, None) => Err(unknown(settings, environment)),
    }
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

fn of_others(held: &Freeze) -> Refusal {
    Refusal::new(
        "freeze-of-others",
        format!(
            "{} froze `{}` until {}: {}; only they and administrators may end it earlier",
            held.member, held.environment, held.until, held.because
        ),
    )
}
