//! How a path is read: which database a file belongs to, or why it is refused or ignored.

use crate::schema::{Database, Project, Settings};
use crate::suggest::near_miss;
use crate::template::{PathTemplate, Token};
use model::{ChangeType, EnvironmentId, Refusal, Target, Version};

/// What a path under the base directory means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathReading {
    /// Not under the base directory: not ours to answer.
    Outside,
    /// The latest schema, which Sluice writes itself.
    Schema,
    /// A change.
    Change(ChangePath),
    /// Meant as a change, but wrong.
    Refused(Refusal),
    /// No change.
    Ignored(String),
}

/// A path that names a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePath {
    /// The version.
    pub version: Version,
    /// The type.
    pub change_type: ChangeType,
    /// The description, `_` shown as space.
    pub description: String,
    /// Where it goes: one place, or one for each environment, in rollout order.
    pub placements: Vec<Placement>,
}

/// One place where a change goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The environment.
    pub environment: EnvironmentId,
    /// The database's name, as in the path.
    pub database: model::DatabaseName,
    /// The schema.
    pub target: Target,
}

impl Settings {
    /// Reads a path of a project's repository.
    pub fn read_path(&self, project: &Project, path: &str) -> PathReading {
        let Some(relative) = below(&project.base_directory, path) else {
            return PathReading::Outside;
        };
        if is_schema_path(project, relative) {
            return PathReading::Schema;
        }
        let template = PathTemplate::parse(&project.file_path_template, &[]).ok();
        let Some(captures) = template.as_ref().and_then(|template| template.captures(relative)) else {
            return PathReading::Ignored(format!(
                "the path does not match `{}`",
                project.file_path_template
            ));
        };
        let text = |token| captures.get(token).unwrap_or_default();
        let placements =
            match self.placements(project, captures.get(Token::Environment), text(Token::Database)) {
                Ok(placements) => placements,
                Err(refusal) => return PathReading::Refused(refusal),
            };
        let version = match Version::parse(text(Token::Version)) {
            Ok(version) => version,
            Err(error) => return PathReading::Refused(Refusal::new("version-invalid", error.to_string())),
        };
        let Some(change_type) = ChangeType::parse(text(Token::Type)) else {
            return PathReading::Refused(unknown_type(text(Token::Type)));
        };
        PathReading::Change(ChangePath {
            version,
            change_type,
            description: text(Token::Description).replace('_', " "),
            placements,
        })
    }

    /// Where the latest schema of a database is written; none where write-back is off.
    pub fn schema_path(
        &self,
        project: &Project,
        environment: &EnvironmentId,
        database: &str,
    ) -> Option<String> {
        if project.schema_path_template.is_empty() {
            return None;
        }
        let template = PathTemplate::parse(&project.schema_path_template, &[]).ok()?;
        let relative = template.render(|token| match token {
            Token::Environment => Some(environment.as_str().to_owned()),
            Token::Database => Some(database.to_owned()),
            Token::Version | Token::Type | Token::Description => None,
        })?;
        let base = project.base_directory.trim_matches('/');
        Some(if base.is_empty() {
            relative
        } else {
            format!("{base}/{relative}")
        })
    }

    fn placements(
        &self,
        project: &Project,
        environment: Option<&str>,
        database: &str,
    ) -> Result<Vec<Placement>, Refusal> {
        if let Some(environment) = environment
            && !self
                .environments
                .iter()
                .any(|known| known.name.as_str() == environment)
        {
            let names = self.environments.iter().map(|known| known.name.as_str());
            return Err(unknown("environment", environment, names));
        }
        let rank = |placed: &Database| {
            self.environments
                .iter()
                .position(|known| known.name == placed.environment)
        };
        let mut places: Vec<&Database> = project
            .databases
            .iter()
            .filter(|known| known.name.as_str() == database)
            .filter(|known| environment.is_none_or(|name| known.environment.as_str() == name))
            .collect();
        places.sort_by_key(|placed| rank(placed));
        if places.is_empty() {
            let names = project
                .databases
                .iter()
                .filter(|known| environment.is_none_or(|name| known.environment.as_str() == name))
                .map(|known| known.name.as_str());
            return Err(unknown("database", database, names));
        }
        Ok(places
            .into_iter()
            .map(|placed| Placement {
                environment: placed.environment.clone(),
                database: placed.name.clone(),
                target: placed.target(),
            })
            .collect())
    }
}

/// The part of a path below a directory, compared segment by segment.
fn below<'p>(directory: &str, path: &'p str) -> Option<&'p str> {
    let directory = directory.trim_matches('/');
    if directory.is_empty() {
        return Some(path);
    }
    path.strip_prefix(directory)?.strip_prefix('/')
}

fn is_schema_path(project: &Project, relative: &str) -> bool {
    !project.schema_path_template.is_empty()
        && PathTemplate::parse(&project.schema_path_template, &[])
            .is_ok_and(|template| template.captures(relative).is_some())
}

fn unknown<'a>(what: &str, text: &str, names: impl Iterator<Item = &'a str> + Clone) -> Refusal {
    let hint = if let Some(name) = near_miss(text, names.clone()) {
        format!("did you mean `{name}`?")
    } else {
        let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        names.dedup();
        format!(
            "settings know {}",
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        )
    };
    Refusal::new(
        &format!("{what}-unknown"),
        format!("there is no {what} `{text}`; {hint}"),
    )
}

fn unknown_type(text: &str) -> Refusal {
    let hint = near_miss(text, ["ddl", "migrate", "dml", "data"]).map_or_else(
        || "use `ddl` or `dml`".to_owned(),
        |word| format!("did you mean `{word}`?"),
    );
    Refusal::new("type-unknown", format!("`{text}` is no type; {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &str = include_str!("../fixtures/two-environments.toml");

    fn reading(path: &str) -> PathReading {
        let settings = Settings::read(SETTINGS).unwrap();
        settings.read_path(&settings.projects[0], path)
    }

    fn refused(path: &str) -> String {
        let reading = reading(path);
        let PathReading::Refused(refusal) = reading else {
            panic!("{path}: {reading:?}")
        };
        refusal.message
    }

    #[test]
    fn a_change_is_placed_in_its_environment() {
        let PathReading::Change(change) = reading("bytebase/prod/db_demo##202303100000##DDL##create_t2.sql")
        else {
            panic!("no change")
        };
        assert_eq!(change.version.as_str(), "202303100000");
        assert_eq!(change.change_type, ChangeType::Ddl);
        assert_eq!(change.description, "create t2");
        let targets: Vec<String> = change.placements.iter().map(|p| p.target.to_string()).collect();
        assert_eq!(targets, ["main/db_demo_prod"]);
    }

    #[test]
    fn directories_are_compared_by_segment() {
        assert_eq!(
            reading("bytebase2/test/db_demo##1##ddl##a.sql"),
            PathReading::Outside
        );
        assert_eq!(reading("bytebase"), PathReading::Outside);
    }

    #[test]
    fn the_latest_schema_is_ours() {
        assert_eq!(reading("bytebase/test/.db_demo##LATEST.sql"), PathReading::Schema);
        let settings = Settings::read(SETTINGS).unwrap();
        let path = settings.schema_path(&settings.projects[0], &EnvironmentId::new("test"), "db_demo");
        assert_eq!(path.as_deref(), Some("bytebase/test/.db_demo##LATEST.sql"));
    }

    #[test]
    fn near_misses_are_named() {
        assert_eq!(
            refused("bytebase/Test/db_demo##1##ddl##a.sql"),
            "there is no environment `Test`; did you mean `test`?"
        );
        assert_eq!(
            refused("bytebase/test/db_dem##1##ddl##a.sql"),
            "there is no database `db_dem`; did you mean `db_demo`?"
        );
        assert_eq!(
            refused("bytebase/test/db_demo##1##dll##a.sql"),
            "`dll` is no type; did you mean `ddl`?"
        );
        assert_eq!(
            refused("bytebase/staging/db_demo##1##ddl##a.sql"),
            "there is no environment `staging`; settings know `test`, `prod`"
        );
    }

    #[test]
    fn what_does_not_match_is_ignored_with_the_reason() {
        assert!(matches!(reading("bytebase/README.md"), PathReading::Ignored(_)));
        assert!(matches!(
            reading("bytebase/test/db_demo##1##ddl##a.sql.bak"),
            PathReading::Ignored(_)
        ));
    }
}
