//! `CREATE TABLE` (MySQL 8.0 reference manual, 15.1.20).

use super::parser::{Parser, Read, Stop};
use crate::ddl::{CreateTable, Element, TableBody};

/// What a query starts with; all of these words are reserved.
const QUERY: &[&str] = &["SELECT", "WITH", "TABLE", "VALUES"];

impl Parser<'_> {
    /// What follows `CREATE [TEMPORARY] TABLE`.
    pub(super) fn create_table(&mut self, temporary: bool) -> Read<CreateTable> {
        let if_not_exists = self.eat("IF NOT EXISTS");
        Ok(CreateTable {
            temporary,
            if_not_exists,
            name: self.object_name()?,
            body: self.table_body()?,
        })
    }

    fn table_body(&mut self) -> Read<TableBody> {
        if self.eat("LIKE") {
            return self.object_name().map(TableBody::Like);
        }
        if self.is_symbol(b'(') && self.is_at(1, "LIKE") {
            self.at += 2;
            let like = self.object_name()?;
            self.expect_symbol(b')')?;
            return Ok(TableBody::Like(like));
        }
        let elements = if self.is_symbol(b'(') && !self.query_in_parentheses() {
            self.list(Self::element)?
        } else {
            Vec::new()
        };
        let options = self.table_options()?;
        let partitioning = if self.is("PARTITION") {
            Some(self.partitioning()?)
        } else {
            None
        };
        let query = self.table_query()?;
        if elements.is_empty() && query.is_none() {
            return Err(Stop);
        }
        Ok(TableBody::Defined {
            elements,
            options,
            partitioning,
            query,
        })
    }

    /// Whether the parentheses that start here hold a query.
    fn query_in_parentheses(&self) -> bool {
        let mut ahead = 0;
        while self.symbol_at(ahead, b'(') {
            ahead += 1;
        }
        self.peek(ahead).is_some_and(|item| item.is_any(QUERY))
    }

    /// A column, a key or a constraint.
    pub(super) fn element(&mut self) -> Read<Element> {
        if self.starts_constraint() {
            return self.constraint();
        }
        self.column().map(Element::Column)
    }

    /// `[IGNORE | REPLACE] [AS] SELECT …`, where it is written.
    fn table_query(&mut self) -> Read<Option<String>> {
        if self.at_end() {
            return Ok(None);
        }
        let start = self.at;
        self.eat_any(&["IGNORE", "REPLACE"]);
        self.eat("AS");
        self.query_start()?;
        self.rest()?;
        Ok(Some(self.items.verbatim(start..self.at)))
    }

    /// A query has to start here.
    pub(super) fn query_start(&self) -> Read<()> {
        let starts = self.is_any(QUERY) || self.query_in_parentheses();
        if starts { Ok(()) } else { Err(Stop) }
    }
}
