//! `ALTER TABLE` (MySQL 8.0 reference manual, 15.1.9).

use super::parser::{Parser, Read, Stop};
use crate::ddl::{AlterOperation, AlterTable, Element};

impl Parser<'_> {
    /// What follows `ALTER TABLE`.
    pub(super) fn alter_table(&mut self) -> Read<AlterTable> {
        let name = self.object_name()?;
        let mut operations = Vec::new();
        if !self.at_end() && !self.is_any(&["PARTITION", "REMOVE"]) {
            self.alter_operations(&mut operations)?;
        }
        // These come last, and without a comma before them.
        if self.is("PARTITION") {
            operations.push(AlterOperation::PartitionBy(self.partitioning()?));
        } else if self.eat("REMOVE PARTITIONING") {
            operations.push(AlterOperation::RemovePartitioning);
        }
        Ok(AlterTable { name, operations })
    }

    fn alter_operations(&mut self, operations: &mut Vec<AlterOperation>) -> Read<()> {
        loop {
            let start = self.at;
            if let Some(operation) = self.operation_on_partitions()? {
                let exchanges = matches!(operation, AlterOperation::ExchangePartition { .. });
                let alone = operations.iter().all(is_how);
                operations.push(operation);
                if exchanges && self.is_any(&["WITH", "WITHOUT"]) {
                    operations.extend(self.how()?);
                }
                if !alone {
                    self.at = start;
                    return Err(Stop);
                }
                return Ok(());
            }
            self.operation(operations)?;
            if !self.eat_symbol(b',') {
                return Ok(());
            }
        }
    }

    /// One operation, or several columns in parentheses, or options that stand side by side.
    fn operation(&mut self, operations: &mut Vec<AlterOperation>) -> Read<()> {
        if self.eat("ADD") {
            return self.add(operations);
        }
        let before = operations.len();
        while let Some(option) = self.table_option()? {
            operations.push(AlterOperation::Option(option));
        }
        if operations.len() > before {
            return Ok(());
        }
        let operation = if self.eat("DROP") {
            self.drop_part()?
        } else if self.eat("MODIFY") {
            self.eat("COLUMN");
            AlterOperation::ModifyColumn {
                column: self.column_without_references()?,
                position: self.position()?,
            }
        } else if self.eat("CHANGE") {
            self.eat("COLUMN");
            AlterOperation::ChangeColumn {
                from: self.name()?,
                column: self.column_without_references()?,
                position: self.position()?,
            }
        } else if self.eat("RENAME") {
            self.rename_part()?
        } else if self.eat("ALTER") {
            self.alter_part()?
        } else {
            self.whole_table()?
        };
        operations.push(operation);
        Ok(())
    }

    fn add(&mut self, operations: &mut Vec<AlterOperation>) -> Read<()> {
        if self.starts_constraint() {
            operations.push(added(self.constraint()?));
            return Ok(());
        }
        self.eat("COLUMN");
        if self.is_symbol(b'(') {
            operations.extend(self.list(Self::element)?.into_iter().map(added));
            return Ok(());
        }
        operations.push(AlterOperation::AddColumn {
            column: self.column()?,
            position: self.position()?,
        });
        Ok(())
    }

    /// What is about no part of the table.
    fn whole_table(&mut self) -> Read<AlterOperation> {
        if let Some(how) = self.how()? {
            return Ok(how);
        }
        if self.eat("CONVERT TO") {
            return self.convert();
        }
        if self.eat("ORDER BY") {
            return self.order_by();
        }
        if self.eat("FORCE") {
            return Ok(AlterOperation::Force);
        }
        let enabled = self.expect_any(&["ENABLE", "DISABLE"])? == "ENABLE";
        self.expect("KEYS")?;
        Ok(AlterOperation::Keys { enabled })
    }

    /// `ALGORITHM`, `LOCK`, `VALIDATION`: how the others are done.
    pub(super) fn how(&mut self) -> Read<Option<AlterOperation>> {
        let operation = if self.eat("ALGORITHM") {
            self.eat_symbol(b'=');
            AlterOperation::Algorithm(self.expect_any(&["DEFAULT", "INSTANT", "INPLACE", "COPY"])?)
        } else if self.eat("LOCK") {
            self.eat_symbol(b'=');
            AlterOperation::Lock(self.expect_any(&["DEFAULT", "NONE", "SHARED", "EXCLUSIVE"])?)
        } else if self.eat("WITH VALIDATION") {
            AlterOperation::Validation { with: true }
        } else if self.eat("WITHOUT VALIDATION") {
            AlterOperation::Validation { with: false }
        } else {
            return Ok(None);
        };
        Ok(Some(operation))
    }

    fn convert(&mut self) -> Read<AlterOperation> {
        if !self.charset_keyword() {
            return Err(Stop);
        }
        self.eat_symbol(b'=');
        let charset = if self.eat("DEFAULT") {
            "default".to_owned()
        } else {
            self.charset_name()?
        };
        let collation = if self.eat("COLLATE") {
            self.eat_symbol(b'=');
            Some(self.charset_name()?)
        } else {
            None
        };
        Ok(AlterOperation::Convert { charset, collation })
    }

    /// Its columns go on after a comma where what follows ends like one.
    fn order_by(&mut self) -> Read<AlterOperation> {
        let start = self.at;
        loop {
            self.object_name()?;
            self.eat_any(&["ASC", "DESC"]);
            let next = self.peek(2);
            let ends = next.is_none_or(|item| {
                item.is_any(&["ASC", "DESC"]) || item.is_symbol(b',') || item.is_symbol(b'.')
            });
            if !(self.is_symbol(b',') && self.name_at(1) && ends) || self.is_at(1, "FORCE") {
                return Ok(AlterOperation::OrderBy(self.since(start)));
            }
            self.at += 1;
        }
    }
}

/// Whether it says how others are done.
fn is_how(operation: &AlterOperation) -> bool {
    matches!(
        operation,
        AlterOperation::Algorithm(_) | AlterOperation::Lock(_) | AlterOperation::Validation { .. }
    )
}

fn added(element: Element) -> AlterOperation {
    match element {
        Element::Column(column) => AlterOperation::AddColumn {
            column,
            position: None,
        },
        Element::Key(key) => AlterOperation::AddKey(key),
        Element::ForeignKey(key) => AlterOperation::AddForeignKey(key),
        Element::Check(check) => AlterOperation::AddCheck(check),
    }
}
