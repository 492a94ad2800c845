//! The events of `infra/events/`, which `sam local invoke` sends: one for each function, of the shape that it takes.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use std::collections::BTreeSet;
use tidy::fault::TidyError;
use tidy::sources;
use tidy::template::Template;

/// GitHub's published test secret, which docs/deploy.md names.
const SECRET: &str = "It's a Secret to Everybody";

fn event(function: &str) -> Result<Value, TidyError> {
    Ok(serde_json::from_str(&sources::text(&format!(
        "infra/events/{function}.json"
    ))?)?)
}

#[test]
fn there_is_an_event_for_each_function_of_the_shape_of_its_trigger() -> Result<(), TidyError> {
    for function in Template::load()?.of_kind("AWS::Serverless::Function") {
        let name = function.id.trim_end_matches("Function").to_lowercase();
        let event = event(&name)?;
        let triggers = function.property("Events").as_object().into_iter().flatten();
        for (_, trigger) in triggers {
            let fits = match trigger["Type"].as_str().unwrap_or_default() {
                "Api" => event["requestContext"]["identity"].is_object(),
                "SQS" => event["Records"][0]["eventSource"] == "aws:sqs",
                "DynamoDB" => event["Records"][0]["eventSource"] == "aws:dynamodb",
                "Schedule" => event["source"] == "aws.events",
                _ => false,
            };
            assert!(fits, "infra/events/{name}.json is not what {} takes", function.id);
        }
    }
    Ok(())
}

#[test]
fn api_events_name_routes_of_the_template() -> Result<(), TidyError> {
    let template = Template::load()?;
    for (name, id) in [("webhook", "WebhookFunction"), ("approvals", "ApprovalsFunction")] {
        let event = event(name)?;
        let function = template.resource(id)?;
        let mut routes = function.property("Events").as_object().into_iter().flatten();
        let known = routes.any(|(_, route)| {
            let route = &route["Properties"];
            route["Path"] == event["resource"] && route["Method"] == event["httpMethod"]
        });
        assert!(
            known,
            "infra/events/{name}.json: {} {}",
            event["httpMethod"], event["resource"]
        );
    }
    Ok(())
}

#[test]
fn the_webhook_is_signed_with_the_documented_secret() -> Result<(), TidyError> {
    let event = event("webhook")?;
    let body = event["body"].as_str().unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())
        .map_err(|error| TidyError::Template(error.to_string()))?;
    mac.update(body.as_bytes());
    let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    assert_eq!(event["headers"]["X-Hub-Signature-256"], expected);
    let page = sources::text("docs/deploy.md")?;
    assert!(page.contains(SECRET), "docs/deploy.md names the secret");
    Ok(())
}

#[test]
fn messages_are_json_and_the_stream_event_passes_the_filter() -> Result<(), TidyError> {
    for name in ["planner", "worker"] {
        let body = event(name)?["Records"][0]["body"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(
            serde_json::from_str::<Value>(&body)?.is_object(),
            "infra/events/{name}.json"
        );
    }
    let record = &event("reporter")?["Records"][0];
    let key = record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap_or_default();
    assert!(key.starts_with("OUTBOX"), "{key}");
    assert!(["INSERT", "MODIFY"].contains(&record["eventName"].as_str().unwrap_or_default()));
    Ok(())
}

#[test]
fn the_example_environment_names_what_the_template_sets() -> Result<(), TidyError> {
    let template = Template::load()?;
    let functions = template.of_kind("AWS::Serverless::Function");
    let set: BTreeSet<String> = functions
        .iter()
        .flat_map(|function| template.environment(function))
        .map(|(name, _)| name)
        .collect();
    let example = event("environment")?;
    let named: BTreeSet<String> = example["Parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    assert_eq!(named, set, "infra/events/environment.json");
    Ok(())
}
