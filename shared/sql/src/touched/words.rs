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
            "INSERT" | "UPDATE" | "DELETE" if self.is_timed() => return false,
            "INSERT" if !self.next_symbol(b'(') => {
                self.writes(Verb::Insert);
            }
            "REPLACE" if self.replaces() => self.writes(Verb::Insert),
            "UPDATE" if self.updates() => {
                self.context.start(Verb::Other);
                self.context.several(How::Writes);
            }
            "UPDATE" if self.after(&["KEY"]) => self.context.list = None,
            "DELETE" if !self.after(&["ON"]) => self.deletes(),
            "LOAD" if self.next_is(&["DATA", "XML"]) => self.context.start(Verb::Load),
            "CALL" => {
                self.context.start(Verb::Other);
                self.context.one(How::Calls);
            }
            // These two may name something, and so leave the context as it is.
            "TRUNCATE" if self.next_is(&["TABLE"]) || self.acts() => {
                self.context.wants = Some(How::Writes);
            }
            "HANDLER" if self.acts() => self.context.wants = Some(How::Reads),
            "DESCRIBE" | "DESC" | "EXPLAIN" if self.starts() || self.qualified_next() => self.describes(),
            "SHOW" => self.context.start(Verb::Show),
            "USE" if self.starts() => self.schema(How::Reads),
            "FETCH" => self.context.start(Verb::Other),
            "GRANT" | "REVOKE" if !self.after(&["WITH"]) => self.context.start(Verb::Grant),
            "CREATE" if self.context.verb != Verb::Show => self.context.start(Verb::Create),
            "ALTER" if !self.in_alter() => self.context.start(Verb::Alter),
            "DROP" if !self.in_alter() => self.context.start(Verb::Drop),
            "RENAME" if !self.in_alter() => self.context.start(Verb::Rename),
            "RENAME" if !self.next_is(&["COLUMN", "INDEX", "KEY"]) => {
                self.skip_symbol(b'=');
                self.context.one(How::Defines);
            }
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
        context.verb == Verb::Alter && context.alters_table
    }

    /// Whether a word that may be a name is a verb here: names of tables follow no other word directly.
    fn acts(&self) -> bool {
        let named = self.ahead(0).is_some_and(|next| is_name(next) && !next.is("END"));
        self.qualified_next() || (named && self.starts())
    }

    /// Whether a name with its schema is next.
    fn qualified_next(&self) -> bool {
        self.ahead(0).is_some_and(is_name) && self.ahead(1).is_some_and(|next| next.is_symbol(b'.'))
    }

    fn skip_symbol(&mut self, symbol: u8) {
        self.at += usize::from(self.next_symbol(symbol));
    }

    /// Whether it is the event of a trigger, whose table comes after it.
    fn is_timed(&self) -> bool {
        self.context.on && self.after(&["BEFORE", "AFTER"])
    }

    fn replaces(&mut self) -> bool {
        self.context.verb != Verb::Load
            && !self.next_symbol(b'(')
            && !self.next_is(&["AS", "SELECT", "WITH", "TABLE", "VALUES"])
            && !self.after(&["OR"])
    }

    fn updates(&self) -> bool {
        !self.after(&["FOR", "ON", "KEY"]) && !self.is_histogram()
    }

    /// `ANALYZE TABLE t UPDATE HISTOGRAM ON`; a table of that name is followed by something else.
    fn is_histogram(&self) -> bool {
        self.next_is(&["HISTOGRAM"]) && self.ahead(1).is_some_and(|next| next.is("ON"))
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
                self.context.joined = true;
                let list = self.context.list;
                self.context.wants = list;
            }
            "USING" if self.context.verb == Verb::Delete && !self.context.joined => {
                self.context.joined = true;
                self.context.several(How::Writes);
            }
            "DEFINER" if self.context.verb.defines() && !self.context.object => self.definer(),
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
                self.skip_symbol(b'=');
                self.context.wants = Some(How::Reads);
            }
            "UPDATE" if self.is_histogram() => self.context.list = None,
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
            "WHERE" | "SET" | "GROUP" | "HAVING" | "ORDER" | "LIMIT" | "WINDOW" | "FOR" | "INTO"
            | "UNION" | "EXCEPT" => self.context.list = None,
            _ => {}
        }
    }

    /// `= name@host`, `= CURRENT_USER()`: its words are names.
    fn definer(&mut self) {
        if !self.next_symbol(b'=') {
            return;
        }
        self.at += 2;
        if self.next_symbol(b'(') || self.next_symbol(b'@') {
            self.at += 2;
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
