//! `sluice audit` on the command line.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// What can be done with the audit.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Look whether anything in it was edited, removed or moved; every flaw is told, and the exit code is 1
    Verify {
        /// Only the chain of this issue [default: every one]
        #[arg(long, value_name = "N")]
        issue: Option<u64>,
        /// A file that `sluice audit export` wrote, `-` for stdin: nothing is asked [default: the API]
        #[arg(long, value_name = "FILE", conflicts_with = "issue")]
        file: Option<PathBuf>,
    },
    /// Print it, to be kept where nobody can alter it
    Export {
        /// Only the chain of this issue [default: every one]
        #[arg(long, value_name = "N")]
        issue: Option<u64>,
        /// What is printed
        #[arg(long, value_enum, default_value_t = Format::Jsonl)]
        format: Format,
    },
}

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines of JSON, one item a line; `verify --file` reads them
    Jsonl,
    /// A table for spreadsheets
    Csv,
}
