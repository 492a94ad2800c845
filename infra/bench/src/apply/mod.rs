//! `cargo xtask bench apply`: what `sluice apply` costs, beside the plain client and other tools.

mod files;
mod neighbours;
mod place;
mod quiet;
mod rivals;
mod work;

use crate::fault::BenchError;
use crate::print;
use place::Place;
use std::path::PathBuf;

/// What is measured, with what, and how often.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Few files, small schemas, one round
    #[arg(long)]
    quick: bool,
    /// Measure only this
    #[arg(long)]
    only: Option<Part>,
    /// How many rounds are counted
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// The program sluice
    #[arg(long)]
    sluice: PathBuf,
    /// The program dbmate, where it can be had
    #[arg(long)]
    dbmate: Option<PathBuf>,
    /// The program sqlx, where it can be had
    #[arg(long)]
    sqlx: Option<PathBuf>,
    /// The words that run the plain client
    #[arg(last = true)]
    client: Vec<String>,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Files into an empty database
    Files,
    /// A run with nothing to do
    Quiet,
    /// Statements among other tables
    Neighbours,
}

impl Arguments {
    fn rounds(&self, usual: usize) -> usize {
        let usual = if self.quick { 1 } else { usual };
        self.rounds.unwrap_or(usual).max(1)
    }
}

/// Measures, and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), BenchError> {
    let place = Place::named()?;
    let about = place.ask(
        "SELECT CONCAT('MySQL ', VERSION(), ', binary log ', IF(@@log_bin, 'on', 'off'), \
         ', innodb_flush_log_at_trx_commit ', @@innodb_flush_log_at_trx_commit)",
    )?;
    print(&format!("{about}\n\n"))?;
    let wanted = |part| arguments.only.is_none_or(|only| only == part);
    if wanted(Part::Files) {
        print(&files::report(arguments, &place)?)?;
    }
    if wanted(Part::Quiet) {
        print(&quiet::report(arguments, &place)?)?;
    }
    if wanted(Part::Neighbours) {
        print(&neighbours::report(arguments, &place)?)?;
    }
    Ok(())
}
