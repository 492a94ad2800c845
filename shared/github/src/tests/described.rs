//! GitHub's own description of its API: every request that a test lets the adapter send is held to it.
//!
//! `openapi/extract.json` has the operations of `openapi/operations.txt`; `cargo xtask openapi` writes it. Here it is
//! read more strictly than it is meant: a property, a parameter or a body that it does not name is a fault, for GitHub
//! would ignore it without a word.

use super::script::Asked;
use jsonschema::Draft;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread;

#[derive(Deserialize)]
struct Extract {
    operations: BTreeMap<String, Operation>,
}

#[derive(Deserialize)]
struct Operation {
    parameters: Vec<Parameter>,
    body: Option<Body>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    #[serde(rename = "in")]
    place: String,
    required: bool,
    schema: Value,
}

#[derive(Deserialize)]
struct Body {
    required: bool,
    schema: Value,
}

/// What is wrong with the requests so far.
#[derive(Clone, Default)]
pub(super) struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    /// Holds one request to the description.
    pub(super) fn hold(&self, asked: &Asked) {
        // Where an Enterprise Server has its API.
        let line = asked.line.replacen(" /api/v3/", " /", 1);
        self.0.lock().unwrap().extend(wrong_with(&line, &asked.body));
    }
}

/// Belongs to a test, which fails where something was noted.
#[derive(Default)]
pub(super) struct Described(pub(super) Notes);

impl Drop for Described {
    fn drop(&mut self) {
        if !thread::panicking() {
            let wrong = self.0.0.lock().unwrap();
            assert!(
                wrong.is_empty(),
                "requests that GitHub does not describe: {wrong:#?}"
            );
        }
    }
}

/// What only GitHub itself names, in the link to a next page, and never in its description.
const LINKED: (&str, &str) = ("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", "page");

/// What is wrong with a request, given as `METHOD /path?query`.
fn wrong_with(line: &str, body: &Value) -> Vec<String> {
    let extract: Extract = serde_json::from_str(include_str!("../../openapi/extract.json")).unwrap();
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let found = extract.operations.iter().filter_map(|(name, operation)| {
        let (its_method, template) = name.split_once(' ')?;
        let values = (its_method == method).then(|| fill(template, path))??;
        Some((literals(template), name, operation, values))
    });
    let Some((_, name, operation, path_values)) = found.max_by_key(|(literals, ..)| *literals) else {
        return vec![format!(
            "{method} {path}: not among the operations. Add it to openapi/operations.txt and run `cargo xtask openapi`"
        )];
    };
    let mut values: BTreeMap<(String, String), String> = BTreeMap::new();
    values.extend(
        path_values
            .into_iter()
            .map(|(name, value)| (("path".to_owned(), name), value)),
    );
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        values.insert(("query".to_owned(), decoded(key)), decoded(value));
    }
    if name == LINKED.0 {
        values.remove(&("query".to_owned(), LINKED.1.to_owned()));
    }
    let mut wrong = Vec::new();
    for parameter in &operation.parameters {
        match values.remove(&(parameter.place.clone(), parameter.name.clone())) {
            Some(value) => {
                let value = as_the_schema_says(&parameter.schema, value);
                wrong.extend(
                    against(&strict(&parameter.schema, false), &value)
                        .map(|fault| format!("{name}: parameter `{}`: {fault}", parameter.name)),
                );
            }
            None if parameter.required => wrong.push(format!("{name}: `{}` is missing", parameter.name)),
            None => {}
        }
    }
    wrong.extend(
        values
            .into_keys()
            .map(|(place, key)| format!("{name}: there is no `{key}` in its {place}")),
    );
    match (&operation.body, body) {
        (Some(described), Value::Null) if described.required => {
            wrong.push(format!("{name}: the body is missing"));
        }
        (_, Value::Null) => {}
        (None, _) => wrong.push(format!("{name}: takes no body")),
        (Some(described), body) => {
            wrong.extend(
                against(&strict(&described.schema, false), body).map(|fault| format!("{name}: {fault}")),
            );
        }
    }
    wrong
}

/// What stands in a template's places; none where the path is not of the template. The last place may take several
/// segments: refs and file paths.
fn fill(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let mut segments = path.split('/');
    let mut parts = template.split('/').peekable();
    while let Some(part) = parts.next() {
        let segment = segments.next()?;
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => {
                let mut value = segment.to_owned();
                if parts.peek().is_none() && matches!(name, "ref" | "path" | "branch") {
                    for segment in segments.by_ref() {
                        value = format!("{value}/{segment}");
                    }
                }
                values.push((name.to_owned(), decoded(&value)));
            }
            None if part == segment => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(values)
}

fn literals(template: &str) -> usize {
    template.split('/').filter(|part| !part.starts_with('{')).count()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// A parameter is text; its schema may ask for a number.
fn as_the_schema_says(schema: &Value, text: String) -> Value {
    match schema["type"].as_str() {
        Some("integer" | "number" | "boolean") => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        Some(_) | None => Value::String(text),
    }
}

fn against(schema: &Value, value: &Value) -> impl Iterator<Item = String> {
    let validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(schema)
        .unwrap();
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|fault| format!("at `{}`: {fault}", fault.instance_path()))
        .collect();
    faults.into_iter()
}

/// A schema of OpenAPI 3.0 as one of JSON Schema 2020-12, in which an object has the properties that are named and no
/// others. One of several alternatives (`alternative`) is judged together with the object around it.
fn strict(schema: &Value, alternative: bool) -> Value {
    let Value::Object(keywords) = schema else {
        return schema.clone();
    };
    let mut read = serde_json::Map::new();
    for (keyword, value) in keywords {
        let value = match (keyword.as_str(), value) {
            ("properties", Value::Object(named)) => named
                .iter()
                .map(|(name, schema)| (name.clone(), strict(schema, false)))
                .collect(),
            ("oneOf" | "anyOf" | "allOf", Value::Array(several)) => {
                several.iter().map(|schema| strict(schema, true)).collect()
            }
            ("items" | "additionalProperties", schema) => strict(schema, false),
            (_, value) => value.clone(),
        };
        read.insert(keyword.clone(), value);
    }
    if alternative && read.get("additionalProperties") == Some(&Value::Bool(true)) {
        read.remove("additionalProperties");
    }
    if !alternative && read.contains_key("properties") && !read.contains_key("additionalProperties") {
        read.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
    let read = Value::Object(read);
    if keywords.get("nullable") == Some(&Value::Bool(true)) {
        return json!({"anyOf": [{"type": "null"}, read]});
    }
    read
}

/// Nothing is expected of a request that is right.
fn judge(line: &str, body: &Value, expected: &str) {
    let line = line.replacen(" /", " /repos/sluice-demo/shop/", 1);
    let wrong = wrong_with(&line, body);
    if expected.is_empty() {
        assert!(wrong.is_empty(), "{line} {body}: {wrong:?}");
    } else {
        assert!(
            wrong.iter().any(|wrong| wrong.contains(expected)),
            "{line} {body}: {wrong:?}"
        );
    }
}

#[test]
fn what_github_does_not_describe_is_found() {
    for (line, expected) in [
        ("GET /forks", "not among the operations"),
        ("DELETE /check-runs", "not among the operations"),
        ("GET /git/ref/heads/a/b", ""),
        ("GET /git/ref/heads/a?recursive=1", "no `recursive` in its query"),
        ("GET /git/trees/c1?recursive=1", ""),
        ("GET /pulls/one", "parameter `pull_number`"),
        ("GET /commits/c1/check-runs?filter=newest", "parameter `filter`"),
        ("GET /commits/c1/check-runs?per_page=x", "parameter `per_page`"),
        ("POST /check-runs", "the body is missing"),
    ] {
        judge(line, &Value::Null, expected);
    }
}

#[test]
fn what_github_would_ignore_in_a_body_is_found() {
    let run = |key: &str, value: Value| {
        let mut body = json!({"name": "Sluice", "head_sha": "c1"});
        body[key] = value;
        body
    };
    let output = |key: &str| run("output", json!({"title": "x", "summary": "y", key: "z"}));
    for (line, body, expected) in [
        ("GET /pulls/1", json!({}), "takes no body"),
        ("POST /check-runs", json!({"name": "Sluice"}), "head_sha"),
        ("POST /check-runs", run("status", json!("completed")), ""),
        ("POST /check-runs", run("conclusion", json!("fine")), "fine"),
        ("POST /check-runs", run("titel", json!("x")), "titel"),
        ("POST /check-runs", output("text"), ""),
        ("POST /check-runs", output("txt"), "txt"),
        (
            "PUT /contents/a%23/b.sql",
            json!({"message": "m", "content": "eA=="}),
            "",
        ),
        ("PUT /contents/a", json!({"message": "m"}), "content"),
    ] {
        judge(line, &body, expected);
    }
}

/// A call that no test makes is found by its path.
#[test]
fn every_path_in_the_source_is_described() {
    let extract: Extract = serde_json::from_str(include_str!("../../openapi/extract.json")).unwrap();
    let templates: Vec<&str> = extract
        .operations
        .keys()
        .filter_map(|name| Some(name.split_once(' ')?.1))
        .collect();
    let mut paths = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let file = file.unwrap().path();
        if file.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for literal in code
            .split("\"/")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let path = literal.split('?').next().unwrap_or_default();
            // A bare slash, and the beginning that the session puts before the path.
            if path.is_empty() || path.starts_with("repos/") {
                continue;
            }
            paths += 1;
            let whole = [format!("/{path}"), format!("/repos/o/r/{path}")];
            let known = templates
                .iter()
                .any(|template| whole.iter().any(|path| fill(template, path).is_some()));
            assert!(known, "{}: `/{path}` is not among the operations", file.display());
        }
    }
    assert!(paths > 5, "the test reads no source");
}

#[test]
fn the_extract_has_the_operations_that_are_listed() {
    let extract: Extract = serde_json::from_str(include_str!("../../openapi/extract.json")).unwrap();
    let mut listed: Vec<&str> = include_str!("../../openapi/operations.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect();
    listed.sort_unstable();
    let extracted: Vec<&String> = extract.operations.keys().collect();
    assert_eq!(extracted, listed, "run `cargo xtask openapi`");
}
