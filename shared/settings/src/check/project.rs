//! Projects: what they follow, how paths are read, where changes go.

use super::name;
use crate::branch;
use crate::overlap::could_read_the_same;
use crate::path::rendered_schema_path;
use crate::problem::{Place, Problems};
use crate::schema::{Database, Project, Settings};
use crate::template::{PathTemplate, Token};
use std::collections::HashMap;

/// How the schemas begin that Sluice keeps on a target: its journal, and where it rehearses.
const OWN_SCHEMAS: &str = "_sluice";

pub(super) fn check(settings: &Settings, problems: &mut Problems<'_>) {
    let list = Place::top("projects");
    let mut targets: HashMap<String, Place> = HashMap::new();
    for (index, project) in settings.projects.iter().enumerate() {
        let place = list.at(index);
        if let Some(fault) = branch::fault(&project.branch) {
            problems.add(&place.at("branch"), fault);
        }
        if let Some(fault) = directory_fault(&project.base_directory) {
            problems.add(&place.at("base_directory"), fault);
        }
        templates(project, &place, problems);
        databases(settings, project, &place, &mut targets, problems);
        schema_paths(settings, project, &place, problems);
        let others = settings.projects.iter().enumerate().take(index);
        for (other, _) in others.filter(|(_, other)| could_read_the_same(other, project)) {
            let line = problems.line(&list.at(other));
            problems.add(
                &place,
                format!(
                    "it could read the same files as the project of line {line}, and each would answer the other's: they \
                     follow the same branch of the same repository; give them base directories (`base_directory`) beside \
                     each other, or templates that no path fits twice"
                ),
            );
        }
    }
}

/// What is wrong with a base directory, and what to write instead.
fn directory_fault(directory: &str) -> Option<String> {
    if directory.is_empty() {
        return None;
    }
    let clean: Vec<&str> = directory
        .split(['/', '\\'])
        .filter(|segment| !matches!(*segment, "" | "." | ".."))
        .collect();
    let hint = if clean.is_empty() {
        "leave it out for the repository's root".to_owned()
    } else {
        format!("write `{}`", clean.join("/"))
    };
    if directory.starts_with('/') {
        return Some(format!("it begins at the repository's root, without `/`; {hint}"));
    }
    if directory.contains('\\') {
        return Some(format!("Git's paths have `/`, never `\\`; {hint}"));
    }
    if directory.contains(['*', '{', '}']) {
        return Some(
            "it is one directory, without `*` or `{{…}}`; those stand in `file_path_template`".to_owned(),
        );
    }
    if directory.chars().any(char::is_control) || directory.len() > 1024 {
        return Some(format!("no directory of a repository is called so; {hint}"));
    }
    let segments: Vec<&str> = directory.trim_end_matches('/').split('/').collect();
    let wrong = directory.ends_with("//")
        || segments.iter().any(|segment| matches!(*segment, "" | "." | ".."))
        || segments
            .iter()
            .any(|segment| segment.eq_ignore_ascii_case(".git"));
    wrong.then(|| format!("a path of a repository holds no empty segment, `.`, `..` or `.git`; {hint}"))
}

fn templates(project: &Project, place: &Place, problems: &mut Problems<'_>) {
    let required = [Token::Database, Token::Version, Token::Type];
    if let Err(error) = PathTemplate::parse(&project.file_path_template, &required) {
        problems.add(&place.at("file_path_template"), error.to_string());
    }
    if project.schema_path_template.is_empty() {
        return;
    }
    let place = place.at("schema_path_template");
    match PathTemplate::parse(&project.schema_path_template, &[Token::Database]) {
        Err(error) => problems.add(&place, error.to_string()),
        Ok(template) => {
            let rendered = template.render(|token| match token {
                Token::Environment | Token::Database => Some("x".to_owned()),
                Token::Version | Token::Type | Token::Description => None,
            });
            if rendered.is_none() {
                problems.add(
                    &place,
                    "only {{ENV_ID}} and {{DB_NAME}} may stand in it, and no `*`",
                );
            }
        }
    }
}

fn databases(
    settings: &Settings,
    project: &Project,
    place: &Place,
    targets: &mut HashMap<String, Place>,
    problems: &mut Problems<'_>,
) {
    let list = place.at("databases");
    for (index, database) in project.databases.iter().enumerate() {
        let place = list.at(index);
        if database.name.as_str().is_empty() {
            problems.add(&place.at("name"), "a name is empty; give it one");
        }
        name::plain(&place.at("name"), database.name.as_str(), problems);
        if let Some(schema) = &database.schema {
            if schema.as_str().is_empty() {
                problems.add(
                    &place.at("schema"),
                    "it is empty; leave it out where the schema is called as the database",
                );
            }
            name::plain(&place.at("schema"), schema.as_str(), problems);
        }
        let twin = project.databases.iter().take(index).position(|other| {
            other.environment == database.environment
                && other.name.as_str().to_lowercase() == database.name.as_str().to_lowercase()
        });
        if let Some(twin) = twin {
            let line = problems.line(&list.at(twin));
            problems.add(
                &place,
                format!(
                    "`{}` stands twice in `{}` (see line {line}); a path could mean both: give one another name",
                    database.name, database.environment
                ),
            );
        }
        for (index, schema) in database.allowed_schemas.iter().enumerate() {
            if is_own(schema.as_str()) {
                problems.add(
                    &place.at("allowed_schemas").at(index),
                    format!("`{schema}` belongs to Sluice itself; changes can't be allowed to touch it"),
                );
            }
        }
        if is_own(database.target().database.as_str()) {
            problems.add(
                &place,
                format!(
                    "`{}` belongs to Sluice itself; name another schema",
                    database.target().database
                ),
            );
        }
        references(settings, database, &place, problems);
        if let Some(other) = targets.get(&database.target().to_string()) {
            let line = problems.line(other);
            problems.add(
                &place,
                format!(
                    "`{}` is another database's schema already (see line {line}); a schema has one stream of versions: \
                     give this one its own with `schema`",
                    database.target()
                ),
            );
        } else {
            targets.insert(database.target().to_string(), place);
        }
    }
}

fn is_own(schema: &str) -> bool {
    schema.to_ascii_lowercase().starts_with(OWN_SCHEMAS)
}

fn references(settings: &Settings, database: &Database, place: &Place, problems: &mut Problems<'_>) {
    if settings.environment(&database.environment).is_none() {
        let names = settings.environments.iter().map(|known| known.name.as_str());
        let message = name::unknown("environment", database.environment.as_str(), names);
        problems.add(&place.at("environment"), message);
    }
    if settings.instance(&database.instance).is_none() {
        let names = settings.instances.iter().map(|known| known.name.as_str());
        let message = name::unknown("instance", database.instance.as_str(), names);
        problems.add(&place.at("instance"), message);
    }
}

/// Where the latest schema of each database goes: below the base directory, each to its own file, and to none that would
/// be read as a change.
fn schema_paths(settings: &Settings, project: &Project, place: &Place, problems: &mut Problems<'_>) {
    let Ok(files) = PathTemplate::parse(&project.file_path_template, &[]) else {
        return;
    };
    let key = place.at("schema_path_template");
    let mut seen: HashMap<String, &Database> = HashMap::new();
    for database in &project.databases {
        let Some(relative) = rendered_schema_path(project, &database.environment, database.name.as_str())
        else {
            continue;
        };
        if settings
            .schema_path(project, &database.environment, database.name.as_str())
            .is_none()
        {
            problems.add(
                &key,
                format!("`{relative}` is no path that a repository can hold; change the template, or the database's name"),
            );
            continue;
        }
        if files.captures(&relative).is_some() {
            problems.add(
                &key,
                format!(
                    "the latest schema of `{}` would go to `{relative}`, which `file_path_template` reads as a change; \
                     change one of them",
                    database.name
                ),
            );
        }
        if let Some(other) = seen.insert(relative.to_lowercase(), database) {
            problems.add(
                &key,
                format!(
                    "the latest schemas of `{}` in `{}` and of `{}` in `{}` would go to one file, `{relative}`; put \
                     {{{{ENV_ID}}}} into it, or make it empty to write none",
                    other.name, other.environment, database.name, database.environment
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::directory_fault;

    #[test]
    fn a_base_directory_is_one_below_the_root() {
        for (directory, expected) in [
            ("", None),
            ("db", None),
            ("a/b", None),
            ("db/", None),
            ("/db", Some("without `/`; write `db`")),
            ("/", Some("leave it out for the repository's root")),
            ("a//b", Some("write `a/b`")),
            ("./db", Some("write `db`")),
            ("a/../b", Some("write `a/b`")),
            ("..", Some("leave it out")),
            ("a\\b", Some("write `a/b`")),
            (".git/x", Some("`.git`")),
            ("db/*", Some("without `*`")),
            ("a\nb", Some("no directory")),
        ] {
            let fault = directory_fault(directory);
            match expected {
                None => assert_eq!(fault, None, "{directory}"),
                Some(expected) => assert!(fault.unwrap().contains(expected), "{directory}"),
            }
        }
    }
}
