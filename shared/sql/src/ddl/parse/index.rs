//! `CREATE INDEX` and `DROP INDEX`, which the server maps to `ALTER TABLE` (MySQL 8.0 reference manual, 15.1.15 and
//! 15.1.27).

use super::parser::{Parser, Read};
use crate::ddl::{AlterOperation, AlterTable, Key, KeyKind};

impl Parser<'_> {
    /// What follows `CREATE [UNIQUE | FULLTEXT | SPATIAL] INDEX`.
    pub(super) fn create_index(&mut self, kind: KeyKind) -> Read<AlterTable> {
        let key = self.name()?;
        let mut options = Vec::new();
        self.key_type(&mut options, true)?;
        self.expect("ON")?;
        let name = self.object_name()?;
        let parts = self.list(Self::key_part)?;
        self.key_options(kind, &mut options)?;
        let mut operations = vec![AlterOperation::AddKey(Key {
            kind,
            name: Some(key),
            parts,
            options,
        })];
        self.index_how(&mut operations)?;
        Ok(AlterTable { name, operations })
    }

    /// What follows `DROP INDEX`.
    pub(super) fn drop_index(&mut self) -> Read<AlterTable> {
        let mut operations = vec![self.dropped_key()?];
        self.expect("ON")?;
        let name = self.object_name()?;
        self.index_how(&mut operations)?;
        Ok(AlterTable { name, operations })
    }

    /// `ALGORITHM` and `LOCK`, each at most once.
    fn index_how(&mut self, operations: &mut Vec<AlterOperation>) -> Read<()> {
        for _ in 0..2 {
            if self.is_any(&["ALGORITHM", "LOCK"]) {
                operations.extend(self.how()?);
            }
        }
        Ok(())
    }
}
