//! The `sluice` command: Sluice's API, signed with the caller's own AWS credentials; SQL files and schemas, without AWS.

mod args;
mod bench;
mod client;
mod commands;
mod comparison;
mod credentials;
mod database;
mod exit;
mod folder;
mod interrupt;
mod moment;
mod output;
mod refused;
mod render;
mod server;
mod side;
mod signing;
mod source;
mod spelling;

use clap::Parser as _;
use std::io::IsTerminal as _;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::parsing(&error, std::env::args()),
    };
    let terminal = std::io::stdout().is_terminal();
    let output = output::Output::of_process(cli.global.json, terminal, !cli.global.no_color);
    let result = Box::pin(commands::run(cli, &output)).await;
    exit::report(result, &output)
}
