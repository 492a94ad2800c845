//! GitHub's own description of its API, read strictly: what is wrong with a request by it.
//!
//! `openapi/extract.json` has the operations of `openapi/operations.txt`; `cargo xtask openapi` writes it. Here it is
//! read more strictly than it is meant: a property, a parameter or a body that it does not name is a fault, for GitHub
//! would ignore it without a word.

use jsonschema::Draft;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub(crate) struct Extract {
    pub(crate) operations: BTreeMap<String, Operation>,
}

#[derive(Deserialize)]
pub(crate) struct Operation {
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

/// The operations, with what each takes.
pub(crate) fn extract() -> Extract {
    serde_json::from_str(include_str!("../../openapi/extract.json")).unwrap()
}

/// What only GitHub itself names, in the link to a next page, and never in its description.
const LINKED: (&str, &str) = ("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", "page");

/// What is wrong with a request, given as `METHOD /path?query`.
pub(crate) fn wrong_with(line: &str, body: &Value) -> Vec<String> {
    let extract = extract();
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
pub(crate) fn fill(template: &str, path: &str) -> Option<Vec<(String, String)>> {
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
