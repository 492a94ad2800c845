//! The `sluice` command: Sluice's API, signed with the caller's own AWS credentials.

mod args;
mod client;
mod commands;
mod credentials;
mod exit;
mod output;
mod refused;
mod render;
mod signing;

use clap::Parser as _;
use std::io::IsTerminal as _;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::parsing(&error),
    };
    let colored = !cli.global.no_color && std::io::stdout().is_terminal();
    let output = output::Output::of_process(cli.global.json, colored);
    let result = commands::run(cli, &output).await;
    exit::report(result, &output)
}
