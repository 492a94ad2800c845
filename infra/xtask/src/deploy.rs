//! Puts the real template.yaml, with freshly built functions, into the AWS emulator.

pub(crate) mod cloudformation;
mod code;
mod principals;
mod template;

use crate::aws::Client;
use crate::context::Context;
use crate::fault::{At, Fault};
use crate::services::emulate::{APP_ID, GitHub};
use crate::services::mysql::Mysql;
use std::collections::BTreeMap;

pub(crate) use code::{Profile, build, build_for_speed};
pub(crate) use principals::Principals;

/// Named values, as CloudFormation takes and returns them.
pub(crate) type Values = BTreeMap<String, String>;

/// The seven functions; each is a crate, a binary and, with `Function` added, a resource.
pub(crate) const FUNCTIONS: [&str; 7] = [
    "webhook",
    "planner",
    "worker",
    "reporter",
    "approvals",
    "runbook",
    "sweeper",
];
/// Name of the stack that template.yaml makes.
pub(crate) const STACK: &str = "sluice";
const SURROUNDINGS: &str = "sluice-surroundings";
const BUCKET: &str = "sluice-local-code";

/// Deploys what an account has before Sluice comes; returns its outputs.
pub(crate) fn surroundings(
    context: &Context,
    client: &Client,
    mysql: &Mysql,
    github: &GitHub,
) -> Result<Values, Fault> {
    let step = context.progress.step("Making network, secrets and people");
    let path = context.local("surroundings.yaml");
    let body = std::fs::read_to_string(&path).at("read", &path)?;
    let database = serde_json::json!({
        "username": mysql.user, "password": mysql.password, "host": mysql.host, "port": mysql.port, "engine": "mysql",
    });
    let parameters = Values::from([
        (
            "WebhookSecret".to_owned(),
            serde_json::json!({"current": github.webhook_secret}).to_string(),
        ),
        (
            "GitHubAppSecret".to_owned(),
            serde_json::json!({"app_id": APP_ID, "private_key": github.private_key}).to_string(),
        ),
        ("DatabaseSecret".to_owned(), database.to_string()),
    ]);
    let outputs = cloudformation::deploy(
        client,
        SURROUNDINGS,
        &cloudformation::Template::Body(body),
        &parameters,
    )?;
    step.done();
    Ok(outputs)
}

/// Uploads the functions and deploys template.yaml; returns its outputs.
pub(crate) fn application(
    context: &Context,
    client: &Client,
    known: &Values,
    profile: Profile,
) -> Result<Values, Fault> {
    let step = context.progress.step("Deploying template.yaml");
    let mut locations = BTreeMap::new();
    for function in FUNCTIONS {
        step.detail(function);
        let package = code::package(context, function, profile)?;
        client.put_object(BUCKET, &package.key, package.content)?;
        locations.insert(
            template::logical_id(function),
            format!("s3://{BUCKET}/{}", package.key),
        );
    }
    let path = context.root.join("template.yaml");
    let source = std::fs::read_to_string(&path).at("read", &path)?;
    let body = template::with_code(&source, &locations)?;
    let generated = context.home().join("template.yaml");
    std::fs::write(&generated, &body).at("write", &generated)?;
    client.put_object(BUCKET, "template.yaml", body.into_bytes())?;
    step.detail("CloudFormation");
    let template = cloudformation::Template::Url(client.path(&[BUCKET, "template.yaml"])?);
    let outputs = cloudformation::deploy(client, STACK, &template, &parameters(context, known)?)?;
    step.done();
    Ok(outputs)
}

fn parameters(context: &Context, known: &Values) -> Result<Values, Fault> {
    let path = context.local("parameters.yaml");
    let text = std::fs::read_to_string(&path).at("read", &path)?;
    let filled = fill(&text, known).map_err(|missing| missing_value(&path, &missing))?;
    serde_yaml_ng::from_str(&filled)
        .map_err(|error| Fault::told(format!("{} is wrong: {error}", path.display())))
}

/// The error for a placeholder that nobody fills.
pub(crate) fn missing_value(path: &std::path::Path, name: &str) -> Fault {
    Fault::told(format!(
        "{} names ${{{name}}}, which `cargo xtask up` does not know",
        path.display()
    ))
}

/// Replaces each `${NAME}`; the error is the first name without a value.
pub(crate) fn fill(text: &str, values: &Values) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return Err(after.lines().next().unwrap_or_default().to_owned());
        };
        // `${...}` in a comment explains the notation.
        let value = if name == "..." {
            "${...}"
        } else {
            values.get(name).ok_or_else(|| name.to_owned())?
        };
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::{Values, fill};

    #[test]
    fn fills_known_placeholders_and_names_the_unknown_one() {
        let values = Values::from([("Port".to_owned(), "3306".to_owned())]);
        assert_eq!(
            fill("a ${Port} # ${...}\nb ${Port}", &values),
            Ok("a 3306 # ${...}\nb 3306".to_owned())
        );
        assert_eq!(fill("${Host}", &values), Err("Host".to_owned()));
    }
}
