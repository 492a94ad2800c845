//! Heads of triggers and events, and what they share with routines (MySQL 8.0 reference manual, 15.1.13, 15.1.22).

use super::parser::{Parser, Read, Stop};
use crate::ddl::{Event, Program, Trigger};

/// What opens a compound statement.
const COMPOUND: &[&str] = &["BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT"];

impl Parser<'_> {
    /// A program of which only the name is read.
    pub(super) fn program(&mut self, definer: Option<String>, alters: bool) -> Read<Program> {
        let if_not_exists = !alters && self.eat("IF NOT EXISTS");
        Ok(Program {
            name: self.object_name()?,
            alters,
            if_not_exists,
            definer,
            body: None,
        })
    }

    /// A body: everything that is left, where it is one statement; of an external language `AS` and its text.
    pub(super) fn body(&mut self) -> Read<String> {
        let start = self.at;
        if self.eat("AS") {
            self.text()?;
            return Ok(self.items.verbatim(start..self.at));
        }
        if self.symbol_at(1, b':') && self.name_at(0) {
            self.at += 2;
        }
        if self.is_any(COMPOUND) {
            self.compound()?;
        } else {
            self.rest()?;
        }
        Ok(self.items.verbatim(start..self.at))
    }

    /// A compound statement, which ends with `END`, `END IF`, `END label` or `END LOOP label`.
    fn compound(&mut self) -> Read<()> {
        let last = self.items.len();
        let ends = (1..=3).any(|back| {
            let item = last.checked_sub(back).and_then(|index| self.items.get(index));
            item.is_some_and(|item| item.is("END"))
        });
        if !ends {
            return Err(Stop);
        }
        self.at = last;
        Ok(())
    }

    /// What follows `CREATE TRIGGER`.
    pub(super) fn trigger(&mut self, definer: Option<String>) -> Read<Trigger> {
        let mut program = self.program(definer, false)?;
        let timing = self.expect_any(&["BEFORE", "AFTER"])?;
        let event = self.expect_any(&["INSERT", "UPDATE", "DELETE"])?;
        self.expect("ON")?;
        let table = self.object_name()?;
        self.expect("FOR EACH ROW")?;
        let order = match self.trigger_order() {
            Some(order) => Some((order, self.name()?)),
            None => None,
        };
        program.body = Some(self.body()?);
        Ok(Trigger {
            program,
            timing,
            event,
            table,
            order,
        })
    }

    /// `FOLLOWS` or `PRECEDES`; they are no reserved words, so `follows: BEGIN` is a label.
    fn trigger_order(&mut self) -> Option<String> {
        if self.symbol_at(1, b':') {
            return None;
        }
        self.eat_any(&["FOLLOWS", "PRECEDES"])
    }

    /// What follows `CREATE EVENT` and `ALTER EVENT`.
    pub(super) fn event(&mut self, definer: Option<String>, alters: bool) -> Read<Event> {
        let program = self.program(definer, alters)?;
        let start = self.at;
        let mut event = Event {
            program,
            schedule: None,
            preserve: None,
            status: None,
            comment: None,
            rename: None,
        };
        if !alters || self.is_at(1, "SCHEDULE") {
            self.expect("ON SCHEDULE")?;
            event.schedule = Some(self.schedule()?);
        }
        if self.eat("ON COMPLETION") {
            event.preserve = Some(!self.eat("NOT"));
            self.expect("PRESERVE")?;
        }
        if alters && self.eat("RENAME TO") {
            event.rename = Some(self.object_name()?);
        }
        event.status = self.event_status();
        if self.eat("COMMENT") {
            event.comment = Some(self.text()?);
        }
        if !alters || self.is("DO") {
            self.expect("DO")?;
            event.program.body = Some(self.body()?);
        }
        if self.at == start {
            // An `ALTER` has to alter something.
            return Err(Stop);
        }
        Ok(event)
    }

    /// `AT …` or `EVERY …`, up to what may follow it.
    fn schedule(&mut self) -> Read<String> {
        let start = self.at;
        self.expect_any(&["AT", "EVERY"])?;
        loop {
            if self.is_symbol(b'(') {
                self.balanced()?;
                continue;
            }
            let ends = self.is_any(&["ENABLE", "DISABLE", "COMMENT", "DO", "RENAME"]);
            if self.at_end() || ends || (self.is("ON") && self.is_at(1, "COMPLETION")) {
                return Ok(self.folded(start));
            }
            self.at += 1;
        }
    }

    fn event_status(&mut self) -> Option<String> {
        const STATUSES: &[&str] = &["ENABLE", "DISABLE ON SLAVE", "DISABLE ON REPLICA", "DISABLE"];
        let status = STATUSES.iter().find(|status| self.eat(status))?;
        Some((*status).to_owned())
    }
}
