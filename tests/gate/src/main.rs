//! `cargo xtask gate`: all cells of the crash gate; and the worker that they strike.

use clap::{Parser, Subcommand};
use gate::{Cell, Judged, Lanes, Trouble, chaos};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The crash gate.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Play the cells
    Cells {
        /// Only those whose name holds this
        #[arg(long, default_value = "")]
        only: String,
        /// How many are played on one server at once
        #[arg(long, default_value_t = 8)]
        at_once: usize,
        /// How many servers are there to be killed
        #[arg(long, default_value_t = 2)]
        servers: usize,
    },
    /// Apply random changes while the worker and its server are killed at random times
    Chaos {
        /// How long
        #[arg(long, default_value_t = 10)]
        minutes: u64,
        /// The number that changes and times are made from; a new one where none is given
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Be the worker that is struck
    #[command(hide = true)]
    Worker {
        /// What to do, as JSON
        orders: String,
    },
    /// Be the negative control
    #[command(hide = true)]
    Naive {
        /// What to do, as JSON
        orders: String,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match perform(Arguments::parse().task).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            say(&format!("error: {trouble}"));
            ExitCode::FAILURE
        }
    }
}

async fn perform(task: Task) -> Result<bool, Trouble> {
    match task {
        Task::Cells {
            only,
            at_once,
            servers,
        } => {
            let lanes = Lanes {
                sharing: at_once,
                mortal: servers,
            };
            Box::pin(cells(&only, lanes)).await
        }
        Task::Chaos { minutes, seed } => Box::pin(chaos(minutes, seed)).await,
        Task::Naive { orders } => {
            gate::chaos::naive::work(&serde_json::from_str(&orders)?).await?;
            Ok(true)
        }
        Task::Worker { orders } => {
            Box::pin(gate::worker::work(&serde_json::from_str(&orders)?)).await?;
            Ok(true)
        }
    }
}

/// A copy of this program, to be the worker: a build may put another one in its place while a run lasts.
struct Program {
    path: PathBuf,
    _folder: TempDir,
}

impl Program {
    fn kept() -> Result<Self, Trouble> {
        let folder = tempfile::Builder::new().prefix("sluice-worker-").tempdir()?;
        let path = folder.path().join("worker");
        std::fs::copy(std::env::current_exe()?, &path)?;
        Ok(Self {
            path,
            _folder: folder,
        })
    }
}

async fn cells(only: &str, lanes: Lanes) -> Result<bool, Trouble> {
    let began = Instant::now();
    let mut cells = Cell::all();
    cells.retain(|cell| cell.to_string().contains(only));
    let program = Program::kept()?;
    let judged = gate::run(&program.path, &cells, lanes, tell).await?;
    let failed = judged.iter().filter(|judged| !judged.wrong.is_empty()).count();
    let longest = judged
        .iter()
        .map(|judged| judged.recovery)
        .max()
        .unwrap_or_default();
    print(&format!(
        "cells passed / defined: {} / {} in {:.0} s; the longest recovery took {:.1} s\n",
        judged.len() - failed,
        cells.len(),
        began.elapsed().as_secs_f64(),
        longest.as_secs_f64(),
    ))?;
    Ok(failed == 0 && !judged.is_empty())
}

async fn chaos(minutes: u64, seed: Option<u64>) -> Result<bool, Trouble> {
    let began = Instant::now();
    let seed = seed.unwrap_or_else(|| RandomState::new().build_hasher().finish() % 1_000_000);
    print(&format!("seed {seed}\n"))?;
    let program = Program::kept()?;
    let control = chaos::control(&program.path, seed).await?;
    print(&format!(
        "negative control, journal and lock off: {} in change {}\n",
        control.violations.first().map_or("NOT CAUGHT", |_| "caught"),
        control.changes,
    ))?;
    let score = chaos::run(&program.path, seed, Duration::from_secs(minutes * 60)).await?;
    for violation in &score.violations {
        print(&format!("violation: {violation}\n"))?;
    }
    print(&format!(
        "changes {}, statements {}, kills of the worker {}, kills of the server {}, adopted {}, run again {}, \
         ambiguous {}, violations {} in {:.0} s\n",
        score.changes,
        score.statements,
        score.worker_kills,
        score.server_kills,
        score.adopted,
        score.again,
        score.ambiguous,
        score.violations.len(),
        began.elapsed().as_secs_f64(),
    ))?;
    Ok(score.violations.is_empty() && score.changes > 0 && !control.violations.is_empty())
}

/// Tells of what failed as soon as it did, and of what took long.
fn tell(judged: &Judged) {
    if !judged.wrong.is_empty() {
        say(&format!("failed: {}: {}", judged.cell, judged.wrong.join("; ")));
    } else if judged.took > Duration::from_secs(30) {
        say(&format!(
            "{}: took {:.0} s",
            judged.cell,
            judged.took.as_secs_f64()
        ));
    }
}

fn say(text: &str) {
    // Nobody is left to tell when stderr is closed.
    let _closed = writeln!(std::io::stderr(), "{text}");
}

fn print(text: &str) -> std::io::Result<()> {
    std::io::stdout().write_all(text.as_bytes())
}
