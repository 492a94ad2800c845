//! Views (MySQL 8.0 reference manual, 15.1.23).

use super::cursor::{Item, Shape};
use super::parser::{Parser, Read};
use crate::ddl::{View, ViewKind};

/// What may stand between `CREATE` and what is created.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Before {
    /// `OR REPLACE`.
    pub(super) or_replace: bool,
    /// `ALGORITHM`, upper case.
    pub(super) algorithm: Option<String>,
    /// `DEFINER`, as written.
    pub(super) definer: Option<String>,
    /// `SQL SECURITY`, upper case.
    pub(super) security: Option<String>,
    /// `JSON [RELATIONAL] DUALITY`, or nothing.
    pub(super) kind: ViewKind,
}

impl Before {
    /// Whether something other than `DEFINER` is written: then it has to be a view.
    pub(super) fn only_of_views(&self) -> bool {
        self.or_replace
            || self.algorithm.is_some()
            || self.security.is_some()
            || self.kind == ViewKind::JsonDuality
    }
}

impl Parser<'_> {
    /// What stands between `CREATE` and what is created.
    pub(super) fn before(&mut self) -> Read<Before> {
        let mut before = Before {
            or_replace: self.eat("OR REPLACE"),
            ..Before::default()
        };
        if self.eat("ALGORITHM") {
            self.expect_symbol(b'=')?;
            before.algorithm = Some(self.expect_any(&["UNDEFINED", "MERGE", "TEMPTABLE"])?);
        }
        if self.eat("DEFINER") {
            self.expect_symbol(b'=')?;
            before.definer = Some(self.account()?);
        }
        if self.eat("SQL SECURITY") {
            before.security = Some(self.expect_any(&["DEFINER", "INVOKER"])?);
        }
        if self.eat("JSON DUALITY") || self.eat("JSON RELATIONAL DUALITY") {
            before.kind = ViewKind::JsonDuality;
        }
        Ok(before)
    }

    /// An account, as written: `name[@host]` or `CURRENT_USER[()]`.
    fn account(&mut self) -> Read<String> {
        let start = self.at;
        if self.eat("CURRENT_USER") {
            if self.eat_symbol(b'(') {
                self.expect_symbol(b')')?;
            }
            return Ok(self.since(start));
        }
        self.name_or_text()?;
        if self.eat_symbol(b'@') {
            self.host();
        }
        Ok(self.since(start))
    }

    /// A host, which is any word, point included: an address without quotes.
    fn host(&mut self) {
        let hosts = |item: &Item<'_>| matches!(item.shape, Shape::Word | Shape::Name | Shape::Text);
        self.at += usize::from(self.peek(0).is_some_and(hosts));
    }

    /// What follows `VIEW`.
    pub(super) fn view(&mut self, before: Before, alters: bool) -> Read<View> {
        let if_not_exists = !alters && self.eat("IF NOT EXISTS");
        let name = self.object_name()?;
        let columns = if self.is_symbol(b'(') {
            self.list(Self::name)?
        } else {
            Vec::new()
        };
        self.expect("AS")?;
        self.query_start()?;
        let query = self.rest()?;
        Ok(View {
            name,
            alters,
            or_replace: before.or_replace,
            if_not_exists,
            kind: before.kind,
            algorithm: before.algorithm,
            definer: before.definer,
            security: before.security,
            columns,
            query: self.items.verbatim(query),
        })
    }
}
