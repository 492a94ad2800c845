//! Node and the GitHub emulator, as infra/local/node/package-lock.json pins them.

use super::kept::kept;
use crate::context::Context;
use crate::fault::{At, Fault};
use std::path::{Path, PathBuf};
use std::process::Command;

/// An installed Node.
pub(crate) struct Node {
    folder: PathBuf,
}

impl Node {
    /// Installs it if it isn't yet.
    pub(crate) fn install(context: &Context) -> Result<Self, Fault> {
        let lock = context.local("node/package-lock.json");
        let pins = std::fs::read_to_string(&lock).at("read", &lock)?;
        let folder = kept(context, "node", &pins, |folder| fill(context, folder))?;
        Ok(Self { folder })
    }

    /// Node itself.
    pub(crate) fn program(&self) -> Result<PathBuf, Fault> {
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "x64",
            "aarch64" => "arm64",
            other => {
                return Err(Fault::told(format!(
                    "no Node is pinned for {other}; add it to infra/local/node"
                )));
            }
        };
        Ok(self
            .folder
            .join(format!("node_modules/node-linux-{architecture}/bin/node")))
    }

    /// The GitHub emulator's program.
    pub(crate) fn emulate(&self) -> PathBuf {
        self.folder.join("node_modules/emulate/dist/index.js")
    }
}

fn fill(context: &Context, folder: &Path) -> Result<(), Fault> {
    let step = context.progress.step("Installing Node and the GitHub emulator");
    for file in ["package.json", "package-lock.json"] {
        let from = context.local("node").join(file);
        std::fs::copy(&from, folder.join(file)).at("copy", &from)?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder);
    context
        .run("Installing Node packages", "install-node", &mut npm)
        .map_err(|fault| {
            Fault::told(format!(
                "{fault}\nnpm is needed: `apt-get install npm`, or Node from nodejs.org"
            ))
        })?;
    step.done();
    Ok(())
}
