//! `template.yaml` as data: CloudFormation's short tags become their long names.

use crate::fault::TidyError;
use crate::sources;
use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;

/// The template.
#[derive(Debug, Clone)]
pub struct Template {
    root: Value,
    /// The logical ids, in the order of the file.
    order: Vec<String>,
}

/// One resource of the template.
#[derive(Debug, Clone, Copy)]
pub struct Resource<'a> {
    /// Its logical id.
    pub id: &'a str,
    /// Everything it says.
    pub body: &'a Value,
}

impl Resource<'_> {
    /// The resource's type.
    pub fn kind(&self) -> &str {
        self.body["Type"].as_str().unwrap_or_default()
    }

    /// One of its properties; null where it is not set.
    pub fn property(&self, name: &str) -> &Value {
        &self.body["Properties"][name]
    }
}

impl Template {
    /// Reads `template.yaml` of this repository.
    pub fn load() -> Result<Self, TidyError> {
        Self::parse(&sources::text("template.yaml")?)
    }

    /// Reads a template's text.
    pub fn parse(text: &str) -> Result<Self, TidyError> {
        let yaml: Yaml = serde_yaml_ng::from_str(text)?;
        let resources = yaml["Resources"].as_mapping().into_iter().flatten();
        let order = resources
            .filter_map(|(id, _)| id.as_str().map(str::to_owned))
            .collect();
        let root = untagged(yaml)?;
        Ok(Self { root, order })
    }

    /// A section, such as `Parameters`; null where there is none.
    pub fn section(&self, name: &str) -> &Value {
        &self.root[name]
    }

    /// Every resource, in the order of the file.
    pub fn resources(&self) -> Vec<Resource<'_>> {
        let resources = &self.root["Resources"];
        self.order
            .iter()
            .map(|id| Resource {
                id,
                body: &resources[id],
            })
            .collect()
    }

    /// Every resource of a type.
    pub fn of_kind(&self, kind: &str) -> Vec<Resource<'_>> {
        self.resources()
            .into_iter()
            .filter(|resource| resource.kind() == kind)
            .collect()
    }

    /// A resource by its logical id.
    pub fn resource(&self, id: &str) -> Result<Resource<'_>, TidyError> {
        self.resources()
            .into_iter()
            .find(|resource| resource.id == id)
            .ok_or_else(|| TidyError::Template(format!("there is no resource {id}")))
    }

    /// The environment of a function: its own variables over those of `Globals`.
    pub fn environment(&self, function: &Resource<'_>) -> Map<String, Value> {
        let mut all = Map::new();
        for variables in [
            &self.root["Globals"]["Function"]["Environment"]["Variables"],
            &function.property("Environment")["Variables"],
        ] {
            all.extend(variables.as_object().cloned().unwrap_or_default());
        }
        all
    }
}

/// The logical id that a `Ref` or a `Fn::GetAtt` names.
pub fn target_of(value: &Value) -> Option<&str> {
    let named = value["Ref"].as_str().or_else(|| value["Fn::GetAtt"].as_str())?;
    Some(named.split_once('.').map_or(named, |(id, _)| id))
}

/// The entries of a list, or the one value that stands for a list of one.
pub fn entries(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(entries) => entries.iter().collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => vec![value],
    }
}

/// The strings of a list, or of the one string that stands for a list of one.
pub fn strings(value: &Value) -> Vec<String> {
    entries(value)
        .into_iter()
        .filter_map(|entry| entry.as_str().map(str::to_owned))
        .collect()
}

fn untagged(yaml: Yaml) -> Result<Value, TidyError> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::Number(number) => serde_json::to_value(number)?,
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(entries) => Value::Array(entries.into_iter().map(untagged).collect::<Result<_, _>>()?),
        Yaml::Mapping(mapping) => {
            let mut object = Map::new();
            for (key, value) in mapping {
                let Yaml::String(key) = key else {
                    return Err(TidyError::Template(format!("a key is not text: {key:?}")));
                };
                object.insert(key, untagged(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = match tag.trim_start_matches('!') {
                "Ref" => "Ref".to_owned(),
                "Condition" => "Condition".to_owned(),
                function => format!("Fn::{function}"),
            };
            Value::Object(Map::from_iter([(name, untagged(tagged.value)?)]))
        }
    })
}
