//! Words for kinds of objects, and the names after them.

use super::How;
use super::context::Verb;
use super::scan::Scan;
use crate::ddl::ObjectName;
use crate::ddl::parse::{is_name, unquoted};

impl Scan<'_> {
    /// Words for kinds of objects.
    pub(super) fn object(&mut self, word: &str) -> bool {
        let shown = self.after(&["CREATE"]) && self.context.verb == Verb::Show;
        let cached = self.after(&["CACHE"]) && self.context.verb == Verb::Other;
        let loaded = self.after(&["INTO"]) && self.context.verb == Verb::Other;
        let tables = self.names_tables();
        let context = &mut self.context;
        let defines = context.verb.defines() && !context.object;
        let drops = context.verb == Verb::Drop;
        match word {
            "TABLE" => self.table(shown),
            "TABLES" if tables => self.table(shown),
            "VIEW" | "PROCEDURE" | "FUNCTION" | "TRIGGER" | "EVENT" | "LIBRARY" if defines => {
                context.object = true;
                context.on = word == "TRIGGER" && !drops;
                context.one(How::Defines);
                if drops && word == "VIEW" {
                    context.several(How::Defines);
                }
            }
            "VIEW" | "PROCEDURE" | "FUNCTION" | "TRIGGER" | "EVENT" | "LIBRARY" if shown => {
                context.one(How::Reads);
            }
            "INDEX" if defines => {
                context.object = true;
                context.on = true;
            }
            "DATABASE" | "SCHEMA" if defines || shown => {
                context.object = true;
                while self.next_is(&["IF", "NOT", "EXISTS"]) {
                    self.at += 1;
                }
                self.schema(if shown { How::Reads } else { How::Defines });
            }
            "CACHE" if loaded => context.several(How::Reads),
            "INDEX" if cached => context.several(How::Reads),
            "COLUMNS" | "FIELDS" | "INDEX" | "INDEXES" | "KEYS" if context.verb == Verb::Show => {
                context.shows_table = true;
            }
            _ => return false,
        }
        true
    }

    fn table(&mut self, shown: bool) {
        let context = &mut self.context;
        match context.verb {
            Verb::Create if !context.object => {
                context.object = true;
                context.one(How::Defines);
                while self.next_is(&["IF", "NOT", "EXISTS"]) {
                    self.at += 1;
                }
                self.context.wants = None;
                self.name(How::Defines);
                self.created = Some(self.at);
            }
            Verb::Alter => {
                context.object = true;
                context.alters_table = true;
                context.one(How::Defines);
            }
            Verb::Drop | Verb::Rename => {
                context.object = true;
                context.several(How::Defines);
            }
            Verb::Load => context.one(How::Writes),
            Verb::Show if shown => context.one(How::Reads),
            Verb::Show | Verb::Grant => {}
            Verb::Other => context.several(How::Reads),
            Verb::Create | Verb::Select | Verb::Delete | Verb::Insert => context.one(How::Reads),
        }
    }

    /// Whether `TABLES`, which may name something, is a keyword.
    fn names_tables(&self) -> bool {
        const BEFORE: &[&str] = &[
            "LOCK",
            "FLUSH",
            "LOCAL",
            "NO_WRITE_TO_BINLOG",
            "ANALYZE",
            "CHECK",
            "CHECKSUM",
            "OPTIMIZE",
            "REPAIR",
            "DROP",
            "TEMPORARY",
            "RENAME",
        ];
        let verb = self.context.verb;
        matches!(verb, Verb::Other | Verb::Create | Verb::Drop | Verb::Rename) && self.after(BEFORE)
    }

    /// What rights are given on: `schema.*`, `schema.table`, `PROCEDURE schema.p`.
    pub(super) fn granted(&mut self) {
        if self.next_is(&["TABLE", "FUNCTION", "PROCEDURE", "LIBRARY"]) {
            self.at += 1;
        }
        let point = self.ahead(1).is_some_and(|item| item.is_symbol(b'.'));
        let schema = self.ahead(0).filter(|item| point && is_name(item)).map(unquoted);
        let name = self.ahead(2).map(unquoted);
        if let (Some(schema), Some(name)) = (schema, name) {
            let name = ObjectName {
                schema: Some(schema),
                name,
            };
            self.note(name, How::Defines, self.at);
        }
    }
}
