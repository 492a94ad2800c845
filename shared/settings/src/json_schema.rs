//! The JSON Schema of the document, `infra/settings.schema.json`: made from the types, so that editors know what we read.

#![expect(
    dead_code,
    reason = "the types stand for what is read; nothing is ever made of them"
)]

use crate::Settings;
use crate::template::PathTemplate;
use schemars::JsonSchema;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A name: 1 to 64 of letters, digits, `_`, `-`, `.` and `$`.
#[derive(JsonSchema)]
pub(crate) struct Name(#[schemars(regex(pattern = r"^[A-Za-z0-9_.$-]{1,64}$"))] String);

/// A repository as the GitHub App sees it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Repository {
    /// The numeric id, which survives renames: `gh api repos/OWNER/NAME --jq .id`.
    id: u64,
    /// The App installation that may read it.
    installation_id: u64,
    /// `owner/name`, for display and for paths of the API.
    name: String,
}

/// The schema of a settings document, as it is kept.
fn schema() -> Value {
    let mut schema = schemars::schema_for!(Settings).to_value();
    schema["title"] = json!("Settings of Sluice");
    schema["properties"]["$schema"] = json!({
        "description": "Where editors find this schema; Sluice does not look at it.",
        "type": "string",
    });
    schema
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

const KEPT: &str = "infra/settings.schema.json";

#[test]
fn the_schema_that_is_kept_is_that_of_the_types() {
    let now = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("SLUICE_WRITE_SCHEMA").is_some() {
        std::fs::write(file(KEPT), &now).unwrap();
    }
    assert!(
        text(KEPT) == now,
        "{KEPT} is not that of the types: write it anew with `SLUICE_WRITE_SCHEMA=1 cargo test -p settings schema`"
    );
}

/// What the schema has against a document.
fn faults(document: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(&serde_json::from_str(&text(KEPT)).unwrap()).unwrap();
    let document: Value = toml::from_str(document).unwrap();
    let faults = validator.iter_errors(&document);
    faults
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect()
}

#[test]
fn what_is_read_is_what_the_schema_takes() {
    let readme = text("README.md");
    let example = readme
        .split_once("   ```toml\n")
        .and_then(|(_, rest)| rest.split_once("   ```"))
        .map(|(example, _)| example)
        .unwrap();
    let local = text("infra/local/settings.toml")
        .replace("${REPOSITORY_ID}", "1")
        .replace("${INSTALLATION_ID}", "2")
        .replace("${BRANCH}", "main");
    let arns = |who: &str| format!("arn:aws:iam::000000000000:user/{who}");
    let local = local
        .replace("${ADMIN_ARN}", &arns("admin"))
        .replace("${DEVELOPER_ARN}", &arns("developer"))
        .replace("${DBA_ARN}", &arns("dba"));
    let fixture = include_str!("../fixtures/two-environments.toml");
    let everything = include_str!("../fixtures/everything.toml");
    for document in [example, &local, fixture, everything] {
        assert_eq!(Settings::read(document).err(), None, "{document}");
        assert_eq!(faults(document), Vec::<String>::new(), "{document}");
    }
    // What is written out as JSON is taken, too.
    let whole = serde_json::to_value(Settings::read(everything).unwrap()).unwrap();
    let toml = toml::to_string(&whole_without_nulls(whole)).unwrap();
    assert_eq!(faults(&toml), Vec::<String>::new());
}

fn whole_without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, whole_without_nulls(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(whole_without_nulls).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[test]
fn what_the_schema_refuses_is_not_read_either() {
    let good = include_str!("../fixtures/everything.toml");
    for (from, to) in [
        ("branch = ", "brunch = "),
        ("branch = ", "branch = 1 # "),
        ("order = \"strict\"", "order = \"stric\""),
        ("review = \"warning\"", "review = \"none\""),
        ("write_back = \"pull_request\"", "write_back = \"push\""),
        ("mode = \"verify_ca\"", "mode = \"none\""),
        ("installation_id = 7890, ", ""),
        ("name = \"prod\"", "name = \"a/b\""),
        ("approvals = 1", "approvals = -1"),
        ("days = [\"mon\"", "days = [\"monday\""),
        ("blocking = true", "blocks = true"),
    ] {
        assert!(good.contains(from), "{from}");
        let bad = good.replacen(from, to, 1);
        assert!(Settings::read(&bad).is_err(), "{to}");
        assert!(!faults(&bad).is_empty(), "{to}");
    }
}

#[test]
fn every_key_of_the_schema_stands_in_the_example_of_everything() {
    let everything = include_str!("../fixtures/everything.toml");
    let mut keys = Vec::new();
    collect_keys(&schema(), &mut keys);
    assert!(keys.len() > 30, "{keys:?}");
    for key in keys {
        assert!(everything.contains(&key), "{key}");
    }
    // The defaults that editors show are such as are read.
    let defaults = schema()["$defs"]["Project"]["properties"].clone();
    for key in ["file_path_template", "schema_path_template"] {
        let default = defaults[key]["default"].as_str().unwrap();
        assert!(PathTemplate::parse(default, &[]).is_ok(), "{default}");
    }
}

fn collect_keys(value: &Value, keys: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if key == "properties" {
                    keys.extend(value.as_object().into_iter().flat_map(|map| map.keys().cloned()));
                }
                collect_keys(value, keys);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_keys(value, keys)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
