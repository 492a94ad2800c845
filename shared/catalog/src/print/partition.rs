//! Partitions.

use super::quote;
use crate::partition::{Partition, Partitioning};
use std::fmt::Write as _;

/// `PARTITION BY …`.
pub(crate) fn partitioning(partitioning: &Partitioning) -> String {
    let mut text = format!("PARTITION BY {}", partitioning.method.as_str());
    if let Some(count) = partitioning.count.filter(|_| partitioning.partitions.is_empty()) {
        let _ = write!(text, "\nPARTITIONS {count}");
    }
    if let Some(method) = &partitioning.sub_method {
        let _ = write!(text, "\nSUBPARTITION BY {}", method.as_str());
        if let Some(count) = partitioning.sub_count {
            let _ = write!(text, "\nSUBPARTITIONS {count}");
        }
    }
    if !partitioning.partitions.is_empty() {
        let list: Vec<String> = partitioning.partitions.iter().map(partition).collect();
        let _ = write!(text, "\n({})", list.join(",\n "));
    }
    text
}

/// One partition.
pub(crate) fn partition(partition: &Partition) -> String {
    named("PARTITION", partition)
}

fn named(word: &str, partition: &Partition) -> String {
    let mut text = format!("{word} {}", quote(&partition.name));
    if let Some(values) = &partition.values {
        let _ = write!(text, " VALUES {}", values.as_str());
    }
    for (option, value) in &partition.options {
        let _ = write!(text, " {option} = {value}");
    }
    if !partition.subpartitions.is_empty() {
        let list: Vec<String> = partition
            .subpartitions
            .iter()
            .map(|inner| named("SUBPARTITION", inner))
            .collect();
        let _ = write!(text, "\n ({})", list.join(",\n  "));
    }
    text
}
