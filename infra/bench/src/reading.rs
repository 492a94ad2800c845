//! `cargo xtask bench sql`: the reading of SQL and the taking of snapshots.

use crate::fault::BenchError;
use crate::{memory, print, snapshot, splitter, timing};

/// What is measured, and how much of it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Small texts, small schemas, one run
    #[arg(long)]
    quick: bool,
    /// Measure only this
    #[arg(long)]
    only: Option<Part>,
    /// Take snapshots of schemas of so many tables, instead of 1,000 and 5,000
    #[arg(long, value_name = "N")]
    tables: Vec<usize>,
    #[arg(long, hide = true)]
    memory: Option<memory::Case>,
    /// The words that run mysqldump
    #[arg(last = true)]
    dump: Vec<String>,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Splitter,
    Memory,
    Snapshot,
}

/// Measures, and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), BenchError> {
    if let Some(case) = arguments.memory {
        return print(&memory::read(case)?);
    }
    let rounds = if arguments.quick { 1 } else { 5 };
    let wanted = |part| arguments.only.is_none_or(|only| only == part);
    if wanted(Part::Splitter) {
        let bytes = if arguments.quick { 4 << 20 } else { 32 << 20 };
        let (table, reached) = splitter::table(bytes, rounds);
        print(&format!(
            "Splitter, alone and with the facts, line and column of each statement; one core, median of {rounds}\n{table}\n\
             Target, at least 100 MB/s for every kind of text: {}\n\n",
            timing::yes(reached)
        ))?;
    }
    if wanted(Part::Memory) {
        print(&format!(
            "Memory of reading, as a stream\n{}\n\n",
            memory::table()?
        ))?;
    }
    if wanted(Part::Snapshot) {
        let sizes: &[usize] = match arguments.tables.as_slice() {
            [] if arguments.quick => &[200],
            [] => &[1000, 5000],
            wished => wished,
        };
        let (table, reached) = snapshot::table(sizes, rounds, &arguments.dump)?;
        print(&format!(
            "Snapshot of a schema, beside mysqldump of the same server's version; median of {rounds}, in turns\n{table}\n\
             Target, at most half of its time: {}\n",
            timing::yes(reached)
        ))?;
    }
    Ok(())
}
