//! What there is in a schema, and how the server is asked for each definition.

use crate::ident::{name, text};
use crate::lock::cell;
use crate::wire::{Answer, Row};
use std::collections::{BTreeMap, BTreeSet};
use workflow::ports::database::ObjectKind as Kind;

/// One object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// A view that uses what isn't there (any more).
    pub(super) broken: bool,
}

/// What `SHOW CREATE` says of an object.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) definition: String,
    pub(super) settings: Settings,
}

/// What an object keeps of the session that made it. The character set in which its text came (`character_set_client`)
/// isn't among them: it is how the text was sent and changes nothing of what it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Of stored programs.
    pub(super) sql_mode: Option<String>,
    /// Of events, and of tables that hold times.
    pub(super) time_zone: Option<String>,
    /// Of views and stored programs: what literals are compared by.
    pub(super) collation: Option<String>,
    /// Of stored programs: the default collation of the schema when they were made, which their variables have.
    pub(super) of_schema: Option<String>,
}

/// All objects, and which views (or tables) each view reads.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) objects: Vec<Listed>,
    pub(super) view_uses: BTreeMap<String, BTreeSet<String>>,
    /// The schema's default collation.
    pub(super) collation: String,
}

/// The lists, each ordered here and not by some collation of the server, but for triggers, whose order counts.
pub(super) fn lists(schema: &str) -> String {
    let schema = text(schema);
    format!(
        "SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {schema}; \
         SELECT TABLE_TYPE, TABLE_NAME, IF(TABLE_TYPE = 'VIEW' AND TABLE_COMMENT <> 'VIEW', 'broken', '') \
         FROM information_schema.TABLES WHERE TABLE_SCHEMA = {schema}; \
         SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {schema}; \
         SELECT 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = {schema} \
         ORDER BY BINARY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER; \
         SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {schema}; \
         SELECT VIEW_NAME, TABLE_NAME FROM information_schema.VIEW_TABLE_USAGE \
         WHERE VIEW_SCHEMA = {schema} AND TABLE_SCHEMA = {schema}"
    )
}

/// Reads the answers to [`lists`].
pub(super) fn listed(answers: &[Answer]) -> Catalog {
    let mut catalog = Catalog::default();
    let (schema, answers) = answers.split_at(answers.len().min(1));
    let row = schema.first().and_then(|answer| answer.rows.first());
    catalog.collation = row.map(|row| cell(row, 0)).unwrap_or_default();
    let (lists, uses) = answers.split_at(answers.len().min(4));
    for list in lists {
        let mut objects: Vec<Listed> = list.rows.iter().filter_map(listed_row).collect();
        if objects.first().is_some_and(|object| object.kind != Kind::Trigger) {
            objects.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        }
        catalog.objects.extend(objects);
    }
    for row in uses.iter().flat_map(|answer| &answer.rows) {
        let uses = catalog.view_uses.entry(cell(row, 0)).or_default();
        uses.insert(cell(row, 1));
    }
    // Stable: what is in order within a kind stays so.
    catalog.objects.sort_by_key(|object| object.kind);
    catalog
}

fn listed_row(row: &Row) -> Option<Listed> {
    let kind = match cell(row, 0).as_str() {
        "BASE TABLE" => Kind::Table,
        "VIEW" => Kind::View,
        "PROCEDURE" => Kind::Procedure,
        "FUNCTION" => Kind::Function,
        "TRIGGER" => Kind::Trigger,
        "EVENT" => Kind::Event,
        _ => return None,
    };
    Some(Listed {
        kind,
        name: cell(row, 1),
        broken: cell(row, 2) == "broken",
    })
}

impl Listed {
    pub(super) fn show(&self) -> String {
        format!("SHOW CREATE {} {}", self.kind.word(), name(&self.name))
    }

    /// Reads the row that answers [`Self::show`].
    pub(super) fn shown(&self, row: &Row) -> Option<Shown> {
        let at = |column: usize| row.get(column).cloned().flatten();
        let (definition, settings) = match self.kind {
            Kind::Table => (at(1)?, Settings::default()),
            Kind::View => (
                at(1)?,
                Settings {
                    collation: at(3),
                    ..Settings::default()
                },
            ),
            Kind::Procedure | Kind::Function | Kind::Trigger => (
                at(2)?,
                Settings {
                    sql_mode: at(1),
                    collation: at(4),
                    of_schema: at(5),
                    time_zone: None,
                },
            ),
            Kind::Event => (
                at(3)?,
                Settings {
                    sql_mode: at(1),
                    time_zone: at(2),
                    collation: at(5),
                    of_schema: at(6),
                },
            ),
        };
        Some(Shown { definition, settings })
    }
}
