//! `sluice explain`.

use crate::args::explain::ExplainArguments;
use crate::exit::Stop;
use crate::output::Output;
use crate::render::{count, explain};
use ::settings::path::ChangePath;
use ::settings::{LATEST_SCHEMA, PathReading, Project, Settings};
use model::ProjectId;
use report::{ignored_in_words, refused_in_words};
use serde::Serialize;

/// How a path is read.
#[derive(Debug, Serialize)]
pub(crate) struct Explained {
    pub(crate) path: String,
    /// Whose reading it is; none where the path is outside of all.
    pub(crate) project: Option<String>,
    #[serde(flatten)]
    pub(crate) reading: Reading,
}

/// What comes of it.
#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum Reading {
    /// A change.
    Taken {
        version: String,
        #[serde(rename = "type")]
        change_type: String,
        description: String,
        targets: Vec<Goal>,
    },
    /// Meant as a change, but wrong.
    Refused { code: String, reason: String },
    /// No change, on purpose.
    Ignored { reason: String },
    /// Not looked at.
    Outside { reason: String },
}

/// Where a change goes.
#[derive(Debug, Serialize)]
pub(crate) struct Goal {
    pub(crate) environment: String,
    pub(crate) database: String,
    pub(crate) target: String,
}

/// Says how each path is read.
pub(super) fn run(arguments: &ExplainArguments, settings: &Settings, output: &Output) -> Result<(), Stop> {
    let projects = chosen(settings, arguments.project.as_deref())?;
    let odd: Vec<String> = arguments
        .paths
        .iter()
        .filter_map(|path| as_git_has_it(path).map(|git| format!("  `{path}` is `{git}` there")))
        .collect();
    if !odd.is_empty() {
        return Err(Stop::Usage(format!(
            "Paths are written as Git has them, from the repository's root and with `/`:\n{}",
            odd.join("\n")
        )));
    }
    let explained: Vec<Explained> = arguments
        .paths
        .iter()
        .flat_map(|path| explain_path(settings, &projects, path))
        .collect();
    output.answer(&explained, |style| Ok(explain::pages(&explained, style)))?;
    let refused = explained
        .iter()
        .filter(|explained| matches!(explained.reading, Reading::Refused { .. }))
        .count();
    if refused == 0 {
        return Ok(());
    }
    Err(Stop::refused(
        "file-refused",
        format!("{} would be refused.", count(refused, "path")),
    ))
}

/// The projects that are asked for.
fn chosen<'s>(settings: &'s Settings, name: Option<&str>) -> Result<Vec<&'s Project>, Stop> {
    let Some(name) = name else {
        return Ok(settings.projects.iter().collect());
    };
    let project = settings.project(&ProjectId::new(name));
    project.map(|project| vec![project]).ok_or_else(|| {
        let names: Vec<String> = settings
            .projects
            .iter()
            .map(|project| format!("`{}`", project.name))
            .collect();
        Stop::Usage(format!(
            "There is no project `{name}`; settings know {}.",
            names.join(", ")
        ))
    })
}

/// How Git spells a path that is written as a shell or Windows does; none where it is so already.
fn as_git_has_it(path: &str) -> Option<String> {
    let slashes = path.replace('\\', "/");
    let rest = slashes.trim_start_matches("./").trim_start_matches('/');
    (rest != path && !rest.is_empty()).then(|| rest.to_owned())
}

/// As every project reads it under whose base directory it is; or once, as outside of all.
fn explain_path(settings: &Settings, projects: &[&Project], path: &str) -> Vec<Explained> {
    let found: Vec<Explained> = projects
        .iter()
        .filter_map(|project| {
            let reading = of_reading(settings.read_path(project, path))?;
            Some(Explained {
                path: path.to_owned(),
                project: Some(project.name.to_string()),
                reading,
            })
        })
        .collect();
    if !found.is_empty() {
        return found;
    }
    let bases: Vec<String> = projects
        .iter()
        .map(|project| {
            format!(
                "`{}/` of {}",
                project.base_directory.trim_matches('/'),
                project.name
            )
        })
        .collect();
    vec![Explained {
        path: path.to_owned(),
        project: None,
        reading: Reading::Outside {
            reason: format!(
                "nobody reads it: projects read what is below {}",
                bases.join(", ")
            ),
        },
    }]
}

/// What a commit says of it; none where it says nothing.
fn of_reading(reading: PathReading) -> Option<Reading> {
    Some(match reading {
        PathReading::Outside => return None,
        PathReading::Schema => Reading::Ignored {
            reason: ignored_in_words(LATEST_SCHEMA),
        },
        PathReading::Ignored(reason) => Reading::Ignored {
            reason: ignored_in_words(&reason),
        },
        PathReading::Refused(refusal) => Reading::Refused {
            reason: refused_in_words(&refusal.code, &refusal.message),
            code: refusal.code,
        },
        PathReading::Change(change) => taken(change),
    })
}

fn taken(change: ChangePath) -> Reading {
    let goals = change.placements.into_iter().map(|placement| Goal {
        environment: placement.environment.to_string(),
        database: placement.database.to_string(),
        target: placement.target.to_string(),
    });
    Reading::Taken {
        version: change.version.as_str().to_owned(),
        change_type: change.change_type.to_string(),
        targets: goals.collect(),
        description: change.description,
    }
}

#[cfg(test)]
mod tests {
    use super::as_git_has_it;

    #[test]
    fn paths_of_shells_and_of_windows_are_told_how_git_has_them() {
        for (path, expected) in [
            ("bytebase/a.sql", None),
            ("./bytebase/a.sql", Some("bytebase/a.sql")),
            ("bytebase\\test\\a.sql", Some("bytebase/test/a.sql")),
            (".\\bytebase\\a.sql", Some("bytebase/a.sql")),
            ("/bytebase/a.sql", Some("bytebase/a.sql")),
            ("../a.sql", None),
            ("", None),
        ] {
            assert_eq!(as_git_has_it(path).as_deref(), expected, "{path}");
        }
    }
}
