//! The stack under test, held by one story at a time.

use crate::place::Place;
use crate::project::Project;
use crate::sql::Sql;
use driver::{Driver, FileChange, NewDatabase, NewProject, Trouble};
use model::IssueView;
use std::fs::File;
use std::path::PathBuf;
use tempfile::TempDir;

/// The variable that names the file with what `cargo xtask up --json` printed.
const VARIABLE: &str = "SLUICE_TEST_STACK";

/// The stack, held until it is dropped.
#[derive(Debug)]
pub struct Ground {
    /// The hands to use it.
    pub driver: Driver,
    /// The MySQL server, as the user who may do everything.
    pub sql: Sql,
    /// A folder of this story.
    pub folder: TempDir,
    story: String,
    made: u32,
    _held: File,
}

/// Names of a story's own.
#[derive(Debug, Clone)]
pub struct Names {
    /// Of a project, and of its branch and folder.
    pub project: String,
    /// Of an environment.
    pub environment: String,
    /// Of a database.
    pub database: String,
}

impl Ground {
    /// Takes the stack for a story. The name goes into the names of its databases.
    pub fn take(story: &str) -> Result<Self, Trouble> {
        let file = file()?;
        let held = held(&file.with_extension("held"))?;
        let driver = Driver::of_file(&file)?;
        let sql = Sql::at(&driver.stack.mysql_url)?;
        let folder = tempfile::tempdir().map_err(|error| Trouble(format!("no folder: {error}")))?;
        let run = jiff::Timestamp::now().as_second() % 1_000_000;
        Ok(Self {
            driver,
            sql,
            folder,
            story: format!("{story}_{run}"),
            made: 0,
            _held: held,
        })
    }

    /// Makes new databases that settings know, in `test` (nobody approves) or `prod` (a DBA does).
    pub fn databases(&mut self, environment: &str, count: u32) -> Result<Vec<Place>, Trouble> {
        let places = self.places(environment, count)?;
        let new: Vec<NewDatabase> = places.iter().map(Place::setting).collect();
        self.driver.add_databases(&new, self.folder.path())?;
        Ok(places)
    }

    /// Makes a project of this story's own, with a branch and a folder that no other project reads, and new databases.
    /// `branch` is a name or a filter, in which `STORY` stands for what is the story's own.
    pub fn project(&mut self, branch: &str, databases: &[(&str, u32)]) -> Result<Project, Trouble> {
        let mut places = Vec::new();
        for (environment, count) in databases {
            places.extend(self.places(environment, *count)?);
        }
        self.made += 1;
        let name = format!("{}_{}", self.story, self.made).replace('_', "-");
        let project = Project {
            directory: format!("stories/{name}"),
            branch: branch.replace("STORY", &name),
            places,
        };
        let new = NewProject {
            name,
            branch: project.branch.clone(),
            base_directory: project.directory.clone(),
            databases: project.places.iter().map(Place::setting).collect(),
        };
        self.driver.add_project(&new, self.folder.path())?;
        Ok(project)
    }

    /// Makes an environment of this story's own with its policy (keys of TOML), and a project with databases there, whose
    /// branch has begun.
    pub fn ruled(&mut self, policy: &str, databases: u32) -> Result<Project, Trouble> {
        let story = self.story.split('_').next().unwrap_or_default().to_owned();
        let names = self.names(&story);
        let mut places = Vec::new();
        for number in 0..databases {
            let name = format!("{}_{number}", names.database);
            self.sql.run(&format!("CREATE DATABASE `{name}`"))?;
            places.push(Place::new(&names.environment, "demo-prod", &name));
        }
        let environment = format!("\n[[environments]]\nname = \"{}\"\n{policy}\n", names.environment);
        self.driver
            .edit_settings(self.folder.path(), |text| text + &environment)?;
        let new = NewProject {
            name: names.project.clone(),
            branch: names.project.clone(),
            base_directory: format!("stories/{}", names.project),
            databases: places.iter().map(Place::setting).collect(),
        };
        self.driver.add_project(&new, self.folder.path())?;
        let project = Project {
            directory: new.base_directory,
            branch: new.branch,
            places,
        };
        project.begin(&self.driver, &project.branch)?;
        Ok(project)
    }

    /// Names that nothing else has, for what a story makes by itself.
    pub fn names(&mut self, what: &str) -> Names {
        self.made += 1;
        let name = format!("{}_{}", self.story, self.made);
        Names {
            project: format!("{what}-{}", name.replace('_', "-")),
            environment: format!("{what}-{}", name.replace('_', "-")),
            database: name,
        }
    }

    /// Makes databases on the server.
    fn places(&mut self, environment: &str, count: u32) -> Result<Vec<Place>, Trouble> {
        let known = self.driver.stack.databases.iter();
        let instance = known
            .filter(|database| database.environment == environment)
            .map(|database| database.instance.clone())
            .next()
            .ok_or_else(|| Trouble(format!("the stack has no environment {environment}")))?;
        let mut places = Vec::new();
        for _ in 0..count {
            self.made += 1;
            let name = format!("{}_{}", self.story, self.made);
            self.sql.run(&format!("CREATE DATABASE `{name}`"))?;
            places.push(Place::new(environment, &instance, &name));
        }
        Ok(places)
    }

    /// A new database in `test`.
    pub fn database(&mut self) -> Result<Place, Trouble> {
        let made = self.databases("test", 1)?;
        made.into_iter()
            .next()
            .ok_or_else(|| Trouble("no database was made".to_owned()))
    }

    /// Commits files, as `git push` of one commit does.
    pub fn push(&self, files: &[(String, String)], message: &str) -> Result<String, Trouble> {
        let files: Vec<FileChange<'_>> = files
            .iter()
            .map(|(path, text)| FileChange {
                path,
                text: Some(text),
            })
            .collect();
        self.driver.push_files(&files, message)
    }

    /// An issue with each task's SQL and schema diff.
    pub fn whole(&self, number: u64) -> Result<IssueView, Trouble> {
        let number = number.to_string();
        self.driver
            .sluice(
                driver::Who::Developer,
                &["--json", "issue", "show", &number, "--sql", "--diff"],
            )?
            .json()
    }

    /// The newest issue's number; 0 where there is none.
    pub fn newest(&self) -> Result<u64, Trouble> {
        let issues = self.driver.issues()?;
        Ok(issues.iter().map(|view| view.issue.number.0).max().unwrap_or(0))
    }
}

fn file() -> Result<PathBuf, Trouble> {
    let named = std::env::var_os(VARIABLE);
    named.map(PathBuf::from).ok_or_else(|| {
        Trouble(format!(
            "{VARIABLE} is not set: run the stories with `cargo xtask test`, which starts a stack and names it there"
        ))
    })
}

/// Waits for the stories before this one.
fn held(path: &std::path::Path) -> Result<File, Trouble> {
    let trouble = |error| Trouble(format!("{} can't be held: {error}", path.display()));
    let file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .map_err(trouble)?;
    file.lock().map_err(trouble)?;
    Ok(file)
}
