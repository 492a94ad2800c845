//! A project of a story: its branch, its folder, and pushes to them.

use crate::place::Place;
use driver::{Driver, FileChange, Trouble};

/// Files of a commit: path and text.
pub type Files = Vec<(String, String)>;

/// A project of a story's own.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its base directory.
    pub directory: String,
    /// Its branch, or the filter of its branches.
    pub branch: String,
    /// Its databases.
    pub places: Vec<Place>,
}

impl Project {
    /// Makes a branch with a history of its own, which holds nothing yet. Answers its only commit.
    pub fn begin(&self, driver: &Driver, branch: &str) -> Result<String, Trouble> {
        let readme = FileChange {
            path: "README.md",
            text: Some(branch),
        };
        let commit = driver.make_commit(&[], &[readme], &format!("Begin {branch}"))?;
        driver.create_branch(branch, &commit)?;
        Ok(commit)
    }

    /// Commits files to the project's branch.
    pub fn push(
        &self,
        driver: &Driver,
        files: &[(String, String)],
        message: &str,
    ) -> Result<String, Trouble> {
        driver.push_to(&self.branch, &changes_of(files), message)
    }

    /// A file of a change of rows of one of the databases.
    pub fn dml(&self, place: usize, version: &str, text: &str) -> (String, String) {
        self.file(place, "dml", version, text)
    }

    /// A file of a change of the schema of one of the databases.
    pub fn ddl(&self, place: usize, version: &str, text: &str) -> (String, String) {
        self.file(place, "ddl", version, text)
    }

    /// Files that are no changes.
    pub fn notes(&self, name: &str, count: usize) -> Files {
        (0..count)
            .map(|number| {
                // Fifty files a directory, as people have them.
                let (folder, file) = (number / 50, number % 50);
                let path = format!("{}/notes/{name}/{folder}/{file}.md", self.directory);
                (path, format!("{name} {number}\n"))
            })
            .collect()
    }

    fn file(&self, place: usize, kind: &str, version: &str, text: &str) -> (String, String) {
        let Place {
            environment, name, ..
        } = &self.places[place];
        let path = format!(
            "{}/{environment}/{name}##{version}##{kind}##story.sql",
            self.directory
        );
        (path, text.to_owned())
    }
}

/// Files as a commit takes them.
pub fn changes_of(files: &[(String, String)]) -> Vec<FileChange<'_>> {
    files
        .iter()
        .map(|(path, text)| FileChange {
            path,
            text: Some(text),
        })
        .collect()
}
