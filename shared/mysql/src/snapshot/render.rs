//! Definitions joined into one text that `mysql` and the rehearsal can load.

use super::catalog::Settings;
use super::order::by_use;
use super::scan::{Part, parts};
use crate::ident::{name, text as quoted};
use model::Checksum;
use std::collections::{BTreeMap, BTreeSet};
use workflow::ports::database::{ObjectKind as Kind, ObjectPrint, Snapshot};

/// The collation with which a text is read from the start: the one that `SET NAMES utf8mb4` sets unless a server was
/// told otherwise.
pub(crate) const COLLATION: &str = "utf8mb4_0900_ai_ci";

/// Set before a table with dates of zero, whose definition is all that counts; and after it.
const ZERO: &str = "SET @saved_sql_mode = @@sql_mode;\nSET sql_mode = 'NO_ENGINE_SUBSTITUTION';\n";
const AFTER_ZERO: &str = "SET sql_mode = @saved_sql_mode;\n";

/// One object with its normalised definition.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(super) settings: Settings,
    /// A view that can't be made from its definition.
    pub(super) broken: bool,
    /// A table with a default of zero, for a date.
    pub(super) zero: bool,
}

/// The text of a schema, empty for an empty one, and its objects in the order of the text. `objects` are in the order of
/// their kinds.
///
/// Tables come by name, because a text in the order of foreign keys moves whole tables about when one key changes; where
/// a key points to a later table, the text switches the check off while the tables are made.
pub(super) fn snapshot(
    objects: &[Object],
    view_uses: &BTreeMap<String, BTreeSet<String>>,
    collation: &str,
) -> Snapshot {
    let mut writer = Writer::new(collation);
    let forward = points_forward(objects);
    if forward {
        writer.chunks.push("SET foreign_key_checks = 0;\n".to_owned());
    }
    of_kind(objects, Kind::Table).for_each(|table| writer.write(table));
    if forward {
        writer.chunks.push("SET foreign_key_checks = 1;\n".to_owned());
    }
    let routine = |object: &&Object| matches!(object.kind, Kind::Function | Kind::Procedure);
    objects
        .iter()
        .filter(routine)
        .for_each(|object| writer.write(object));
    let views: BTreeMap<&String, &Object> = of_kind(objects, Kind::View)
        .map(|view| (&view.name, view))
        .collect();
    let ordered = by_use(&view_needs(objects, view_uses));
    ordered
        .iter()
        .filter_map(|name| views.get(name))
        .for_each(|view| writer.write(view));
    let last = |object: &&Object| matches!(object.kind, Kind::Trigger | Kind::Event);
    objects
        .iter()
        .filter(last)
        .for_each(|object| writer.write(object));
    Snapshot {
        text: writer.chunks.join("\n"),
        objects: writer.prints,
    }
}

/// Whether the key of a table points to one that comes later, or is not there at all.
fn points_forward(objects: &[Object]) -> bool {
    let mut made = BTreeSet::new();
    of_kind(objects, Kind::Table).any(|table| {
        made.insert(table.name.as_str());
        references(&table.definition)
            .iter()
            .any(|name| !made.contains(name.as_str()))
    })
}

fn view_needs(
    objects: &[Object],
    uses: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeMap<String, BTreeSet<String>> {
    let used = |name: &String| uses.get(name).cloned().unwrap_or_default();
    of_kind(objects, Kind::View)
        .map(|view| (view.name.clone(), used(&view.name)))
        .collect()
}

fn of_kind(objects: &[Object], kind: Kind) -> impl Iterator<Item = &Object> {
    objects.iter().filter(move |object| object.kind == kind)
}

/// The names after `REFERENCES`, but for those of other schemas.
fn references(table: &str) -> BTreeSet<String> {
    let parts = parts(table);
    parts
        .windows(3)
        .filter_map(|three| match three {
            [Part::Code(code), Part::Name(name), Part::Code(after)]
                if code.ends_with(" REFERENCES ") && !after.starts_with('.') =>
            {
                Some(name.trim_matches('`').replace("``", "`"))
            }
            _ => None,
        })
        .collect()
}

struct Writer<'a> {
    chunks: Vec<String>,
    prints: Vec<ObjectPrint>,
    /// The schema's default collation.
    of_schema: &'a str,
    sql_mode: Option<String>,
    time_zone: Option<String>,
    collation: Option<String>,
}

impl<'a> Writer<'a> {
    fn new(of_schema: &'a str) -> Self {
        Self {
            chunks: Vec::new(),
            prints: Vec::new(),
            of_schema,
            sql_mode: None,
            time_zone: None,
            collation: Some(COLLATION.to_owned()),
        }
    }

    /// What an object keeps of its session is set where the session of the text is not so yet.
    fn write(&mut self, object: &Object) {
        self.prints.push(print(object));
        if object.broken {
            self.chunks.push(broken(object));
            return;
        }
        let settings = &object.settings;
        let mut chunk = set("sql_mode", &mut self.sql_mode, settings.sql_mode.as_ref());
        chunk.push_str(&set(
            "time_zone",
            &mut self.time_zone,
            settings.time_zone.as_ref(),
        ));
        let wanted = settings.collation.as_ref();
        chunk.push_str(&set("collation_connection", &mut self.collation, wanted));
        let program = match object.kind {
            Kind::Table if object.zero => format!("{ZERO}{};\n{AFTER_ZERO}", object.definition),
            Kind::Table | Kind::View => format!("{};\n", object.definition),
            Kind::Function | Kind::Procedure | Kind::Trigger | Kind::Event => delimited(&object.definition),
        };
        match settings.of_schema.as_ref().filter(|of| *of != self.of_schema) {
            None => chunk.push_str(&program),
            Some(of) => {
                let restored = self.of_schema;
                chunk = format!(
                    "{chunk}ALTER DATABASE COLLATE {of};\n{program}ALTER DATABASE COLLATE {restored};\n"
                );
            }
        }
        self.chunks.push(chunk);
    }
}

/// A view that uses what isn't there can't be made: the text says so and goes on without it.
fn broken(view: &Object) -> String {
    let definition = view.definition.replace('\n', "\n-- ");
    format!(
        "-- The view {} is broken: it uses a table, column or function that is not there, or that its definer may not \
         use. It was:\n-- {definition};\n",
        name(&view.name).replace('\n', " ")
    )
}

/// The hash of all that the definition says.
fn print(object: &Object) -> ObjectPrint {
    let Settings {
        sql_mode,
        time_zone,
        collation,
        of_schema,
    } = &object.settings;
    let mut text = object.definition.clone();
    for setting in [sql_mode, time_zone, collation, of_schema] {
        text.push('\0');
        text.push_str(setting.as_deref().unwrap_or_default());
    }
    ObjectPrint {
        kind: object.kind,
        name: object.name.clone(),
        fingerprint: Checksum::of(text.as_bytes()),
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
            settings: Settings {
                sql_mode: program.then(|| "STRICT_TRANS_TABLES".to_owned()),
                time_zone: (kind == Kind::Event).then(|| "SYSTEM".to_owned()),
                ..Settings::default()
            },
            broken: false,
            zero: false,
        }
    }

    fn text(objects: &[Object]) -> String {
        snapshot(objects, &BTreeMap::new(), COLLATION).text
    }

    #[test]
    fn one_table_is_its_definition_and_an_empty_schema_is_nothing() {
        let table = object(
            Kind::Table,
            "t2",
            "CREATE TABLE `t2` (\n  `id` bigint NOT NULL\n)",
        );
        let expected = format!("{};\n", table.definition);
        assert_eq!(text(&[table]), expected);
        assert_eq!(text(&[]), "");
    }

    #[test]
    fn keys_to_later_tables_are_not_checked_while_tables_are_made() {
        let child = |name: &str, parent: &str| {
            let key = format!("CREATE TABLE `{name}` (FOREIGN KEY (`p`) REFERENCES {parent} (`id`))");
            object(Kind::Table, name, &key)
        };
        let parent = object(Kind::Table, "m", "CREATE TABLE `m` ()");
        let forward = text(&[child("a", "`m`"), parent.clone()]);
        assert!(
            forward.starts_with("SET foreign_key_checks = 0;\n\nCREATE TABLE `a`"),
            "{forward}"
        );
        assert!(
            forward.ends_with("CREATE TABLE `m` ();\n\nSET foreign_key_checks = 1;\n"),
            "{forward}"
        );
        let plain = text(&[
            parent,
            child("z", "`m`"),
            child("zz", "`elsewhere`.`m`"),
            child("zzz", "`zzz`"),
        ]);
        assert!(!plain.contains("foreign_key_checks"), "{plain}");
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
            text(&[procedure, event]),
            "SET sql_mode = 'STRICT_TRANS_TABLES';\nDELIMITER ;;;\nCREATE PROCEDURE `p`() BEGIN SELECT ';;'; END -- \
             end\n;;;\nDELIMITER ;\n\nSET time_zone = 'SYSTEM';\nCREATE EVENT `e` DO SELECT 1;\n"
        );
    }

    #[test]
    fn a_program_made_under_other_collations_is_made_under_them_again() {
        let mut function = object(Kind::Function, "f", "CREATE FUNCTION `f`() RETURNS INT RETURN 1");
        function.settings.collation = Some("latin1_swedish_ci".to_owned());
        function.settings.of_schema = Some("latin1_bin".to_owned());
        assert_eq!(
            text(&[function]),
            "SET sql_mode = 'STRICT_TRANS_TABLES';\nSET collation_connection = 'latin1_swedish_ci';\nALTER DATABASE COLLATE \
             latin1_bin;\nCREATE FUNCTION `f`() RETURNS INT RETURN 1;\nALTER DATABASE COLLATE utf8mb4_0900_ai_ci;\n"
        );
    }

    #[test]
    fn a_table_with_dates_of_zero_is_made_where_they_are_allowed() {
        let definition = "CREATE TABLE `t` (\n  `d` date DEFAULT '2000-00-00'\n)";
        let table = Object {
            zero: true,
            ..object(Kind::Table, "t", definition)
        };
        let plain = object(Kind::Table, "u", "CREATE TABLE `u` ()");
        assert_eq!(
            text(&[table, plain]),
            format!("{ZERO}{definition};\n{AFTER_ZERO}\nCREATE TABLE `u` ();\n")
        );
    }

    #[test]
    fn a_broken_view_is_told_and_left_out() {
        let view = Object {
            broken: true,
            ..object(Kind::View, "v", "CREATE VIEW `v` AS select 'a\nb'")
        };
        let text = text(&[view]);
        assert!(text.lines().all(|line| line.starts_with("-- ")), "{text}");
    }
}
