//! `cargo xtask up` and `down`: from nothing, or from a running stack, to a running stack of what is built now.

use crate::aws::{Client, Http, Keys};
use crate::context::Context;
use crate::deploy::{self, Principals, Profile};
use crate::fault::{At, Fault};
use crate::services::emulate::{self, GitHub};
use crate::services::mysql::Mysql;
use crate::services::{answers, free_port, ministack};
use crate::stack::{DATABASES, Made, Record, Stack};
use crate::tools::StackTools;
use crate::{logs, settings};
use url::Url;

/// What to take and what to leave out.
pub(crate) struct Wishes {
    /// Deploy what was built before.
    pub(crate) no_build: bool,
    /// How the functions that are deployed were built.
    pub(crate) profile: Profile,
    /// Somebody's MySQL server, instead of one of ours.
    pub(crate) mysql_url: Option<Url>,
}

/// Brings the stack up, or up to date, and returns it.
pub(crate) fn up(context: &Context, wishes: &Wishes) -> Result<Stack, Fault> {
    let home = context.home();
    std::fs::create_dir_all(&home).at("create", &home)?;
    let tools = StackTools::install(context, wishes.mysql_url.as_ref())?;
    if !wishes.no_build {
        deploy::build(context)?;
    }
    if wishes.profile == Profile::Measure {
        deploy::build_for_speed(context)?;
    }
    let mut record = Record::read(context);
    let healthy = record.running().filter(|made| healthy(made)).cloned();
    let is_new = healthy.is_none();
    let mut made = if let Some(made) = healthy {
        renewed(context, made, wishes.profile)?
    } else {
        record.end(context)?;
        fresh(context, &tools, &mut record, wishes.profile)?
    };
    record.made = Some(made.clone());
    record.write(context)?;
    write_down(context, &made.stack)?;
    if let Err(fault) = settings::apply(context, &mut made) {
        logs::collect(context, &made)?;
        return Err(Fault::told(format!(
            "{fault}\nlogs are in {}",
            context.logs().display()
        )));
    }
    if is_new {
        begin(&made.stack)?;
    }
    record.made = Some(made.clone());
    record.write(context)?;
    Ok(made.stack)
}

/// Tells where the branch begins, as a webhook's test delivery would: without it, a first push whose delivery is lost
/// could not be told from what was there before.
fn begin(stack: &Stack) -> Result<(), Fault> {
    let told = |trouble: driver::Trouble| Fault::told(format!("the first delivery failed: {trouble}"));
    let driver = driver::Driver::of_json(&json(stack)?).map_err(told)?;
    let head = driver.head().map_err(told)?;
    let body = driver.push_payload(&format!("refs/heads/{}", stack.branch), &head, &head);
    let answer = driver.deliver_signed("push", "sluice-up", &body).map_err(told)?;
    if answer.status == 202 {
        return Ok(());
    }
    Err(Fault::told(format!(
        "the first delivery was answered with {}: {}",
        answer.status, answer.body
    )))
}

/// Ends every process of the stack.
pub(crate) fn down(context: &Context) -> Result<(), Fault> {
    let mut record = Record::read(context);
    if record.processes.is_empty() {
        context.progress.say("Nothing is running.");
        return Ok(());
    }
    let step = context.progress.step("Ending the local stack");
    if let Some(made) = record.running() {
        // Without its logs a stack can end as well.
        if let Err(fault) = logs::collect(context, made) {
            context
                .progress
                .say(&format!("The functions' logs were not kept: {fault}"));
        }
    }
    record.end(context)?;
    step.done();
    Ok(())
}

/// The stack as `up --json` prints it.
pub(crate) fn json(stack: &Stack) -> Result<String, Fault> {
    serde_json::to_string_pretty(stack)
        .map_err(|error| Fault::told(format!("cannot print the stack: {error}")))
}

/// The file that holds what `up --json` prints.
pub(crate) fn written_down(context: &Context) -> std::path::PathBuf {
    context.home().join("up.json")
}

fn write_down(context: &Context, stack: &Stack) -> Result<(), Fault> {
    let path = written_down(context);
    std::fs::write(&path, json(stack)? + "\n").at("write", &path)
}

fn healthy(made: &Made) -> bool {
    let Ok(http) = Http::new() else { return false };
    [
        ministack::health(&made.stack.aws_endpoint_url),
        emulate::health(&made.stack.github_api_url),
    ]
    .iter()
    .all(|url| answers(&http, url).is_ok())
}

/// A running stack with the functions and template of now.
fn renewed(context: &Context, mut made: Made, profile: Profile) -> Result<Made, Fault> {
    let client = made.root()?;
    let outputs = deploy::application(
        context,
        &client,
        &known(&made.surroundings, &made.github),
        profile,
    )?;
    let (endpoint, principals) = (made.stack.aws_endpoint_url.clone(), made.stack.principals.clone());
    made.stack = Stack::new(
        context,
        &endpoint,
        &outputs,
        &made.mysql,
        &made.github,
        principals,
    )?;
    Ok(made)
}

/// A new stack. Every process is remembered as soon as it runs, so that `down` finds it whatever happens.
fn fresh(
    context: &Context,
    tools: &StackTools,
    record: &mut Record,
    profile: Profile,
) -> Result<Made, Fault> {
    let schemas = DATABASES.map(|[_environment, _name, schema, _instance]| schema);
    let (mysql, group) = Mysql::start(context, tools, &schemas)?;
    if let Some(group) = group {
        record.add(context, group)?;
    }
    let (endpoint, group) = ministack::start(context, &tools.emulator)?;
    record.add(context, group)?;
    // Functions are told GitHub's address when they are deployed, and GitHub is told theirs when it starts.
    let github = GitHub::new(&tools.node, free_port()?, free_port()?)?;
    let client = Client::new(&endpoint, ministack::REGION, Keys::root())?;
    let surroundings = deploy::surroundings(context, &client, &mysql, &github)?;
    let outputs = deploy::application(context, &client, &known(&surroundings, &github), profile)?;
    let principals = Principals::make(&client, &surroundings)?;
    let stack = Stack::new(context, &endpoint, &outputs, &mysql, &github, principals)?;
    let webhook = format!("{}/webhooks/github", stack.api_url);
    record.add(context, github.start_emulator(context, &tools.node)?)?;
    record.add(context, github.start_stand_in(context, &webhook)?)?;
    Ok(Made {
        stack,
        mysql,
        github,
        surroundings,
        settings: None,
    })
}

/// What infra/local/parameters.yaml may name.
fn known(surroundings: &deploy::Values, github: &GitHub) -> deploy::Values {
    let mut known = surroundings.clone();
    known.insert("GitHubApiUrl".to_owned(), github.url.clone());
    known
}
