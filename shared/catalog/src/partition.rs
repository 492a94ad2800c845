//! Partitions.

use crate::expression::Expression;
use serde::Serialize;
use std::collections::BTreeMap;

/// How a table is partitioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partitioning {
    /// What stands after `PARTITION BY`.
    pub method: Expression,
    /// `PARTITIONS n`, where no list is written.
    pub count: Option<u32>,
    /// What stands after `SUBPARTITION BY`.
    pub sub_method: Option<Expression>,
    /// `SUBPARTITIONS n`.
    pub sub_count: Option<u32>,
    /// The list.
    pub partitions: Vec<Partition>,
}

/// One partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partition {
    /// Its name.
    pub name: String,
    /// What stands after `VALUES`.
    pub values: Option<Expression>,
    /// Its options but for the engine: upper case name, value as written.
    pub options: BTreeMap<String, String>,
    /// Its subpartitions, where they are named.
    pub subpartitions: Vec<Partition>,
}

impl Partitioning {
    /// Whether partitions are ranges.
    pub(crate) fn is_range(&self) -> bool {
        self.method.starts_with("range")
    }

    /// Whether partitions are lists.
    pub(crate) fn is_list(&self) -> bool {
        self.method.starts_with("list")
    }

    /// Whether both cut rows by the same rule, so that only the list may differ.
    pub(crate) fn same_rule(&self, other: &Self) -> bool {
        self.method == other.method
            && self.sub_method == other.sub_method
            && self.sub_count == other.sub_count
    }
}
