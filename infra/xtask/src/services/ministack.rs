//! The AWS emulator, with signatures verified and IAM policies enforced.

use super::{answers, free_port, local_url, wait_until_ready};
use crate::aws::Http;
use crate::context::Context;
use crate::fault::{At, Fault};
use crate::processes::Group;
use crate::tools::Venv;
use std::process::Command;
use std::time::Duration;

/// The region of everything local.
pub(crate) const REGION: &str = "us-east-1";

/// What answers once it is ready.
pub(crate) fn health(endpoint: &str) -> String {
    format!("{endpoint}/_ministack/health")
}

/// Starts it and returns its address.
pub(crate) fn start(context: &Context, python: &Venv) -> Result<(String, Group), Fault> {
    let step = context.progress.step("Starting the AWS emulator");
    let port = free_port()?;
    let url = local_url(port);
    // It unpacks functions into its temporary folder; a new stack starts with an empty one.
    let folder = context.home().join("aws");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).at("remove", &folder)?;
    }
    std::fs::create_dir_all(&folder).at("create", &folder)?;
    let mut command = Command::new(python.program("python"));
    command.arg(context.local("aws")).current_dir(&folder);
    // Functions inherit this environment, so it holds nothing of ours.
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", &folder)
        .env("TMPDIR", &folder)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
        .env("AUTH", "true")
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string());
    command
        .env("MINISTACK_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION);
    // Where functions call back to.
    command.env("AWS_ENDPOINT_URL", &url);
    // It remembers every call, so that the stories can be held to the permissions: which calls need which statement.
    command
        .env("CLOUDTRAIL_RECORDING", "1")
        .env("CLOUDTRAIL_MAX_EVENTS", "200000");
    // Servers on fixed ports that nobody here needs.
    command.env("IOT_MTLS_ENABLED", "0").env("SFTP_ENABLED", "0");
    let group = context.spawn("aws", &mut command)?;
    let health = health(&url);
    let http = Http::new()?;
    wait_until_ready(context, &group, Duration::from_mins(1), || {
        answers(&http, &health)
    })?;
    step.done();
    Ok((url, group))
}
