//! What a review has to know of the targets of a change.

use model::{EnvironmentId, Target};
use review::{Home, Surroundings};
use settings::path::ChangePath;
use settings::{ReviewLevel, Settings};
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

/// The first of a change's environments that takes no change with warnings; none where all do.
pub(crate) fn refusing_warnings<'s>(
    settings: &'s Settings,
    change: &ChangePath,
) -> Option<&'s EnvironmentId> {
    let environments = change
        .placements
        .iter()
        .filter_map(|placement| settings.environment(&placement.environment));
    let mut strict = environments.filter(|environment| match environment.review {
        ReviewLevel::Error => false,
        ReviewLevel::Warning => true,
    });
    strict.next().map(|environment| &environment.name)
}
