//! Keys and constraints.

use super::{quote, quoted_list};
use crate::key::{Check, ForeignKey, Key, KeyPart, Over};
use sql::ddl::{Action, KeyKind};
use std::fmt::Write as _;

/// A key.
pub(crate) fn key(key: &Key) -> String {
    let parts: Vec<String> = key.parts.iter().map(part).collect();
    let parts = parts.join(",");
    let name = quote(&key.name);
    let mut text = match key.kind {
        KeyKind::Primary => format!("PRIMARY KEY ({parts})"),
        KeyKind::Unique => format!("UNIQUE KEY {name} ({parts})"),
        KeyKind::Plain => format!("KEY {name} ({parts})"),
        KeyKind::Fulltext => format!("FULLTEXT KEY {name} ({parts})"),
        KeyKind::Spatial => format!("SPATIAL KEY {name} ({parts})"),
    };
    for (option, value) in &key.options {
        let _ = match option.as_str() {
            "PARSER" => write!(text, " WITH PARSER {}", quote(value)),
            "KEY_BLOCK_SIZE" => write!(text, " KEY_BLOCK_SIZE={value}"),
            other => write!(text, " {other} {value}"),
        };
    }
    if key.invisible {
        text.push_str(" INVISIBLE");
    }
    text
}

fn part(part: &KeyPart) -> String {
    let mut text = match &part.over {
        Over::Column { name, length: None } => quote(name),
        Over::Column {
            name,
            length: Some(length),
        } => format!("{}({length})", quote(name)),
        Over::Expression(expression) => format!("({})", expression.as_str()),
    };
    if part.descending {
        text.push_str(" DESC");
    }
    text
}

/// A foreign key.
pub(crate) fn foreign_key(key: &ForeignKey) -> String {
    let table = key.schema.as_ref().map_or_else(
        || quote(&key.table),
        |schema| format!("{}.{}", quote(schema), quote(&key.table)),
    );
    let mut text = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {table} ({})",
        quote(&key.name),
        quoted_list(&key.columns),
        quoted_list(&key.references)
    );
    if let Some(action) = key.on_delete {
        let _ = write!(text, " ON DELETE {}", word(action));
    }
    if let Some(action) = key.on_update {
        let _ = write!(text, " ON UPDATE {}", word(action));
    }
    text
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::NoAction => "NO ACTION",
        Action::SetDefault => "SET DEFAULT",
    }
}

/// A check.
pub(crate) fn check(check: &Check) -> String {
    let enforced = if check.enforced { "" } else { " NOT ENFORCED" };
    format!(
        "CONSTRAINT {} CHECK ({}){enforced}",
        quote(&check.name),
        check.expression.as_str()
    )
}
