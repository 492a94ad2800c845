//! sqlx-cli, compiled here once: nobody packages it.

use super::kept::kept;
use crate::context::{Context, cargo};
use crate::fault::{At, Fault};
use std::path::PathBuf;

/// Its version.
const VERSION: &str = "0.9.0";
/// What it is built with: MySQL alone, over the TLS that needs no library of the machine.
const FEATURES: &str = "mysql,rustls";

/// The program `sqlx`.
pub(crate) fn sqlx(context: &Context) -> Result<PathBuf, Fault> {
    let pins = format!("{VERSION} {FEATURES}");
    let folder = kept(context, "sqlx-cli", &pins, |folder| {
        let step = context.progress.step(format!(
            "Compiling sqlx-cli {VERSION} (once; takes 5 to 15 minutes; the log is {})",
            context.log_file("install-sqlx-cli")?.display()
        ));
        let build = folder.join("build");
        let mut install = cargo(&context.root);
        install
            .args(["install", "sqlx-cli", "--locked", "--no-default-features"])
            .args(["--version", VERSION, "--features", FEATURES, "--bin", "sqlx"])
            .arg("--root")
            .arg(folder)
            .arg("--target-dir")
            .arg(&build);
        context.run("Compiling sqlx-cli", "install-sqlx-cli", &mut install)?;
        std::fs::remove_dir_all(&build).at("remove", &build)?;
        step.done();
        Ok(())
    })?;
    Ok(folder.join("bin/sqlx"))
}
