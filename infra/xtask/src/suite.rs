//! `cargo xtask test`: every check in order, the quick ones first, on a stack of its own that is always ended.

use crate::context::{Context, cargo, output};
use crate::deploy::Profile;
use crate::fault::{At, Fault};
use crate::gate;
use crate::services::emulate::{APP_ID, INSTALLATION_ID, OTHER_REPOSITORY, OWNER};
use crate::stack::Record;
use crate::tools::Venv;
use crate::up::{self, Wishes};
use std::process::Command;
use std::time::Instant;

/// Runs everything; the first failure ends it.
pub(crate) fn test(context: &Context, wishes: &Wishes) -> Result<(), Fault> {
    let began = Instant::now();
    versions(context);
    timed(context, "Format", || {
        context.run_shown(
            "The format check",
            cargo(&context.root).args(["fmt", "--all", "--check"]),
        )
    })?;
    timed(context, "Lints", || {
        let mut clippy = cargo(&context.root);
        clippy.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]);
        context.run_shown("The lints", &mut clippy)
    })?;
    timed(context, "Documentation", || {
        let mut doc = cargo(&context.root);
        doc.args(["doc", "--workspace", "--no-deps", "--locked"])
            .env("RUSTDOCFLAGS", "-D warnings");
        context.run_shown("The documentation", &mut doc)
    })?;
    timed(context, "template.yaml", || template(context))?;
    timed(context, "Build", || build(context))?;
    timed(context, "Local stack", || {
        up::down(context)?;
        let built = Wishes {
            no_build: true,
            profile: Profile::Quick,
            mysql_url: wishes.mysql_url.clone(),
        };
        up::up(context, &built).map(|_stack| ())
    })?;
    let tested = timed(context, "Tests", || tests(context));
    // Also when a test failed; the first fault is the one to tell.
    let ended = up::down(context);
    tested.and(ended)?;
    context.progress.say(&format!(
        "Everything passed in {:.0} s.",
        began.elapsed().as_secs_f64()
    ));
    Ok(())
}

fn timed(context: &Context, what: &str, step: impl FnOnce() -> Result<(), Fault>) -> Result<(), Fault> {
    let began = Instant::now();
    context.progress.say(&format!("== {what}"));
    step()?;
    context
        .progress
        .say(&format!("== {what}: ok ({:.1} s)", began.elapsed().as_secs_f64()));
    Ok(())
}

fn versions(context: &Context) {
    for program in ["cargo", "rustc", "python3", "node"] {
        let version = output(
            "Asking for a version",
            Command::new(program).arg("--version").current_dir(&context.root),
        )
        .unwrap_or_else(|_fault| "not installed".to_owned());
        context.progress.say(&format!("{program}: {}", version.trim()));
    }
}

fn template(context: &Context) -> Result<(), Fault> {
    let checks = Venv::install(context, "checks")?;
    let mut lint = Command::new(checks.program("cfn-lint"));
    context.run_shown("cfn-lint", lint.arg("template.yaml").current_dir(&context.root))?;
    // With what is left out by default.
    let secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:any";
    let mut whole = Command::new(checks.program("cfn-lint"));
    whole.arg("template.yaml").arg("--parameters").args([
        &format!("WebhookSecretArn={secret}"),
        &format!("GitHubAppSecretArn={secret}"),
        "GitHubAppKmsKeyArn=arn:aws:kms:us-east-1:111122223333:key/any",
        "ApproversInSystemsManager=arn:aws:iam::111122223333:user/ada,arn:aws:iam::111122223333:role/dba",
        "AlarmTopicArn=arn:aws:sns:us-east-1:111122223333:any",
        "ApiGatewayAccountLogs=create",
    ]);
    context.run_shown("cfn-lint, with everything on", whole.current_dir(&context.root))?;
    let mut sam = Command::new(checks.program("sam"));
    sam.args([
        "validate",
        "--lint",
        "--template",
        "template.yaml",
        "--region",
        "us-east-1",
    ]);
    sam.current_dir(&context.root).env("SAM_CLI_TELEMETRY", "0");
    context.run_shown("sam validate", &mut sam)
}

/// Builds functions, tools and tests at once: what the tests need of a dependency is then built once, and not a second
/// time with other features.
fn build(context: &Context) -> Result<(), Fault> {
    let mut build = cargo(&context.root);
    build.args(["build", "--workspace", "--all-targets", "--locked"]);
    context.run_shown("Building functions and tests", &mut build)
}

/// All tests, and then the one that judges the calls that the end-to-end stories made.
fn tests(context: &Context) -> Result<(), Fault> {
    let nextest = output(
        "Looking for nextest",
        cargo(&context.root).args(["nextest", "--version"]),
    )
    .is_ok();
    let (mut all, mut calls) = (cargo(&context.root), cargo(&context.root));
    if nextest {
        let run = ["nextest", "run", "--workspace", "--locked"];
        all.args(run).arg("--no-fail-fast");
        // A filter, not a selection: that would build the workspace anew, with other features.
        calls.args(run).args([
            "--run-ignored",
            "only",
            "--filterset",
            "package(e2e) & binary(calls)",
            "--no-capture",
        ]);
    } else {
        context
            .progress
            .say("cargo-nextest is not installed; `cargo test` runs the same tests, one crate at a time.");
        let run = ["test", "--workspace", "--locked"];
        all.args(run).arg("--no-fail-fast");
        calls
            .args(run)
            .args(["--test", "calls", "--", "--ignored", "--nocapture"]);
    }
    surroundings(context, &mut all)?;
    surroundings(context, &mut calls)?;
    context.run_shown("The tests", &mut all)?;
    context.run_shown("The comparison of calls and permissions", &mut calls)
}

/// Tells the tests where the servers are.
fn surroundings(context: &Context, command: &mut Command) -> Result<(), Fault> {
    let record = Record::read(context);
    let made = record
        .running()
        .ok_or_else(|| Fault::told("the local stack ended before the tests began"))?;
    // Contract tests push to a repository that no project names, so that they wake nobody.
    let github = serde_json::json!({
        "url": made.stack.github_api_url,
        "app_id": APP_ID,
        "private_key": made.github.private_key,
        "installation_id": INSTALLATION_ID,
        "repository": format!("{OWNER}/{}", OTHER_REPOSITORY.0),
        "repository_id": OTHER_REPOSITORY.1,
        "token": made.stack.github_token,
    });
    let file = context.home().join("test-github.json");
    std::fs::write(&file, github.to_string()).at("write", &file)?;
    command
        .env("SLUICE_TEST_STACK", up::written_down(context))
        .env(
            "SLUICE_TEST_SAM",
            Venv::install(context, "checks")?.program("sam"),
        )
        .env("SLUICE_TEST_GITHUB", &file)
        .env("SLUICE_TEST_MYSQL_URL", &made.stack.mysql_url)
        .env("SLUICE_TEST_AWS_ENDPOINT", &made.stack.aws_endpoint_url);
    gate::servers(context, command)?;
    // The account root: tests make tables and queues of their own.
    command
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test");
    command
        .env("AWS_REGION", &made.stack.region)
        .env("AWS_EC2_METADATA_DISABLED", "true");
    Ok(())
}
