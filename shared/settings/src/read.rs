//! Reading a settings document: all of it right, or every problem named.

use crate::schema::{Database, Project, Settings, Tls};
use crate::template::{PathTemplate, TemplateError, Token};
use std::collections::HashSet;
use std::fmt;

/// One thing wrong with a document: where, what, and so what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, where it is known.
    pub line: Option<usize>,
    /// The key.
    pub key: String,
    /// What is wrong, and the remedy.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// The most bytes that a document may have.
pub const MAX_BYTES: usize = 64 * 1024;

impl Settings {
    /// Reads a document, TOML or JSON.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        if text.len() > MAX_BYTES {
            let message = format!("{} bytes; at most {MAX_BYTES} are allowed", text.len());
            return Err(vec![Problem {
                line: None,
                key: String::new(),
                message,
            }]);
        }
        let settings = if text.trim_start().starts_with('{') {
            from_json(text)
        } else {
            from_toml(text)
        }
        .map_err(|problem| vec![problem])?;
        let problems = settings.problems();
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(problems)
        }
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems(Vec::new());
        problems.unique(
            "projects",
            self.projects.iter().map(|project| project.name.as_str()),
        );
        problems.unique("environments", self.environments.iter().map(|e| e.name.as_str()));
        problems.unique("instances", self.instances.iter().map(|i| i.name.as_str()));
        problems.unique("members", self.members.iter().map(|m| m.name.as_str()));
        if !self
            .members
            .iter()
            .any(|member| member.has_role("admin") && !member.principals.is_empty())
        {
            problems.add(
                "members".to_owned(),
                "nobody could change these settings; give a member with principals the role `admin`"
                    .to_owned(),
            );
        }
        for environment in &self.environments {
            let approvers = &environment.approvers;
            if environment.approvals > 0 && approvers.roles.is_empty() && approvers.principals.is_empty() {
                problems.add(
                    format!("environments.{}.approvers", environment.name),
                    "approvals are asked for, but nobody may give them; name roles or principals".to_owned(),
                );
            }
            if environment.blocking_over_mib.is_some()
                && !self.members.iter().any(|member| member.may_approve(approvers))
            {
                problems.add(
                    format!("environments.{}.blocking_over_mib", environment.name),
                    "what blocks a large table has to be approved, but nobody can: name approvers whose members have \
                     principals and a `github_id`"
                        .to_owned(),
                );
            }
            let able = self
                .members
                .iter()
                .filter(|member| member.may_approve(approvers))
                .count();
            if able < usize::try_from(environment.approvals).unwrap_or(usize::MAX) {
                problems.add(
                    format!("environments.{}.approvals", environment.name),
                    format!(
                        "{} asked for, but {able} members can give one: that takes an approver's role or principal, \
                         `principals` to sign with, and a `github_id` that tells them from who pushed",
                        environment.approvals
                    ),
                );
            }
            for role in &approvers.roles {
                if !self.members.iter().any(|member| member.has_role(role)) {
                    problems.add(
                        format!("environments.{}.approvers.roles", environment.name),
                        format!("no member has the role `{role}`"),
                    );
                }
            }
        }
        for instance in &self.instances {
            check_name(&mut problems, "instances", instance.name.as_str());
            let loopback = matches!(
                instance.host.as_deref(),
                None | Some("localhost" | "127.0.0.1" | "::1")
            );
            if instance.tls == Tls::Disabled && !loopback {
                problems.add(
                    format!("instances.{}.tls", instance.name),
                    "TLS can be disabled for loopback addresses only".to_owned(),
                );
            }
        }
        let mut targets = HashSet::new();
        for project in &self.projects {
            self.check_project(project, &mut targets, &mut problems);
        }
        problems.0
    }

    fn check_project(&self, project: &Project, targets: &mut HashSet<String>, problems: &mut Problems) {
        let at = |key: &str| format!("projects.{}.{key}", project.name);
        if project.branch.is_empty() {
            problems.add(
                at("branch"),
                "the branch is empty; write its name, for example `main`".to_owned(),
            );
        }
        problems.template(
            at("file_path_template"),
            PathTemplate::parse(
                &project.file_path_template,
                &[Token::Database, Token::Version, Token::Type],
            ),
        );
        if !project.schema_path_template.is_empty() {
            let parsed = PathTemplate::parse(&project.schema_path_template, &[Token::Database]);
            if let Ok(template) = &parsed
                && template
                    .render(|token| schema_token(token).then(|| "x".to_owned()))
                    .is_none()
            {
                problems.add(
                    at("schema_path_template"),
                    "only {{ENV_ID}} and {{DB_NAME}} may stand in it, and no `*`".to_owned(),
                );
            }
            problems.template(at("schema_path_template"), parsed);
        }
        for database in &project.databases {
            self.check_database(project, database, targets, problems);
        }
    }

    fn check_database(
        &self,
        project: &Project,
        database: &Database,
        targets: &mut HashSet<String>,
        problems: &mut Problems,
    ) {
        let key = format!("projects.{}.databases.{}", project.name, database.name);
        check_name(problems, &key, database.target().database.as_str());
        for schema in &database.allowed_schemas {
            if schema.as_str().to_ascii_lowercase().starts_with(OWN_SCHEMAS) {
                problems.add(
                    format!("{key}.allowed_schemas"),
                    format!("`{schema}` belongs to Sluice itself; changes can't be allowed to touch it"),
                );
            }
        }
        if self.environment(&database.environment).is_none() {
            problems.add(
                key.clone(),
                format!("there is no environment `{}`", database.environment),
            );
        }
        if self.instance(&database.instance).is_none() {
            problems.add(
                key.clone(),
                format!("there is no instance `{}`", database.instance),
            );
        }
        if !targets.insert(database.target().to_string()) {
            problems.add(
                key,
                format!(
                    "`{}` is another database's schema already; a schema has one stream of versions",
                    database.target()
                ),
            );
        }
    }
}

struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, key: String, message: String) {
        self.0.push(Problem {
            line: None,
            key,
            message,
        });
    }

    fn unique<'a>(&mut self, key: &str, names: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for name in names {
            if name.is_empty() {
                self.add(key.to_owned(), "a name is empty".to_owned());
            } else if !seen.insert(name) {
                self.add(
                    format!("{key}.{name}"),
                    "stands twice; names are unique".to_owned(),
                );
            }
        }
    }

    fn template(&mut self, key: String, parsed: Result<PathTemplate, TemplateError>) {
        if let Err(error) = parsed {
            self.add(key, error.to_string());
        }
    }
}

/// How the schemas begin that Sluice keeps on a target: its journal, and where it rehearses.
const OWN_SCHEMAS: &str = "_sluice";

fn schema_token(token: Token) -> bool {
    match token {
        Token::Environment | Token::Database => true,
        Token::Version | Token::Type | Token::Description => false,
    }
}

/// Names of instances and schemas stand in keys of the ledger and in paths of the API.
fn check_name(problems: &mut Problems, key: &str, name: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.$".contains(c);
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        problems.add(
            format!("{key}.{name}"),
            "a name has 1 to 64 of letters, digits, `_`, `-`, `.` and `$`".to_owned(),
        );
    }
}

fn from_toml(text: &str) -> Result<Settings, Problem> {
    toml::from_str(text).map_err(|error| Problem {
        line: error.span().map(|span| line_of(text, span.start)),
        key: String::new(),
        message: error.message().to_owned(),
    })
}

fn from_json(text: &str) -> Result<Settings, Problem> {
    serde_json::from_str(text).map_err(|error| Problem {
        line: Some(error.line()),
        key: String::new(),
        message: error.to_string(),
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../fixtures/two-environments.toml");

    fn problems(text: &str) -> Vec<String> {
        match Settings::read(text) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn a_good_document_is_read_and_says_the_same_as_json() {
        let settings = Settings::read(GOOD).unwrap();
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(Settings::read(&json).unwrap(), settings);
    }

    #[test]
    fn every_problem_is_named_with_its_remedy() {
        for (from, to, expected) in [
            (
                "branch = \"main\"",
                "brunch = \"main\"",
                "line 3: unknown field `brunch`",
            ),
            (
                "instance = \"main\"\n",
                "instance = \"other\"\n",
                "there is no instance `other`",
            ),
            (
                "schema = \"db_demo_prod\"",
                "schema = \"db_demo\"",
                "is another database's schema already",
            ),
            (
                "roles = [\"dba\"] }",
                "roles = [\"owner\"] }",
                "no member has the role `owner`",
            ),
            (
                "approvers = { roles = [\"dba\"] }",
                "",
                "approvals are asked for, but nobody may give them",
            ),
            ("name = \"prod\"", "name = \"test\"", "stands twice"),
            (
                "base_directory = \"bytebase\"",
                "base_directory = \"bytebase\"\nfile_path_template = \"{{DB_NAME}}##{{TYPE}}.sql\"",
                "file_path_template: {{VERSION}} is missing",
            ),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let found = problems(&GOOD.replacen(from, to, 1));
            assert!(
                found.iter().any(|problem| problem.contains(expected)),
                "{expected}: {found:?}"
            );
        }
    }

    #[test]
    fn nonsense_has_a_line() {
        assert!(
            problems("projects = [\n")[0].starts_with("line "),
            "{:?}",
            problems("projects = [\n")
        );
        assert!(problems("{\n!")[0].starts_with("line 2"));
        assert!(!problems("").is_empty());
    }
}
