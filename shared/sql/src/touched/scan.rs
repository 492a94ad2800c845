//! Walks over a statement and notes the names in its table positions.

use super::context::Context;
use super::{How, Touched};
use crate::ddl::ObjectName;
use crate::ddl::parse::cursor::{Item, Items, Shape};
use crate::ddl::parse::{is_name, may_follow_point, unquoted};
use crate::place::Place;
use std::collections::HashSet;

/// What may stand between the word that a table follows and the table.
const BEFORE_TABLE: &[&str] = &[
    "IF",
    "NOT",
    "EXISTS",
    "INTO",
    "TABLE",
    "LATERAL",
    "IGNORE",
    "LOW_PRIORITY",
    "HIGH_PRIORITY",
    "DELAYED",
    "TO",
    "AS",
];

/// One pass over a statement.
#[derive(Debug)]
pub(super) struct Scan<'text> {
    text: &'text str,
    items: Items<'text>,
    /// The next item.
    pub(super) at: usize,
    /// What is between the innermost parentheses.
    pub(super) context: Context,
    /// What is around them.
    outer: Vec<Context>,
    /// The names that a `WITH` gave to queries, lower case.
    queries: HashSet<String>,
    /// The item after the name of the table that is created: there `LIKE` names another.
    pub(super) created: Option<usize>,
    found: Vec<Touched>,
    place: Place,
}

impl<'text> Scan<'text> {
    /// At the start of a statement.
    pub(super) fn new(text: &'text str, items: Items<'text>) -> Self {
        Self {
            text,
            items,
            at: 0,
            context: Context::default(),
            outer: Vec::new(),
            queries: HashSet::new(),
            created: None,
            found: Vec::new(),
            place: Place::start(),
        }
    }

    /// The names of the whole statement.
    pub(super) fn run(mut self) -> Vec<Touched> {
        while let Some(item) = self.items.get(self.at).copied() {
            if !self.wanted(&item) {
                self.other(&item);
            }
        }
        self.found
    }

    /// Every `a.b` of the statement, whatever it may be.
    pub(super) fn qualified(mut self, how: How) -> Vec<Touched> {
        while let Some(item) = self.items.get(self.at).copied() {
            if !(self.qualifies(&item) && self.name(how)) {
                self.at += 1;
            }
        }
        self.found
    }

    /// The item before the word that is taken.
    pub(super) fn second_before(&self) -> Option<&Item<'text>> {
        self.at.checked_sub(2).and_then(|index| self.items.get(index))
    }

    /// The item that comes so many after the next.
    pub(super) fn ahead(&self, count: usize) -> Option<&Item<'text>> {
        self.items.get(self.at + count)
    }

    /// The item before the next.
    pub(super) fn before(&self) -> Option<&Item<'text>> {
        self.at.checked_sub(1).and_then(|index| self.items.get(index))
    }

    /// Takes the item if a table is wanted and it belongs to one.
    fn wanted(&mut self, item: &Item<'_>) -> bool {
        let Some(how) = self.context.wants else {
            return false;
        };
        if item.is_symbol(b'(') {
            self.context.wants = None;
            self.at += 1;
            let mut inner = Context::default();
            inner.several(how);
            self.open(inner);
            return true;
        }
        let odbc = item.is_symbol(b'{')
            || (item.is("OJ") && self.before().is_some_and(|before| before.is_symbol(b'{')));
        if odbc || item.is_any(BEFORE_TABLE) {
            self.at += 1;
            return true;
        }
        self.context.wants = None;
        self.name(how)
    }

    /// Notes the name that is next, if one is.
    pub(super) fn name(&mut self, how: How) -> bool {
        let start = self.at;
        let leads = self.ahead(0).is_some_and(|item| item.is_symbol(b'.'));
        let first = usize::from(leads);
        let Some(item) = self
            .ahead(first)
            .filter(|item| is_name(item) || (leads && may_follow_point(item)))
        else {
            return false;
        };
        let mut name = ObjectName::bare(unquoted(item));
        self.at += first + 1;
        let point = self.ahead(0).is_some_and(|item| item.is_symbol(b'.'));
        if let Some(second) = self.ahead(1).filter(|item| point && may_follow_point(item)) {
            name = ObjectName {
                schema: Some(name.name),
                name: unquoted(second),
            };
            self.at += 2;
        }
        let shadowed = name.schema.is_none()
            && matches!(how, How::Reads | How::Writes)
            && self.queries.contains(&name.name.to_lowercase());
        if !shadowed {
            self.note(name, how, start);
        }
        true
    }

    /// Notes a whole schema, if its name is next.
    pub(super) fn schema(&mut self, how: How) {
        let Some(item) = self.ahead(0).filter(|item| is_name(item)) else {
            return;
        };
        let name = ObjectName {
            schema: Some(unquoted(item)),
            name: "*".to_owned(),
        };
        self.note(name, how, self.at);
        self.at += 1;
    }

    /// Notes a name that starts at an item.
    pub(super) fn note(&mut self, name: ObjectName, how: How, index: usize) {
        let at = self.items.start_of(index);
        let passed = self.text.get(self.place.offset..at).unwrap_or_default();
        self.place = self.place.after(passed);
        self.found.push(Touched {
            name,
            how,
            at,
            line: self.place.line,
            column: self.place.column,
        });
    }

    fn open(&mut self, inner: Context) {
        self.outer.push(std::mem::replace(&mut self.context, inner));
    }

    fn other(&mut self, item: &Item<'_>) {
        match item.shape {
            Shape::Symbol(b'(') => self.open(Context::default()),
            Shape::Symbol(b')') => {
                if let Some(outer) = self.outer.pop() {
                    self.context = outer;
                }
            }
            Shape::Symbol(b';') => {
                self.context = Context::default();
                self.outer.clear();
                self.queries.clear();
            }
            Shape::Symbol(b',') => return self.comma(),
            Shape::Word | Shape::Name if self.qualifies(item) => return self.expression_name(),
            Shape::Word if !self.follows_point() => return self.word(item),
            Shape::Word | Shape::Name | Shape::Text | Shape::Symbol(_) => {}
        }
        self.at += 1;
    }

    fn comma(&mut self) {
        self.at += 1;
        if self.context.with {
            self.query_name();
        } else {
            let list = self.context.list;
            self.context.wants = list;
        }
    }

    fn follows_point(&self) -> bool {
        self.before()
            .is_some_and(|before| before.is_symbol(b'.') || before.is_symbol(b'@'))
    }

    /// Whether it is the first part of a name in an expression.
    fn qualifies(&self, item: &Item<'_>) -> bool {
        is_name(item) && self.ahead(1).is_some_and(|next| next.is_symbol(b'.')) && !self.follows_point()
    }

    /// `schema.function(`, `schema.table.column`; with two parts only it is a column of a table.
    fn expression_name(&mut self) {
        let part = |ahead: usize| {
            self.ahead(ahead)
                .filter(|item| may_follow_point(item))
                .map(unquoted)
        };
        let name = ObjectName {
            schema: part(0),
            name: part(2).unwrap_or_default(),
        };
        let symbol = |ahead: usize, symbol: u8| self.ahead(ahead).is_some_and(|item| item.is_symbol(symbol));
        let start = self.at;
        let (length, how) = if part(2).is_none() {
            (2, None)
        } else if symbol(3, b'(') {
            (3, Some(How::Calls))
        } else if symbol(3, b'.') && (part(4).is_some() || symbol(4, b'*')) {
            (5, Some(How::Reads))
        } else {
            (3, None)
        };
        self.at += length;
        if let Some(how) = how {
            self.note(name, how, start);
        }
    }

    /// Remembers the name that a `WITH` gives to a query, if one is next.
    pub(super) fn query_name(&mut self) {
        let named = self
            .ahead(1)
            .is_some_and(|next| next.is("AS") || next.is_symbol(b'('));
        if let Some(item) = self.ahead(0).filter(|item| named && is_name(item)) {
            let name = unquoted(item).to_lowercase();
            self.queries.insert(name);
            self.context.with = true;
            self.at += 1;
        }
    }
}
