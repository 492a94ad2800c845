//! A part of the schema: objects by name, whatever else there is. What it costs grows with the part.

use super::catalog::Listed;
use super::render::{self, Object};
use super::{Manner, defined};
use crate::errors::{Class, Failure, VIEW_INVALID};
use crate::ident::text;
use crate::lock::cell;
use crate::wire::{Row, Wire};
use model::Checksum;
use sql::{How, SqlMode};
use std::collections::{BTreeMap, BTreeSet};
use workflow::ports::database::{ObjectKind as Kind, ObjectRef, Snapshot};

/// The settings under which the server shows definitions, kept in variables of the session to be set back.
const BEGIN: &str = "SET @_sluice_mode = @@sql_mode, @_sluice_zone = @@time_zone, \
    @_sluice_quote = @@sql_quote_show_create; \
    SET sql_mode = '', time_zone = '+00:00', sql_quote_show_create = 1 \
    /*!80030 , show_gipk_in_create_table_and_information_schema = 1 */";
const END: &str =
    "SET sql_mode = @_sluice_mode, time_zone = @_sluice_zone, sql_quote_show_create = @_sluice_quote";

/// The schema that is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) schema: &'a str,
    /// Its default collation.
    pub(crate) collation: &'a str,
}

/// The objects that are there, of those that are named. The session stands in the schema.
pub(crate) async fn look(
    wire: &mut Wire,
    place: Place<'_>,
    wanted: &[ObjectRef],
    manner: &Manner,
) -> Result<Vec<Object>, Failure> {
    let unique: BTreeSet<&ObjectRef> = wanted.iter().collect();
    let looked = each(wire, place, &unique, manner).await;
    if looked.is_err() {
        // Who knows under which settings the session is.
        wire.abandon();
    }
    looked
}

async fn each(
    wire: &mut Wire,
    place: Place<'_>,
    wanted: &BTreeSet<&ObjectRef>,
    manner: &Manner,
) -> Result<Vec<Object>, Failure> {
    let mut objects: Vec<Object> = Vec::new();
    let mut open = false;
    for (at, wanted_object) in wanted.iter().enumerate() {
        let last = at + 1 == wanted.len();
        let asked = Listed {
            kind: wanted_object.kind,
            name: wanted_object.name.clone(),
            broken: false,
        };
        let mut packet = asked.show();
        if !open {
            packet = format!("{BEGIN}; {packet}");
        }
        if last {
            packet = format!("{packet}; {END}");
        }
        open = true;
        match wire.ask(packet).await {
            Ok(answers) => {
                let row = answers.iter().find_map(|answer| answer.rows.first());
                objects.extend(row.and_then(|row| shown(&asked, row, place, manner)));
                open = !last;
            }
            Err(Failure::Server(error)) if error.class() == Class::AbsentObject => {}
            Err(Failure::Server(error)) if error.code == VIEW_INVALID && asked.kind == Kind::Table => {
                let view = Listed {
                    kind: Kind::View,
                    broken: true,
                    ..asked
                };
                let answers = wire.ask(view.show()).await?;
                let row = answers.iter().find_map(|answer| answer.rows.first());
                objects.extend(row.and_then(|row| shown(&view, row, place, manner)));
            }
            Err(failure) => return Err(failure),
        }
    }
    if open {
        wire.ask(END.to_owned()).await?;
    }
    objects.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    objects.dedup_by(|a, b| (a.kind, &a.name) == (b.kind, &b.name));
    Ok(objects)
}

/// Reads what the server shows. Of a view it shows two columns more than of a table.
fn shown(asked: &Listed, row: &Row, place: Place<'_>, manner: &Manner) -> Option<Object> {
    let mut listed = asked.clone();
    if asked.kind == Kind::Table && row.len() > 2 {
        listed.kind = Kind::View;
    }
    let shown = listed.shown(row)?;
    Some(defined(&listed, shown, place.schema, manner))
}

/// The objects as text that makes them anew.
pub(crate) fn rendered(objects: &[Object], place: Place<'_>) -> Snapshot {
    let uses: BTreeMap<String, BTreeSet<String>> = objects
        .iter()
        .filter(|object| object.kind == Kind::View)
        .map(|view| {
            let needs = needs(view).into_iter().map(|need| need.name).collect();
            (view.name.clone(), needs)
        })
        .collect();
    render::snapshot(objects, &uses, place.collation)
}

/// What a view must find to be made: the tables and views that it reads. What tables refer to need not be there.
pub(crate) fn needs(object: &Object) -> Vec<ObjectRef> {
    if object.kind != Kind::View {
        return Vec::new();
    }
    reads(&object.definition, SqlMode::default())
}

/// The tables and views of the schema itself that a statement reads.
pub(crate) fn reads(statement: &str, mode: SqlMode) -> Vec<ObjectRef> {
    sql::touched(statement, mode)
        .into_iter()
        .filter(|touched| touched.how == How::Reads && touched.name.schema.is_none())
        .map(|touched| ObjectRef {
            kind: Kind::Table,
            name: touched.name.name,
        })
        .collect()
}

/// Where the rows of tables are kept: the ids of their tablespaces, those of partitions too. A table that is emptied or
/// rebuilt gets a new one. None where the server shows none of a table (`innodb_file_per_table` is off).
pub(crate) async fn storage(
    wire: &mut Wire,
    schema: &str,
    tables: &[&str],
) -> Result<Option<Checksum>, Failure> {
    if tables.is_empty() {
        return Ok(None);
    }
    let of_table = |table: &&str| {
        let own = format!("{schema}/{table}");
        format!(
            "SELECT NAME, SPACE FROM information_schema.INNODB_TABLESPACES_BRIEF \
             WHERE NAME = {} OR NAME LIKE {} ORDER BY NAME",
            text(&own),
            text(&format!("{}#%", escaped(&own))),
        )
    };
    let queries: Vec<String> = tables.iter().map(of_table).collect();
    let answers = wire.ask(queries.join("; ")).await?;
    let rows = answers.iter().flat_map(|answer| &answer.rows);
    let seen: Vec<String> = rows
        .map(|row| format!("{} {}", cell(row, 0), cell(row, 1)))
        .collect();
    Ok((!seen.is_empty()).then(|| Checksum::of(seen.join("\n").as_bytes())))
}

/// A text in which `LIKE` finds itself.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
