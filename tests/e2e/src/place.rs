//! A database of a story: what it is called in files, settings and the API.

use driver::NewDatabase;

/// A database of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its environment.
    pub environment: String,
    /// Its name, and its schema's.
    pub name: String,
    /// The target, `instance/schema`.
    pub target: String,
    instance: String,
}

impl Place {
    /// A database of this name in an environment, on an instance.
    pub fn new(environment: &str, instance: &str, name: &str) -> Self {
        Self {
            environment: environment.to_owned(),
            name: name.to_owned(),
            target: format!("{instance}/{name}"),
            instance: instance.to_owned(),
        }
    }

    pub(crate) fn setting(&self) -> NewDatabase {
        NewDatabase {
            environment: self.environment.clone(),
            name: self.name.clone(),
            instance: self.instance.clone(),
        }
    }

    /// A file of a change of the schema: path and text.
    pub fn ddl(&self, version: &str, text: &str) -> (String, String) {
        self.file("ddl", version, text)
    }

    /// A file of a change of rows: path and text.
    pub fn dml(&self, version: &str, text: &str) -> (String, String) {
        self.file("dml", version, text)
    }

    /// The path of the latest schema, as it is written back.
    pub fn latest(&self) -> String {
        format!("bytebase/{}/.{}##LATEST.sql", self.environment, self.name)
    }

    fn file(&self, kind: &str, version: &str, text: &str) -> (String, String) {
        let path = format!(
            "bytebase/{}/{}##{version}##{kind}##story.sql",
            self.environment, self.name
        );
        (path, text.to_owned())
    }
}
