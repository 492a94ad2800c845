//! Logs: one JSON object a line, with the message and its fields under `fields`.

use tracing_subscriber::EnvFilter;

/// Starts logging at this level (`ERROR` to `TRACE`) for Sluice, and warnings for everything else.
pub fn start(level: &str) {
    let level = level.to_ascii_lowercase();
    let filter =
        EnvFilter::try_new(format!("warn,{}", own(&level))).unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_current_span(false)
        .with_span_list(false)
        .try_init();
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

/// The crates whose messages are ours.
const OWN: &[&str] = &[
    "approvals",
    "automation",
    "github",
    "ledger",
    "mysql",
    "planner",
    "queue",
    "reporter",
    "runbook",
    "runtime",
    "secrets",
    "sweeper",
    "webhook",
    "worker",
    "workflow",
];

fn own(level: &str) -> String {
    OWN.iter()
        .map(|name| format!("{name}={level}"))
        .collect::<Vec<_>>()
        .join(",")
}
