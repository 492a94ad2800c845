//! The SAM CLI: `sam deploy` makes the same stack as `cargo xtask up`, and `sam local` runs the functions where a
//! Docker daemon answers.

use driver::{Answer, Trouble};
use e2e::Ground;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const STACK: &str = "sluice-by-sam";
const FUNCTIONS: [&str; 7] = [
    "webhook",
    "planner",
    "worker",
    "reporter",
    "approvals",
    "runbook",
    "sweeper",
];

fn told(what: &str) -> impl Fn(std::io::Error) -> Trouble {
    let what = what.to_owned();
    move |error| Trouble(format!("{what}: {error}"))
}

/// The SAM CLI that `cargo xtask test` installed.
fn sam(ground: &Ground) -> Result<Command, Trouble> {
    let program = std::env::var_os("SLUICE_TEST_SAM").ok_or_else(|| {
        Trouble(
            "SLUICE_TEST_SAM is not set: run the stories with `cargo xtask test`, which installs the SAM CLI"
                .to_owned(),
        )
    })?;
    let stack = &ground.driver.stack;
    let mut sam = Command::new(program);
    sam.current_dir(ground.folder.path())
        .env("AWS_ENDPOINT_URL", &stack.aws_endpoint_url)
        .env("AWS_REGION", &stack.region)
        .env("AWS_DEFAULT_REGION", &stack.region)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("SAM_CLI_TELEMETRY", "0")
        .env("HOME", ground.folder.path())
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN");
    Ok(sam)
}

fn run(command: &mut Command) -> Result<String, Trouble> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(told("sam can't be run"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    if output.status.success() {
        return Ok(said);
    }
    Err(Trouble(format!(
        "{command:?} ended with {}:\n{said}\n{complained}",
        output.status
    )))
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What `sam build` leaves: the template with, for each function, a folder that holds its bootstrap. The bootstraps
/// are those of `cargo xtask up`; cross-compiling them once more would show nothing about deploying.
fn built(ground: &Ground, edit: impl Fn(String) -> String) -> Result<(), Trouble> {
    let root = repository();
    for function in FUNCTIONS {
        let folder = ground.folder.path().join(function);
        std::fs::create_dir_all(&folder).map_err(told("no folder"))?;
        let from = root.join("target/sluice/build").join(function).join("bootstrap");
        std::fs::copy(&from, folder.join("bootstrap")).map_err(told(&from.display().to_string()))?;
    }
    let template = std::fs::read_to_string(root.join("template.yaml")).map_err(told("template.yaml"))?;
    let text = edit(template.replace("CodeUri: functions/", "CodeUri: "));
    std::fs::write(ground.folder.path().join("template.yaml"), text)
        .map_err(told("the template can't be written"))
}

fn as_deployed(ground: &Ground) -> Result<BTreeMap<String, String>, Trouble> {
    let mut parameters = ground.driver.parameters()?;
    parameters.retain(|_, value| !value.is_empty());
    Ok(parameters)
}

#[test]
fn sam_deploys_what_xtask_deploys() -> Result<(), Trouble> {
    let ground = Ground::take("sam")?;
    built(&ground, |template| template)?;
    let parameters = as_deployed(&ground)?;
    let overrides: Vec<String> = parameters
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let mut deploy = sam(&ground)?;
    deploy
        .args([
            "deploy",
            "--stack-name",
            STACK,
            "--template-file",
            "template.yaml",
        ])
        .args([
            "--no-confirm-changeset",
            "--resolve-s3",
            "--capabilities",
            "CAPABILITY_IAM",
        ])
        .arg("--parameter-overrides")
        .args(&overrides);
    run(&mut deploy)?;
    let outputs = ground.driver.outputs(STACK)?;
    let ours = ground.driver.outputs("sluice")?;
    assert_eq!(
        outputs.keys().collect::<Vec<_>>(),
        ours.keys().collect::<Vec<_>>(),
        "the same outputs"
    );
    // It answers, too: no signature, no entry.
    let answer = posted(&ground, &outputs["ApiUrl"], &outputs["ApiId"])?;
    assert_eq!(answer.status, 401, "{}", answer.body);
    let mut delete = sam(&ground)?;
    run(delete.args(["delete", "--stack-name", STACK, "--no-prompts"]))?;
    let gone = ground
        .driver
        .cloudformation("DescribeStacks", &[("StackName", STACK)]);
    assert!(gone.is_err(), "the stack is still there");
    Ok(())
}

/// An unsigned delivery to an API of the emulator.
fn posted(ground: &Ground, url: &str, id: &str) -> Result<Answer, Trouble> {
    let stage = url.rsplit('/').next().unwrap_or_default();
    let endpoint = &ground.driver.stack.aws_endpoint_url;
    let url = format!("{endpoint}/_aws/execute-api/{id}/{stage}/webhooks/github");
    ground.driver.post(&url, &[("x-github-event", "push")], "{}")
}

/// Whether a Docker daemon answers; says why not.
fn docker() -> Result<(), String> {
    let asked = Command::new("docker")
        .arg("info")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("docker is not installed: {error}"))?;
    let complaint = String::from_utf8_lossy(&asked.stderr);
    let complaint = complaint
        .lines()
        .last()
        .unwrap_or("it does not say why")
        .to_owned();
    if asked.status.success() {
        Ok(())
    } else {
        Err(complaint)
    }
}

#[test]
fn sam_local_runs_each_function() -> Result<(), Trouble> {
    if let Err(why) = docker() {
        println!("skipped: `sam local` needs a Docker daemon, and none answers: {why}");
        return Ok(());
    }
    let ground = Ground::take("sam_local")?;
    // `sam local` passes only variables that the template names.
    let named = "AWS_ENDPOINT_URL: \"\"\n        SLUICE_LOG_LEVEL:";
    built(&ground, |template| template.replace("SLUICE_LOG_LEVEL:", named))?;
    let environment = environment(&ground)?;
    let options = |sam: &mut Command| {
        sam.args([
            "--template",
            "template.yaml",
            "--docker-network",
            "host",
            "--env-vars",
        ]);
        sam.arg(&environment);
    };
    // The event of the runbook's function names an execution that nobody started.
    for function in FUNCTIONS.into_iter().filter(|function| *function != "runbook") {
        let event = repository().join(format!("infra/events/{function}.json"));
        let mut invoke = sam(&ground)?;
        invoke
            .args(["local", "invoke"])
            .arg(resource(function))
            .arg("--event")
            .arg(&event);
        options(&mut invoke);
        let answer = run(&mut invoke)?;
        assert!(!answer.contains("\"errorType\""), "{function}: {answer}");
    }
    let mut start = sam(&ground)?;
    let port = free_port()?;
    start.args(["local", "start-api", "--port", &port.to_string()]);
    options(&mut start);
    let child = start
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(told("sam can't be run"))?;
    let _ended = Ended(child);
    let url = format!("http://127.0.0.1:{port}/webhooks/github");
    let answer = driver::Patience::seconds(120).until("sam local start-api answers", || {
        let answer = ground.driver.post(&url, &[("x-github-event", "push")], "{}");
        Ok(answer.map_err(|trouble| trouble.to_string()))
    })?;
    assert_eq!(answer.status, 401, "{}", answer.body);
    Ok(())
}

/// A process that ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

fn resource(function: &str) -> String {
    let mut letters = function.chars();
    let first: String = letters
        .next()
        .map(|letter| letter.to_ascii_uppercase())
        .into_iter()
        .collect();
    format!("{first}{}Function", letters.as_str())
}

/// What `--env-vars` takes: the variables of the deployed functions, and where the emulator is.
fn environment(ground: &Ground) -> Result<PathBuf, Trouble> {
    let stack = &ground.driver.stack;
    let parameters = ground.driver.parameters()?;
    let parameter = |name: &str| parameters.get(name).cloned().unwrap_or_default();
    let variables = json!({
        "AWS_ENDPOINT_URL": stack.aws_endpoint_url,
        "SLUICE_LOG_LEVEL": "INFO",
        "SLUICE_TABLE": stack.table,
        "SLUICE_DELIVERIES_QUEUE_URL": stack.queues.deliveries,
        "SLUICE_CHANGES_QUEUE_URL": stack.queues.changes,
        "SLUICE_WEBHOOK_SECRET_ARN": parameter("WebhookSecretArn"),
        "SLUICE_GITHUB_APP_SECRET_ARN": parameter("GitHubAppSecretArn"),
        "GITHUB_API_URL": stack.github_api_url,
    });
    let file = ground.folder.path().join("environment.json");
    std::fs::write(&file, json!({ "Parameters": variables }).to_string())
        .map_err(told("no environment file"))?;
    Ok(file)
}

fn free_port() -> Result<u16, Trouble> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(told("no free port"))?;
    Ok(listener.local_addr().map_err(told("no free port"))?.port())
}
