//! Partitions (MySQL 8.0 reference manual, 15.1.20 `partition_options`).

use super::table::TableOption;
use serde::Serialize;

/// How a table is partitioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partitioning {
    /// What stands after `PARTITION BY`, up to `PARTITIONS n` or the list, as written with blanks folded to one:
    /// ``RANGE COLUMNS(`at`)``, ``LINEAR KEY ALGORITHM = 2 (`id`)``.
    pub method: String,
    /// `PARTITIONS n`.
    pub count: Option<u32>,
    /// What stands after `SUBPARTITION BY`.
    pub sub_method: Option<String>,
    /// `SUBPARTITIONS n`.
    pub sub_count: Option<u32>,
    /// The list, where there is one.
    pub partitions: Vec<Partition>,
}

/// One partition of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partition {
    /// Its name, without quotes.
    pub name: String,
    /// What stands after `VALUES`, as written: `LESS THAN (10)`, `IN (1,2)`, `LESS THAN MAXVALUE`.
    pub values: Option<String>,
    /// Its options (`ENGINE`, `COMMENT`, `DATA DIRECTORY`…).
    pub options: Vec<TableOption>,
    /// Its subpartitions, as a list of their own: name and options only.
    pub subpartitions: Vec<Partition>,
}

/// Which partitions an operation is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partitions {
    /// `ALL`.
    All,
    /// These, without quotes.
    Named(Vec<String>),
}
