//! `cargo xtask bench`: what is measured, built for speed, against peers on a MySQL server of its own.

mod push;

use crate::alone::{with_mysql, with_mysql_of};
use crate::context::{Context, cargo, output};
use crate::fault::Fault;
use crate::services::mysql::Durability;
use crate::tools::{Clients, dbmate, sqlx};
use crate::up::Wishes;
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;

/// What is measured.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(clap::Subcommand)]
enum Subject {
    /// Reading SQL, and snapshots of schemas
    Sql {
        /// Small texts, small schemas, one run: to see that it works
        #[arg(long)]
        quick: bool,
    },
    /// Applying a folder of changes, beside the plain client and other tools
    Apply {
        /// Few files, small schemas, one run: to see that it works
        #[arg(long)]
        quick: bool,
        /// On a server with a binary log that flushes at each commit
        #[arg(long)]
        durable: bool,
        /// What follows `--` is for the measuring program: `--only`, `--rounds`
        #[arg(last = true)]
        more: Vec<String>,
    },
    /// From a push to its check run, on the local stack, which is started where it does not run
    Push {
        /// How many pushes
        #[arg(long, default_value_t = 20)]
        rounds: usize,
        /// With functions that are not built for speed: to see that it works
        #[arg(long)]
        quick: bool,
    },
}

/// Builds it and runs it.
pub(crate) fn bench(context: &Context, wishes: &Wishes, arguments: &Arguments) -> Result<(), Fault> {
    match &arguments.subject {
        Subject::Sql { quick } => reading(context, wishes, *quick),
        Subject::Apply { quick, durable, more } => {
            let durability = if *durable {
                Durability::Full
            } else {
                Durability::Quick
            };
            applying(context, wishes, *quick, durability, more)
        }
        Subject::Push { rounds, quick } => push::pushing(context, wishes, *rounds, *quick),
    }
}

fn reading(context: &Context, wishes: &Wishes, quick: bool) -> Result<(), Fault> {
    let dump = Clients::install(context)?.words("mysqldump")?;
    let programs = built(context, &["bench"])?;
    with_mysql(context, wishes, |url| {
        let mut run = Command::new(programs.join("bench"));
        run.arg("sql");
        if quick {
            run.arg("--quick");
        }
        run.arg("--").args(&dump);
        run.env("SLUICE_TEST_MYSQL_URL", url);
        context.run_shown("The bench", &mut run)
    })
}

fn applying(
    context: &Context,
    wishes: &Wishes,
    quick: bool,
    durability: Durability,
    more: &[String],
) -> Result<(), Fault> {
    let client = Clients::install(context)?.words("mysql")?;
    let peers = [("dbmate", dbmate(context)), ("sqlx", sqlx(context))];
    let programs = built(context, &["bench", "cli"])?;
    with_mysql_of(context, wishes, durability, |url| {
        let mut run = Command::new(programs.join("bench"));
        run.args(["apply", "--sluice"]).arg(programs.join("sluice"));
        for (name, program) in &peers {
            match program {
                Ok(program) => {
                    run.arg(format!("--{name}")).arg(program);
                }
                Err(fault) => context
                    .progress
                    .say(&format!("{name} can't be had, so it is not measured: {fault}")),
            }
        }
        if quick {
            run.arg("--quick");
        }
        run.args(more).arg("--").args(&client);
        run.env("SLUICE_TEST_MYSQL_URL", url);
        context.run_shown("The bench", &mut run)
    })
}

/// Builds packages for speed, all at once, so that what they share is built once; the folder of their programs.
fn built(context: &Context, packages: &[&str]) -> Result<PathBuf, Fault> {
    const PROFILE: &str = "measure";
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let mut build = cargo(&context.root);
    build.args(["build", "--profile", PROFILE, "--locked"]);
    for package in packages {
        build.args(["--package", package]);
    }
    context.run_shown("Building the bench", &mut build)?;
    let mut metadata = cargo(&context.root);
    metadata.args(["metadata", "--no-deps", "--format-version=1", "--locked"]);
    let told = output("Asking cargo where it builds", &mut metadata)?;
    let metadata: Metadata = serde_json::from_str(&told)
        .map_err(|error| Fault::told(format!("cargo does not say where it builds: {error}")))?;
    Ok(metadata.target_directory.join(PROFILE))
}
