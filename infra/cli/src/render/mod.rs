//! Answers as text for people: tables, pages, and the decoration of both.

pub(crate) mod activity;
pub(crate) mod changes;
pub(crate) mod explain;
pub(crate) mod issue;
pub(crate) mod plain;
pub(crate) mod rollback;
pub(crate) mod schema;
pub(crate) mod stage;
pub(crate) mod statement;
pub(crate) mod style;
pub(crate) mod version;

#[cfg(test)]
pub(crate) mod samples;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use jiff::Timestamp;

/// Columns under headings, without lines: it survives being cut, grepped and copied.
pub(crate) fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(head.to_vec());
    table.add_rows(
        rows.into_iter()
            .map(|row| row.iter().map(|cell| plain::line(cell)).collect::<Vec<_>>()),
    );
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

/// Names and what they stand for, one per line, below a heading.
pub(crate) fn facts(facts: &[(&str, String)]) -> String {
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines: Vec<String> = facts
        .iter()
        .map(|(name, fact)| format!("  {name:<width$}  {}", plain::line(fact)))
        .collect();
    lines.join("\n") + "\n"
}

/// The same text further right.
pub(crate) fn indented(text: &str, by: usize) -> String {
    let mut moved = String::with_capacity(text.len());
    for line in text.lines() {
        if !line.is_empty() {
            moved.push_str(&" ".repeat(by));
            moved.push_str(line);
        }
        moved.push('\n');
    }
    moved
}

/// A moment, to the second.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `1 task`, `2 tasks`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
