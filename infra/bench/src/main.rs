//! `cargo xtask bench`: what is measured, against peers and floors run side by side. A ratio holds on other machines
//! too; a bare time says nothing.

mod apply;
mod fault;
mod memory;
mod reading;
mod schema;
mod server;
mod snapshot;
mod splitter;
mod texts;
mod timing;

use clap::{Parser, Subcommand};
use fault::BenchError;
use std::io::Write as _;
use std::process::ExitCode;

/// Measures.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Subcommand)]
enum Subject {
    /// Reading SQL, and snapshots of schemas
    Sql(reading::Arguments),
    /// Applying a folder of changes
    Apply(apply::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().subject {
        Subject::Sql(arguments) => reading::run(&arguments),
        Subject::Apply(arguments) => apply::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when stderr is closed.
            let _closed = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> Result<(), BenchError> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|source| BenchError::Io {
            what: "stdout".to_owned(),
            source,
        })
}
