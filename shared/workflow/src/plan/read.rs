//! Reading files: the path by settings, and the content from GitHub where a decision needs it.

use super::diff::Candidate;
use crate::ports::github::{Repositories, TreeEntry};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use model::{BlobSha, Checksum, Fault, Refusal, TaskKey, Version};
use settings::path::ChangePath;
use settings::{PathReading, Project, Settings};
use std::collections::HashMap;

/// The most bytes that a change may have.
const MAX_CHANGE_BYTES: u64 = 1024 * 1024;

/// How many files are read from GitHub at once.
const AT_ONCE: usize = 8;

/// A file under the base directory, whose path was read.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) path: String,
    /// Whether it differs from what was there before.
    pub(super) changed: bool,
    pub(super) entry: Option<TreeEntry>,
    pub(super) reading: PathReading,
}

/// A file to be answered.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: String,
    /// Whether it differs from what was there before.
    pub(super) changed: bool,
    pub(super) meaning: Meaning,
}

/// What a file means.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// A change.
    Change(ChangePath, Text),
    /// A change whose file is gone.
    Removed(ChangePath),
    /// Meant as a change, but wrong.
    Refused(Refusal),
    /// No change.
    Ignored(String),
    /// The latest schema.
    Schema,
}

/// The text of a change, by git's name for it and, where a decision needs it, as it is.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) blob: BlobSha,
    pub(super) content: Option<Content>,
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
}

impl Named {
    /// The change that its path names, where it names one.
    pub(super) fn change(&self) -> Option<&ChangePath> {
        match &self.reading {
            PathReading::Change(change) => Some(change),
            PathReading::Outside
            | PathReading::Schema
            | PathReading::Refused(_)
            | PathReading::Ignored(_) => None,
        }
    }

    /// The tasks that it may mean.
    pub(super) fn keys(&self) -> Vec<TaskKey> {
        self.change().map(keys_of).unwrap_or_default()
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

/// The files under the base directory, with what their paths say. Nothing outside of it is ever looked at.
pub(super) fn named(settings: &Settings, project: &Project, candidates: Vec<Candidate>) -> Vec<Named> {
    let named = candidates.into_iter().map(|candidate| Named {
        reading: settings.read_path(project, &candidate.path),
        path: candidate.path,
        changed: candidate.changed,
        entry: candidate.entry,
    });
    named
        .filter(|file| match file.reading {
            PathReading::Outside => false,
            PathReading::Schema
            | PathReading::Change(_)
            | PathReading::Refused(_)
            | PathReading::Ignored(_) => true,
        })
        .collect()
}

/// Reads the files; the content of a change only where `needed` says so.
pub(super) async fn files(
    github: &impl Repositories,
    project: &Project,
    named: Vec<Named>,
    needed: impl Fn(&ChangePath, &BlobSha) -> bool,
) -> Result<Vec<File>, Fault> {
    let needed = &needed;
    let reading = named
        .into_iter()
        .map(|file| file_of(github, project, file, needed));
    stream::iter(reading).buffered(AT_ONCE).try_collect().await
}

async fn file_of(
    github: &impl Repositories,
    project: &Project,
    file: Named,
    needed: &impl Fn(&ChangePath, &BlobSha) -> bool,
) -> Result<File, Fault> {
    let meaning = match (file.reading, file.entry) {
        (PathReading::Schema, _) => Meaning::Schema,
        (PathReading::Refused(refusal), Some(_)) => Meaning::Refused(refusal),
        (PathReading::Refused(_), None) => Meaning::Ignored("deleted; it was never a change".into()),
        (PathReading::Ignored(_) | PathReading::Outside, None) => {
            Meaning::Ignored("deleted; it was no change".into())
        }
        (PathReading::Ignored(reason), Some(_)) => Meaning::Ignored(reason),
        (PathReading::Outside, Some(_)) => Meaning::Ignored("it is not under the base directory".into()),
        (PathReading::Change(change), None) => Meaning::Removed(change),
        (PathReading::Change(change), Some(entry)) if needed(&change, &entry.blob) => {
            match read_content(github, project, &entry).await? {
                Ok(content) => Meaning::Change(
                    change,
                    Text {
                        blob: entry.blob,
                        content: Some(content),
                    },
                ),
                Err(refusal) => Meaning::Refused(refusal),
            }
        }
        (PathReading::Change(change), Some(entry)) => Meaning::Change(
            change,
            Text {
                blob: entry.blob,
                content: None,
            },
        ),
    };
    Ok(File {
        path: file.path,
        changed: file.changed,
        meaning,
    })
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

/// The changes of a whole tree.
#[derive(Debug, Default)]
pub(super) struct Changes(HashMap<TaskKey, Vec<Place>>);

/// Where a change is in a tree.
#[derive(Debug, Clone)]
struct Place {
    path: String,
    blob: BlobSha,
    version: Version,
}

impl Changes {
    /// Those of a tree.
    pub(super) fn of(settings: &Settings, project: &Project, tree: &[TreeEntry]) -> Self {
        let mut places: HashMap<TaskKey, Vec<Place>> = HashMap::new();
        for entry in tree {
            if let PathReading::Change(change) = settings.read_path(project, &entry.path) {
                for key in keys_of(&change) {
                    places.entry(key).or_default().push(Place {
                        path: entry.path.clone(),
                        blob: entry.blob.clone(),
                        version: change.version.clone(),
                    });
                }
            }
        }
        Self(places)
    }

    /// Every path that names a change: more than one is one too many.
    pub(super) fn paths(&self, key: &TaskKey) -> Vec<&str> {
        let places = self.0.get(key).map(Vec::as_slice).unwrap_or_default();
        places.iter().map(|place| place.path.as_str()).collect()
    }

    /// Whether the change was there, and whether with another content: none where it was not.
    pub(super) fn differs(&self, key: &TaskKey, blob: &BlobSha) -> Option<bool> {
        let places = self.0.get(key)?;
        Some(places.iter().all(|place| &place.blob != blob))
    }

    /// The highest version of a target.
    pub(super) fn highest(&self, target: &model::Target) -> Option<Version> {
        let of_target = self.0.iter().filter(|(key, _)| &key.target == target);
        let highest = of_target.max_by(|(one, _), (other, _)| one.version.cmp(&other.version));
        highest
            .and_then(|(_, places)| places.first())
            .map(|place| place.version.clone())
    }
}
