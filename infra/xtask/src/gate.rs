//! `cargo xtask gate` and `cargo xtask chaos`: the crash gate of `tests/gate`, on an AWS emulator of its own and on
//! MySQL servers that it starts, kills and starts again.

use crate::context::{Context, cargo};
use crate::fault::{At, Fault};
use crate::services::ministack;
use crate::tools::{Server, Venv};
use std::process::Command;

/// Which cells are played.
#[derive(clap::Args)]
pub(crate) struct Cells {
    /// Only those whose name holds this
    #[arg(long, default_value = "")]
    only: String,
}

/// How long changes are applied.
#[derive(clap::Args)]
pub(crate) struct Chaos {
    /// How long
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// The number that everything random is made from; a new one where none is given
    #[arg(long)]
    seed: Option<u64>,
}

/// Plays every cell.
pub(crate) fn gate(context: &Context, arguments: &Cells) -> Result<(), Fault> {
    run(
        context,
        "The crash gate",
        &["cells".to_owned(), format!("--only={}", arguments.only)],
    )
}

/// Applies changes while workers and servers are killed.
pub(crate) fn chaos(context: &Context, arguments: &Chaos) -> Result<(), Fault> {
    let mut words = vec!["chaos".to_owned(), format!("--minutes={}", arguments.minutes)];
    words.extend(arguments.seed.map(|seed| format!("--seed={seed}")));
    run(context, "The chaos run", &words)
}

fn run(context: &Context, what: &str, words: &[String]) -> Result<(), Fault> {
    let mut build = cargo(&context.root);
    build.args(["build", "--package", "gate", "--locked"]);
    context.run_shown("Building the gate", &mut build)?;
    let home = context.home();
    std::fs::create_dir_all(&home).at("create", &home)?;
    let emulator = Venv::install(context, "emulator")?;
    let (endpoint, group) = ministack::start(context, &emulator)?;
    let mut gate = cargo(&context.root);
    gate.args(["run", "--quiet", "--package", "gate", "--locked", "--"])
        .args(words);
    gate.env("SLUICE_TEST_AWS_ENDPOINT", &endpoint)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", ministack::REGION)
        .env("AWS_EC2_METADATA_DISABLED", "true");
    servers(context, &mut gate)?;
    let done = context.run_shown(what, &mut gate);
    group.end();
    context.guard.remove(&group)?;
    done
}

/// Tells the gate how to start servers. A server that somebody named is not ours to kill.
pub(crate) fn servers(context: &Context, command: &mut Command) -> Result<(), Fault> {
    let Server::Ours { mysqld, template } = Server::find(context, None)? else {
        return Err(Fault::told(
            "the gate kills its servers, and found none of its own",
        ));
    };
    // A later `--datadir` counts.
    let mysqld = mysqld.command(&template)?;
    let words: Vec<String> = std::iter::once(mysqld.get_program())
        .chain(mysqld.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    command
        .env("SLUICE_GATE_MYSQLD", serde_json::json!(words).to_string())
        .env("SLUICE_GATE_MYSQL_DATA", template);
    Ok(())
}
