//! A document as a tree in which everything knows its line, whether it was written as TOML or as JSON.

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of a document.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Where it begins, from 1.
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Table(Vec<Entry>),
    List(Vec<Node>),
    Leaf(Value),
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// Where the key stands, from 1.
    pub(crate) line: usize,
    pub(crate) node: Node,
}

/// One step from a value into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the value of a key.
    Key(String),
    /// To the value at a place, from 0.
    At(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(place: usize) -> Self {
        Self::At(place)
    }
}

impl Node {
    /// The value without its lines.
    pub(crate) fn value(&self) -> Value {
        match &self.kind {
            Kind::Table(entries) => Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.node.value()))
                    .collect::<Map<_, _>>(),
            ),
            Kind::List(nodes) => Value::Array(nodes.iter().map(Self::value).collect()),
            Kind::Leaf(value) => value.clone(),
        }
    }

    /// The line of a place, or of the nearest one around it that is there.
    pub(crate) fn line_of(&self, path: &[Step]) -> usize {
        let (mut node, mut line) = (self, self.line);
        for step in path {
            let Some((at, inner)) = node.step(step) else { break };
            (node, line) = (inner, at);
        }
        line
    }

    /// How people call a place: by keys, and by the names of what stands in lists.
    pub(crate) fn name_of(&self, path: &[Step]) -> String {
        let mut node = Some(self);
        let mut words: Vec<String> = Vec::new();
        for step in path {
            node = node.and_then(|node| node.step(step)).map(|(_, inner)| inner);
            match step {
                Step::Key(key) => words.push(key.clone()),
                Step::At(place) => {
                    words.push(
                        node.and_then(Self::name)
                            .map_or_else(|| (place + 1).to_string(), str::to_owned),
                    );
                }
            }
        }
        words.join(".")
    }

    /// Takes a place out of the document; false where it is not there.
    pub(crate) fn remove(&mut self, path: &[Step]) -> bool {
        let Some((last, before)) = path.split_last() else {
            return false;
        };
        let Some(node) = self.inner_mut(before) else {
            return false;
        };
        match (&mut node.kind, last) {
            (Kind::Table(entries), Step::Key(key)) => {
                let count = entries.len();
                entries.retain(|entry| &entry.key != key);
                entries.len() < count
            }
            (Kind::List(nodes), Step::At(place)) if *place < nodes.len() => {
                nodes.remove(*place);
                true
            }
            (Kind::Table(_) | Kind::List(_) | Kind::Leaf(_), Step::Key(_) | Step::At(_)) => false,
        }
    }

    /// The value at a place.
    pub(crate) fn inner_mut(&mut self, path: &[Step]) -> Option<&mut Self> {
        let mut node = self;
        for step in path {
            node = match (&mut node.kind, step) {
                (Kind::Table(entries), Step::Key(key)) => {
                    &mut entries.iter_mut().find(|entry| &entry.key == key)?.node
                }
                (Kind::List(nodes), Step::At(place)) => nodes.get_mut(*place)?,
                (Kind::Table(_) | Kind::List(_) | Kind::Leaf(_), Step::Key(_) | Step::At(_)) => return None,
            };
        }
        Some(node)
    }

    /// Every key that stands twice in its table, with its place. Only JSON can be written so.
    pub(crate) fn doubles(&self) -> Vec<(usize, Vec<Step>)> {
        let mut found = Vec::new();
        self.find_doubles(&mut Vec::new(), &mut found);
        found
    }

    fn find_doubles(&self, path: &mut Vec<Step>, found: &mut Vec<(usize, Vec<Step>)>) {
        match &self.kind {
            Kind::Table(entries) => {
                for (index, entry) in entries.iter().enumerate() {
                    path.push(Step::from(entry.key.as_str()));
                    if entries.iter().take(index).any(|other| other.key == entry.key) {
                        found.push((entry.line, path.clone()));
                    }
                    entry.node.find_doubles(path, found);
                    path.pop();
                }
            }
            Kind::List(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    path.push(Step::At(index));
                    node.find_doubles(path, found);
                    path.pop();
                }
            }
            Kind::Leaf(_) => {}
        }
    }

    fn step(&self, step: &Step) -> Option<(usize, &Self)> {
        match (&self.kind, step) {
            (Kind::Table(entries), Step::Key(key)) => entries
                .iter()
                .rfind(|entry| &entry.key == key)
                .map(|entry| (entry.line, &entry.node)),
            (Kind::List(nodes), Step::At(place)) => nodes.get(*place).map(|node| (node.line, node)),
            (Kind::Table(_) | Kind::List(_) | Kind::Leaf(_), Step::Key(_) | Step::At(_)) => None,
        }
    }

    fn name(&self) -> Option<&str> {
        let (_, node) = self.step(&Step::from("name"))?;
        match &node.kind {
            Kind::Leaf(Value::String(name)) if !name.is_empty() => Some(name),
            Kind::Leaf(_) | Kind::Table(_) | Kind::List(_) => None,
        }
    }
}

/// Where each line of a text begins.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(breaks.map(|(at, _)| at + 1).collect())
    }

    /// The line of a byte, from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}

/// Reads TOML; where it can't be read, the line and why.
pub(crate) fn of_toml(text: &str) -> Result<Node, (Option<usize>, String)> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(table) => Ok(Node {
            line: 1,
            kind: of_table(table.get_ref(), &lines),
        }),
        Err(error) => Err((
            error.span().map(|span| lines.at(span.start)),
            error.message().to_owned(),
        )),
    }
}

fn of_table(table: &DeTable<'_>, lines: &Lines) -> Kind {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            line: lines.at(key.span().start),
            node: of_value(value, lines),
        })
        .collect();
    entries.sort_by_key(|entry| entry.line);
    Kind::Table(entries)
}

fn of_value(value: &Spanned<DeValue<'_>>, lines: &Lines) -> Node {
    let kind = match value.get_ref() {
        DeValue::Table(table) => of_table(table, lines),
        DeValue::Array(values) => Kind::List(values.iter().map(|value| of_value(value, lines)).collect()),
        DeValue::String(text) => Kind::Leaf(Value::String(text.to_string())),
        DeValue::Boolean(truth) => Kind::Leaf(Value::Bool(*truth)),
        DeValue::Integer(number) => Kind::Leaf(
            i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| Value::String(number.to_string()), Value::from),
        ),
        DeValue::Float(number) => Kind::Leaf(
            number
                .as_str()
                .parse()
                .ok()
                .and_then(Number::from_f64)
                .map_or(Value::Null, Value::Number),
        ),
        DeValue::Datetime(time) => Kind::Leaf(Value::String(time.to_string())),
    };
    Node {
        line: lines.at(value.span().start),
        kind,
    }
}

/// Reads JSON; where it can't be read, the line and why.
pub(crate) fn of_json(text: &str) -> Result<Node, (Option<usize>, String)> {
    // The library judges the text, and how deep it is; what is walked here is known to be JSON.
    let value: Value = serde_json::from_str(text).map_err(|error| (Some(error.line()), error.to_string()))?;
    let lines = Lines::of(text);
    let mut walk = Walk {
        text,
        at: 0,
        lines: &lines,
    };
    Ok(walk.value().unwrap_or(Node {
        line: 1,
        kind: Kind::Leaf(value),
    }))
}

/// A walk over a text that is JSON.
struct Walk<'t> {
    text: &'t str,
    at: usize,
    lines: &'t Lines,
}

impl<'t> Walk<'t> {
    fn value(&mut self) -> Option<Node> {
        self.skip();
        let line = self.lines.at(self.at);
        let kind = match self.peek()? {
            b'{' => {
                self.at += 1;
                let mut entries = Vec::new();
                while self.another(b'}')? {
                    let line = self.lines.at(self.at);
                    let key = serde_json::from_str(self.string()?).ok()?;
                    self.skip();
                    self.at += 1; // the colon
                    let node = self.value()?;
                    entries.push(Entry { key, line, node });
                }
                Kind::Table(entries)
            }
            b'[' => {
                self.at += 1;
                let mut nodes = Vec::new();
                while self.another(b']')? {
                    nodes.push(self.value()?);
                }
                Kind::List(nodes)
            }
            b'"' => Kind::Leaf(serde_json::from_str(self.string()?).ok()?),
            _ => {
                let rest = self.text.get(self.at..)?;
                let end = rest.find(|c: char| c.is_whitespace() || ",]}".contains(c));
                let word = rest.get(..end.unwrap_or(rest.len()))?;
                self.at += word.len();
                Kind::Leaf(serde_json::from_str(word).ok()?)
            }
        };
        Some(Node { line, kind })
    }

    /// Whether another element comes before the end of what is walked; goes past the end, or the comma.
    fn another(&mut self, end: u8) -> Option<bool> {
        self.skip();
        if self.peek()? == b',' {
            self.at += 1;
            self.skip();
        }
        if self.peek()? == end {
            self.at += 1;
            return Some(false);
        }
        Some(true)
    }

    /// The string that begins here, with its quotes.
    fn string(&mut self) -> Option<&'t str> {
        let start = self.at;
        let mut escaped = true; // so is the quote that it begins with
        for (index, byte) in self.text.as_bytes().get(start..)?.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at = start + index + 1;
                    return self.text.get(start..self.at);
                }
                _ => {}
            }
        }
        None
    }

    fn skip(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(node: &Node, path: &[&str]) -> usize {
        let steps: Vec<Step> = path
            .iter()
            .map(|word| word.parse::<usize>().map_or_else(|_| Step::from(*word), Step::At))
            .collect();
        node.line_of(&steps)
    }

    #[test]
    fn everything_knows_its_line() {
        let toml = "\n[[projects]]\nname = \"a\"\nrepository = { id = 1,\n  name = \"n\" }\n\n[[projects]]\n[projects.repository]\nid = 2\n[[projects.databases]]\nname = \"d\"\n";
        let node = of_toml(toml).unwrap();
        for (path, expected) in [
            (&["projects", "0"][..], 2),
            (&["projects", "0", "name"], 3),
            (&["projects", "0", "repository", "name"], 5),
            (&["projects", "0", "nothing"], 2),
            (&["projects", "1"], 7),
            (&["projects", "1", "repository", "id"], 9),
            (&["projects", "1", "databases", "0"], 10),
            (&["projects", "1", "databases", "0", "name"], 11),
            (&["nothing"], 1),
        ] {
            assert_eq!(line(&node, path), expected, "{path:?}");
        }
        let json =
            "{\n\"projects\": [\n {\"name\": \"a\\\"}\",\n  \"x\": -1.5e3}, {\n\"y\":\n[true, null]}\n]}";
        let node = of_json(json).unwrap();
        for (path, expected) in [
            (&["projects", "0"][..], 3),
            (&["projects", "0", "x"], 4),
            (&["projects", "1"], 4),
            (&["projects", "1", "y"], 5),
            (&["projects", "1", "y", "1"], 6),
        ] {
            assert_eq!(line(&node, path), expected, "{path:?}");
        }
        assert_eq!(
            node.name_of(&["projects".into(), 0.into(), "x".into()]),
            "projects.a\"}.x"
        );
        assert_eq!(
            node.name_of(&["projects".into(), 1.into(), "y".into()]),
            "projects.2.y"
        );
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::hash_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_walked_is_what_the_library_reads(value in values()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                prop_assert_eq!(of_json(&text).unwrap().value(), value.clone());
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[\\PC\n]{0,60}") {
            let _ = of_toml(&text);
            let _ = of_json(&text);
        }
    }
}
