//! Operations of `ALTER TABLE` on partitions and tablespaces, each of which stands alone (MySQL 8.0 reference manual,
//! 15.1.9.1).

use super::parser::{Parser, Read};
use crate::ddl::{AlterOperation, Partitions};

impl Parser<'_> {
    /// An operation that stands alone, where one is next.
    pub(super) fn operation_on_partitions(&mut self) -> Read<Option<AlterOperation>> {
        let operation = if self.eat("ADD PARTITION") {
            self.binlog();
            self.add_partitions()?
        } else if self.eat("DROP PARTITION") {
            AlterOperation::DropPartitions(self.commas(Self::name)?)
        } else if self.eat("TRUNCATE PARTITION") {
            AlterOperation::TruncatePartitions(self.partitions()?)
        } else if self.eat("COALESCE PARTITION") {
            self.binlog();
            AlterOperation::CoalescePartitions(self.number()?)
        } else if self.eat("REORGANIZE PARTITION") {
            self.binlog();
            self.reorganize()?
        } else if self.eat("EXCHANGE PARTITION") {
            return self.exchange().map(Some);
        } else if self.is_any(MAINTAIN) && self.is_at(1, "PARTITION") {
            self.maintain()?
        } else if self.is_any(&["DISCARD", "IMPORT"]) {
            self.tablespace()?
        } else if let Some(verb) = self.eat_any(&["SECONDARY_LOAD", "SECONDARY_UNLOAD"]) {
            self.secondary_partitions()?;
            AlterOperation::SecondaryEngine {
                load: verb == "SECONDARY_LOAD",
            }
        } else {
            return Ok(None);
        };
        Ok(Some(operation))
    }

    /// `NO_WRITE_TO_BINLOG` or `LOCAL`, where it is written.
    fn binlog(&mut self) {
        self.eat_any(&["NO_WRITE_TO_BINLOG", "LOCAL"]);
    }

    fn add_partitions(&mut self) -> Read<AlterOperation> {
        let (partitions, count) = if self.at_end() {
            (Vec::new(), None)
        } else if self.eat("PARTITIONS") {
            (Vec::new(), Some(self.number()?))
        } else {
            (self.partition_list()?, None)
        };
        Ok(AlterOperation::AddPartitions { partitions, count })
    }

    fn reorganize(&mut self) -> Read<AlterOperation> {
        if self.at_end() {
            return Ok(AlterOperation::ReorganizePartitions {
                from: Vec::new(),
                into: Vec::new(),
            });
        }
        let from = self.commas(Self::name)?;
        self.expect("INTO")?;
        Ok(AlterOperation::ReorganizePartitions {
            from,
            into: self.partition_list()?,
        })
    }

    fn exchange(&mut self) -> Read<AlterOperation> {
        let partition = self.name()?;
        self.expect("WITH TABLE")?;
        Ok(AlterOperation::ExchangePartition {
            partition,
            table: self.object_name()?,
        })
    }

    fn maintain(&mut self) -> Read<AlterOperation> {
        let verb = self.expect_any(MAINTAIN)?;
        self.expect("PARTITION")?;
        if verb != "CHECK" {
            self.binlog();
        }
        let partitions = self.partitions()?;
        if verb == "CHECK" {
            let options = ["QUICK", "FAST", "MEDIUM", "EXTENDED", "CHANGED"];
            while self.eat_any(&options).is_some() || self.eat("FOR UPGRADE") {}
        } else if verb == "REPAIR" {
            while self.eat_any(&["QUICK", "EXTENDED", "USE_FRM"]).is_some() {}
        }
        Ok(AlterOperation::MaintainPartitions { verb, partitions })
    }

    fn tablespace(&mut self) -> Read<AlterOperation> {
        let import = self.expect_any(&["DISCARD", "IMPORT"])? == "IMPORT";
        let partitions = if self.eat("PARTITION") {
            Some(self.partitions()?)
        } else {
            None
        };
        self.expect("TABLESPACE")?;
        Ok(AlterOperation::Tablespace { import, partitions })
    }

    /// `PARTITION (p, …)`, where it is written.
    fn secondary_partitions(&mut self) -> Read<Option<Partitions>> {
        if !self.eat("PARTITION") {
            return Ok(None);
        }
        self.list(Self::name).map(Partitions::Named).map(Some)
    }
}

/// What is done to partitions that leaves their rows where they are.
const MAINTAIN: &[&str] = &["ANALYZE", "CHECK", "OPTIMIZE", "REBUILD", "REPAIR"];
