//! Applying settings.

use crate::audit;
use crate::ports::clock::Clock;
use crate::ports::ledger::{Committed, SettingsLedger, StoredSettings};
use crate::settings_in_force;
use model::{Fault, Principal, Refusal};
use settings::Settings;

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is in force, with this version.
    Version(u64),
    /// It was in force already, with this version.
    Unchanged(u64),
}

/// Puts a document in force. Only administrators may: of the settings in force, or, where there are none yet, of the
/// document itself.
pub async fn apply_settings(
    ledger: &impl SettingsLedger,
    clock: &impl Clock,
    text: &str,
    expected: Option<u64>,
    by: &Principal,
) -> Result<Result<Applied, Refusal>, Fault> {
    let settings = match Settings::read(text) {
        Ok(settings) => settings,
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            return Ok(Err(Refusal::new("settings-invalid", problems.join("\n"))));
        }
    };
    let before = settings_in_force(ledger).await?;
    let judge = before.as_ref().map_or(&settings, |(_, settings)| settings);
    if !judge
        .member_by_principal(by)
        .is_some_and(|member| member.has_role("admin"))
    {
        return Ok(Err(Refusal::new(
            "not-an-administrator",
            format!(
                "{} is no member with the role `admin`; an administrator has to apply this",
                by.policy_arn()
            ),
        )));
    }
    let version = before.as_ref().map_or(0, |(version, _)| *version);
    if let Some(expected) = expected
        && expected != version
    {
        return Ok(Err(Refusal::new(
            "settings-changed",
            format!(
                "version {version} is in force, not {expected}; look at it (`sluice settings show`) and apply again"
            ),
        )));
    }
    let replaced = ledger.settings().await?;
    if let Some(stored) = &replaced
        && stored.text == text
    {
        return Ok(Ok(Applied::Unchanged(stored.version)));
    }
    let stored = StoredSettings {
        version: version + 1,
        text: text.to_owned(),
        by: by.arn.clone(),
        at: clock.now(),
    };
    let entry = audit::of_settings(&stored, replaced.as_ref(), by);
    Ok(match ledger.put_settings(&stored, entry).await? {
        Committed::Yes => Ok(Applied::Version(stored.version)),
        Committed::Conflict => Err(Refusal::new(
            "settings-changed",
            "somebody else applied settings at the same time; look at them (`sluice settings show`) and apply again",
        )),
    })
}
