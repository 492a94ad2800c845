//! The use cases, and the ports they need.
//!
//! A delivery travels through [`intake`] (webhook), [`plan`] (planner), [`work`] (worker) and [`tell`] (reporter);
//! people act through [`act`] and [`show`] (approvals); [`sweep`] (sweeper) picks up whatever was lost. Decisions are
//! pure functions beside the use case that needs them; the world is behind [`ports`].

pub mod act;
pub mod apply;
pub mod audit;
mod comparison;
mod dependencies;
pub mod gates;
pub mod intake;
pub mod pace;
pub mod plan;
pub mod ports;
pub mod show;
pub mod stored_secret;
mod surroundings;
pub mod sweep;
pub mod tell;
pub mod work;
mod write_back;

use futures::future::try_join;
use model::{Fault, Refusal};
use ports::ledger::SettingsLedger;
use settings::Settings;

/// The settings in force, with their version and with the freezes that people put on them; none before the first.
///
/// Stored settings were valid when they were applied; ones that no longer are, are an operator's matter.
pub async fn settings_in_force(ledger: &impl SettingsLedger) -> Result<Option<(u64, Settings)>, Fault> {
    let (stored, freezes) = try_join(ledger.settings(), ledger.freezes()).await?;
    let Some(stored) = stored else {
        return Ok(None);
    };
    match Settings::read(&stored.text) {
        Ok(mut settings) => {
            settings.freezes = freezes;
            Ok(Some((stored.version, settings)))
        }
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Err(Fault::operator(
                format!("reading settings version {}", stored.version),
                "apply settings that this version of Sluice accepts (`sluice settings apply`)",
                problems.join("; "),
            ))
        }
    }
}

/// The refusal of whatever needs settings, before the first.
pub fn no_settings() -> Refusal {
    Refusal::new(
        "no-settings",
        "there are no settings yet; apply some with `sluice settings apply`",
    )
}
