//! The workspace as Cargo sees it.

use crate::fault::TidyError;
use crate::sources;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};
use std::collections::{BTreeSet, HashMap};
use std::process::Command;

/// The processors that the functions are shipped for.
pub const SHIPPED: [&str; 2] = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];

/// The workspace's packages and what they depend on.
#[derive(Debug)]
pub struct Workspace {
    metadata: Metadata,
}

impl Workspace {
    /// Asks Cargo.
    pub fn load() -> Result<Self, TidyError> {
        let mut command = MetadataCommand::new();
        command.manifest_path(sources::path("Cargo.toml"));
        command.other_options(["--locked".to_owned()]);
        Ok(Self {
            metadata: command.exec()?,
        })
    }

    /// The workspace's own packages.
    pub fn members(&self) -> Vec<&Package> {
        self.metadata.workspace_packages()
    }

    /// Every package that the lock file names.
    pub fn packages(&self) -> &[Package] {
        &self.metadata.packages
    }

    /// The names of the workspace's packages in a folder of the repository.
    pub fn members_in(&self, folder: &str) -> BTreeSet<String> {
        let root = self.metadata.workspace_root.join(folder);
        let inside = self
            .members()
            .into_iter()
            .filter(|package| package.manifest_path.starts_with(&root));
        inside.map(|package| package.name.to_string()).collect()
    }

    /// What a package names itself as needed to run or to build, by crate name.
    pub fn direct(&self, name: &str) -> BTreeSet<String> {
        self.closure(name, 1)
    }

    /// Everything that ends up in a package, by crate name; what only its tests need is left out.
    pub fn all(&self, name: &str) -> BTreeSet<String> {
        self.closure(name, usize::MAX)
    }

    fn closure(&self, name: &str, depth: usize) -> BTreeSet<String> {
        let nodes: HashMap<&PackageId, &Node> = self
            .metadata
            .resolve
            .iter()
            .flat_map(|resolve| &resolve.nodes)
            .map(|node| (&node.id, node))
            .collect();
        let names: HashMap<&PackageId, &str> = self
            .metadata
            .packages
            .iter()
            .map(|package| (&package.id, package.name.as_str()))
            .collect();
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut front: Vec<&PackageId> = self
            .members()
            .into_iter()
            .filter(|package| package.name.as_str() == name)
            .map(|package| &package.id)
            .collect();
        for _ in 0..depth {
            let next: Vec<&PackageId> = front
                .iter()
                .filter_map(|id| nodes.get(id))
                .flat_map(|node| &node.deps)
                .filter(|dependency| {
                    dependency
                        .dep_kinds
                        .iter()
                        .any(|kind| kind.kind != DependencyKind::Development)
                })
                .map(|dependency| &dependency.pkg)
                .filter(|id| seen.insert(*id))
                .collect();
            if next.is_empty() {
                break;
            }
            found.extend(
                next.iter()
                    .filter_map(|id| names.get(id))
                    .map(|name| (*name).to_owned()),
            );
            front = next;
        }
        found
    }
}

/// One package that is really built, for a target, with the features that are really on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Built {
    /// The crate's name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Every package that a build of the workspace for a target really takes in. The lock file names more: what other
/// platforms and other features would need.
pub fn built_for(target: &str) -> Result<BTreeSet<Built>, TidyError> {
    let arguments = [
        "tree",
        "--locked",
        "--workspace",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--target",
        target,
    ];
    let command = format!("cargo {}", arguments.join(" "));
    let output = Command::new("cargo")
        .args(arguments)
        .current_dir(sources::path("."))
        .output()
        .map_err(|error| TidyError::Command {
            command: command.clone(),
            message: error.to_string(),
        })?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(TidyError::Command { command, message });
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(built).collect())
}

fn built(line: &str) -> Option<Built> {
    let mut words = line.split_whitespace();
    let (name, version) = (words.next()?, words.next()?);
    Some(Built {
        name: name.to_owned(),
        version: version.trim_start_matches('v').to_owned(),
    })
}
