//! Walks over the items of a statement.

use super::cursor::{Item, Items, Shape};
use crate::mode::SqlMode;
use std::ops::Range;

/// What stands here isn't understood; where that is, the parser knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop;

/// What was read.
pub(super) type Read<T> = Result<T, Stop>;

/// The items of a statement, and how far they are read.
#[derive(Debug, Clone)]
pub(super) struct Parser<'text> {
    /// All of them.
    pub(super) items: Items<'text>,
    /// The next one.
    pub(super) at: usize,
}

impl<'text> Parser<'text> {
    /// At the start of a statement.
    pub(super) fn new(text: &'text str, mode: SqlMode) -> Self {
        Self {
            items: Items::of(text, mode),
            at: 0,
        }
    }

    /// The item that comes next, or so many after it.
    pub(super) fn peek(&self, ahead: usize) -> Option<&Item<'text>> {
        self.items.get(self.at + ahead)
    }

    /// Whether everything is read.
    pub(super) fn at_end(&self) -> bool {
        self.at >= self.items.len()
    }

    /// Whether this keyword is next.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.is_at(0, keyword)
    }

    /// Whether this keyword comes so many items after the next.
    pub(super) fn is_at(&self, ahead: usize, keyword: &str) -> bool {
        self.peek(ahead).is_some_and(|item| item.is(keyword))
    }

    /// Whether one of these keywords is next.
    pub(super) fn is_any(&self, keywords: &[&str]) -> bool {
        self.peek(0).is_some_and(|item| item.is_any(keywords))
    }

    /// Whether this symbol is next.
    pub(super) fn is_symbol(&self, symbol: u8) -> bool {
        self.symbol_at(0, symbol)
    }

    /// Whether this symbol comes so many items after the next.
    pub(super) fn symbol_at(&self, ahead: usize, symbol: u8) -> bool {
        self.peek(ahead).is_some_and(|item| item.is_symbol(symbol))
    }

    /// Takes these keywords if all of them are next.
    pub(super) fn eat(&mut self, keywords: &str) -> bool {
        let mut ahead = 0;
        for keyword in keywords.split(' ') {
            if !self.is_at(ahead, keyword) {
                return false;
            }
            ahead += 1;
        }
        self.at += ahead;
        true
    }

    /// Takes one of these keywords, upper case, if one is next.
    pub(super) fn eat_any(&mut self, keywords: &[&str]) -> Option<String> {
        if !self.is_any(keywords) {
            return None;
        }
        let upper = self.peek(0)?.text.to_ascii_uppercase();
        self.at += 1;
        Some(upper)
    }

    /// Takes this symbol if it is next.
    pub(super) fn eat_symbol(&mut self, symbol: u8) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    /// These keywords, one after the other.
    pub(super) fn expect(&mut self, keywords: &str) -> Read<()> {
        for keyword in keywords.split(' ') {
            if !self.eat(keyword) {
                return Err(Stop);
            }
        }
        Ok(())
    }

    /// One of these keywords, upper case.
    pub(super) fn expect_any(&mut self, keywords: &[&str]) -> Read<String> {
        self.eat_any(keywords).ok_or(Stop)
    }

    /// This symbol.
    pub(super) fn expect_symbol(&mut self, symbol: u8) -> Read<()> {
        if self.eat_symbol(symbol) {
            Ok(())
        } else {
            Err(Stop)
        }
    }

    /// A whole number.
    pub(super) fn number(&mut self) -> Read<u32> {
        let number = self
            .peek(0)
            .filter(|item| item.is_digits())
            .and_then(|item| item.text.parse().ok());
        self.at += usize::from(number.is_some());
        number.ok_or(Stop)
    }

    /// A whole number of any length, as written.
    pub(super) fn digits(&mut self) -> Read<String> {
        let item = self.peek(0).filter(|item| item.is_digits()).ok_or(Stop)?;
        let digits = item.text.to_owned();
        self.at += 1;
        Ok(digits)
    }

    /// One string, as written.
    pub(super) fn text(&mut self) -> Read<String> {
        let item = self
            .peek(0)
            .filter(|item| item.shape == Shape::Text)
            .ok_or(Stop)?;
        let text = item.text.to_owned();
        self.at += 1;
        Ok(text)
    }

    /// Things between parentheses, with commas between them: at least one.
    pub(super) fn list<T>(&mut self, one: fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        self.expect_symbol(b'(')?;
        let all = self.commas(one)?;
        self.expect_symbol(b')')?;
        Ok(all)
    }

    /// Things with commas between them: at least one.
    pub(super) fn commas<T>(&mut self, one: fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut all = vec![one(self)?];
        while self.eat_symbol(b',') {
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// What stands between parentheses that start here, as written: at least something.
    pub(super) fn parenthesised(&mut self) -> Read<String> {
        let range = self.balanced()?;
        if range.is_empty() {
            self.at = range.start;
            return Err(Stop);
        }
        Ok(self.items.source(range))
    }

    /// Skips parentheses that start here: the items between them.
    pub(super) fn balanced(&mut self) -> Read<Range<usize>> {
        self.expect_symbol(b'(')?;
        let start = self.at;
        let mut depth = 1_usize;
        while let Some(item) = self.peek(0) {
            match item.shape {
                Shape::Symbol(b'(') => depth += 1,
                Shape::Symbol(b')') => depth -= 1,
                Shape::Symbol(b';') => return Err(Stop),
                Shape::Symbol(_) | Shape::Word | Shape::Name | Shape::Text => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(start..self.at - 1);
            }
        }
        Err(Stop)
    }

    /// What is written from an item up to here.
    pub(super) fn since(&self, start: usize) -> String {
        self.items.source(start..self.at)
    }

    /// What is written from an item up to here, with what parts the items folded to one blank.
    pub(super) fn folded(&self, start: usize) -> String {
        let mut folded = String::new();
        let mut end = None;
        for item in self.items.all().get(start..self.at).unwrap_or_default() {
            if end.is_some_and(|end| end < item.start) {
                folded.push(' ');
            }
            folded.push_str(item.text);
            end = Some(item.end());
        }
        folded
    }

    /// Everything that is left, where its parentheses match and no other statement follows.
    pub(super) fn rest(&mut self) -> Read<Range<usize>> {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(item) = self.peek(0) {
            match item.shape {
                Shape::Symbol(b'(') => depth += 1,
                Shape::Symbol(b')') => depth = depth.checked_sub(1).ok_or(Stop)?,
                Shape::Symbol(b';') => return Err(Stop),
                Shape::Symbol(_) | Shape::Word | Shape::Name | Shape::Text => {}
            }
            self.at += 1;
        }
        if depth > 0 || start == self.at {
            return Err(Stop);
        }
        Ok(start..self.at)
    }
}
