//! Adding databases to the settings, as an administrator does.

use crate::{Driver, Trouble, Who};
use serde::Deserialize;
use std::path::Path;

/// A database that settings are to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDatabase {
    /// Its environment.
    pub environment: String,
    /// Its name, which is also its schema's.
    pub name: String,
    /// The instance.
    pub instance: String,
}

/// A project that settings are to know, beside the one of the watched branch and in the same repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProject {
    /// Its name.
    pub name: String,
    /// Its branch, or a filter of branches.
    pub branch: String,
    /// Its base directory.
    pub base_directory: String,
    /// Its databases.
    pub databases: Vec<NewDatabase>,
}

#[derive(Deserialize)]
struct InForce {
    version: u64,
    text: String,
}

impl Driver {
    /// Adds databases to the last project of the settings in force. `folder` takes the edited file.
    pub fn add_databases(&self, databases: &[NewDatabase], folder: &Path) -> Result<(), Trouble> {
        self.edit_settings(folder, |text| {
            let added: String = databases.iter().map(listed).collect();
            text + &added
        })?;
        self.begin_databases(&self.stack.project)
    }

    /// Adds a project to the settings in force, before the others. `folder` takes the edited file.
    pub fn add_project(&self, project: &NewProject, folder: &Path) -> Result<(), Trouble> {
        let NewProject {
            name,
            branch,
            base_directory,
            databases,
        } = project;
        let (id, installation) = (self.stack.repository_id, self.stack.installation_id);
        let repository = &self.stack.repository;
        let mut block = format!(
            "[[projects]]\nname = \"{name}\"\nbranch = \"{branch}\"\nbase_directory = \"{base_directory}\"\n\
             repository = {{ id = {id}, installation_id = {installation}, name = \"{repository}\" }}\n"
        );
        block.extend(databases.iter().map(listed));
        self.edit_settings(folder, |text| match text.split_once("[[projects]]") {
            Some((before, after)) => format!("{before}{block}\n[[projects]]{after}"),
            None => text + &block,
        })?;
        self.begin_databases(name)
    }

    /// Applies what an edit makes of the settings in force. `folder` takes the edited file.
    pub fn edit_settings(&self, folder: &Path, edit: impl FnOnce(String) -> String) -> Result<(), Trouble> {
        let shown: InForce = self.sluice(Who::Admin, &["--json", "settings", "show"])?.json()?;
        let file = folder.join("settings.toml");
        let path = file.display().to_string();
        std::fs::write(&file, edit(shown.text))
            .map_err(|error| Trouble(format!("{path} can't be written: {error}")))?;
        let version = shown.version.to_string();
        let applied = self.sluice(
            Who::Admin,
            &["settings", "apply", &path, "--if-version", &version],
        )?;
        if applied.code == Some(0) {
            return Ok(());
        }
        Err(Trouble(format!("the settings were refused: {}", applied.stderr)))
    }

    /// Says of every database of a project that has no baseline that nothing was applied to it before.
    fn begin_databases(&self, project: &str) -> Result<(), Trouble> {
        let set = self.sluice(Who::Admin, &["baseline", "set", project, "--up-to", "none"])?;
        if set.code == Some(0) {
            return Ok(());
        }
        Err(Trouble(format!("the baseline was refused: {}", set.stderr)))
    }
}

fn listed(database: &NewDatabase) -> String {
    let NewDatabase {
        environment,
        name,
        instance,
    } = database;
    format!(
        "\n[[projects.databases]]\nname = \"{name}\"\nenvironment = \"{environment}\"\ninstance = \"{instance}\"\n"
    )
}
