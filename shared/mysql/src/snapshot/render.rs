//! Definitions joined into one text that `mysql` and the rehearsal can load.

use super::catalog::Kind;
use super::order::by_need;
use super::scan::{Part, parts};
use crate::ident::text as quoted;
use std::collections::{BTreeMap, BTreeSet};

/// One object with its normalised definition.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) definition: String,
    pub(super) sql_mode: Option<String>,
    pub(super) time_zone: Option<String>,
}

/// The text of a schema; empty for an empty one. `objects` are in the order of their kinds.
pub(super) fn text(objects: &[Object], view_uses: &BTreeMap<String, BTreeSet<String>>) -> String {
    let (tables, circle) = by_need(&table_needs(objects));
    let (views, _) = by_need(&view_needs(objects, view_uses));
    let mut writer = Writer::default();
    if circle {
        writer.chunks.push("SET foreign_key_checks = 0;\n".to_owned());
    }
    writer.statements(objects, Kind::Table, &tables);
    if circle {
        writer.chunks.push("SET foreign_key_checks = 1;\n".to_owned());
    }
    writer.programs(objects, &[Kind::Function, Kind::Procedure]);
    writer.statements(objects, Kind::View, &views);
    writer.programs(objects, &[Kind::Trigger, Kind::Event]);
    writer.chunks.join("\n")
}

/// Which tables the foreign keys of each table point to.
fn table_needs(objects: &[Object]) -> BTreeMap<String, BTreeSet<String>> {
    of_kind(objects, Kind::Table)
        .map(|table| (table.name.clone(), references(&table.definition)))
        .collect()
}

fn view_needs(
    objects: &[Object],
    uses: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeMap<String, BTreeSet<String>> {
    of_kind(objects, Kind::View)
        .map(|view| {
            (
                view.name.clone(),
                uses.get(&view.name).cloned().unwrap_or_default(),
            )
        })
        .collect()
}

fn of_kind(objects: &[Object], kind: Kind) -> impl Iterator<Item = &Object> {
    objects.iter().filter(move |object| object.kind == kind)
}

/// The names after `REFERENCES`.
fn references(table: &str) -> BTreeSet<String> {
    let parts = parts(table);
    parts
        .windows(2)
        .filter_map(|pair| match pair {
            [Part::Code(code), Part::Name(name)] if code.ends_with(" REFERENCES ") => {
                Some(name.trim_matches('`').replace("``", "`"))
            }
            _ => None,
        })
        .collect()
}

#[derive(Default)]
struct Writer {
    chunks: Vec<String>,
    sql_mode: Option<String>,
    time_zone: Option<String>,
}

impl Writer {
    fn statements(&mut self, objects: &[Object], kind: Kind, order: &[String]) {
        let by_name: BTreeMap<&String, &Object> = of_kind(objects, kind)
            .map(|object| (&object.name, object))
            .collect();
        let ordered = order.iter().filter_map(|name| by_name.get(name));
        self.chunks
            .extend(ordered.map(|object| format!("{};\n", object.definition)));
    }

    /// Stored programs keep the mode they were made under, so it is set where it changes; and they hold `;`.
    fn programs(&mut self, objects: &[Object], kinds: &[Kind]) {
        for program in objects.iter().filter(|object| kinds.contains(&object.kind)) {
            let mut chunk = set("sql_mode", &mut self.sql_mode, program.sql_mode.as_ref());
            chunk.push_str(&set("time_zone", &mut self.time_zone, program.time_zone.as_ref()));
            chunk.push_str(&delimited(&program.definition));
            self.chunks.push(chunk);
        }
    }
}

/// Sets a variable of the session where it is not so yet.
fn set(variable: &str, now: &mut Option<String>, wanted: Option<&String>) -> String {
    match wanted {
        Some(value) if now.as_ref() != Some(value) => {
            *now = Some(value.clone());
            format!("SET {variable} = {};\n", quoted(value))
        }
        Some(_) | None => String::new(),
    }
}

/// A program ended by a delimiter that it does not hold.
fn delimited(program: &str) -> String {
    if !program.contains(';') {
        return format!("{program}{}\n", end(program, ";"));
    }
    let mut delimiter = ";;".to_owned();
    while program.contains(&delimiter) {
        delimiter.push(';');
    }
    let end = end(program, &delimiter);
    format!("DELIMITER {delimiter}\n{program}{end}\nDELIMITER ;\n")
}

/// The delimiter, on a line of its own where the program may end in a comment.
fn end(program: &str, delimiter: &str) -> String {
    let commented = program
        .lines()
        .last()
        .is_some_and(|line| line.contains("--") || line.contains('#'));
    if commented {
        format!("\n{delimiter}")
    } else {
        delimiter.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(kind: Kind, name: &str, definition: &str) -> Object {
        let program = !matches!(kind, Kind::Table | Kind::View);
        Object {
            kind,
            name: name.to_owned(),
            definition: definition.to_owned(),
            sql_mode: program.then(|| "STRICT_TRANS_TABLES".to_owned()),
            time_zone: (kind == Kind::Event).then(|| "SYSTEM".to_owned()),
        }
    }

    #[test]
    fn one_table_is_its_definition_and_an_empty_schema_is_nothing() {
        let table = object(
            Kind::Table,
            "t2",
            "CREATE TABLE `t2` (\n  `id` bigint NOT NULL\n)",
        );
        let expected = format!("{};\n", table.definition);
        assert_eq!(text(&[table], &BTreeMap::new()), expected);
        assert_eq!(text(&[], &BTreeMap::new()), "");
    }

    #[test]
    fn tables_come_after_what_their_keys_point_to() {
        let child = object(
            Kind::Table,
            "a",
            "CREATE TABLE `a` (FOREIGN KEY (`p`) REFERENCES `z` (`id`))",
        );
        let parent = object(Kind::Table, "z", "CREATE TABLE `z` ()");
        let text = text(&[child, parent], &BTreeMap::new());
        assert!(
            text.starts_with("CREATE TABLE `z` ();\n\nCREATE TABLE `a`"),
            "{text}"
        );
    }

    #[test]
    fn programs_carry_their_mode_and_a_delimiter_they_do_not_hold() {
        let procedure = object(
            Kind::Procedure,
            "p",
            "CREATE PROCEDURE `p`() BEGIN SELECT ';;'; END -- end",
        );
        let event = object(Kind::Event, "e", "CREATE EVENT `e` DO SELECT 1");
        assert_eq!(
            text(&[procedure, event], &BTreeMap::new()),
            "SET sql_mode = 'STRICT_TRANS_TABLES';\nDELIMITER ;;;\nCREATE PROCEDURE `p`() BEGIN SELECT ';;'; END -- \
             end\n;;;\nDELIMITER ;\n\nSET time_zone = 'SYSTEM';\nCREATE EVENT `e` DO SELECT 1;\n"
        );
    }
}
