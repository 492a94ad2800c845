//! `cargo xtask bench`: what is measured, built for speed, against peers on a MySQL server of its own.

use crate::alone::with_mysql;
use crate::context::{Context, cargo};
use crate::fault::Fault;
use crate::tools::Clients;
use crate::up::Wishes;

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
}

/// Builds it and runs it.
pub(crate) fn bench(context: &Context, wishes: &Wishes, arguments: &Arguments) -> Result<(), Fault> {
    let Subject::Sql { quick } = arguments.subject;
    let dump = Clients::install(context)?.words("mysqldump")?;
    let mut build = cargo(&context.root);
    build.args(["build", "--profile", "measure", "--package", "bench", "--locked"]);
    context.run_shown("Building the bench", &mut build)?;
    with_mysql(context, wishes, |url| {
        let mut run = cargo(&context.root);
        run.args([
            "run",
            "--quiet",
            "--profile",
            "measure",
            "--package",
            "bench",
            "--locked",
            "--",
        ]);
        if quick {
            run.arg("--quick");
        }
        run.arg("--").args(&dump);
        run.env("SLUICE_TEST_MYSQL_URL", url);
        context.run_shown("The bench", &mut run)
    })
}
