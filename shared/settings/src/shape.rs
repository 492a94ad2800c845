//! From a tree to settings: every key known, every value of its kind, nothing missing; or every problem named, not
//! only the first. What is wrong is taken out of the tree, and the rest is read again.

use crate::node::{Entry, Kind, Node, Step};
use crate::problem::Problem;
use crate::schema::Settings;
use crate::suggest::near_miss;
use serde_path_to_error::Segment;

/// The most problems that are told of one document.
const MOST: usize = 100;

/// What came of reading.
pub(crate) struct Read {
    /// What could be read; none where nothing could.
    pub(crate) settings: Option<Settings>,
    /// What was wrong.
    pub(crate) problems: Vec<Problem>,
    /// Whether only keys that mean nothing were left out, so that the rest can be judged as it is.
    pub(crate) whole: bool,
}

/// Reads a tree. What is wrong is taken out of it.
pub(crate) fn read(root: &mut Node) -> Read {
    let mut read = Read {
        settings: None,
        problems: Vec::new(),
        whole: true,
    };
    for (line, path) in root.doubles() {
        read.whole = false;
        read.problems.push(Problem {
            line: Some(line),
            key: root.name_of(&path),
            message: "stands twice; leave one of them out".to_owned(),
        });
    }
    // Keys that were taken out, or meant by one that was: that they are missing is no news.
    let mut excused: Vec<(usize, String)> = Vec::new();
    while read.problems.len() < MOST {
        let value = root.value();
        let error = match serde_path_to_error::deserialize::<_, Settings>(&value) {
            Ok(settings) => {
                read.settings = Some(settings);
                break;
            }
            Err(error) => error,
        };
        let path = steps(error.path());
        let wrong = Wrong::of(&error.inner().to_string(), &path);
        let (line, key) = (root.line_of(&path), root.name_of(&path));
        let around = path.split_last().map_or(0, |(_, around)| root.line_of(around));
        let mut tell = |message: String| {
            read.problems.push(Problem {
                line: Some(line),
                key: key.clone(),
                message,
            });
        };
        let goes_on = match wrong {
            Wrong::Unknown { near, message } => {
                excused.extend(near.map(|near| (around, near)));
                tell(message);
                root.remove(&path)
            }
            Wrong::Missing(field) => {
                if !excused.contains(&(line, field.clone())) {
                    tell(missing(&field));
                }
                read.whole = false;
                leave_out(root, &path, &field)
            }
            Wrong::Value(message) => {
                if let Some(Step::Key(key)) = path.last() {
                    excused.push((around, key.clone()));
                }
                tell(message);
                read.whole = false;
                root.remove(&path)
            }
        };
        if !goes_on {
            break;
        }
    }
    read
}

/// What is wrong at a place.
enum Wrong {
    Unknown { near: Option<String>, message: String },
    Missing(String),
    Value(String),
}

impl Wrong {
    /// Reads the deserializer's own words, which name what it knows.
    fn of(words: &str, path: &[Step]) -> Self {
        let quoted = |text: &str| -> Vec<String> {
            let parts = text.split('`').skip(1).step_by(2);
            parts.map(str::to_owned).collect()
        };
        if let Some(field) = words.strip_prefix("missing field ") {
            return Self::Missing(quoted(field).into_iter().next().unwrap_or_default());
        }
        let Some((what, known)) = words.split_once(", expected ") else {
            return Self::Value(words.to_owned());
        };
        let known = quoted(known);
        let names = known.iter().map(String::as_str);
        if let Some(field) = what.strip_prefix("unknown field ")
            && matches!(path.last(), Some(Step::Key(key)) if quoted(field).first() == Some(key))
        {
            let text = quoted(field).into_iter().next().unwrap_or_default();
            let near = near_miss(&text, names).map(str::to_owned);
            let message = match &near {
                Some(near) => format!("there is no such key; did you mean `{near}`?"),
                None => format!(
                    "there is no such key; leave it out, or use `{}`",
                    known.join("`, `")
                ),
            };
            return Self::Unknown { near, message };
        }
        if let Some(variant) = what.strip_prefix("unknown variant ") {
            let text = quoted(variant).into_iter().next().unwrap_or_default();
            let hint = near_miss(&text, names).map_or_else(
                || format!("write one of `{}`", known.join("`, `")),
                |near| format!("did you mean `{near}`?"),
            );
            return Self::Value(format!("`{text}` is not known here; {hint}"));
        }
        Self::Value(words.to_owned())
    }
}

/// Takes the nearest element of a list out that lacks something; at the top, what is missing is made empty.
fn leave_out(root: &mut Node, path: &[Step], field: &str) -> bool {
    let place = path
        .iter()
        .rposition(|step| matches!(step, Step::At(_)))
        .and_then(|place| path.get(..=place));
    if let Some(element) = place {
        return root.remove(element);
    }
    match root.inner_mut(path).map(|node| &mut node.kind) {
        Some(Kind::Table(entries)) if path.is_empty() => {
            entries.push(Entry {
                key: field.to_owned(),
                line: 1,
                node: Node {
                    line: 1,
                    kind: Kind::List(Vec::new()),
                },
            });
            true
        }
        Some(Kind::Table(_) | Kind::List(_) | Kind::Leaf(_)) | None => root.remove(path),
    }
}

/// What to write where something is missing.
fn missing(field: &str) -> String {
    let example = match field {
        "projects" | "environments" | "instances" => format!("[[{field}]]"),
        "repository" => {
            "repository = { id = 123456, installation_id = 7890, name = \"owner/name\" }".to_owned()
        }
        "id" | "installation_id" => format!("{field} = 123456"),
        "branch" => "branch = \"main\"".to_owned(),
        "secret_arn" => "secret_arn = \"arn:aws:secretsmanager:…\"".to_owned(),
        "environment" => "environment = \"test\"".to_owned(),
        "approvers" => "approvers = { roles = [\"dba\"] }".to_owned(),
        "from" | "to" => format!("{field} = \"09:30\""),
        "time_zone" => "time_zone = \"Europe/Amsterdam\"".to_owned(),
        _ => format!("{field} = \"…\""),
    };
    format!("`{field}` is missing; write `{example}`")
}

fn steps(path: &serde_path_to_error::Path) -> Vec<Step> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(Step::At(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            // Of a tagged value: the place is the value's own.
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}
