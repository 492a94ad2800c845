//! What is applied, as the target itself remembers it: texts of SQL only; [`crate::Session`] sends them.

use crate::ident::text;
use crate::journal::{checksum, parsed};
use crate::lock::cell;
use crate::wire::Row;
use model::{ChangeType, Fault, Version, VersionKey};
use workflow::ports::database::AppliedChange;

/// The changes of these versions.
pub(crate) fn of_versions(schema: &str, versions: &[VersionKey]) -> String {
    let keys: Vec<String> = versions.iter().map(|key| text(key.as_str())).collect();
    format!(
        "SELECT version, change_type, description, checksum, statements, applied_by, revision FROM _sluice.revisions \
         WHERE schema_name = {} AND version_key IN ({}) ORDER BY version_key",
        text(schema),
        keys.join(", "),
    )
}

/// Remembers a change, and what the schema holds.
pub(crate) fn remember(schema: &str, change: &AppliedChange) -> String {
    written(schema, change, &holds_something(schema))
}

/// Remembers a change together with its last statement's outcome. What the schema holds is not looked at for each.
pub(crate) fn completed(schema: &str, change: &AppliedChange) -> String {
    written(schema, change, "FALSE")
}

fn written(schema: &str, change: &AppliedChange, held: &str) -> String {
    let revision = change.revision.as_deref().map_or_else(|| "NULL".to_owned(), text);
    format!(
        "INSERT INTO _sluice.revisions (schema_name, version_key, version, change_type, description, checksum, \
         statements, applied_by, finished_at, held_something, revision) \
         VALUES ({}, {}, {}, {}, {}, {}, {}, {}, UTC_TIMESTAMP(6), {held}, {revision}) \
         ON DUPLICATE KEY UPDATE held_something = VALUES(held_something)",
        text(schema),
        text(change.version.key().as_str()),
        text(change.version.as_str()),
        text(&change.change_type.to_string()),
        text(&change.description),
        text(change.checksum.as_str()),
        change.statements,
        text(&change.applied_by),
    )
}

/// Whether the schema holds any object.
fn holds_something(schema: &str) -> String {
    let schema = text(schema);
    format!(
        "(EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {schema} LIMIT 1) \
         OR EXISTS (SELECT 1 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {schema} LIMIT 1))"
    )
}

/// Whether the schema was dropped and made anew since its newest change: it held something then and holds nothing now,
/// and no change is under way.
pub(crate) fn gone(schema: &str) -> String {
    let name = text(schema);
    format!(
        "SELECT COALESCE((SELECT held_something FROM _sluice.revisions WHERE schema_name = {name} \
         ORDER BY finished_at DESC LIMIT 1), 0) AND NOT {} \
         AND NOT EXISTS (SELECT 1 FROM _sluice.journal j LEFT JOIN _sluice.revisions r \
         ON r.schema_name = j.schema_name AND r.version_key = j.version_key \
         WHERE j.schema_name = {name} AND r.version_key IS NULL)",
        holds_something(schema)
    )
}

/// Sets aside what is remembered of a schema, under a name that no schema has: one ends in no blank.
pub(crate) fn set_aside(schema: &str) -> String {
    let name = text(schema);
    let aside = format!("CONCAT(LEFT({name}, 40), ' dropped ', UNIX_TIMESTAMP(), ' ')");
    format!(
        "START TRANSACTION; UPDATE _sluice.journal SET schema_name = {aside} WHERE schema_name = {name}; \
         UPDATE _sluice.revisions SET schema_name = {aside} WHERE schema_name = {name}; COMMIT"
    )
}

/// Reads a row of [`of_versions`].
pub(crate) fn applied(row: &Row) -> Result<AppliedChange, Fault> {
    let bug = |what: &str, text: &str| Fault::Bug(format!("the stored revision has no {what}: {text:?}"));
    let (version, change_type) = (cell(row, 0), cell(row, 1));
    Ok(AppliedChange {
        version: Version::parse(&version).map_err(|_| bug("version", &version))?,
        change_type: ChangeType::parse(&change_type).ok_or_else(|| bug("type", &change_type))?,
        description: cell(row, 2),
        checksum: checksum(row, 3)?,
        statements: parsed(row, 4)?,
        applied_by: cell(row, 5),
        revision: row.get(6).cloned().flatten(),
    })
}
