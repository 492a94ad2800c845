//! Heads of procedures and functions (MySQL 8.0 reference manual, 15.1.17, 15.1.7, 15.1.4).

use super::cursor::Shape;
use super::parser::{Parser, Read, Stop};
use crate::ddl::{Parameter, Program, Routine, RoutineKind};

impl Parser<'_> {
    /// What follows `CREATE PROCEDURE` and `CREATE FUNCTION`.
    pub(super) fn create_routine(&mut self, kind: RoutineKind, definer: Option<String>) -> Read<Routine> {
        let mut program = self.program(definer, false)?;
        let parameters = if self.is_symbol(b'(') && self.symbol_at(1, b')') {
            self.at += 2;
            Vec::new()
        } else if kind == RoutineKind::Procedure {
            self.list(Self::procedure_parameter)?
        } else {
            self.list(Self::function_parameter)?
        };
        let returns = if kind == RoutineKind::Function {
            self.expect("RETURNS")?;
            Some(self.written_type()?)
        } else {
            None
        };
        let characteristics = self.characteristics()?;
        program.body = Some(self.body()?);
        Ok(Routine {
            kind,
            program,
            parameters,
            returns,
            characteristics,
        })
    }

    /// What follows `ALTER PROCEDURE` and `ALTER FUNCTION`.
    pub(super) fn alter_routine(&mut self, kind: RoutineKind) -> Read<Routine> {
        Ok(Routine {
            kind,
            program: self.program(None, true)?,
            parameters: Vec::new(),
            returns: None,
            characteristics: self.characteristics()?,
        })
    }

    /// What follows `CREATE LIBRARY` and `ALTER LIBRARY`.
    pub(super) fn library_definition(&mut self, alters: bool) -> Read<Program> {
        let mut program = self.program(None, alters)?;
        let start = self.at;
        while self.characteristic()? {}
        if !alters {
            self.expect("AS")?;
            self.literal()?;
        }
        program.body = (self.at > start).then(|| self.items.verbatim(start..self.at));
        Ok(program)
    }

    fn procedure_parameter(&mut self) -> Read<Parameter> {
        let direction = self.eat_any(&["IN", "OUT", "INOUT"]);
        let parameter = self.function_parameter()?;
        Ok(Parameter {
            direction,
            ..parameter
        })
    }

    fn function_parameter(&mut self) -> Read<Parameter> {
        Ok(Parameter {
            direction: None,
            name: self.name()?,
            data_type: self.written_type()?,
        })
    }

    fn characteristics(&mut self) -> Read<Vec<String>> {
        let mut all = Vec::new();
        loop {
            let start = self.at;
            if !self.characteristic()? {
                return Ok(all);
            }
            all.push(self.folded(start));
        }
    }

    fn characteristic(&mut self) -> Read<bool> {
        const PLAIN: &[&str] = &[
            "DETERMINISTIC",
            "NOT DETERMINISTIC",
            "CONTAINS SQL",
            "NO SQL",
            "READS SQL DATA",
            "MODIFIES SQL DATA",
            "SQL SECURITY DEFINER",
            "SQL SECURITY INVOKER",
        ];
        // `language: BEGIN` and `comment: BEGIN` start a body.
        if self.symbol_at(1, b':') {
            return Ok(false);
        }
        if PLAIN.iter().any(|keywords| self.eat(keywords)) {
            return Ok(true);
        }
        if self.eat("COMMENT") {
            return self.text().map(|_| true);
        }
        if self.eat("LANGUAGE") {
            return self.name_or_reserved().map(|()| true);
        }
        if self.is("USING") && self.symbol_at(1, b'(') {
            self.at += 1;
            if self.symbol_at(1, b')') {
                self.at += 2;
                return Ok(true);
            }
            return self.list(Self::library).map(|_| true);
        }
        Ok(false)
    }

    /// `SQL` is reserved, and a language.
    fn name_or_reserved(&mut self) -> Read<()> {
        let found = self
            .peek(0)
            .is_some_and(|item| matches!(item.shape, Shape::Word | Shape::Name));
        self.at += usize::from(found);
        if found { Ok(()) } else { Err(Stop) }
    }

    fn library(&mut self) -> Read<()> {
        self.object_name()?;
        if self.eat("AS") || self.name_at(0) {
            self.name()?;
        }
        Ok(())
    }
}
