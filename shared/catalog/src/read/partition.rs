//! Partitions.

use crate::expression::Expression;
use crate::partition::{Partition, Partitioning};
use sql::SqlMode;
use sql::ddl;

/// Partitions as the server keeps them.
pub(super) fn partitioning(written: ddl::Partitioning, mode: SqlMode) -> Partitioning {
    let partitions: Vec<Partition> = written
        .partitions
        .into_iter()
        .map(|partition| self::partition(partition, mode))
        .collect();
    let counted = partitions.is_empty();
    let sub_method = written.sub_method.map(|method| Expression::new(method, mode));
    Partitioning {
        method: Expression::new(written.method, mode),
        count: counted.then(|| written.count.unwrap_or(1)),
        sub_count: sub_method.as_ref().and(written.sub_count),
        sub_method,
        partitions,
    }
}

/// One partition.
pub(super) fn partition(written: ddl::Partition, mode: SqlMode) -> Partition {
    let engine = |name: &str| matches!(name, "ENGINE" | "STORAGE ENGINE");
    Partition {
        name: written.name,
        values: written
            .values
            .map(|values| Expression::new(null_first(maxvalue(&values)), mode)),
        options: written
            .options
            .into_iter()
            .filter(|option| !engine(&option.name))
            .map(|option| (option.name, option.value))
            .collect(),
        subpartitions: written
            .subpartitions
            .into_iter()
            .map(|inner| partition(inner, mode))
            .collect(),
    }
}

/// `LESS THAN (MAXVALUE)` is shown without its parentheses.
fn maxvalue(values: &str) -> String {
    let compact: String = values.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.eq_ignore_ascii_case("lessthan(maxvalue)") {
        "LESS THAN MAXVALUE".to_owned()
    } else {
        values.to_owned()
    }
}

/// `NULL` is shown before all other values.
fn null_first(values: String) -> String {
    let inner = values
        .get(..2)
        .filter(|word| word.eq_ignore_ascii_case("in"))
        .and_then(|_| values.get(2..)?.trim().strip_prefix('(')?.strip_suffix(')'));
    let Some(inner) = inner.filter(|inner| !inner.contains(['\'', '"', '('])) else {
        return values;
    };
    let (null, others): (Vec<&str>, Vec<&str>) = inner
        .split(',')
        .map(str::trim)
        .partition(|value| value.eq_ignore_ascii_case("null"));
    let ordered: Vec<&str> = null.into_iter().chain(others).collect();
    format!("IN ({})", ordered.join(","))
}
