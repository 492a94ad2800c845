//! Keys and constraints (MySQL 8.0 reference manual, 15.1.20 and its sections on foreign keys and checks).

use super::parser::{Parser, Read, Stop};
use crate::ddl::{
    Action, Check, Element, ForeignKey, Key, KeyKind, KeyOption, KeyPart, KeyTarget, References,
};

impl Parser<'_> {
    /// Whether a key or a constraint starts here: all of these words are reserved.
    pub(super) fn starts_constraint(&self) -> bool {
        self.is_any(&[
            "CONSTRAINT",
            "PRIMARY",
            "UNIQUE",
            "KEY",
            "INDEX",
            "FULLTEXT",
            "SPATIAL",
            "FOREIGN",
            "CHECK",
        ])
    }

    /// A key or a constraint of a table.
    pub(super) fn constraint(&mut self) -> Read<Element> {
        if self.is("CONSTRAINT") {
            let name = self.constraint_name()?;
            return self.named_constraint(name);
        }
        if self.eat_any(&["KEY", "INDEX"]).is_some() {
            return self.key(KeyKind::Plain, None);
        }
        if self.eat("FULLTEXT") {
            self.eat_any(&["KEY", "INDEX"]);
            return self.key(KeyKind::Fulltext, None);
        }
        if self.eat("SPATIAL") {
            self.eat_any(&["KEY", "INDEX"]);
            return self.key(KeyKind::Spatial, None);
        }
        self.named_constraint(None)
    }

    fn named_constraint(&mut self, name: Option<String>) -> Read<Element> {
        if self.eat("PRIMARY KEY") {
            return self.key(KeyKind::Primary, name);
        }
        if self.eat("UNIQUE") {
            self.eat_any(&["KEY", "INDEX"]);
            return self.key(KeyKind::Unique, name);
        }
        if self.eat("FOREIGN KEY") {
            let index = if self.name_at(0) { Some(self.name()?) } else { None };
            return Ok(Element::ForeignKey(ForeignKey {
                name,
                index,
                columns: self.list(Self::name)?,
                references: self.references()?,
            }));
        }
        self.expect("CHECK")?;
        let expression = self.parenthesised()?;
        let enforced = self.enforced().unwrap_or(true);
        Ok(Element::Check(Check {
            name,
            expression,
            enforced,
        }))
    }

    /// `[NOT] ENFORCED`, where it is written.
    pub(super) fn enforced(&mut self) -> Option<bool> {
        if self.eat("NOT ENFORCED") {
            return Some(false);
        }
        self.eat("ENFORCED").then_some(true)
    }

    fn key(&mut self, kind: KeyKind, constraint: Option<String>) -> Read<Element> {
        let name = if self.name_at(0) { Some(self.name()?) } else { None };
        let mut options = Vec::new();
        self.key_type(&mut options, name.is_some())?;
        let parts = self.list(Self::key_part)?;
        self.key_options(kind, &mut options)?;
        // The server calls every primary key `PRIMARY`.
        let named = kind != KeyKind::Primary;
        Ok(Element::Key(Key {
            kind,
            name: name.or(constraint).filter(|_| named),
            parts,
            options,
        }))
    }

    /// `USING BTREE`, or `TYPE BTREE` after a name, where it is written.
    pub(super) fn key_type(&mut self, options: &mut Vec<KeyOption>, named: bool) -> Read<()> {
        if self.eat("USING") || (named && self.eat("TYPE")) {
            let value = self.expect_any(&["BTREE", "RTREE", "HASH"])?;
            options.push(option("USING", value));
        }
        Ok(())
    }

    /// A column, its first characters, or an expression in parentheses.
    pub(super) fn key_part(&mut self) -> Read<KeyPart> {
        let over = if self.is_symbol(b'(') {
            KeyTarget::Expression(self.parenthesised()?)
        } else {
            let name = self.name()?;
            let length = if self.eat_symbol(b'(') {
                let length = self.number()?;
                self.expect_symbol(b')')?;
                Some(length)
            } else {
                None
            };
            KeyTarget::Column { name, length }
        };
        let descending = self.eat("DESC");
        if !descending {
            self.eat("ASC");
        }
        Ok(KeyPart { over, descending })
    }

    /// Options of a key, in any order.
    pub(super) fn key_options(&mut self, kind: KeyKind, options: &mut Vec<KeyOption>) -> Read<()> {
        loop {
            let option =
                if self.is_any(&["USING", "TYPE"]) && !matches!(kind, KeyKind::Fulltext | KeyKind::Spatial) {
                    self.key_type(options, true)?;
                    continue;
                } else if self.eat("COMMENT") {
                    option("COMMENT", self.text()?)
                } else if let Some(visible) = self.eat_any(&["VISIBLE", "INVISIBLE"]) {
                    option(&visible, String::new())
                } else if self.eat("KEY_BLOCK_SIZE") {
                    self.eat_symbol(b'=');
                    option("KEY_BLOCK_SIZE", self.digits()?)
                } else if kind == KeyKind::Fulltext && self.eat("WITH PARSER") {
                    let start = self.at;
                    self.name()?;
                    option("PARSER", self.since(start))
                } else if let Some(name) = self.eat_any(&["ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"]) {
                    self.eat_symbol(b'=');
                    option(&name, self.text()?)
                } else {
                    return Ok(());
                };
            options.push(option);
        }
    }

    /// `REFERENCES …`.
    pub(super) fn references(&mut self) -> Read<References> {
        self.expect("REFERENCES")?;
        let mut references = References {
            table: self.object_name()?,
            columns: Vec::new(),
            matching: None,
            on_delete: None,
            on_update: None,
        };
        if self.is_symbol(b'(') {
            references.columns = self.list(Self::name)?;
        }
        if self.eat("MATCH") {
            references.matching = Some(self.expect_any(&["FULL", "PARTIAL", "SIMPLE"])?);
        }
        // Each at most once.
        loop {
            if references.on_delete.is_none() && self.eat("ON DELETE") {
                references.on_delete = Some(self.action()?);
            } else if references.on_update.is_none() && self.eat("ON UPDATE") {
                references.on_update = Some(self.action()?);
            } else {
                return Ok(references);
            }
        }
    }

    fn action(&mut self) -> Read<Action> {
        const ACTIONS: &[(&str, Action)] = &[
            ("RESTRICT", Action::Restrict),
            ("CASCADE", Action::Cascade),
            ("SET NULL", Action::SetNull),
            ("NO ACTION", Action::NoAction),
            ("SET DEFAULT", Action::SetDefault),
        ];
        ACTIONS
            .iter()
            .find(|(keywords, _)| self.eat(keywords))
            .map(|(_, action)| *action)
            .ok_or(Stop)
    }
}

fn option(name: &str, value: String) -> KeyOption {
    KeyOption {
        name: name.to_owned(),
        value,
    }
}
