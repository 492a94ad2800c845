//! `sluice explain` on the command line.

use clap::Args;
use std::path::PathBuf;

/// Which paths, by which settings.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Paths as Git has them: from the repository's root, with `/`
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// Settings in a file, TOML or JSON, `-` for stdin: nothing is asked [default: those in force, from the API]
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Only as this project reads them [default: every one]
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
}
