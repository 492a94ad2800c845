//! One token of a statement that means something.

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A keyword, an unquoted name, a number.
    Word,
    /// A quoted name.
    Name,
    /// A string.
    Text,
    /// Any other single character.
    Symbol(u8),
}

/// One token that means something, and where it stands in the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item<'text> {
    /// What it is.
    pub(crate) shape: Shape,
    /// Its text, quotes included.
    pub(crate) text: &'text str,
    /// Its first byte.
    pub(crate) start: usize,
}

impl Item<'_> {
    /// The byte after it.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.shape == Shape::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is one of these keywords.
    pub(crate) fn is_any(&self, keywords: &[&str]) -> bool {
        self.shape == Shape::Word
            && keywords
                .iter()
                .any(|keyword| self.text.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is this symbol.
    pub(crate) fn is_symbol(&self, symbol: u8) -> bool {
        self.shape == Shape::Symbol(symbol)
    }

    /// Whether it is a number without sign, point and exponent; also the parts of a number that has them.
    pub(crate) fn is_digits(&self) -> bool {
        self.shape == Shape::Word && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}
