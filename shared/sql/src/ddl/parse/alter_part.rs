//! Operations of `ALTER TABLE` on a part that is there already: `DROP`, `RENAME`, `ALTER` (MySQL 8.0 reference manual,
//! 15.1.9).

use super::parser::{Parser, Read, Stop};
use crate::ddl::AlterOperation;

impl Parser<'_> {
    /// What follows `DROP`.
    pub(super) fn drop_part(&mut self) -> Read<AlterOperation> {
        let operation = if self.eat("PRIMARY KEY") {
            AlterOperation::DropPrimaryKey
        } else if self.eat("FOREIGN KEY") {
            AlterOperation::DropForeignKey(self.name()?)
        } else if self.eat_any(&["INDEX", "KEY"]).is_some() {
            self.dropped_key()?
        } else if self.eat("CHECK") {
            AlterOperation::DropCheck(self.name()?)
        } else if self.eat("CONSTRAINT") {
            AlterOperation::DropConstraint(self.name()?)
        } else {
            self.eat("COLUMN");
            let column = self.name()?;
            self.eat_any(&["RESTRICT", "CASCADE"]);
            AlterOperation::DropColumn(column)
        };
        Ok(operation)
    }

    /// The key that is dropped: there is but one that `PRIMARY` names.
    pub(super) fn dropped_key(&mut self) -> Read<AlterOperation> {
        let name = self.name()?;
        if name.eq_ignore_ascii_case("PRIMARY") {
            return Ok(AlterOperation::DropPrimaryKey);
        }
        Ok(AlterOperation::DropKey(name))
    }

    /// What follows `RENAME`.
    pub(super) fn rename_part(&mut self) -> Read<AlterOperation> {
        if self.eat("COLUMN") {
            let (from, to) = self.old_and_new()?;
            return Ok(AlterOperation::RenameColumn { from, to });
        }
        if self.eat_any(&["INDEX", "KEY"]).is_some() {
            let (from, to) = self.old_and_new()?;
            return Ok(AlterOperation::RenameKey { from, to });
        }
        if !self.eat_symbol(b'=') {
            self.eat_any(&["TO", "AS"]);
        }
        self.object_name().map(AlterOperation::RenameTable)
    }

    fn old_and_new(&mut self) -> Read<(String, String)> {
        let from = self.name()?;
        self.expect("TO")?;
        Ok((from, self.name()?))
    }

    /// What follows `ALTER`.
    pub(super) fn alter_part(&mut self) -> Read<AlterOperation> {
        if self.eat("INDEX") {
            return Ok(AlterOperation::KeyVisible {
                key: self.name()?,
                visible: self.visible()?,
            });
        }
        if self.eat_any(&["CHECK", "CONSTRAINT"]).is_some() {
            return Ok(AlterOperation::CheckEnforced {
                check: self.name()?,
                enforced: self.enforced().ok_or(Stop)?,
            });
        }
        self.eat("COLUMN");
        let column = self.name()?;
        if self.eat("DROP DEFAULT") {
            return Ok(AlterOperation::DropDefault(column));
        }
        self.expect("SET")?;
        if self.eat("DEFAULT") {
            let start = self.at;
            if self.is_symbol(b'(') {
                self.parenthesised()?;
            } else {
                self.literal()?;
            }
            return Ok(AlterOperation::SetDefault {
                column,
                default: self.since(start),
            });
        }
        Ok(AlterOperation::ColumnVisible {
            column,
            visible: self.visible()?,
        })
    }

    fn visible(&mut self) -> Read<bool> {
        Ok(self.expect_any(&["VISIBLE", "INVISIBLE"])? == "VISIBLE")
    }
}
