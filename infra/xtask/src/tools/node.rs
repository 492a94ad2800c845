//! What npm installs, as the lock files in infra/local pin it: Node with the GitHub emulator, dbmate, and GitHub's
//! description of its API.

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
        let folder = installed(context, "node", "Node and the GitHub emulator")?;
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

/// dbmate's own program: the package of its name would only start Node to start it.
pub(crate) fn dbmate(context: &Context) -> Result<PathBuf, Fault> {
    if std::env::consts::ARCH != "x86_64" {
        return Err(Fault::told(format!(
            "no dbmate is pinned for {}; add it to infra/local/dbmate",
            std::env::consts::ARCH
        )));
    }
    let folder = installed(context, "dbmate", "dbmate")?;
    Ok(folder.join("node_modules/@dbmate/linux-x64/bin/dbmate"))
}

/// GitHub's own description of its API, as data, and which version of it.
pub(crate) fn github_description(context: &Context) -> Result<(PathBuf, String), Fault> {
    let folder = installed(context, "openapi", "GitHub's description of its API")?;
    let package = folder.join("node_modules/@octokit/openapi");
    let manifest = package.join("package.json");
    let text = std::fs::read_to_string(&manifest).at("read", &manifest)?;
    let manifest: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| Fault::told(format!("{} is no JSON: {error}", manifest.display())))?;
    let version = manifest["version"].as_str().unwrap_or("of unknown version");
    Ok((package, version.to_owned()))
}

/// Installs what `infra/local/{list}/package-lock.json` pins, if it isn't yet.
fn installed(context: &Context, list: &str, what: &str) -> Result<PathBuf, Fault> {
    let lock = context.local(list).join("package-lock.json");
    let pins = std::fs::read_to_string(&lock).at("read", &lock)?;
    kept(context, list, &pins, |folder| fill(context, list, what, folder))
}

fn fill(context: &Context, list: &str, what: &str, folder: &Path) -> Result<(), Fault> {
    let step = context.progress.step(format!("Installing {what}"));
    for file in ["package.json", "package-lock.json"] {
        let from = context.local(list).join(file);
        std::fs::copy(&from, folder.join(file)).at("copy", &from)?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder);
    context
        .run(
            &format!("Installing {what} with npm"),
            &format!("install-{list}"),
            &mut npm,
        )
        .map_err(|fault| {
            Fault::told(format!(
                "{fault}\nnpm is needed: `apt-get install npm`, or Node from nodejs.org"
            ))
        })?;
    step.done();
    Ok(())
}
