//! Python environments, one per list of pinned packages in infra/local/python.

use super::kept::kept;
use crate::context::Context;
use crate::fault::{At, Fault};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One environment.
pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Installs `infra/local/python/{list}.txt` if it isn't yet.
    pub(crate) fn install(context: &Context, list: &str) -> Result<Self, Fault> {
        let file = context.local(&format!("python/{list}.txt"));
        let pins = std::fs::read_to_string(&file).at("read", &file)?;
        let folder = kept(context, &format!("python-{list}"), &pins, |folder| {
            fill(context, list, &file, folder)
        })?;
        Ok(Self { folder })
    }

    /// A program that the environment installed.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// The folder of its programs, for PATH.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.join("bin")
    }
}

fn fill(context: &Context, list: &str, requirements: &Path, folder: &Path) -> Result<(), Fault> {
    let step = context
        .progress
        .step(format!("Installing Python packages for {list}"));
    let log = format!("install-python-{list}");
    context
        .run("Making a Python environment", &log, Command::new("python3").args(["-m", "venv"]).arg(folder))
        .map_err(|fault| {
            Fault::told(format!("{fault}\nPython 3.11 or newer with its venv module is needed: `apt-get install python3 python3-venv`"))
        })?;
    let what = "Installing pinned Python packages";
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--requirement",
    ]);
    context.run(what, &log, pip.arg(requirements))?;
    step.done();
    Ok(())
}
