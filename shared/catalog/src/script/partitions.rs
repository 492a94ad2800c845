//! Partitions: as few rows as possible are moved, and none is lost where another partition takes it.

use crate::loss::Loss;
use crate::partition::{Partition, Partitioning};
use crate::print::{partition, partitioning, quote};
use std::cmp::Ordering;

/// What leads from one partitioning to another.
#[derive(Debug, Default)]
pub(crate) struct Repartition {
    /// The end of a statement that may do more.
    pub(crate) tail: String,
    /// Clauses, each a statement of its own.
    pub(crate) alone: Vec<(String, Vec<Loss>)>,
}

/// From one partitioning to another.
pub(crate) fn between(from: Option<&Partitioning>, to: Option<&Partitioning>, table: &str) -> Repartition {
    match (from, to) {
        (None, None) => Repartition::default(),
        (Some(_), None) => Repartition::tail("REMOVE PARTITIONING".to_owned()),
        (None, Some(to)) => Repartition::tail(partitioning(to)),
        (Some(from), Some(to)) if from == to => Repartition::default(),
        (Some(from), Some(to)) => from_to(from, to, table),
    }
}

/// Partitions whose rows are lost on the way.
pub(crate) fn losses(from: Option<&Partitioning>, to: Option<&Partitioning>, table: &str) -> Vec<Loss> {
    let alone = between(from, to, table).alone;
    alone.into_iter().flat_map(|(_, loses)| loses).collect()
}

impl Repartition {
    fn tail(tail: String) -> Self {
        Self {
            tail,
            alone: Vec::new(),
        }
    }

    fn alone(clause: String, loses: Vec<Loss>) -> Self {
        Self {
            tail: String::new(),
            alone: vec![(clause, loses)],
        }
    }
}

fn from_to(from: &Partitioning, to: &Partitioning, table: &str) -> Repartition {
    let some = if !from.same_rule(to) {
        None
    } else if from.is_range() {
        ranges(from, to, table)
    } else if from.is_list() {
        lists(from, to, table)
    } else {
        counts(from, to)
    };
    some.unwrap_or_else(|| Repartition::tail(partitioning(to)))
}

/// Hashes and keys: rows stay, whatever the number.
fn counts(from: &Partitioning, to: &Partitioning) -> Option<Repartition> {
    let (before, after) = (from.count?, to.count?);
    let clause = match after.cmp(&before) {
        Ordering::Greater => format!("ADD PARTITION PARTITIONS {}", after - before),
        Ordering::Less => format!("COALESCE PARTITION {}", before - after),
        Ordering::Equal => return None,
    };
    Some(Repartition::alone(clause, Vec::new()))
}

/// Ranges: what differs lies between what is equal at the start and at the end.
fn ranges(from: &Partitioning, to: &Partitioning, table: &str) -> Option<Repartition> {
    let (before, after) = (&from.partitions, &to.partitions);
    let shorter = before.len().min(after.len());
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let end = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take(shorter - start)
        .take_while(|(a, b)| a == b)
        .count();
    let gone = before.get(start..before.len() - end)?;
    let come = after.get(start..after.len() - end)?;
    if end == 0 && gone.is_empty() {
        return Some(Repartition::alone(add(come), Vec::new()));
    }
    if end == 0 && come.is_empty() {
        return Some(drop(gone, table));
    }
    if gone.is_empty() || come.is_empty() {
        // The next range gives rows away, or takes them over.
        let gone = before.get(start..=before.len() - end)?;
        let come = after.get(start..=after.len() - end)?;
        return Some(Repartition::alone(reorganize(gone, come), Vec::new()));
    }
    let bound = |list: &[Partition]| list.last().map(|partition| partition.values.clone());
    if bound(gone) == bound(come) {
        return Some(Repartition::alone(reorganize(gone, come), Vec::new()));
    }
    // All together have to reach as far as before, so the next range takes part.
    let gone = before.get(start..=before.len() - end)?;
    let come = after.get(start..=after.len() - end)?;
    (end > 0).then(|| Repartition::alone(reorganize(gone, come), Vec::new()))
}

/// Lists: each value is in one partition, wherever that stands.
fn lists(from: &Partitioning, to: &Partitioning, table: &str) -> Option<Repartition> {
    let missing = |of: &[Partition], other: &[Partition]| -> Vec<Partition> {
        of.iter().filter(|one| !other.contains(one)).cloned().collect()
    };
    let gone = missing(&from.partitions, &to.partitions);
    let come = missing(&to.partitions, &from.partitions);
    let mut left = from.partitions.clone();
    let first = left
        .iter()
        .position(|one| gone.contains(one))
        .unwrap_or(left.len());
    left.retain(|one| !gone.contains(one));
    let at = if gone.is_empty() {
        left.len()
    } else {
        first.min(left.len())
    };
    left.splice(at..at, come.iter().cloned());
    if left != to.partitions {
        return None;
    }
    Some(if gone.is_empty() {
        Repartition::alone(add(&come), Vec::new())
    } else if come.is_empty() {
        drop(&gone, table)
    } else {
        Repartition::alone(reorganize(&gone, &come), Vec::new())
    })
}

fn list(partitions: &[Partition]) -> String {
    let shown: Vec<String> = partitions.iter().map(partition).collect();
    shown.join(",\n  ")
}

fn names(partitions: &[Partition]) -> String {
    let names: Vec<String> = partitions.iter().map(|one| quote(&one.name)).collect();
    names.join(", ")
}

fn add(partitions: &[Partition]) -> String {
    format!("ADD PARTITION ({})", list(partitions))
}

fn reorganize(from: &[Partition], into: &[Partition]) -> String {
    format!("REORGANIZE PARTITION {} INTO (\n  {})", names(from), list(into))
}

fn drop(gone: &[Partition], table: &str) -> Repartition {
    let loses = gone.iter().map(|one| Loss::Partition {
        table: table.to_owned(),
        partition: one.name.clone(),
    });
    Repartition::alone(format!("DROP PARTITION {}", names(gone)), loses.collect())
}
