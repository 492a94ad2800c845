//! `DROP`, `RENAME TABLE`, `TRUNCATE` (MySQL 8.0 reference manual, 15.1.24 to 15.1.37).

use super::parser::{Parser, Read};
use crate::ddl::{Dropped, ObjectName};

impl Parser<'_> {
    /// What follows `DROP TABLE` and `DROP VIEW`.
    pub(super) fn drop_several(&mut self, temporary: bool) -> Read<Dropped> {
        let if_exists = self.eat("IF EXISTS");
        let names = self.commas(Self::object_name)?;
        self.eat_any(&["RESTRICT", "CASCADE"]);
        Ok(Dropped {
            names,
            if_exists,
            temporary,
        })
    }

    /// What follows `DROP` of a program.
    pub(super) fn drop_one(&mut self) -> Read<Dropped> {
        let if_exists = self.eat("IF EXISTS");
        Ok(Dropped {
            names: vec![self.object_name()?],
            if_exists,
            temporary: false,
        })
    }

    /// What follows `DROP DATABASE`.
    pub(super) fn drop_database(&mut self) -> Read<Dropped> {
        let if_exists = self.eat("IF EXISTS");
        Ok(Dropped {
            names: vec![ObjectName::bare(self.name()?)],
            if_exists,
            temporary: false,
        })
    }

    /// `a TO b`.
    pub(super) fn renamed(&mut self) -> Read<(ObjectName, ObjectName)> {
        let from = self.object_name()?;
        self.expect("TO")?;
        Ok((from, self.object_name()?))
    }
}
