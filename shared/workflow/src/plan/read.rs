//! Reading changed files: the path by settings, the content from GitHub, both into what a decision needs.

use super::diff::Changed;
use crate::ports::github::{Repositories, TreeEntry};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use model::{Checksum, Fault, Refusal, TaskKey};
use settings::path::ChangePath;
use settings::{PathReading, Project, Settings};
use std::collections::HashMap;

/// The most bytes that a change may have.
const MAX_CHANGE_BYTES: u64 = 1024 * 1024;

/// How many files are read from GitHub at once.
const AT_ONCE: usize = 8;

/// A changed file, read.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) meaning: Meaning,
}

/// What a changed file means.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// A change, with its text.
    Change(ChangePath, Content),
    /// A change whose file is gone.
    Removed(ChangePath),
    /// Meant as a change, but wrong.
    Refused(Refusal),
    /// No change.
    Ignored(String),
    /// The latest schema.
    Schema,
}

/// The text of a change.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) checksum: Checksum,
}

impl File {
    /// Whether people expect an answer: not for the file that Sluice writes itself.
    pub(super) fn is_for_people(&self) -> bool {
        match self.meaning {
            Meaning::Change(..) | Meaning::Removed(_) | Meaning::Refused(_) | Meaning::Ignored(_) => true,
            Meaning::Schema => false,
        }
    }

    /// The tasks that it may mean.
    pub(super) fn keys(&self) -> Vec<TaskKey> {
        match &self.meaning {
            Meaning::Change(change, _) | Meaning::Removed(change) => keys_of(change),
            Meaning::Refused(_) | Meaning::Ignored(_) | Meaning::Schema => Vec::new(),
        }
    }
}

pub(super) fn keys_of(change: &ChangePath) -> Vec<TaskKey> {
    change
        .placements
        .iter()
        .map(|placement| TaskKey {
            target: placement.target.clone(),
            version: change.version.key().clone(),
        })
        .collect()
}

/// Reads every changed file under the base directory.
pub(super) async fn read_files(
    github: &impl Repositories,
    settings: &Settings,
    project: &Project,
    changed: Vec<Changed>,
) -> Result<Vec<File>, Fault> {
    let reading = changed
        .into_iter()
        .map(|change| read_file(github, settings, project, change));
    let files: Vec<Option<File>> = stream::iter(reading).buffered(AT_ONCE).try_collect().await?;
    Ok(files.into_iter().flatten().collect())
}

/// Reads one changed file; none where it is not under the base directory.
async fn read_file(
    github: &impl Repositories,
    settings: &Settings,
    project: &Project,
    change: Changed,
) -> Result<Option<File>, Fault> {
    let (path, entry) = match change {
        Changed::Written(entry) => (entry.path.clone(), Some(entry)),
        Changed::Removed(path) => (path, None),
    };
    let meaning = match (settings.read_path(project, &path), entry) {
        (PathReading::Outside, _) => return Ok(None),
        (PathReading::Schema, _) => Meaning::Schema,
        (PathReading::Refused(refusal), Some(_)) => Meaning::Refused(refusal),
        (PathReading::Refused(_), None) => Meaning::Ignored("deleted; it was never a change".into()),
        (PathReading::Ignored(_), None) => Meaning::Ignored("deleted; it was no change".into()),
        (PathReading::Ignored(reason), Some(_)) => Meaning::Ignored(reason),
        (PathReading::Change(change), None) => Meaning::Removed(change),
        (PathReading::Change(change), Some(entry)) => match read_content(github, project, &entry).await? {
            Ok(content) => Meaning::Change(change, content),
            Err(refusal) => Meaning::Refused(refusal),
        },
    };
    Ok(Some(File { path, meaning }))
}

async fn read_content(
    github: &impl Repositories,
    project: &Project,
    entry: &TreeEntry,
) -> Result<Result<Content, Refusal>, Fault> {
    match entry.mode.as_str() {
        "100644" | "100755" => {}
        "120000" => {
            return Ok(Err(refuse(
                "file-symlink",
                "it is a symbolic link; commit the file itself",
            )));
        }
        "160000" => {
            return Ok(Err(refuse(
                "file-submodule",
                "it is a submodule; commit the file itself",
            )));
        }
        other => {
            return Ok(Err(refuse(
                "file-mode",
                format!("its mode {other} is not that of a regular file"),
            )));
        }
    }
    if entry.size.is_some_and(|size| size > MAX_CHANGE_BYTES) {
        return Ok(Err(too_large(entry.size.unwrap_or_default())));
    }
    let bytes = github.blob(&project.repository, &entry.blob).await?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > MAX_CHANGE_BYTES {
        return Ok(Err(too_large(size)));
    }
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Ok(Err(refuse(
            "file-lfs",
            "it is a Git LFS pointer; commit the file itself",
        )));
    }
    let checksum = Checksum::of(&bytes);
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Ok(Content { text, checksum }),
        Err(error) => Err(refuse(
            "file-not-utf8",
            format!(
                "it is not UTF-8 (byte {} is wrong); save it as UTF-8",
                error.utf8_error().valid_up_to() + 1
            ),
        )),
    })
}

fn refuse(code: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(code, message)
}

fn too_large(size: u64) -> Refusal {
    refuse(
        "file-too-large",
        format!("it has {size} bytes; a change may have {MAX_CHANGE_BYTES}; split it into several versions"),
    )
}

/// Every path of a tree that names each change: more than one is one too many.
pub(super) fn same_version(
    settings: &Settings,
    project: &Project,
    tree: &[TreeEntry],
) -> HashMap<TaskKey, Vec<String>> {
    let mut paths: HashMap<TaskKey, Vec<String>> = HashMap::new();
    for entry in tree {
        if let PathReading::Change(change) = settings.read_path(project, &entry.path) {
            for key in keys_of(&change) {
                paths.entry(key).or_default().push(entry.path.clone());
            }
        }
    }
    paths
}
