//! Names (MySQL 8.0 reference manual, 11.2).

use super::cursor::{Item, Shape};
use super::parser::{Parser, Read, Stop};
use super::words::is_reserved;
use crate::ddl::ObjectName;

impl Parser<'_> {
    /// Whether a name comes so many items after the next.
    pub(super) fn name_at(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(is_name)
    }

    /// A name, without quotes.
    pub(super) fn name(&mut self) -> Read<String> {
        let item = self.peek(0).filter(|item| is_name(item)).ok_or(Stop)?;
        let name = unquoted(item);
        self.at += 1;
        Ok(name)
    }

    /// A name after a point, where no word is reserved.
    pub(super) fn name_after_point(&mut self) -> Read<String> {
        let item = self.peek(0).filter(|item| may_follow_point(item)).ok_or(Stop)?;
        let name = unquoted(item);
        self.at += 1;
        Ok(name)
    }

    /// A name, with its schema where one is written.
    pub(super) fn object_name(&mut self) -> Read<ObjectName> {
        if self.eat_symbol(b'.') {
            return self.name_after_point().map(ObjectName::bare);
        }
        let name = self.name()?;
        if !self.eat_symbol(b'.') {
            return Ok(ObjectName::bare(name));
        }
        Ok(ObjectName {
            schema: Some(name),
            name: self.name_after_point()?,
        })
    }

    /// A name or a string, as written.
    pub(super) fn name_or_text(&mut self) -> Read<String> {
        let item = self
            .peek(0)
            .filter(|item| is_name(item) || item.shape == Shape::Text);
        let text = item.ok_or(Stop)?.text.to_owned();
        self.at += 1;
        Ok(text)
    }
}

/// Whether it is a name where any may stand.
pub(crate) fn is_name(item: &Item<'_>) -> bool {
    match item.shape {
        Shape::Name => item.text.len() > 2,
        Shape::Word => !is_number(item.text) && !is_reserved(item.text),
        Shape::Text | Shape::Symbol(_) => false,
    }
}

/// Whether it is a name after a point.
pub(crate) fn may_follow_point(item: &Item<'_>) -> bool {
    match item.shape {
        Shape::Name => item.text.len() > 2,
        Shape::Word => true,
        Shape::Text | Shape::Symbol(_) => false,
    }
}

/// Whether a word is read as a number: `12`, `0x1F`, `0b01`, `1.5`, `1e1`.
fn is_number(word: &str) -> bool {
    let digits =
        |digits: &str, belongs: fn(&u8) -> bool| !digits.is_empty() && digits.as_bytes().iter().all(belongs);
    digits(word, u8::is_ascii_digit)
        || is_decimal(word)
        || word
            .strip_prefix("0x")
            .is_some_and(|rest| digits(rest, u8::is_ascii_hexdigit))
        || word
            .strip_prefix("0b")
            .is_some_and(|rest| digits(rest, |byte| matches!(byte, b'0' | b'1')))
}

/// Whether a word is a number with a point or an exponent: no word but a number has a point.
fn is_decimal(word: &str) -> bool {
    let exponent = word.split_once(['e', 'E']);
    let whole = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    word.contains('.') || exponent.is_some_and(|(before, after)| whole(before) && whole(after))
}

/// A name without its quotes.
pub(crate) fn unquoted(item: &Item<'_>) -> String {
    if item.shape != Shape::Name {
        return item.text.to_owned();
    }
    let quote = item.text.get(..1).unwrap_or_default();
    let inside = item.text.get(1..item.text.len() - 1).unwrap_or_default();
    inside.replace(&quote.repeat(2), quote)
}
