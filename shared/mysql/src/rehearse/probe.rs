//! The cheapest way in which the server alters an empty table: it is asked for each, cheapest first, and the first that
//! it accepts is taken ("Online DDL Operations" of the manual).

use crate::errors::{Class, Failure};
use crate::execute;
use crate::wire::Wire;
use sql::SqlMode;
use sql::ddl::{AlterOperation, AlterTable, Definition};
use workflow::ports::database::{Algorithm, ExecuteError};

/// The ways to ask for, and what each is.
const WAYS: [(Algorithm, &str, Option<&str>); 3] = [
    (Algorithm::Instant, "INSTANT", None),
    (Algorithm::Inplace, "INPLACE", Some("NONE")),
    (Algorithm::InplaceBlocking, "INPLACE", Some("SHARED")),
];

/// Runs a definition on the copy. Answers how the server alters a table, where it does.
pub(super) async fn run(
    wire: &mut Wire,
    statement: &str,
    mode: SqlMode,
) -> Result<Option<Algorithm>, ExecuteError> {
    let Some(Definition::AlterTable(table)) = sql::ddl::definition(statement, mode) else {
        execute::plain(wire, statement, mode).await?;
        return Ok(None);
    };
    let names = |operation: &AlterOperation| matches!(operation, AlterOperation::Algorithm(name) if !name.eq_ignore_ascii_case("DEFAULT"));
    if table.operations.iter().any(names) {
        execute::plain(wire, statement, mode).await?;
        return Ok(named(&table));
    }
    execute::single(wire, statement, mode).await?;
    for (algorithm, name, lock) in WAYS {
        let text = asking(statement, &table, name, lock);
        let mut results = Vec::new();
        match wire.run(&text, &mut results).await {
            Ok(()) => return Ok(Some(algorithm)),
            Err(Failure::Server(error)) if error.class() == Class::NotThisWay => {}
            // It can't be asked, or does not run in any way: the statement itself tells.
            Err(Failure::Server(_)) => {
                execute::plain(wire, statement, mode).await?;
                return Ok(None);
            }
            Err(gone @ Failure::Gone(_)) => return Err(gone.of_statement("rehearse a change")),
        }
    }
    execute::plain(wire, statement, mode).await?;
    Ok(Some(Algorithm::Copy))
}

/// What the statement itself asks for, where it does.
fn named(table: &AlterTable) -> Option<Algorithm> {
    let blocks = |operation: &AlterOperation| {
        matches!(operation, AlterOperation::Lock(lock)
            if ["SHARED", "EXCLUSIVE"].iter().any(|word| lock.eq_ignore_ascii_case(word)))
    };
    let blocking = table.operations.iter().any(blocks);
    table.operations.iter().find_map(|operation| {
        let AlterOperation::Algorithm(name) = operation else {
            return None;
        };
        match name.to_ascii_uppercase().as_str() {
            "INSTANT" => Some(Algorithm::Instant),
            "INPLACE" if blocking => Some(Algorithm::InplaceBlocking),
            "INPLACE" => Some(Algorithm::Inplace),
            "COPY" => Some(Algorithm::Copy),
            _ => None,
        }
    })
}

/// The statement, asking for a way. `CREATE INDEX` and `DROP INDEX` are `ALTER TABLE` to the server, and ask without a
/// comma.
fn asking(statement: &str, table: &AlterTable, algorithm: &str, lock: Option<&str>) -> String {
    let altered = statement
        .trim_start()
        .get(..5)
        .is_some_and(|word| word.eq_ignore_ascii_case("ALTER"));
    let has_lock = table
        .operations
        .iter()
        .any(|operation| matches!(operation, AlterOperation::Lock(_)));
    let comma = if altered { ", " } else { " " };
    let mut text = format!("{statement}\n{comma}ALGORITHM = {algorithm}");
    if let Some(lock) = lock.filter(|_| !has_lock) {
        text = format!("{text}{comma}LOCK = {lock}");
    }
    text
}
