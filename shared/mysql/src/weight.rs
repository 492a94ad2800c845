//! How much a statement weighs: the size of tables, and the rows it looks at, as the server estimates them; and whether
//! what it writes can be undone.

use crate::ident::text;
use crate::lock::cell;
use crate::wire::Answer;

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

/// The rows of a statement's plan ("EXPLAIN Output Format" of the manual): those of tables that are joined multiply.
pub(crate) fn rows(answers: &[Answer]) -> Option<u64> {
    let plan = answers.first()?;
    let of_step = |row: &crate::wire::Row| cell(row, 9).parse::<u64>().ok();
    let of_select = |row: &crate::wire::Row| cell(row, 0);
    let steps: Vec<(String, u64)> = plan
        .rows
        .iter()
        .filter_map(|row| Some((of_select(row), of_step(row)?)))
        .collect();
    let mut best = None;
    for (select, _) in &steps {
        let of_it = steps.iter().filter(|(other, _)| other == select);
        let product = of_it.fold(1_u64, |product, (_, rows)| product.saturating_mul(*rows));
        best = best.max(Some(product));
    }
    best
}
