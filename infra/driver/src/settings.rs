//! Adding databases to the settings, as an administrator does.

use crate::{Driver, Trouble, Who};
use serde::Deserialize;
use std::fmt::Write as _;
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

#[derive(Deserialize)]
struct InForce {
    version: u64,
    text: String,
}

impl Driver {
    /// Adds databases to the last project of the settings in force. `folder` takes the edited file.
    pub fn add_databases(&self, databases: &[NewDatabase], folder: &Path) -> Result<(), Trouble> {
        let shown: InForce = self.sluice(Who::Admin, &["--json", "settings", "show"])?.json()?;
        let mut text = shown.text;
        for database in databases {
            let NewDatabase {
                environment,
                name,
                instance,
            } = database;
            let _infallible = write!(
                text,
                "\n[[projects.databases]]\nname = \"{name}\"\nenvironment = \"{environment}\"\ninstance = \"{instance}\"\n"
            );
        }
        let file = folder.join("settings.toml");
        let path = file.display().to_string();
        std::fs::write(&file, text).map_err(|error| Trouble(format!("{path} can't be written: {error}")))?;
        let version = shown.version.to_string();
        let applied = self.sluice(
            Who::Admin,
            &["settings", "apply", &path, "--if-version", &version],
        )?;
        if applied.code != Some(0) {
            return Err(Trouble(format!("the settings were refused: {}", applied.stderr)));
        }
        self.begin_databases()
    }

    /// Says of every database without a baseline that nothing was applied to it before.
    fn begin_databases(&self) -> Result<(), Trouble> {
        let project = &self.stack.project;
        let set = self.sluice(Who::Admin, &["baseline", "set", project, "--up-to", "none"])?;
        if set.code == Some(0) {
            return Ok(());
        }
        Err(Trouble(format!("the baseline was refused: {}", set.stderr)))
    }
}
