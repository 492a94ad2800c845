//! `cargo xtask fuzz`: runs the kept inputs and then those of many numbers, and keeps what fails.

use clap::Parser;
use fuzz::{Campaign, Report, kept};
use std::io::Write as _;
use std::process::ExitCode;

/// Compares our reading of made-up texts with that of the MySQL server that `SLUICE_TEST_MYSQL_URL` names.
#[derive(Parser)]
struct Arguments {
    /// How many inputs
    #[arg(long, default_value_t = 100_000)]
    inputs: u64,
    /// The number of the first input
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // A panic is a finding, with its input; its backtrace would only hide the others.
    std::panic::set_hook(Box::new(|_| {}));
    match run(&Arguments::parse()).await {
        Ok(report) if report.disagreements.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Report, Box<dyn std::error::Error>> {
    let mut campaign = Campaign::open().await?;
    campaign.take(&kept::all()?).await?;
    let end = arguments.seed.saturating_add(arguments.inputs);
    campaign.run(arguments.seed..end, progress).await?;
    let report = campaign.close().await;
    for disagreement in &report.disagreements {
        kept::keep(&disagreement.input)?;
    }
    if arguments.json {
        print(&(serde_json::to_string_pretty(&report)? + "\n"))?;
    } else {
        print(&summary(&report))?;
    }
    Ok(report)
}

fn progress(report: &Report) {
    if report.inputs.is_multiple_of(10_000) {
        say(&format!(
            "  {} inputs, {} texts judged, {} disagreements\n",
            report.inputs,
            report.judged,
            report.disagreements.len()
        ));
    }
}

fn summary(report: &Report) -> String {
    let first = report.disagreements.iter().take(40);
    let mut lines: Vec<String> = first.map(|disagreement| format!("{disagreement:#?}")).collect();
    for (what, count) in [
        ("inputs", report.inputs),
        ("texts judged by the server", report.judged),
        ("one statement to the server", report.statements),
        ("syntax errors to the server", report.refused),
        ("refused before all was read", report.unknown),
        (
            "accepted by the server, refused by us on purpose",
            report.refused_on_purpose,
        ),
        ("disagreements", report.disagreements.len()),
    ] {
        lines.push(format!("{what}: {count}"));
    }
    lines.join("\n") + "\n"
}

fn say(text: &str) {
    // Nobody is left to tell when stderr is closed.
    let _closed = std::io::stderr().write_all(text.as_bytes());
}

fn print(text: &str) -> std::io::Result<()> {
    std::io::stdout().write_all(text.as_bytes())
}
