//! The functions' binaries and the zips made of them.

use super::FUNCTIONS;
use crate::context::{Context, cargo};
use crate::fault::{At, Fault};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;
use zip::write::SimpleFileOptions;

/// A zip and the key to store it under, which names its content.
pub(crate) struct Package {
    /// `{function}-{digest}.zip`.
    pub(crate) key: String,
    /// The zip.
    pub(crate) content: Vec<u8>,
}

/// How the functions are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Without optimization: what stories run.
    Quick,
    /// For speed: what is measured.
    Measure,
}

impl Profile {
    /// The folder of `target/` that holds the binaries.
    fn folder(self) -> &'static str {
        match self {
            Self::Quick => "debug",
            Self::Measure => "measure",
        }
    }
}

/// Builds the functions for speed.
pub(crate) fn build_for_speed(context: &Context) -> Result<(), Fault> {
    let mut command = cargo(&context.root);
    command.args(["build", "--profile", "measure", "--locked"]);
    for function in FUNCTIONS {
        command.args(["--package", function]);
    }
    context.run_shown("Building the functions for speed", &mut command)
}

/// Builds the functions, the command line tool and the stand-in for GitHub, quick profile.
pub(crate) fn build(context: &Context) -> Result<(), Fault> {
    let step = context.progress.step("Building the functions");
    let mut command = cargo(&context.root);
    command.args(["build", "--bin", "sluice", "--bin", "stand-in"]);
    for function in FUNCTIONS {
        command.args(["--bin", function]);
    }
    // The same selection of packages as the tests': what is built here is not built again there.
    command.args(["--workspace", "--locked"]);
    context.run_shown("Building the functions", &mut command)?;
    step.done();
    Ok(())
}

/// The zip of a function that was built.
pub(crate) fn package(context: &Context, function: &str, profile: Profile) -> Result<Package, Fault> {
    let binary = context.root.join("target").join(profile.folder()).join(function);
    let folder = context.home().join("build").join(function);
    let bootstrap = folder.join("bootstrap");
    let built = modified(&binary).map_err(|fault| {
        Fault::told(format!(
            "{fault}\nthe function was not built: leave out --no-build"
        ))
    })?;
    if modified(&bootstrap).map_or(true, |stripped| stripped != built) {
        std::fs::create_dir_all(&folder).at("create", &folder)?;
        strip(context, &binary, &bootstrap, built)?;
    }
    let content = zipped(&std::fs::read(&bootstrap).at("read", &bootstrap)?)?;
    let zip = folder.join("bootstrap.zip");
    std::fs::write(&zip, &content).at("write", &zip)?;
    let digest = hex::encode(Sha256::digest(&content));
    Ok(Package {
        key: format!("{function}-{}.zip", digest.get(..16).unwrap_or(&digest)),
        content,
    })
}

/// A zip of one executable: same content, same bytes.
fn zipped(bootstrap: &[u8]) -> Result<Vec<u8>, Fault> {
    let fault = |error: &dyn std::fmt::Display| Fault::told(format!("cannot zip a function: {error}"));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        // It travels within this machine: compressing would cost more than it saves.
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o755);
    zip.start_file("bootstrap", options)
        .map_err(|error| fault(&error))?;
    zip.write_all(bootstrap).map_err(|error| fault(&error))?;
    Ok(zip.finish().map_err(|error| fault(&error))?.into_inner())
}

/// A copy without symbols, where `strip` is installed; a copy otherwise. Its time is the binary's, which tells
/// whether it is still the copy of that binary.
fn strip(context: &Context, binary: &Path, bootstrap: &Path, built: SystemTime) -> Result<(), Fault> {
    let temporary = bootstrap.with_extension("new");
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(&temporary).arg(binary);
    if context.run("Stripping a function", "strip", &mut strip).is_err() {
        std::fs::copy(binary, &temporary).at("copy", binary)?;
    }
    File::options()
        .write(true)
        .open(&temporary)
        .and_then(|file| file.set_modified(built))
        .at("date", &temporary)?;
    std::fs::rename(&temporary, bootstrap).at("replace", bootstrap)
}

fn modified(path: &Path) -> Result<SystemTime, Fault> {
    std::fs::metadata(path)
        .and_then(|file| file.modified())
        .at("look at", path)
}

#[cfg(test)]
mod tests {
    use super::zipped;
    use std::io::{Cursor, Read};

    #[test]
    fn the_same_executable_gives_the_same_zip() {
        let zip = zipped(b"#!/bin/sh\n").unwrap();
        assert_eq!(zip, zipped(b"#!/bin/sh\n").unwrap());
        let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
        let mut bootstrap = archive.by_name("bootstrap").unwrap();
        assert_eq!(bootstrap.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        let mut text = String::new();
        bootstrap.read_to_string(&mut text).unwrap();
        assert_eq!(text, "#!/bin/sh\n");
    }
}
