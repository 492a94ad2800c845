//! Inputs that failed once: kept as files, and always run first.

use crate::input::Input;
use std::path::{Path, PathBuf};

/// A kept input that can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    /// A file or folder.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not an input.
    #[error("{} is no input: {source}", path.display())]
    Json {
        /// Where.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

/// Where they are kept.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions")
}

/// All of them, in the order of their names.
pub fn all() -> Result<Vec<Input>, KeptError> {
    let folder = folder();
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| KeptError::Io { path, source }
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(io(&folder))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    let mut inputs = Vec::with_capacity(paths.len());
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(io(&path))?;
        inputs.push(serde_json::from_str(&text).map_err(|source| KeptError::Json { path, source })?);
    }
    Ok(inputs)
}

/// Keeps one under a name made from what it is.
pub fn keep(input: &Input) -> Result<PathBuf, KeptError> {
    let path = folder().join("new.json");
    let text = serde_json::to_string_pretty(input).map_err(|source| KeptError::Json { path, source })? + "\n";
    // FNV-1a: the name has to be the same everywhere, nothing more.
    let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    let path = folder().join(format!("{hash:016x}.json"));
    std::fs::write(&path, text).map_err(|source| KeptError::Io {
        path: path.clone(),
        source,
    })?;
    Ok(path)
}
