//! Points the functions of template.yaml at uploaded code, as `sam package` does. Only those lines change: tags,
//! anchors and comments of the rest must reach CloudFormation as they were written.

use crate::fault::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// The logical id of a function: `webhook` → `WebhookFunction`.
pub(crate) fn logical_id(function: &str) -> String {
    let mut letters = function.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect::<String>() + "Function"
}

/// The template with each function's `CodeUri` replaced; `locations` goes by logical id, and none may be left over.
pub(crate) fn with_code(source: &str, locations: &BTreeMap<String, String>) -> Result<String, Fault> {
    let mut waiting: BTreeSet<&String> = locations.keys().collect();
    let mut section = "";
    let mut resource = "";
    let mut output = String::with_capacity(source.len() + 1024);
    for line in source.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let key = line
            .trim_start()
            .split_once(':')
            .map(|(key, _)| key)
            .filter(|key| !key.starts_with('#'));
        match (indent, key) {
            (0, Some(key)) => section = key,
            (2, Some(key)) => resource = key,
            _ => {}
        }
        let location = locations
            .get(resource)
            .filter(|_| section == "Resources" && key == Some("CodeUri"));
        if let Some(location) = location {
            waiting.remove(&resource.to_owned());
            output.extend([&line[..indent], "CodeUri: ", location, "\n"]);
        } else {
            output.push_str(line);
        }
    }
    if waiting.is_empty() {
        return Ok(output);
    }
    let missing: Vec<&str> = waiting.into_iter().map(String::as_str).collect();
    Err(Fault::told(format!(
        "template.yaml has no `CodeUri:` line for {}",
        missing.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::{logical_id, with_code};
    use crate::deploy::FUNCTIONS;
    use serde_yaml_ng::Value;
    use std::collections::BTreeMap;

    fn locations() -> BTreeMap<String, String> {
        FUNCTIONS
            .map(|function| (logical_id(function), format!("s3://code/{function}.zip")))
            .into()
    }

    /// Removes and returns every function's `CodeUri`.
    fn take_code(template: &mut Value) -> BTreeMap<String, String> {
        let resources = template.get_mut("Resources").unwrap().as_mapping_mut().unwrap();
        let mut found = BTreeMap::new();
        for (name, resource) in resources {
            let Some(properties) = resource.get_mut("Properties").and_then(Value::as_mapping_mut) else {
                continue;
            };
            if let Some(code) = properties.remove("CodeUri") {
                found.insert(
                    name.as_str().unwrap().to_owned(),
                    code.as_str().unwrap().to_owned(),
                );
            }
        }
        found
    }

    #[test]
    fn changes_the_code_of_the_real_template_and_nothing_else() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml");
        let source = std::fs::read_to_string(path).unwrap();
        let rewritten = with_code(&source, &locations()).unwrap();
        let mut before: Value = serde_yaml_ng::from_str(&source).unwrap();
        let mut after: Value = serde_yaml_ng::from_str(&rewritten).unwrap();
        take_code(&mut before);
        assert_eq!(take_code(&mut after), locations());
        assert_eq!(before, after);
    }

    #[test]
    fn a_function_without_code_is_an_error() {
        let fault = with_code("Resources:\n  WebhookFunction:\n    Type: x\n", &locations()).unwrap_err();
        assert!(fault.to_string().contains("WebhookFunction"), "{fault}");
    }
}
