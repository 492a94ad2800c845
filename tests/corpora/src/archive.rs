//! The vendored texts: one compressed file per source, one JSON line per text.

use crate::error::CorporaError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The texts of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name, as the page of provenances spells it.
    pub name: String,
    /// Its texts, in order of their paths.
    pub files: Vec<File>,
}

/// One text, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Where it lies in its package.
    pub path: String,
    /// The text.
    pub text: String,
}

const ENDING: &str = ".jsonl.zst";

/// Where the corpora lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/corpora")
}

/// All sources, by name.
pub fn sources() -> Result<Vec<Source>, CorporaError> {
    let folder = folder();
    let at = |source| CorporaError::File {
        path: folder.clone(),
        source,
    };
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if let Some(name) = name.strip_suffix(ENDING) {
            sources.push(Source {
                name: name.to_owned(),
                files: read_lines(&path)?,
            });
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(sources)
}

/// The entries of a compressed file of JSON lines.
pub(crate) fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, CorporaError> {
    let at = |source| CorporaError::File {
        path: path.to_owned(),
        source,
    };
    let compressed = std::fs::read(path).map_err(at)?;
    let lines = zstd::decode_all(compressed.as_slice()).map_err(at)?;
    lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| {
            serde_json::from_slice(line).map_err(|source| CorporaError::Line {
                path: path.to_owned(),
                source,
            })
        })
        .collect()
}
