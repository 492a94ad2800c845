//! How much a statement weighs: the size of tables, and the rows it looks at, as the server estimates them; and whether
//! what it writes can be undone.

use crate::ident::text;
use crate::lock::cell;
use crate::wire::{Answer, Row};
use workflow::ports::database::Estimate;

/// The sizes of tables with their keys, of those that are there.
pub(crate) fn of_tables(schema: &str, tables: &[String]) -> String {
    let names: Vec<String> = tables.iter().map(|table| text(table)).collect();
    format!(
        "SELECT TABLE_NAME, COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = {} AND TABLE_NAME IN ({})",
        text(schema),
        names.join(", "),
    )
}

/// Reads the answer to [`of_tables`].
pub(crate) fn sizes(answers: &[Answer]) -> Vec<(String, u64)> {
    let rows = answers.iter().flat_map(|answer| &answer.rows);
    rows.map(|row| (cell(row, 0), cell(row, 1).parse().unwrap_or_default()))
        .collect()
}

/// The engines of tables, of those that are there.
pub(crate) fn engines(schema: &str, tables: &[String]) -> String {
    let names: Vec<String> = tables.iter().map(|table| text(table)).collect();
    format!(
        "SELECT TABLE_NAME, COALESCE(ENGINE, 'InnoDB') = 'InnoDB' FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = {} AND TABLE_NAME IN ({})",
        text(schema),
        names.join(", "),
    )
}

/// Reads the answer to [`engines`]: which tables are transactional.
pub(crate) fn transactional(answers: &[Answer]) -> Vec<(String, bool)> {
    let rows = answers.iter().flat_map(|answer| &answer.rows);
    rows.map(|row| (cell(row, 0), cell(row, 1) == "1")).collect()
}

/// What a statement's plan says ("EXPLAIN Output Format" of the manual): the rows of tables that are joined multiply.
pub(crate) fn estimate(answers: &[Answer]) -> Option<Estimate> {
    let plan = answers.first()?;
    let steps: Vec<(String, u64)> = plan
        .rows
        .iter()
        .filter_map(|row| Some((cell(row, 0), cell(row, 9).parse().ok()?)))
        .collect();
    let product = |select: &String| {
        let of_it = steps.iter().filter(|(other, _)| other == select);
        of_it.fold(1_u64, |product, (_, rows)| product.saturating_mul(*rows))
    };
    let rows = steps.iter().map(|(select, _)| product(select)).max()?;
    Some(Estimate {
        rows,
        without_key: plan.rows.iter().any(goes_through_a_table),
    })
}

/// Whether a step reads all of a table, or all of an index, where no key would have led to fewer rows. What the statement
/// itself made on the way has no keys.
fn goes_through_a_table(row: &Row) -> bool {
    let all = ["ALL", "index"].contains(&cell(row, 4).as_str());
    let keys = cell(row, 5);
    let made = cell(row, 2).starts_with('<');
    all && keys.is_empty() && !made
}
