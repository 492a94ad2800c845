//! `cargo xtask fuzz`: the campaign of `tests/fuzz`, on a MySQL server of its own.

use crate::alone::with_mysql;
use crate::context::{Context, cargo};
use crate::fault::Fault;
use crate::up::Wishes;

/// How much is tried.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many inputs
    #[arg(long, default_value_t = 100_000)]
    inputs: u64,
    /// The number of the first input: the same numbers give the same inputs
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Builds the campaign and runs it.
pub(crate) fn fuzz(context: &Context, wishes: &Wishes, arguments: &Arguments) -> Result<(), Fault> {
    let mut build = cargo(&context.root);
    build.args(["build", "--package", "fuzz", "--locked"]);
    context.run_shown("Building the campaign", &mut build)?;
    with_mysql(context, wishes, |url| {
        let mut run = cargo(&context.root);
        run.args(["run", "--quiet", "--package", "fuzz", "--locked", "--"]);
        run.arg(format!("--inputs={}", arguments.inputs));
        run.arg(format!("--seed={}", arguments.seed));
        run.env("SLUICE_TEST_MYSQL_URL", url);
        context.run_shown("The campaign", &mut run)
    })
}
