//! What a review has to know of the targets of a change.

use model::Target;
use review::{Home, Surroundings};
use settings::path::ChangePath;
use settings::{Environment, ReviewLevel, Settings};
use sql::SqlMode;

/// The surroundings of a change that is applied to these targets.
pub(crate) fn of_targets<'a>(
    settings: &Settings,
    targets: impl IntoIterator<Item = &'a Target>,
) -> Surroundings {
    let home = |target: &Target| Home {
        schema: target.database.as_str().to_owned(),
        allowed: settings
            .database(target)
            .into_iter()
            .flat_map(|database| &database.allowed_schemas)
            .map(|schema| schema.as_str().to_owned())
            .collect(),
    };
    Surroundings {
        mode: SqlMode::default(),
        homes: targets.into_iter().map(home).collect(),
    }
}

/// From which weight on a finding refuses a change: as the strictest of its environments says.
pub(crate) fn review_level(settings: &Settings, change: &ChangePath) -> ReviewLevel {
    let environments = change
        .placements
        .iter()
        .filter_map(|placement| settings.environment(&placement.environment));
    let level = |environment: &Environment| environment.review;
    environments.map(level).max().unwrap_or_default()
}
