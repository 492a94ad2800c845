//! The files of the repository.

use crate::fault::TidyError;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A path below the repository's root.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(relative)
}

/// The text of a file, named from the repository's root.
pub fn text(relative: &str) -> Result<String, TidyError> {
    let path = path(relative);
    std::fs::read_to_string(&path).map_err(|source| TidyError::Read { path, source })
}

/// Every Rust source file below a folder, named from the repository's root.
pub fn rust_files(folder: &str) -> Result<Vec<PathBuf>, TidyError> {
    let mut found = Vec::new();
    let mut waiting = vec![path(folder)];
    while let Some(folder) = waiting.pop() {
        let read = |source| TidyError::Read {
            path: folder.clone(),
            source,
        };
        for entry in std::fs::read_dir(&folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The environment variables that the code below a folder names: string literals of capitals that begin with
/// `SLUICE_` or `GITHUB_`, comments and unit tests left out. Configuration is read by name, so a variable that is read is named.
pub fn variables_named(folder: &str) -> Result<BTreeSet<String>, TidyError> {
    let mut names = BTreeSet::new();
    for file in rust_files(folder)? {
        let text = std::fs::read_to_string(&file).map_err(|source| TidyError::Read {
            path: file.clone(),
            source,
        })?;
        let shipped = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        let code = shipped.filter(|line| !line.trim_start().starts_with("//"));
        names.extend(
            code.flat_map(|line| line.split('"').skip(1).step_by(2))
                .filter_map(variable),
        );
    }
    Ok(names)
}

fn variable(literal: &str) -> Option<String> {
    let ours = literal.starts_with("SLUICE_") || literal.starts_with("GITHUB_");
    let capitals = literal
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (ours && capitals).then(|| literal.to_owned())
}
