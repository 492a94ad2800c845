//! The command line of `sluice sql`.

use clap::Subcommand;
use std::path::PathBuf;

/// What can be done with SQL files, offline.
#[derive(Debug, Subcommand)]
pub(crate) enum SqlCommand {
    /// Split a file into its statements: JSON lines with the position, the kind and the facts of each
    Split {
        /// A file of SQL; `-` for stdin
        file: PathBuf,
        /// The server's `sql_mode`: ANSI_QUOTES and NO_BACKSLASH_ESCAPES change how quotes are read
        #[arg(long, value_name = "LIST", default_value = "")]
        sql_mode: String,
        /// Leave out the text of each statement
        #[arg(long)]
        no_text: bool,
        /// A table for people instead of JSON lines
        #[arg(long, conflicts_with = "no_text")]
        table: bool,
    },
}
