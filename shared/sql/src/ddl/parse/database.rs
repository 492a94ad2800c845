//! `CREATE DATABASE` and `ALTER DATABASE` (MySQL 8.0 reference manual, 15.1.12 and 15.1.2).

use super::parser::{Parser, Read, Stop};
use crate::ddl::Database;

impl Parser<'_> {
    /// What follows `CREATE DATABASE`.
    pub(super) fn create_database(&mut self) -> Read<Database> {
        let if_not_exists = self.eat("IF NOT EXISTS");
        Ok(Database {
            name: Some(self.name()?),
            alters: false,
            if_not_exists,
            options: self.database_options(false)?,
        })
    }

    /// What follows `ALTER DATABASE`: an option starts where its name is followed by one.
    pub(super) fn alter_database(&mut self) -> Read<Database> {
        let start = self.at;
        // `charset`, `encryption` and `read` may be names: what is left says which they are.
        let name = if self.name_at(0) { Some(self.name()?) } else { None };
        let named = self
            .database_options(true)
            .is_ok_and(|options| !options.is_empty())
            && self.at_end();
        self.at = start;
        let name = if named { self.name().ok().or(name) } else { None };
        let options = self.database_options(true)?;
        if options.is_empty() {
            return Err(Stop);
        }
        Ok(Database {
            name,
            alters: true,
            if_not_exists: false,
            options,
        })
    }
}
