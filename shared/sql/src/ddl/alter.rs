//! `ALTER TABLE`, one operation at a time (MySQL 8.0 reference manual, 15.1.9).

use super::column::Column;
use super::key::{Check, ForeignKey, Key};
use super::name::ObjectName;
use super::partition::{Partition, Partitioning, Partitions};
use super::table::TableOption;
use serde::Serialize;

/// `ALTER TABLE`, or what the server maps to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlterTable {
    /// The table.
    pub name: ObjectName,
    /// What is done to it, in the order of the text.
    pub operations: Vec<AlterOperation>,
}

/// Where a column goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// `FIRST`.
    First,
    /// `AFTER column`.
    After(String),
}

/// One operation. Names are without quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlterOperation {
    /// `ADD [COLUMN]`; one operation for each column of `ADD (a …, b …)`.
    AddColumn {
        /// The column.
        column: Column,
        /// Where it goes; last where nothing is written.
        position: Option<Position>,
    },
    /// `ADD KEY`, `ADD PRIMARY KEY`, `ADD UNIQUE`…, `CREATE INDEX`.
    AddKey(Key),
    /// `ADD FOREIGN KEY`.
    AddForeignKey(ForeignKey),
    /// `ADD CHECK`.
    AddCheck(Check),
    /// `DROP [COLUMN]`.
    DropColumn(String),
    /// `DROP {INDEX | KEY}`, `DROP INDEX`.
    DropKey(String),
    /// `DROP PRIMARY KEY`.
    DropPrimaryKey,
    /// `DROP FOREIGN KEY`.
    DropForeignKey(String),
    /// `DROP CHECK`.
    DropCheck(String),
    /// `DROP CONSTRAINT`.
    DropConstraint(String),
    /// `MODIFY [COLUMN]`.
    ModifyColumn {
        /// The column as it is to be.
        column: Column,
        /// Where it goes; where it is if nothing is written.
        position: Option<Position>,
    },
    /// `CHANGE [COLUMN] from …`.
    ChangeColumn {
        /// Its name before.
        from: String,
        /// The column as it is to be.
        column: Column,
        /// Where it goes; where it is if nothing is written.
        position: Option<Position>,
    },
    /// `RENAME COLUMN`.
    RenameColumn {
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// `RENAME {INDEX | KEY}`.
    RenameKey {
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// `RENAME [TO | AS]`.
    RenameTable(ObjectName),
    /// `ALTER [COLUMN] c SET DEFAULT …`: as written.
    SetDefault {
        /// The column.
        column: String,
        /// As written.
        default: String,
    },
    /// `ALTER [COLUMN] c DROP DEFAULT`.
    DropDefault(String),
    /// `ALTER [COLUMN] c SET {VISIBLE | INVISIBLE}`.
    ColumnVisible {
        /// The column.
        column: String,
        /// `VISIBLE`.
        visible: bool,
    },
    /// `ALTER INDEX i {VISIBLE | INVISIBLE}`.
    KeyVisible {
        /// The key.
        key: String,
        /// `VISIBLE`.
        visible: bool,
    },
    /// `ALTER {CHECK | CONSTRAINT} c [NOT] ENFORCED`.
    CheckEnforced {
        /// The check.
        check: String,
        /// `ENFORCED`.
        enforced: bool,
    },
    /// An option of the table.
    Option(TableOption),
    /// `CONVERT TO CHARACTER SET`.
    Convert {
        /// Lower case; `default` for `DEFAULT`.
        charset: String,
        /// Lower case.
        collation: Option<String>,
    },
    /// `ORDER BY`, as written.
    OrderBy(String),
    /// `ENABLE KEYS` or `DISABLE KEYS`.
    Keys {
        /// `ENABLE`.
        enabled: bool,
    },
    /// `FORCE`.
    Force,
    /// `{DISCARD | IMPORT} [PARTITION …] TABLESPACE`.
    Tablespace {
        /// `IMPORT`.
        import: bool,
        /// Which partitions, where they are named.
        partitions: Option<Partitions>,
    },
    /// `ALGORITHM = …`, upper case.
    Algorithm(String),
    /// `LOCK = …`, upper case.
    Lock(String),
    /// `{WITH | WITHOUT} VALIDATION`.
    Validation {
        /// `WITH`.
        with: bool,
    },
    /// `PARTITION BY …`.
    PartitionBy(Partitioning),
    /// `REMOVE PARTITIONING`.
    RemovePartitioning,
    /// `ADD PARTITION (…)`, or `ADD PARTITION PARTITIONS n`.
    AddPartitions {
        /// The new ones.
        partitions: Vec<Partition>,
        /// How many more.
        count: Option<u32>,
    },
    /// `DROP PARTITION`.
    DropPartitions(Vec<String>),
    /// `TRUNCATE PARTITION`.
    TruncatePartitions(Partitions),
    /// `COALESCE PARTITION n`.
    CoalescePartitions(u32),
    /// `REORGANIZE PARTITION [… INTO (…)]`.
    ReorganizePartitions {
        /// These; all of a hash where none are named.
        from: Vec<String>,
        /// Become these.
        into: Vec<Partition>,
    },
    /// `EXCHANGE PARTITION p WITH TABLE t`.
    ExchangePartition {
        /// The partition.
        partition: String,
        /// The table.
        table: ObjectName,
    },
    /// `ANALYZE`, `CHECK`, `OPTIMIZE`, `REBUILD` or `REPAIR PARTITION`: the verb, upper case.
    MaintainPartitions {
        /// Upper case.
        verb: String,
        /// Which.
        partitions: Partitions,
    },
    /// `SECONDARY_LOAD` or `SECONDARY_UNLOAD`.
    SecondaryEngine {
        /// `SECONDARY_LOAD`.
        load: bool,
    },
}
