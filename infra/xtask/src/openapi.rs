//! `cargo xtask openapi`: takes the operations that the GitHub adapter may send out of GitHub's own description of its
//! API, so that the adapter's tests hold every request to it, offline. The whole description is 13 MB.

use crate::context::Context;
use crate::fault::{At, Fault};
use crate::tools;
use serde_json::{Map, Value, json};

/// What says nothing about which requests are right.
const PROSE: [&str; 8] = [
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
    "x-github-breaking-changes",
];

/// Writes the extract anew.
pub(crate) fn openapi(context: &Context) -> Result<(), Fault> {
    let folder = context.root.join("shared/github/openapi");
    let (package, version) = tools::github_description(context)?;
    let whole: Value = {
        let path = package.join("generated/api.github.com.json");
        let text = std::fs::read_to_string(&path).at("read", &path)?;
        serde_json::from_str(&text)
            .map_err(|error| Fault::told(format!("{} is no JSON: {error}", path.display())))?
    };
    let list = folder.join("operations.txt");
    let text = std::fs::read_to_string(&list).at("read", &list)?;
    let mut operations = Map::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let Some((method, path)) = line.split_once(' ') else {
            return Err(Fault::told(format!("`{line}` is not a method and a path")));
        };
        operations.insert(line.to_owned(), operation(&whole, method, path)?);
    }
    let extract = json!({ "description": format!("@octokit/openapi {version}"), "operations": operations });
    let path = folder.join("extract.json");
    let text = serde_json::to_string_pretty(&extract)
        .map_err(|error| Fault::told(format!("the extract can't be written: {error}")))?;
    std::fs::write(&path, text + "\n").at("write", &path)?;
    let count = extract["operations"].as_object().map_or(0, Map::len);
    context
        .progress
        .say(&format!("{count} operations are in {}", path.display()));
    Ok(())
}

/// What may stand in a request of one operation: its parameters, and the schema of its body.
fn operation(whole: &Value, method: &str, path: &str) -> Result<Value, Fault> {
    let described = &whole["paths"][path][method.to_lowercase()];
    if !described.is_object() {
        return Err(Fault::told(format!(
            "GitHub's description knows no `{method} {path}`: mend shared/github/openapi/operations.txt"
        )));
    }
    let listed = [&whole["paths"][path]["parameters"], &described["parameters"]];
    let mut parameters = Vec::new();
    for parameter in listed.into_iter().filter_map(Value::as_array).flatten() {
        let parameter = resolved(whole, parameter)?;
        parameters.push(json!({
            "name": parameter["name"],
            "in": parameter["in"],
            "required": parameter["required"].as_bool().unwrap_or_default(),
            "schema": reduced(whole, &parameter["schema"])?,
        }));
    }
    let mut operation = json!({ "parameters": parameters });
    if described["requestBody"].is_object() {
        let body = resolved(whole, &described["requestBody"])?;
        operation["body"] = json!({
            "required": body["required"].as_bool().unwrap_or_default(),
            "schema": reduced(whole, &body["content"]["application/json"]["schema"])?,
        });
    }
    Ok(operation)
}

/// A schema without references and without prose.
fn reduced(whole: &Value, schema: &Value) -> Result<Value, Fault> {
    let schema = resolved(whole, schema)?;
    match schema {
        Value::Object(keywords) => {
            let mut kept = Map::new();
            for (keyword, value) in keywords {
                // The keys below `properties` are names, not keywords: one may well be called `title`.
                let value = match (keyword.as_str(), value) {
                    ("properties", Value::Object(named)) => {
                        let named = named
                            .iter()
                            .map(|(name, schema)| Ok((name.clone(), reduced(whole, schema)?)));
                        Value::Object(named.collect::<Result<_, Fault>>()?)
                    }
                    (keyword, _) if PROSE.contains(&keyword) => continue,
                    _ => reduced(whole, value)?,
                };
                kept.insert(keyword.clone(), value);
            }
            Ok(Value::Object(kept))
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| reduced(whole, item));
            Ok(Value::Array(items.collect::<Result<_, _>>()?))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(schema.clone()),
    }
}

/// What a reference points at; anything else itself.
fn resolved<'w>(whole: &'w Value, value: &'w Value) -> Result<&'w Value, Fault> {
    let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
        return Ok(value);
    };
    reference
        .strip_prefix('#')
        .and_then(|pointer| whole.pointer(pointer))
        .ok_or_else(|| Fault::told(format!("GitHub's description lacks {reference}")))
}
