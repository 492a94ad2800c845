//! What the words of a statement say about the names after them.

use super::How;
use super::context::Verb;
use super::scan::Scan;
use crate::ddl::ObjectName;
use crate::ddl::parse::cursor::Item;
use crate::ddl::parse::{is_name, may_follow_point, unquoted};

/// No word that matters is longer.
const LONGEST: usize = 13;

impl Scan<'_> {
    /// Takes a word that isn't part of a name.
    pub(super) fn word(&mut self, item: &Item<'_>) {
        self.at += 1;
        if item.text.len() > LONGEST {
            return;
        }
        let word = item.text.to_ascii_uppercase();
        if self.context.verb == Verb::Grant {
            if word == "ON" {
                self.granted();
            }
            return;
        }
        if !self.verb(&word) && !self.object(&word) {
            self.clause(&word);
        }
    }

    /// Whether the item after the next word is this keyword; the word itself is already taken.
    pub(super) fn next_is(&self, keywords: &[&str]) -> bool {
        self.ahead(0).is_some_and(|next| next.is_any(keywords))
    }

    pub(super) fn next_symbol(&self, symbol: u8) -> bool {
        self.ahead(0).is_some_and(|next| next.is_symbol(symbol))
    }

    /// Whether one of these stands before the word that is taken.
    pub(super) fn after(&self, keywords: &[&str]) -> bool {
        self.second_before().is_some_and(|before| before.is_any(keywords))
    }

    /// Words that start a statement or a query.
    fn verb(&mut self, word: &str) -> bool {
        match word {
            "SELECT" | "VALUES" => self.context.start(Verb::Select),
            "INSERT" if !self.next_symbol(b'(') && !self.after(&["BEFORE", "AFTER"]) => {
                self.writes(Verb::Insert);
            }
            "REPLACE" if self.replaces() => self.writes(Verb::Insert),
            "UPDATE" if self.updates() => {
                self.context.start(Verb::Other);
                self.context.several(How::Writes);
            }
            "DELETE" if !self.after(&["ON", "BEFORE", "AFTER"]) => self.deletes(),
            "LOAD" if self.next_is(&["DATA", "XML"]) => self.context.start(Verb::Load),
            "CALL" => {
                self.context.start(Verb::Other);
                self.context.one(How::Calls);
            }
            "TRUNCATE" if !self.next_symbol(b'(') && !self.next_is(&["PARTITION"]) => {
                self.writes(Verb::Other);
            }
            "HANDLER" if !self.after(&["CONTINUE", "EXIT", "UNDO"]) => self.context.one(How::Reads),
            "DESCRIBE" | "DESC" | "EXPLAIN" if self.starts() => self.describes(),
            "SHOW" => self.context.start(Verb::Show),
            "USE" if self.starts() => self.schema(How::Reads),
            "FETCH" | "PREPARE" => self.context.start(Verb::Other),
            "GRANT" | "REVOKE" if self.starts() => self.context.start(Verb::Grant),
            "CREATE" if self.context.verb != Verb::Show => self.context.start(Verb::Create),
            "ALTER" if !self.in_alter() => self.context.start(Verb::Alter),
            "DROP" if !self.in_alter() => self.context.start(Verb::Drop),
            "RENAME" if !self.in_alter() => self.context.start(Verb::Rename),
            "RENAME" if !self.next_is(&["COLUMN", "INDEX", "KEY"]) => self.context.one(How::Defines),
            _ => return false,
        }
        true
    }

    fn writes(&mut self, verb: Verb) {
        self.context.start(verb);
        self.context.one(How::Writes);
    }

    /// Whether a statement starts with the word that is taken.
    fn starts(&self) -> bool {
        self.second_before().is_none_or(|before| {
            before.is_symbol(b';')
                || before.is_symbol(b':')
                || before.is_any(&["BEGIN", "THEN", "ELSE", "DO", "LOOP"])
        })
    }

    fn in_alter(&mut self) -> bool {
        let context = &mut self.context;
        context.verb == Verb::Alter && context.object
    }

    fn replaces(&mut self) -> bool {
        self.context.verb != Verb::Load
            && !self.next_symbol(b'(')
            && !self.next_is(&["AS", "SELECT", "WITH", "TABLE", "VALUES"])
            && !self.after(&["OR"])
    }

    fn updates(&self) -> bool {
        !self.after(&["FOR", "ON", "KEY", "BEFORE", "AFTER"]) && !self.next_is(&["HISTOGRAM"])
    }

    /// `DELETE a, schema.b FROM …`: one without a schema may be an alias.
    fn deletes(&mut self) {
        self.context.start(Verb::Delete);
        while self.next_is(&["LOW_PRIORITY", "QUICK", "IGNORE"]) {
            self.at += 1;
        }
        while self.ahead(0).is_some_and(is_name) {
            let start = self.at;
            let schema = self.ahead(0).map(unquoted);
            let point = self.ahead(1).is_some_and(|item| item.is_symbol(b'.'));
            let second = self
                .ahead(2)
                .filter(|item| point && may_follow_point(item))
                .map(unquoted);
            self.at += 1;
            if let Some(name) = second {
                self.at += 2;
                self.note(ObjectName { schema, name }, How::Writes, start);
            }
            while self.next_symbol(b'.') || self.next_symbol(b'*') || self.next_symbol(b',') {
                self.at += 1;
            }
        }
    }

    /// `DESCRIBE t`; of a statement nothing is named here.
    fn describes(&mut self) {
        let option = self.next_is(&["FORMAT", "EXTENDED", "PARTITIONS"])
            && self
                .ahead(1)
                .is_some_and(|next| next.is_symbol(b'=') || !is_end_of_table(next));
        if !option && self.ahead(0).is_some_and(is_name) {
            self.name(How::Reads);
        }
    }

    /// Words inside of statements.
    fn clause(&mut self, word: &str) {
        match word {
            "FROM" => self.from(),
            "IN" if self.context.verb == Verb::Show && self.ahead(0).is_some_and(is_name) => self.from(),
            "JOIN" | "STRAIGHT_JOIN" if !self.after(&["FOR"]) => {
                let list = self.context.list;
                self.context.wants = list;
            }
            "USING" if self.context.verb == Verb::Delete && !self.next_symbol(b'(') => {
                self.context.several(How::Writes);
            }
            "ON" if self.context.on => {
                self.context.on = false;
                self.context.one(How::Defines);
            }
            "TO" if self.context.verb == Verb::Rename => self.context.several(How::Defines),
            "REFERENCES" => self.context.wants = Some(How::Reads),
            "LIKE"
                if self
                    .created
                    .is_some_and(|created| self.at == created + 1 || self.at == created + 2) =>
            {
                self.context.one(How::Reads);
            }
            "UNION" if self.context.verb.defines() && (self.next_symbol(b'=') || self.next_symbol(b'(')) => {
                self.context.wants = Some(How::Reads);
            }
            "WITH" => {
                if self.next_is(&["RECURSIVE"]) {
                    self.at += 1;
                }
                self.query_name();
            }
            "FOR" if self.next_is(&["SCHEMA", "DATABASE"]) => {
                self.at += 1;
                self.schema(How::Reads);
            }
            "FOR" if self.after(&["INDEX", "KEY"]) => {}
            "GROUP" | "ORDER" if self.after(&["FOR"]) => {}
            "WHERE" | "HISTOGRAM" | "SET" | "GROUP" | "HAVING" | "ORDER" | "LIMIT" | "WINDOW" | "FOR"
            | "INTO" | "UNION" | "EXCEPT" | "INTERSECT" => self.context.list = None,
            _ => {}
        }
    }

    fn from(&mut self) {
        match self.context.verb {
            Verb::Select => self.context.several(How::Reads),
            Verb::Delete => self.context.several(How::Writes),
            Verb::Show if self.context.shows_table => {
                self.context.shows_table = false;
                self.context.one(How::Reads);
            }
            Verb::Show => self.schema(How::Reads),
            Verb::Other
            | Verb::Insert
            | Verb::Load
            | Verb::Grant
            | Verb::Create
            | Verb::Alter
            | Verb::Drop
            | Verb::Rename => {}
        }
    }
}

/// Whether nothing but a column may follow the table of a `DESCRIBE`.
fn is_end_of_table(item: &Item<'_>) -> bool {
    is_name(item) || item.is_symbol(b'.')
}
