//! Why something could not be read.

use std::path::PathBuf;

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TidyError {
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A command could not be run, or failed.
    #[error("`{command}` failed: {message}")]
    Command {
        /// The command.
        command: String,
        /// What it said.
        message: String,
    },
    /// The template is not the YAML that it should be.
    #[error("template.yaml: {0}")]
    Yaml(#[from] serde_yaml_ng::Error),
    /// The template says something in a shape that this reader does not know.
    #[error("template.yaml: {0}")]
    Template(String),
    /// A JSON text is broken.
    #[error("broken JSON")]
    Json(#[from] serde_json::Error),
    /// A TOML text is broken.
    #[error("broken TOML")]
    Toml(#[from] toml::de::Error),
    /// Cargo does not describe the workspace.
    #[error("cargo metadata failed")]
    Metadata(#[from] cargo_metadata::Error),
    /// A licence expression is not SPDX.
    #[error("`{0}` is no licence expression")]
    Licence(String),
}
