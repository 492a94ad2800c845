//! Partitions (MySQL 8.0 reference manual, 15.1.20 `partition_options`).

use super::parser::{Parser, Read, Stop};
use crate::ddl::{Partition, Partitioning, Partitions};

impl Parser<'_> {
    /// `PARTITION BY …`.
    pub(super) fn partitioning(&mut self) -> Read<Partitioning> {
        self.expect("PARTITION BY")?;
        let mut partitioning = Partitioning {
            method: self.method(true)?,
            count: None,
            sub_method: None,
            sub_count: None,
            partitions: Vec::new(),
        };
        if self.eat("PARTITIONS") {
            partitioning.count = Some(self.number()?);
        }
        if self.eat("SUBPARTITION BY") {
            partitioning.sub_method = Some(self.method(false)?);
            if self.eat("SUBPARTITIONS") {
                partitioning.sub_count = Some(self.number()?);
            }
        }
        if self.is_symbol(b'(') {
            partitioning.partitions = self.list(Self::partition)?;
        }
        Ok(partitioning)
    }

    /// `HASH (…)`, `KEY (…)`, and for partitions that aren't below others `RANGE` and `LIST`.
    fn method(&mut self, top: bool) -> Read<String> {
        let start = self.at;
        if top && self.eat_any(&["RANGE", "LIST"]).is_some() {
            if self.eat("COLUMNS") {
                self.list(Self::name)?;
            } else {
                self.parenthesised()?;
            }
            return Ok(self.folded(start));
        }
        self.eat("LINEAR");
        if self.eat("HASH") {
            self.parenthesised()?;
            return Ok(self.folded(start));
        }
        self.expect("KEY")?;
        if self.eat("ALGORITHM") {
            self.expect_symbol(b'=')?;
            self.number()?;
        }
        if self.is_symbol(b'(') && self.symbol_at(1, b')') {
            self.at += 2;
        } else {
            self.list(Self::name)?;
        }
        Ok(self.folded(start))
    }

    /// One partition of a list, with its subpartitions.
    pub(super) fn partition(&mut self) -> Read<Partition> {
        self.expect("PARTITION")?;
        let name = self.name()?;
        let values = self.values()?;
        let options = self.partition_options()?;
        let subpartitions = if self.is_symbol(b'(') {
            self.list(Self::subpartition)?
        } else {
            Vec::new()
        };
        Ok(Partition {
            name,
            values,
            options,
            subpartitions,
        })
    }

    fn values(&mut self) -> Read<Option<String>> {
        if !self.eat("VALUES") {
            return Ok(None);
        }
        let start = self.at;
        if self.eat("IN") {
            self.parenthesised()?;
        } else {
            self.expect("LESS THAN")?;
            if !self.eat("MAXVALUE") {
                self.parenthesised()?;
            }
        }
        Ok(Some(self.folded(start)))
    }

    fn subpartition(&mut self) -> Read<Partition> {
        self.expect("SUBPARTITION")?;
        let name = self.name_or_text()?;
        Ok(Partition {
            name: name.trim_matches(['\'', '"', '`']).to_owned(),
            values: None,
            options: self.partition_options()?,
            subpartitions: Vec::new(),
        })
    }

    /// `ALL`, or names of partitions.
    pub(super) fn partitions(&mut self) -> Read<Partitions> {
        if self.eat("ALL") {
            return Ok(Partitions::All);
        }
        self.commas(Self::name).map(Partitions::Named)
    }

    /// `(PARTITION p …, …)`, where it is written.
    pub(super) fn partition_list(&mut self) -> Read<Vec<Partition>> {
        if self.is_symbol(b'(') {
            return self.list(Self::partition);
        }
        Err(Stop)
    }
}
