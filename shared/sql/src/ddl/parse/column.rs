//! Columns (MySQL 8.0 reference manual, 15.1.20 `column_definition`).

use super::parser::{Parser, Read, Stop};
use crate::ddl::{Attribute, Check, Column, DataType, Position, Storage};

impl Parser<'_> {
    /// A column with its definition.
    pub(super) fn column(&mut self) -> Read<Column> {
        let mut column = self.column_without_references()?;
        if self.is("REFERENCES") {
            column.attributes.push(Attribute::References(self.references()?));
        }
        Ok(column)
    }

    /// A column as `MODIFY` and `CHANGE` take it.
    pub(super) fn column_without_references(&mut self) -> Read<Column> {
        let name = self.name()?;
        let mut data_type = self.data_type()?;
        let mut attributes = Vec::new();
        let start = self.at;
        if self.eat("COLLATE") {
            data_type.collation = Some(self.charset_name()?);
        }
        if self.is_any(&["GENERATED", "AS"]) {
            attributes.push(self.generated()?);
        } else {
            self.at = start;
        }
        while self.attribute(&mut data_type, &mut attributes)? {}
        Ok(Column {
            name,
            data_type,
            attributes,
        })
    }

    fn generated(&mut self) -> Read<Attribute> {
        if self.eat("GENERATED") {
            self.expect("ALWAYS")?;
        }
        self.expect("AS")?;
        let expression = self.parenthesised()?;
        let storage = if self.eat("VIRTUAL") {
            Some(Storage::Virtual)
        } else {
            self.eat("STORED").then_some(Storage::Stored)
        };
        Ok(Attribute::Generated { expression, storage })
    }

    /// One more attribute; whether there is one.
    fn attribute(&mut self, data_type: &mut DataType, attributes: &mut Vec<Attribute>) -> Read<bool> {
        if self.eat("COLLATE") {
            data_type.collation = Some(self.charset_name()?);
            return Ok(true);
        }
        if self.is_any(&["ENFORCED", "NOT"]) && self.enforcement(attributes)? {
            return Ok(true);
        }
        let attribute = match self.plain_attribute() {
            Some(attribute) => attribute,
            None => match self.valued_attribute()? {
                Some(attribute) => attribute,
                None => return Ok(false),
            },
        };
        attributes.push(attribute);
        Ok(true)
    }

    /// `[NOT] ENFORCED` after the check that it is about.
    fn enforcement(&mut self, attributes: &mut [Attribute]) -> Read<bool> {
        let start = self.at;
        let enforced = !self.eat("NOT");
        if !self.eat("ENFORCED") {
            self.at = start;
            return Ok(false);
        }
        if let Some(Attribute::Check(check)) = attributes.last_mut() {
            check.enforced = enforced;
            return Ok(true);
        }
        self.at = start;
        Err(Stop)
    }

    fn plain_attribute(&mut self) -> Option<Attribute> {
        const PLAIN: &[(&str, Attribute)] = &[
            ("NOT NULL", Attribute::NotNull),
            ("NULL", Attribute::Null),
            ("NOT SECONDARY", Attribute::NotSecondary),
            ("AUTO_INCREMENT", Attribute::AutoIncrement),
            ("SERIAL DEFAULT VALUE", Attribute::SerialDefault),
            ("PRIMARY KEY", Attribute::PrimaryKey),
            ("KEY", Attribute::PrimaryKey),
            ("UNIQUE KEY", Attribute::Unique),
            ("UNIQUE", Attribute::Unique),
            ("VISIBLE", Attribute::Visible),
            ("INVISIBLE", Attribute::Invisible),
        ];
        let (_, attribute) = PLAIN.iter().find(|(keywords, _)| self.eat(keywords))?;
        Some(attribute.clone())
    }

    fn valued_attribute(&mut self) -> Read<Option<Attribute>> {
        let attribute = if self.eat("DEFAULT") {
            Attribute::Default(self.default_value()?)
        } else if self.eat("ON UPDATE") {
            Attribute::OnUpdate(self.now()?)
        } else if self.eat("COMMENT") {
            Attribute::Comment(self.text()?)
        } else if self.is_any(&["CONSTRAINT", "CHECK"]) {
            Attribute::Check(self.column_check()?)
        } else if self.eat("SRID") {
            Attribute::Srid(self.digits()?)
        } else if self.eat("COLUMN_FORMAT") {
            Attribute::ColumnFormat(self.expect_any(&["DEFAULT", "FIXED", "DYNAMIC"])?)
        } else if self.eat("STORAGE") {
            Attribute::StorageMedium(self.expect_any(&["DEFAULT", "DISK", "MEMORY"])?)
        } else if self.eat("ENGINE_ATTRIBUTE") {
            self.eat_symbol(b'=');
            Attribute::EngineAttribute(self.text()?)
        } else if self.eat("SECONDARY_ENGINE_ATTRIBUTE") {
            self.eat_symbol(b'=');
            Attribute::SecondaryEngineAttribute(self.text()?)
        } else {
            return Ok(None);
        };
        Ok(Some(attribute))
    }

    /// `[CONSTRAINT [name]] CHECK (…)`; what follows says whether it is enforced.
    fn column_check(&mut self) -> Read<Check> {
        let name = self.constraint_name()?;
        self.expect("CHECK")?;
        Ok(Check {
            name,
            expression: self.parenthesised()?,
            enforced: true,
        })
    }

    /// `CONSTRAINT [name]`, where it is written.
    pub(super) fn constraint_name(&mut self) -> Read<Option<String>> {
        if self.eat("CONSTRAINT") && self.name_at(0) {
            return self.name().map(Some);
        }
        Ok(None)
    }

    /// `FIRST` or `AFTER column`, where it is written.
    pub(super) fn position(&mut self) -> Read<Option<Position>> {
        if self.eat("FIRST") {
            return Ok(Some(Position::First));
        }
        if self.eat("AFTER") {
            return self.name().map(|after| Some(Position::After(after)));
        }
        Ok(None)
    }
}
