//! Tokens that mean something, with their text ready to compare.

use crate::token::TokenKind;

/// A token that is neither blank nor comment nor delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lexeme<'text> {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Its text, quotes included.
    pub(crate) text: &'text [u8],
    /// Whether it stands in a version comment that a supported server may skip.
    pub(crate) maybe: bool,
    /// Whether it stands in the body of a stored program: creating that runs nothing of it.
    pub(crate) stored: bool,
}

impl Lexeme<'_> {
    /// Whether it is this keyword.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        matches!(self.kind, TokenKind::Word) && self.text.eq_ignore_ascii_case(keyword.as_bytes())
    }

    /// Whether it is one of these keywords.
    pub(crate) fn is_any(&self, keywords: &[&str]) -> bool {
        matches!(self.kind, TokenKind::Word)
            && keywords
                .iter()
                .any(|keyword| self.text.eq_ignore_ascii_case(keyword.as_bytes()))
    }

    /// Whether it is this symbol.
    pub(crate) fn is_symbol(&self, symbol: u8) -> bool {
        matches!(self.kind, TokenKind::Symbol(found) if found == symbol)
    }

    /// A keyword, or a name without its quotes, in upper case.
    pub(crate) fn upper(&self) -> String {
        let text = String::from_utf8_lossy(self.text);
        text.trim_matches(['`', '"', '\'']).to_ascii_uppercase()
    }
}
