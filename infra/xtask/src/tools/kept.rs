//! One folder of the cache: there or not, never half.

use crate::context::Context;
use crate::fault::{At, Fault};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::path::{Path, PathBuf};

const MARKER: &str = ".complete";

/// Returns the folder named after the tool and what pins it; fills it first where it is missing or half filled.
pub(crate) fn kept(
    context: &Context,
    tool: &str,
    pins: &str,
    fill: impl FnOnce(&Path) -> Result<(), Fault>,
) -> Result<PathBuf, Fault> {
    let pins = hex::encode(Sha256::digest(pins));
    let folder = context
        .cache
        .join(format!("{tool}-{}", pins.get(..12).unwrap_or(&pins)));
    if folder.join(MARKER).exists() {
        return Ok(folder);
    }
    std::fs::create_dir_all(&context.cache).at("create", &context.cache)?;
    let _lock = lock(context, &context.cache.join(format!("{tool}.lock")))?;
    if folder.join(MARKER).exists() {
        return Ok(folder);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).at("remove the unfinished", &folder)?;
    }
    std::fs::create_dir_all(&folder).at("create", &folder)?;
    fill(&folder)?;
    let marker = folder.join(MARKER);
    File::create(&marker).at("create", &marker)?;
    Ok(folder)
}

/// Takes a lock that ends with the process; says so when somebody else has it.
pub(crate) fn lock(context: &Context, path: &Path) -> Result<File, Fault> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .at("open", path)?;
    if file.try_lock().is_err() {
        context.progress.say(&format!(
            "Waiting for another `cargo xtask` that holds {}",
            path.display()
        ));
        file.lock().at("lock", path)?;
    }
    Ok(file)
}
