//! How a path is read: which database a file belongs to, or why it is refused or ignored.

use crate::schema::{Database, Project, Settings};
use crate::suggest::near_miss;
use crate::template::{LONGEST_PATH, PathTemplate, Token};
use model::{ChangeType, EnvironmentId, Refusal, Target, Version};

/// What is said of a pushed file that Sluice writes itself.
pub const LATEST_SCHEMA: &str =
    "Sluice writes this file; the next change of the schema replaces what is in it";

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
        if path.len() > LONGEST_PATH {
            return PathReading::Ignored(format!(
                "the path has {} bytes; a change's has {LONGEST_PATH} at most",
                path.len()
            ));
        }
        if is_schema_path(project, relative) {
            return PathReading::Schema;
        }
        let template = PathTemplate::parse(&project.file_path_template, &[]).ok();
        let Some(captures) = template.as_ref().and_then(|template| template.captures(relative)) else {
            return PathReading::Ignored(unmatched(&project.file_path_template, relative));
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

    /// Where the latest schema of a database is written, always below the base directory; none where write-back has no
    /// path.
    pub fn schema_path(
        &self,
        project: &Project,
        environment: &EnvironmentId,
        database: &str,
    ) -> Option<String> {
        let relative = rendered_schema_path(project, environment, database)?;
        let base = directory_of(project);
        let path = if base.is_empty() {
            relative
        } else {
            format!("{base}/{relative}")
        };
        is_path_of_a_repository(&path).then_some(path)
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

/// A project's base directory without the slashes around it; empty for the root.
pub(crate) fn directory_of(project: &Project) -> &str {
    project.base_directory.trim_matches('/')
}

/// The part of a path below a directory, compared segment by segment.
fn below<'p>(directory: &str, path: &'p str) -> Option<&'p str> {
    let directory = directory.trim_matches('/');
    if directory.is_empty() {
        return Some(path);
    }
    path.strip_prefix(directory)?.strip_prefix('/')
}

/// Whether a repository can hold a file of this path: no way up, nothing of Git's own, nothing invisible.
fn is_path_of_a_repository(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && !path.chars().any(|c| c.is_control() || c == '\\')
        && path
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | "..") && !segment.eq_ignore_ascii_case(".git"))
}

/// Where the latest schema of a database goes, below the base directory; none where write-back has no path. A name with
/// a slash would lead to another directory, and has none.
pub(crate) fn rendered_schema_path(
    project: &Project,
    environment: &EnvironmentId,
    database: &str,
) -> Option<String> {
    if project.schema_path_template.is_empty() || environment.as_str().contains('/') || database.contains('/')
    {
        return None;
    }
    let template = PathTemplate::parse(&project.schema_path_template, &[]).ok()?;
    template.render(|token| match token {
        Token::Environment => Some(environment.as_str().to_owned()),
        Token::Database => Some(database.to_owned()),
        Token::Version | Token::Type | Token::Description => None,
    })
}

/// Whether the latest schema of one of the project's databases is written to a path. What merely looks so is not ours:
/// `test/.db##1##ddl##x##LATEST.sql` is a change of a database that nobody knows.
fn is_schema_path(project: &Project, relative: &str) -> bool {
    let looks_so = !project.schema_path_template.is_empty()
        && PathTemplate::parse(&project.schema_path_template, &[])
            .is_ok_and(|template| template.captures(relative).is_some());
    looks_so
        && project.databases.iter().any(|database| {
            rendered_schema_path(project, &database.environment, database.name.as_str()).as_deref()
                == Some(relative)
        })
}

/// Why a path is no change, with the nearest thing that would be one.
fn unmatched(template: &str, relative: &str) -> String {
    let plain = format!("the path does not match `{template}`");
    let matches = |path: &str| {
        PathTemplate::parse(template, &[]).is_ok_and(|template| template.captures(path).is_some())
    };
    if relative.contains('\\') && matches(&relative.replace('\\', "/")) {
        return format!(
            "{plain}; Git's paths have `/`: commit it as `{}`",
            relative.replace('\\', "/")
        );
    }
    let extension = |path: &str| path.rsplit_once('.').map(|(_, extension)| extension.to_owned());
    if let (Some(wanted), Some(own)) = (extension(template), extension(relative))
        && !wanted.contains(['}', '/'])
        && own != wanted
        && near_miss(&own, [wanted.as_str()]).is_some()
        && let Some(stem) = relative.strip_suffix(own.as_str())
        && matches(&format!("{stem}{wanted}"))
    {
        return format!("{plain}; did you mean `.{wanted}`?");
    }
    if template.contains("##{{DESCRIPTION}}")
        && PathTemplate::parse(&template.replace("##{{DESCRIPTION}}", ""), &[])
            .is_ok_and(|template| template.captures(relative).is_some())
    {
        return format!("{plain}; its description is missing");
    }
    plain
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
    use proptest::prelude::*;

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
        let plain =
            "the path does not match `{{ENV_ID}}/{{DB_NAME}}##{{VERSION}}##{{TYPE}}##{{DESCRIPTION}}.sql`";
        for (path, more) in [
            ("bytebase/README.md", ""),
            ("bytebase/test/db_demo##1##ddl##a.sql.bak", ""),
            ("bytebase/", ""),
            ("bytebase/test/db_demo##1##ddl##a.SQL", "; did you mean `.sql`?"),
            ("bytebase/test/db_demo##1##ddl##a.sq", "; did you mean `.sql`?"),
            (
                "bytebase/test/db_demo##1##ddl.sql",
                "; its description is missing",
            ),
            (
                "bytebase/test\\db_demo##1##ddl##a.sql",
                "; Git's paths have `/`: commit it as `test/db_demo##1##ddl##a.sql`",
            ),
        ] {
            assert_eq!(
                reading(path),
                PathReading::Ignored(format!("{plain}{more}")),
                "{path}"
            );
        }
        let long = format!("bytebase/test/db_demo##1##ddl##{}.sql", "a".repeat(5000));
        assert!(matches!(reading(&long), PathReading::Ignored(why) if why.contains("5035 bytes")));
    }

    #[test]
    fn what_only_looks_like_the_latest_schema_is_no_secret_way_around_an_answer() {
        assert!(refused("bytebase/test/.db_demo##1##ddl##x##LATEST.sql").contains("there is no database"));
        assert!(matches!(
            reading("bytebase/test/.other##LATEST.sql"),
            PathReading::Ignored(_)
        ));
    }

    /// Paths as people and their enemies write them: pieces that mean something, and any text.
    fn paths() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => proptest::sample::select(vec![
                "bytebase", "Bytebase", "test", "prod", "TEST", "db_demo", ".db_demo", "DB_DEMO", "##", "#", "/", "//",
                "/", "..", ".", "1", "1.0", "v2", "ddl", "DML", "dll", "a_b", ".sql", ".SQL", "LATEST", "\\", "\0",
                "\u{202e}", "\u{feff}", "\u{fffd}", ".git", "{{ENV_ID}}", "%2e%2e", "C:", "~", " ", "\n",
            ]).prop_map(str::to_owned),
            1 => any::<String>(),
            1 => proptest::collection::vec(any::<u8>(), 0..20)
                .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    /// Settings whose names are anything, as no document could bring them in.
    fn anywhere(base: &str, environment: &str, database: &str, schema_path: &str) -> Settings {
        let mut settings = Settings::read(SETTINGS).unwrap();
        settings.environments[0].name = EnvironmentId::new(environment);
        let project = &mut settings.projects[0];
        base.clone_into(&mut project.base_directory);
        schema_path.clone_into(&mut project.schema_path_template);
        project.databases[0].environment = EnvironmentId::new(environment);
        project.databases[0].name = model::DatabaseName::new(database);
        settings
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_path_is_answered_and_what_is_outside_stays_outside(path in paths()) {
            let settings = Settings::read(SETTINGS).unwrap();
            let project = &settings.projects[0];
            let reading = settings.read_path(project, &path);
            prop_assert_eq!(reading == PathReading::Outside, !path.starts_with("bytebase/"), "{:?}", path);
            match reading {
                PathReading::Outside | PathReading::Ignored(_) => {}
                PathReading::Schema => prop_assert!(path.ends_with("/.db_demo##LATEST.sql"), "{:?}", path),
                PathReading::Refused(refusal) => prop_assert!(!refusal.message.is_empty()),
                PathReading::Change(change) => {
                    // Nothing but what is configured is ever a target.
                    for placement in &change.placements {
                        prop_assert!(project.databases.iter().any(|known| known.target() == placement.target));
                    }
                    prop_assert!(!change.placements.is_empty());
                    prop_assert_eq!(path.matches('/').count(), 2);
                }
            }
        }

        #[test]
        fn the_latest_schema_never_leaves_the_base_directory(
            base in prop_oneof![Just(String::new()), Just("db".to_owned()), Just("a/b".to_owned())],
            environment in prop_oneof![Just("..".to_owned()), Just("test".to_owned()), paths()],
            database in prop_oneof![Just("..".to_owned()), Just("../x".to_owned()), Just("d".to_owned()), paths()],
            template in prop_oneof![
                Just("{{ENV_ID}}/.{{DB_NAME}}##LATEST.sql"),
                Just("{{ENV_ID}}/{{DB_NAME}}"),
                Just("{{DB_NAME}}/x"),
                Just(".{{DB_NAME}}/x"),
                Just("../{{DB_NAME}}"),
                Just("{{ENV_ID}}.git/{{DB_NAME}}"),
            ],
        ) {
            let settings = anywhere(&base, &environment, &database, template);
            let path = settings.schema_path(&settings.projects[0], &EnvironmentId::new(environment), &database);
            if let Some(path) = path {
                let below = if base.is_empty() { Some(path.as_str()) } else { path.strip_prefix(&format!("{base}/")) };
                let below = below.unwrap();
                prop_assert!(below.split('/').all(|it| !it.is_empty() && it != "." && it != ".."), "{:?}", path);
                prop_assert!(below.split('/').all(|it| !it.eq_ignore_ascii_case(".git")), "{:?}", path);
                prop_assert_eq!(below.split('/').count(), template.split('/').count());
            }
        }
    }
}
